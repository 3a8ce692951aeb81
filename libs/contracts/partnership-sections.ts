import { z } from 'zod';
import {
  AddedValue,
  Description,
  ExpectedResult,
  ExternalPartner,
  FileMou,
  FilePolicy,
  FileRemark,
  Funding,
  Intermediary,
  Network,
  Objective,
  OperationalManager,
  OtherActivity,
  Pillar,
  PreviousInitiative,
  StrategyTest,
} from './partnership-file.js';
import { Channel, Classifications, Ecosystem } from './profile.js';
import { Code, Country, Id, Quantity, Slug, Text } from './values.js';

/** What the page of a partnership says, section by section. */
export const list = <T extends z.ZodType>(item: T) => z.array(item).max(5000).nullable();
export const words = (max = 2000) => z.string().max(max).nullable();

export const StatedPair = z.object({ declared: Quantity.nullable(), target: Quantity.nullable() });
export const PartnershipFigures = z
  .object({
    partners: StatedPair,
    members: StatedPair,
    smes: StatedPair,
    largeCompanies: StatedPair,
    startUps: StatedPair,
    others: StatedPair,
  })
  .meta({
    id: 'PartnershipFigures',
    description: 'As stated; what is computed from the composition, and the difference, are joined when it is read.',
  });
export type PartnershipFigures = z.infer<typeof PartnershipFigures>;

export const KpiTarget = z
  .object({ ...Quantity.shape, name: Code, kpi: Code.nullable().describe('reference: kpi-definitions'), origin: Code.nullable() })
  .meta({ id: 'KpiTarget' });
export type KpiTarget = z.infer<typeof KpiTarget>;

export const identity = {
  code: z.string().min(1).max(60),
  slug: Slug,
  acronym: z.string().min(1).max(300),
  name: z.string().min(1).max(300),
  programme: Code.describe('reference: partnership-programmes'),
};

/** Every section a source may state; missing = left as it is, null = blank in the source. */
export const sections = {
  longName: words(300),
  call: Code.nullable(),
  strand: Code.nullable(),
  statusLabel: words().describe('as printed'),
  previousInitiatives: list(PreviousInitiative),
  durationMonths: z.int().min(1).max(600).nullable(),
  countries: list(Country),
  targetCountries: list(Country),
  targetCountriesInText: list(Country),
  coordinator: z.object({ cluster: Id, name: z.string().max(300) }).nullable(),
  operationalManager: OperationalManager.nullable(),
  pillars: list(Pillar),
  aims: list(Text),
  description: Description.nullable(),
  objectives: list(Objective),
  addedValue: list(AddedValue),
  benefits: list(Text),
  targets: list(KpiTarget),
  partnersPerSector: list(z.object({ code: Code, partners: z.number() })).describe(
    'how many partners the source counts per sectoral industry',
  ),
  otherActivities: list(OtherActivity),
  strategyTest: StrategyTest.nullable(),
  expectedResults: list(ExpectedResult),
  networks: list(Network),
  intermediaries: list(Intermediary),
  policyReferences: list(z.string().max(2000)),
  externalPartners: list(ExternalPartner),
  channels: list(Channel),
  funding: Funding.nullable(),
  policies: list(FilePolicy),
  mous: list(FileMou),
  ecosystems: list(Ecosystem),
  remarks: list(FileRemark).describe('internal: read by coordinator and platform only'),
};

export const classified = z.object({ ...Classifications.shape, tags: z.array(z.string().max(100)) });
