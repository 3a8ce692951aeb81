import type { PartnershipRecord } from '#libs/contracts/partnership';
import type { PartnershipFile } from '#libs/contracts/partnership-file';
import { findCountry } from '#libs/reference/countries';
import { statusLabel } from '#libs/reference/programmes';
import { codesOf } from './classify.js';
import { codeAt } from './file-codes.js';
import { clusterNamed } from './file-names.js';
import { sourceId } from './ids.js';
import { classificationsOf, clusterId, type Existing, ecosystemOf } from './import-cluster.js';
import { figuresOf, targetsOf } from './import-figures.js';
import { provenanceOf } from './import-provenance.js';
import { defined, each } from './said.js';
import { fold, slug, type Text, textOf } from './text.js';

type Sections = Omit<PartnershipRecord, 'profile' | 'sourceKey'>;
type Channel = NonNullable<PartnershipRecord['channels']>[number];

/** What the file says about the partnership itself; what it does not say is left as it is. */
export function partnershipRecord(file: PartnershipFile, existing: Existing): Sections {
  return defined({
    ...identity(file),
    ...status(file),
    ...narrative(file),
    ...network(file, existing),
    start: file.startOfPartnership,
    previousInitiatives: file.previousInitiatives,
    durationMonths: file.durationMonths,
    operationalManager: file.operationalManager,
    classifications: file.classification ? classificationsOf(file.classification) : undefined,
    partnersPerSector: partnersPerSector(file.classification),
    figures: figuresOf(file),
    targets: targetsOf(file),
    policies: file.policies,
    provenance: provenanceOf(file),
    remarks: file.remarks,
  });
}

/** An acronym without a Latin letter has no slug of its own. */
export const addressOf = ({ code, identity }: Pick<PartnershipFile, 'code' | 'identity'>): string =>
  slug(identity.acronym) || slug(code) || slug(identity.name) || `partnership-${sourceId(code).slice(-12)}`;

function identity({ code, identity, programme }: PartnershipFile) {
  return {
    code,
    slug: addressOf({ code, identity }),
    acronym: identity.acronym,
    name: identity.name,
    longName: identity.fullName,
    programme: codeAt('/programme/code', programme.code),
    call: programme.call,
  };
}

function status({ status }: PartnershipFile) {
  if (!status) return status === null ? { state: 'DRAFT', strand: null, statusLabel: null } : {};
  const { label, phase, strand } = status;
  return { state: phase, strand, statusLabel: label ?? statusLabel(phase, strand) };
}

function narrative(file: PartnershipFile) {
  const { description, pillars, addedValue, benefits, otherActivities, expectedResults, policyReferences, funding } = file;
  return {
    description,
    pillars,
    addedValue,
    benefits,
    otherActivities,
    expectedResults,
    policyReferences,
    funding,
    aims: file.escp4xAim,
    objectives: each(file.objectives, (objective) => ({ ...objective, targetCountries: countriesOf(objective.targetCountries) })),
    strategyTest: file.strategyTest && { ...file.strategyTest, studyVisitCountries: countriesOf(file.strategyTest.studyVisitCountries) },
    channels: channelsOf(file),
  };
}

function network(file: PartnershipFile, existing: Existing) {
  return {
    countries: each(file.countries, ({ code }) => countryOf(code)),
    targetCountries: each(file.targetedThirdCountries, ({ code }) => countryOf(code)),
    targetCountriesInText: each(file.targetCountriesInText, countryOf),
    coordinator: file.coordinator && { cluster: named(file, file.coordinator.cluster, existing), name: file.coordinator.cluster },
    networks: each(file.networks, inCountry),
    intermediaries: each(file.intermediaries, inCountry),
    externalPartners: each(file.linkedPartnersAndNetworks, externalPartner),
    mous: each(file.mous, inCountry),
    ecosystems: each(file.ecosystems, (row) => ({ ...ecosystemOf(row), cluster: named(file, row.partner, existing) })),
  };
}

/** A cluster of the composition that the file names elsewhere; `checkPartnershipFile` has seen that it is there. */
function named(file: PartnershipFile, name: string, existing: Existing): string {
  const cluster = clusterNamed(file, name);
  if (!cluster) throw new Error(`"${name}" is not in the composition.`);
  return clusterId(cluster, existing);
}

const countryOf = (written: string): string => findCountry(written) ?? written;
const countriesOf = (written: readonly string[] | null): string[] | null => each(written, countryOf);
const inCountry = <T extends { readonly country: string | null }>(row: T): T => ({
  ...row,
  country: row.country && countryOf(row.country),
});

type FilePartner = NonNullable<PartnershipFile['linkedPartnersAndNetworks']>[number];
const externalPartner = (partner: FilePartner) =>
  typeof partner === 'string' ? { name: partner, country: null, role: null } : inCountry(partner);

/** How many partners the page counts under each sectoral industry, where it counts them. */
function partnersPerSector(classification: PartnershipFile['classification']): PartnershipRecord['partnersPerSector'] {
  if (!classification) return classification;
  const codes = codesOf('sectoralIndustries', classification) ?? [];
  const counted = (classification.sectoralIndustries ?? []).flatMap((value, index) =>
    typeof value === 'string' || value.partners === null ? [] : [{ code: codes[index] ?? value.name, partners: value.partners }],
  );
  return counted.length > 0 ? counted : null;
}

/** Channels stand in two sections of a file: what is used, and the links printed. */
function channelsOf({ communicationChannels, links }: PartnershipFile): Channel[] | null | undefined {
  if (!communicationChannels && !links) return communicationChannels === null || links === null ? null : undefined;
  const used = (communicationChannels ?? []).map((channel) =>
    typeof channel === 'string' ? { text: textOf(channel), url: null, linkText: null } : channel,
  );
  return [...used, ...(links ?? [])].map((channel) => {
    const { text, url, linkText } = channel;
    const label = text ?? (linkText === null ? null : textOf(linkText));
    const said = 'kind' in channel ? (channel as { kind?: Channel['kind'] | null }).kind : null;
    return { kind: said ?? kindOfChannel(label, url), label, url };
  });
}

/** As far as its words tell it. */
export function kindOfChannel(label: Text | null, url: string | null): Channel['kind'] {
  const said = fold(`${Object.values(label ?? {}).join(' ')} ${url ?? ''}`);
  if (/\beccp\b|clustercollaboration/.test(said)) return 'ECCP';
  if (/social media|linkedin|facebook|twitter|youtube|instagram/.test(said)) return 'SOCIAL';
  return /website|homepage|www\.|^https?:/.test(said.trim()) ? 'WEBSITE' : 'OTHER';
}
