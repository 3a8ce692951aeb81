import type { ClusterRecord } from '#libs/contracts/cluster';
import type { MembershipRecord, MembershipView } from '#libs/contracts/membership';
import { findCountry } from '#libs/reference/countries';
import type { ClusterSource, CompositionItem } from './composition.js';
import { cellAt, type Said, type SentRow, saidOf } from './composition-rows.js';
import { type Comparable, type Suspected, suspectedAmong } from './duplicates.js';
import { sourceId } from './ids.js';
import { clusterKey, clusterSlug, type Existing } from './import-cluster.js';
import type { Fault } from './verdict.js';

export type KnownCluster = ClusterSource & { readonly slug: string };
export type KnownMembership = Pick<MembershipView, 'id' | 'cluster' | 'role' | 'no' | 'state'>;

/** What a list of partners is compared with. */
export interface CompositionNow {
  readonly partnership: { readonly id: string; readonly code: string };
  readonly profile: 'PUBLISHED' | 'DRAFT';
  /** All clusters a row may mean. */
  readonly clusters: readonly KnownCluster[];
  readonly existing: Existing;
  readonly memberships: readonly KnownMembership[];
}

/** What a row comes to. `data` null: it says nothing new. */
interface Planned<T> {
  readonly row: number;
  readonly id: string;
  readonly sourceKey: string;
  readonly data: T | null;
  readonly suspects: readonly Suspected[];
}

export interface CompositionPlan {
  readonly clusters: readonly Planned<ClusterRecord>[];
  readonly memberships: readonly Planned<MembershipRecord>[];
  readonly faults: readonly Fault[];
  /** Partners that the list does not have: an import ends no membership. */
  readonly absent: readonly Fault[];
}

/** The same list gives the same plan; the list as it was read gives one without anything new. */
export function planComposition(rows: readonly SentRow[], now: CompositionNow): CompositionPlan {
  const known = new Map(now.clusters.map((cluster) => [cluster.id, cluster]));
  const faults: Fault[] = [];
  const meant = rows.map((sent) => meaning(sent, now, known, faults));
  twice(meant, faults);
  const listed = new Set(meant.map(({ id }) => id));
  const absent = now.memberships
    .filter(({ cluster, state }) => state === 'ACTIVE' && !listed.has(cluster))
    .map(({ cluster }) => ({ pointer: '', message: `${known.get(cluster)?.name ?? cluster} is a partner and is not listed: it stays.` }));
  return {
    clusters: meant.map((each) => clusterOf(each, now)),
    memberships: meant.map((each) => membershipOf(each, now, faults)),
    faults,
    absent,
  };
}

interface Meant {
  readonly sent: SentRow;
  readonly id: string;
  readonly cluster: KnownCluster | null;
  readonly membership: KnownMembership | null;
  readonly no: number | null;
  readonly said: Said;
  readonly asPrinted: CompositionItem | null;
}

function meaning(sent: SentRow, now: CompositionNow, known: ReadonlyMap<string, KnownCluster>, faults: Fault[]): Meant {
  const { row, cells } = sent;
  const written = cells.id === null || cells.id === undefined ? null : String(cells.id);
  const country = String(cells.country ?? '');
  const named = { name: String(cells.name ?? ''), country: findCountry(country) ?? country };
  const found = written ?? now.existing.cluster(named.name, named.country) ?? null;
  const cluster = (found === null ? undefined : known.get(found)) ?? null;
  if (written !== null && !cluster)
    faults.push({ pointer: cellAt(row, 'id'), message: `Row ${row}: no cluster has this id; a new one is listed without.` });
  const membership = (cluster && now.memberships.find((each) => each.cluster === cluster.id)) ?? null;
  const asPrinted = cluster && itemOf(cluster, membership);
  const { said, faults: wrong } = saidOf(sent, asPrinted);
  faults.push(...wrong);
  const no = numberOf(sent, membership, faults);
  return { sent, id: cluster?.id ?? sourceId(clusterKey(named)), cluster, membership, no, said, asPrinted };
}

function itemOf(
  { id, name, aliases, country, region, totals, classifications }: KnownCluster,
  of: KnownMembership | null,
): CompositionItem {
  const quantity = (stated: ClusterSource['totals']['members']) => stated as CompositionItem['members'];
  const declared = { members: quantity(totals.members), smes: quantity(totals.smes) };
  return { id, name, aliases, country, region, role: of?.role ?? 'PARTNER', no: of?.no ?? null, ...declared, classifications };
}

function numberOf({ row, cells: { no } }: SentRow, membership: KnownMembership | null, faults: Fault[]): number | null {
  if (no === undefined) return membership?.no ?? null;
  if (no === null) return null;
  const number = Number(no);
  if (Number.isInteger(number) && number >= 1 && number <= 100_000) return number;
  faults.push({ pointer: cellAt(row, 'no'), message: `Row ${row}: "${no}" is no number of a row.` });
  return null;
}

/** One row per cluster, and one number per row. */
function twice(meant: readonly Meant[], faults: Fault[]): void {
  const told = (column: 'name' | 'no', keyOf: (each: Meant) => string | null, message: (first: number) => string) => {
    const first = new Map<string, number>();
    for (const each of meant) {
      const key = keyOf(each);
      if (key === null) continue;
      const { row } = each.sent;
      const before = first.get(key);
      if (before === undefined) first.set(key, row);
      else faults.push({ pointer: cellAt(row, column), message: `Row ${row}: ${message(before)}` });
    }
  };
  told(
    'name',
    ({ id }) => id,
    (first) => `it means the same cluster as row ${first}.`,
  );
  told(
    'no',
    ({ no }) => (no === null ? null : String(no)),
    (first) => `row ${first} has the number already.`,
  );
}

function clusterOf({ sent, id, cluster, no, said, asPrinted }: Meant, now: CompositionNow): Planned<ClusterRecord> {
  const { name = '', country = '', ...rest } = said;
  const sourceKey = clusterKey({ name, country });
  const isNamed = asPrinted !== null && asPrinted.name === name && asPrinted.country === country;
  if (isNamed && Object.keys(rest).length === 0) return { row: sent.row, id, sourceKey, data: null, suspects: [] };
  const slug = cluster?.slug ?? clusterSlug({ name, country }, id, now.existing);
  const data = {
    ...said,
    name,
    country,
    slug,
    profile: now.profile,
    sourceKey: `${now.partnership.code}:composition:${no ?? `row-${sent.row}`}`,
  };
  const suspects = cluster
    ? []
    : suspectedAmong(comparable({ id, name, country, aliases: rest.aliases ?? [] }), now.clusters.map(comparable));
  return { row: sent.row, id, sourceKey, data, suspects };
}

/** Clusters are told apart by what organisations are; their type is one. */
const comparable = ({ id, name, country, aliases }: Pick<KnownCluster, 'id' | 'name' | 'country' | 'aliases'>): Comparable => ({
  id,
  name,
  country,
  aliases: aliases.map((alias) => alias.name),
  type: 'CLUSTER_ORGANISATION',
  website: null,
  address: null,
  externalIds: [],
});

function membershipOf({ sent, id, membership, no, said }: Meant, now: CompositionNow, faults: Fault[]): Planned<MembershipRecord> {
  const { row, cells } = sent;
  const { partnership } = now;
  const key = `${partnership.code}:membership:${clusterKey({ name: said.name ?? '', country: said.country ?? '' })}`;
  const role = membership?.role ?? 'PARTNER';
  const fault = (column: 'role' | 'name', message: string) =>
    faults.push({ pointer: cellAt(row, column), message: `Row ${row}: ${message}` });
  if (cells.role !== undefined && cells.role !== null && cells.role !== role)
    fault('role', `its role is ${role}; a list hands over no coordination.`);
  if (membership && membership.state !== 'ACTIVE')
    fault('name', `its membership is ${membership.state}; a list makes none of that ACTIVE.`);
  const planned = { row, id: membership?.id ?? sourceId(key), sourceKey: key, suspects: [] };
  if (membership && membership.no === no) return { ...planned, data: null };
  const pair = { partnership: partnership.id, cluster: id, organisation: null };
  return { ...planned, data: { kind: 'CLUSTER_IN_PARTNERSHIP', ...pair, role, no, sourceKey: key } };
}
