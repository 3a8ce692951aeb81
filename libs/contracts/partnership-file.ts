import { z } from 'zod';
import {
  Acronym,
  Address,
  blank,
  ClassificationCodes,
  Count,
  CountOrQuantity,
  Country,
  Dated,
  Fact,
  FileChannel,
  FileClassification,
  FileCluster,
  FileLink,
  FileQuantity,
  FileTarget,
  figureNames,
  link,
  list,
  Name,
  NamedCountry,
  No,
  Origin,
  Place,
  Prose,
  parts,
  row,
  section,
  Words,
  Year,
} from './file-parts.js';
import { Code, Email } from './values.js';

export const Description = row({
  aim: blank(Prose),
  approach: blank(Prose),
  learning: blank(Prose),
  membersTechnologies: blank(list(Words)),
  membersTechnologiesEffects: blank(list(Prose)),
  effects: blank(list(Prose)),
  link: blank(Prose),
  skills: blank(Prose),
  improvement: blank(Prose),
  jointStrategy: blank(Prose),
  denominator: blank(Prose),
  jointOutputs: blank(list(Prose)),
  sectorReference: blank(Prose),
});
export const Pillar = row({ no: blank(No), heading: blank(Prose), summary: blank(Prose) });
export const OtherActivity = row({ no: blank(No), kind: blank(Code), summary: blank(Prose) });
export const Objective = row({
  ...OtherActivity.shape,
  targetCountries: blank(list(Country)),
  count: blank(Count),
  missions: blank(Count),
  horizons: blank(list(Code)),
});
export const AddedValue = row({ no: blank(No), summary: blank(Prose), clusters: blank(Count), targetCountries: blank(Count) });
export const StrategyTest = row({ summary: blank(Prose), studyVisitCountries: blank(list(Country)), expansion: blank(Prose) });
export const ExpectedResult = row({
  ...OtherActivity.shape,
  overarching: blank(z.boolean()),
  contents: blank(list(row({ kind: blank(Code), summary: blank(Prose), max: blank(Count) }))),
  levels: blank(list(Words)),
});
export const Network = row({ name: Name, level: blank(Words), role: blank(Prose), country: blank(Country) });
const relation = { relationHeldBy: blank(Name), relationHeldByAsPrinted: blank(Name) };
export const Intermediary = row({ name: Name, places: blank(list(Name)), country: blank(Country), ...relation });
const funded = { programme: blank(Words), programmeOrigin: Origin, period: blank(Words), periodOrigin: Origin };
export const Funding = row({ ...funded, disclaimerRequired: blank(z.boolean()), disclaimer: blank(Prose) });
export const PreviousInitiative = row({ label: Words, value: blank(Words) });
export const ExternalPartner = row({ name: Name, country: blank(Country), role: blank(Prose) });
export const OperationalManager = row({ role: blank(Words), email: blank(Email), personalData: blank(z.boolean()) });
export const FileRemark = row({ kind: Code, about: blank(Words), text: Prose, source: blank(Words) });

export const FileEvent = row({
  no: Place,
  targetGroups: blank(list(Code, 50)),
  openToSmes: blank(z.boolean()),
  type: blank(Code),
  typeLabel: blank(Words),
  estimatedDate: blank(Dated),
  estimatedDateLabel: blank(Words),
  country: blank(Country),
  city: blank(Name),
  cityAsPrinted: blank(Name),
});
export const FilePolicy = row({
  code: Code,
  codeOrigin: Origin,
  value: z.union([z.number(), z.boolean(), Words, list(Words), z.null()]),
  unit: blank(Words),
  origin: Origin,
  confidence: blank(Code),
  validFrom: blank(Dated),
  validTo: blank(Dated),
  owner: row({ level: Code, code: Code }),
});
export const FileMou = row({ party: Name, country: blank(Country), status: blank(Code) });

const SectionItem = row({
  count: blank(Count),
  label: blank(Prose),
  names: blank(list(Name)),
  name: blank(Name),
  role: blank(Prose),
  memberClusters: blank(Count),
  countries: blank(Count),
  region: blank(Name),
  country: blank(Country),
  represents: blank(list(Prose)),
  topics: blank(list(Prose)),
  roles: blank(list(Prose)),
  provinces: blank(Count),
});
const EcosystemEvent = row({
  name: Name,
  asPrinted: blank(Words),
  recurrence: blank(Prose),
  role: blank(Prose),
  year: blank(Year),
  ...link,
});
export const FileEcosystem = row({
  no: blank(No),
  partner: Name,
  title: blank(Prose),
  headline: blank(Prose),
  aim: blank(Prose),
  figures: blank(list(Fact)),
  history: blank(list(row({ date: Dated, event: Prose }))),
  overview: blank(list(Prose)),
  sections: blank(list(row({ kind: Code, title: blank(Prose), items: blank(list(z.union([Prose, SectionItem]))) }))),
  events: blank(list(EcosystemEvent)),
  links: blank(list(FileLink)),
});

const KeyArea = row({
  no: blank(No),
  code: Code,
  name: blank(Prose),
  summary: blank(Prose),
  topics: blank(list(Words)),
  emergingIndustries: blank(list(Name)),
  s3PriorityAreas: blank(list(Name)),
  codes: ClassificationCodes,
  market: blank(Words),
  segments: blank(list(Words)),
});
const Scheme = row({ code: Code, name: blank(Name), kind: blank(Code), summary: blank(Prose) });
const Purpose = row({ no: blank(No), code: Code, summary: blank(Prose) });
const condition = blank(z.boolean());
const Participant = row({
  type: Code,
  cosmeCountryRequired: condition,
  clusterMembershipRequired: condition,
  examples: blank(list(Words)),
});
const Story = row({ title: Prose, summary: blank(Prose), url: blank(Address) });
const Channel = row({ name: Name, ...link });
const ClusterXchange = row({
  scheme: blank(Scheme),
  purposes: blank(list(Purpose)),
  eligibleParticipants: blank(list(Participant)),
  roles: blank(list(Code)),
  geographicScope: blank(list(Country)),
  links: blank(list(FileLink)),
});
const HostOrganisations = row({
  listStatus: blank(Code),
  list: blank(list(z.union([Name, ExternalPartner]), 5_000)),
  keyAreas: blank(list(KeyArea)),
});
const WelcomePackage = row({
  providedBy: blank(Words),
  onePer: blank(Code),
  recipients: blank(Words),
  fieldCount: blank(Count),
  fields: blank(list(Words)),
});
const SuccessStories = row({ page: blank(Words), ...link, items: blank(list(Story, 5_000)) });

/** What a partnership says about its exchanges: kept as its exchange profile. */
export const ExchangeSections = {
  clusterXchange: section(ClusterXchange),
  hostOrganisations: section(HostOrganisations),
  welcomePackage: section(WelcomePackage),
  successStories: section(SuccessStories),
  alumniNetwork: section(row({ purpose: blank(Prose), channels: blank(list(Channel)) })),
};

const totals = { clusters: blank(Count), ecosystems: blank(Count), members: blank(Count), smes: blank(Count) };
const ComputedTotals = row({ ...totals, countries: blank(list(Country, 300)), origin: Origin });
/**
 * What `POST /v1/imports` takes: a partnership with all that its page says. A missing section is left untouched,
 * `null` says that the page leaves it blank; inside a section missing and blank are the same. Objects are strict,
 * so a field nobody reads is refused, not lost.
 */
export const PartnershipFile = row({
  source: section(Words),
  asOf: section(Words),
  asOfEdtf: section(Dated),
  origin: section(Code),
  conventions: parts(['missing', 'dates', 'text', 'links', 'aliases', 'qualifier', 'remarks', 'sections'], Words),
  code: Acronym,
  codeOrigin: section(Code),
  identity: row({ acronym: Name, name: Name, fullName: blank(Name), breadcrumb: blank(list(Words, 50)) }),
  programme: row({
    code: Code,
    name: blank(Words),
    codeOrigin: Origin,
    parentProgramme: blank(Words),
    funding: blank(Words),
    call: blank(Code),
    callOrigin: Origin,
  }),
  status: section(row({ label: blank(Words), phase: Code, strand: blank(Code) })),
  startOfPartnership: section(Dated),
  previousInitiatives: section(list(PreviousInitiative)),
  durationMonths: section(z.int().min(1).max(600)),
  numberOfPartners: section(CountOrQuantity),
  numberOfSmesInvolved: section(CountOrQuantity),
  declaredMembership: parts(['members', 'smes', 'largeCompanies', 'startUps', 'universitiesResearchAndOthers'], FileQuantity),
  targets: parts([...figureNames, 'missions', 'targetCountries', 'exchanges'], FileTarget),
  targetedThirdCountries: section(list(NamedCountry, 300)),
  targetCountriesInText: section(list(Country, 300)),
  countries: section(list(NamedCountry, 300)),
  coordinator: section(row({ cluster: Name, origin: Origin })),
  operationalManager: section(OperationalManager),
  pillars: section(list(Pillar)),
  description: section(Description),
  escp4xAim: section(list(Prose)),
  objectives: section(list(Objective)),
  addedValue: section(list(AddedValue)),
  benefits: section(list(Prose)),
  funding: section(Funding),
  classification: section(FileClassification),
  plannedEvents: section(list(FileEvent, 5_000)),
  otherActivities: section(list(OtherActivity)),
  communicationChannels: section(list(z.union([Words, FileChannel]))),
  strategyTest: section(StrategyTest),
  expectedResults: section(list(ExpectedResult)),
  policies: section(list(FilePolicy)),
  mous: section(list(FileMou)),
  intermediaries: section(list(Intermediary)),
  networks: section(list(Network)),
  policyReferences: section(list(Words)),
  linkedPartnersAndNetworks: section(list(z.union([Name, ExternalPartner]))),
  composition: section(list(FileCluster, 5_000)),
  computedTotals: section(ComputedTotals),
  ecosystems: section(list(FileEcosystem, 5_000)),
  ...ExchangeSections,
  links: section(list(FileLink)),
  provenance: parts(['origins', 'asPrinted'], z.record(z.string().max(300), Words)).describe(
    'JSON pointer → what a former source said there of its origin or spelling, where no section of the file tells it',
  ),
  remarks: section(list(FileRemark, 5_000)),
}).meta({ id: 'PartnershipFile' });
export type PartnershipFile = z.infer<typeof PartnershipFile>;

/** The same as it is handed out: texts by language, and every section that its reader sees. */
export const PartnershipExport = row(PartnershipFile.shape).meta({ id: 'PartnershipExport' });
