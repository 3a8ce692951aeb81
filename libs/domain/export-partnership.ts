import type { ClusterView } from '#libs/contracts/cluster';
import type { ExchangeProfileView } from '#libs/contracts/exchange-profile';
import type { MembershipView } from '#libs/contracts/membership';
import type { PartnershipView } from '#libs/contracts/partnership';
import type { PartnershipFile } from '#libs/contracts/partnership-file';
import type { PlannedEventView } from '#libs/contracts/planned-event';
import { clusterRow, type ExportedMember, memberRow, quantityRow } from './export-cluster.js';
import { Printed } from './export-printed.js';
import { totalsOf } from './file-totals.js';
import { kindOfChannel } from './import-partnership.js';
import { pointer } from './json-pointer.js';
import { defined, each } from './said.js';
import { fold } from './text.js';

export type { ExportedMember };

/** What a partnership is made of, as far as its reader sees it: what a reader does not see is missing, so that an import leaves it as it is. */
export interface Exported {
  readonly partnership: Omit<PartnershipView, 'remarks' | 'operationalManager'> & Partial<PartnershipView>;
  readonly clusters: readonly ClusterView[];
  /** Of clusters in the partnership. */
  readonly memberships: readonly MembershipView[];
  readonly events: readonly PlannedEventView[];
  readonly exchangeProfile: ExchangeProfileView | null;
  /** Organisations that belong to the clusters, by cluster. */
  readonly members?: ReadonlyMap<string, readonly ExportedMember[]>;
}

/**
 * The partnership in the shape it is imported in: an import of it records what stands, so that here it changes nothing and
 * elsewhere the same stands. What the shape has no place for (states and publication, events planned here, what clusters say
 * of themselves beyond the composition) has resources of its own.
 */
export function partnershipFileOf(exported: Exported): PartnershipFile {
  const { partnership: of, events, exchangeProfile } = exported;
  const printed = new Printed(of.provenance?.asPrinted);
  const composition = compositionOf(exported, printed);
  const { clusterXchange, hostOrganisations, welcomePackage, successStories, alumniNetwork } = exchangeProfile ?? {};
  const sections: PartnershipFile = {
    ...identity(of),
    ...narrative(of),
    ...network(of, composition, printed),
    ...figures(of, printed),
    composition: composition.map(({ row }) => row),
    plannedEvents: events.filter(isFrom(of.code)).map(eventRow).toSorted(byNo),
    clusterXchange,
    hostOrganisations,
    welcomePackage,
    successStories,
    alumniNetwork,
    remarks: of.remarks,
    operationalManager: of.operationalManager,
  };
  return defined({ ...sections, computedTotals: totals(sections, of), ...formerly(of, printed) });
}

type Partnership = Exported['partnership'];

function identity({ code, acronym, name, longName, programme, call, provenance, ...of }: Partnership) {
  const { origins = {}, programme: printedAs, breadcrumb = null } = provenance ?? {};
  const isNothing = of.state === 'DRAFT' && of.strand === null && of.statusLabel === null;
  return {
    source: provenance?.source,
    asOf: provenance?.asOf,
    asOfEdtf: provenance?.asOfEdtf,
    origin: provenance?.origin,
    conventions: provenance?.conventions as PartnershipFile['conventions'],
    code,
    codeOrigin: origins['/code'],
    identity: { acronym, name, fullName: longName, breadcrumb },
    programme: {
      code: programme,
      name: printedAs?.name ?? null,
      codeOrigin: origins['/programme/code'] ?? null,
      parentProgramme: printedAs?.parentProgramme ?? null,
      funding: printedAs?.funding ?? null,
      call,
      callOrigin: origins['/programme/call'] ?? null,
    },
    status: isNothing ? null : { label: of.statusLabel, phase: of.state, strand: of.strand },
    startOfPartnership: of.start?.edtf ?? null,
    previousInitiatives: of.previousInitiatives,
    durationMonths: of.durationMonths,
  };
}

function narrative(of: Partnership) {
  const { pillars, description, objectives, addedValue, benefits, funding, otherActivities } = of;
  const { strategyTest, expectedResults, policies, policyReferences, aims, channels } = of;
  return {
    ...{ pillars, description, objectives, addedValue, benefits, funding, otherActivities },
    ...{ strategyTest, expectedResults, policies, policyReferences },
    escp4xAim: aims,
    communicationChannels: each(channels, ({ kind, label, url }) => ({
      ...{ text: label, url, linkText: null },
      ...(kindOfChannel(label, url) === kind ? {} : { kind }),
    })),
  };
}

interface CompositionRow {
  readonly cluster: ClusterView;
  readonly row: NonNullable<PartnershipFile['composition']>[number];
}

function compositionOf({ partnership, clusters, memberships, members }: Exported, printed: Printed): CompositionRow[] {
  const known = new Map(clusters.map((cluster) => [cluster.id, cluster]));
  const asOf = partnership.provenance?.asOfEdtf ?? null;
  return memberships
    .filter(({ kind, state, ...of }) => kind === 'CLUSTER_IN_PARTNERSHIP' && state === 'ACTIVE' && of.partnership === partnership.id)
    .flatMap(({ cluster, no }) => (known.has(cluster) ? [{ cluster: known.get(cluster)!, no }] : []))
    .toSorted((a, b) => byNo(a, b) || a.cluster.name.localeCompare(b.cluster.name, 'en'))
    .map(({ cluster, no }, place) => {
      const row = clusterRow(cluster, no, pointer('composition', place), printed, asOf);
      const held = members?.get(cluster.id) ?? [];
      return { cluster, row: held.length === 0 ? row : { ...row, members: held.map(memberRow) } };
    });
}

function network(of: Partnership, composition: readonly CompositionRow[], printed: Printed) {
  const inComposition = (cluster: string) => composition.find((each) => each.cluster.id === cluster)?.cluster;
  const named = (section: string) => (code: string, place: number) => ({
    code,
    name: printed.country(code, pointer(section, place, 'name')),
  });
  return {
    targetedThirdCountries: of.targetCountries?.map(named('targetedThirdCountries')) ?? null,
    countries: of.countries?.map(named('countries')) ?? null,
    targetCountriesInText: of.targetCountriesInText,
    coordinator: coordinatorRow(of, inComposition),
    networks: of.networks,
    intermediaries: of.intermediaries,
    linkedPartnersAndNetworks: of.externalPartners,
    mous: of.mous,
    ecosystems: ecosystemRows(of, inComposition),
  };
}

type Find = (cluster: string) => ClusterView | undefined;

/** Undefined where a partner is meant that the reader does not see: then nothing is said of it. */
function coordinatorRow({ coordinator, provenance }: Partnership, find: Find): PartnershipFile['coordinator'] {
  if (!coordinator) return null;
  const lead = find(coordinator.cluster);
  return lead && { cluster: nameOf(lead, coordinator.name), origin: provenance?.origins['/coordinator'] ?? null };
}

function ecosystemRows({ ecosystems }: Partnership, find: Find): PartnershipFile['ecosystems'] {
  if (!ecosystems) return null;
  const rows = ecosystems.flatMap(({ cluster, ...ecosystem }) => {
    const partner = find(cluster);
    return partner ? [{ ...ecosystem, partner: nameOf(partner, ecosystem.partner) }] : [];
  });
  return rows.length === ecosystems.length ? rows : undefined;
}

/** What it is called here while it still bears that name, else as it is called now. */
function nameOf({ name, fullName, aliases }: ClusterView, called: string): string {
  const bears = [name, fullName, ...aliases.map((alias) => alias.name)].some((each) => each !== null && fold(each) === fold(called));
  return bears ? called : name;
}

function figures({ figures: stated, targets, ...of }: Partnership, printed: Printed) {
  const { partners, smes, others, members, largeCompanies, startUps } = stated;
  const declared = (pair: typeof partners) => pair.declared && quantityRow(pair.declared);
  const membership = {
    members: declared(members),
    largeCompanies: declared(largeCompanies),
    startUps: declared(startUps),
    universitiesResearchAndOthers: declared(others),
  };
  const own = Object.entries(stated).flatMap(([name, { target }]) =>
    target ? [[name, { ...quantityRow(target), kpi: null, origin: null }] as const] : [],
  );
  const listed = (targets ?? []).map(({ name, kpi, origin, ...quantity }) => [name, { ...quantityRow(quantity), kpi, origin }] as const);
  return {
    numberOfPartners: declared(partners),
    numberOfSmesInvolved: declared(smes),
    declaredMembership: Object.values(membership).some((each) => each !== null) ? membership : null,
    targets: targets === null && own.length === 0 ? null : (Object.fromEntries([...own, ...listed]) as PartnershipFile['targets']),
    classification: classificationOf(of, printed),
  };
}

function classificationOf(
  { classifications, partnersPerSector, provenance }: Omit<Partnership, 'figures' | 'targets'>,
  printed: Printed,
): PartnershipFile['classification'] {
  const { tags: _, ...said } = classifications;
  const dataFrom = provenance?.classificationsFrom ?? null;
  if (dataFrom === null && partnersPerSector === null && Object.values(said).every((codes) => codes === null)) return null;
  const partnersOf = (code: string) => partnersPerSector?.find((each) => each.code === code)?.partners ?? null;
  return { dataFrom, ...printed.classified(said, '/classification', partnersOf) };
}

/** Rows of the plan that a file brought; what was planned here has no row. */
const isFrom =
  (code: string) =>
  ({ sourceKey, no }: PlannedEventView) =>
    no !== null && sourceKey === `${code}:plannedEvents:${no}`;

const eventRow = (event: PlannedEventView) => ({
  no: event.no as number,
  targetGroups: event.targetGroups,
  openToSmes: event.openToSmes,
  type: event.type,
  typeLabel: event.typeLabel,
  estimatedDate: event.when?.edtf ?? null,
  estimatedDateLabel: event.whenLabel,
  country: event.country,
  city: event.city,
  cityAsPrinted: event.cityAsPrinted,
});

const byNo = (a: { no: number | null }, b: { no: number | null }) => (a.no ?? Number.MAX_SAFE_INTEGER) - (b.no ?? Number.MAX_SAFE_INTEGER);

/** Whoever reads the file can check that nothing of the composition was lost on the way. */
function totals(file: PartnershipFile, { provenance }: Partnership): PartnershipFile['computedTotals'] {
  const { clusters, ecosystems, members, smes, countries } = totalsOf(file);
  const numbers = { clusters, ecosystems, members: members?.value ?? null, smes: smes?.value ?? null };
  return { ...numbers, countries: [...countries], origin: provenance?.origins['/computedTotals'] ?? null };
}

const placed = ['/code', '/programme/code', '/programme/call', '/coordinator', '/computedTotals'];

function formerly({ provenance, coordinator }: Partnership, printed: Printed): Pick<PartnershipFile, 'provenance'> {
  const origins = Object.entries(provenance?.origins ?? {}).filter(
    ([at]) => !placed.includes(at) || (at === '/coordinator' && coordinator === null),
  );
  const asPrinted = printed.rest();
  if (origins.length === 0 && Object.keys(asPrinted).length === 0) return {};
  return { provenance: { origins: Object.fromEntries(origins), asPrinted } };
}
