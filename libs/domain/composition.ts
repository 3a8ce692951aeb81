import type { ClusterView } from '#libs/contracts/cluster';
import type { MembershipView } from '#libs/contracts/membership';
import type { PartnershipView } from '#libs/contracts/partnership';
import type { Classifications, Region } from '#libs/contracts/profile';
import { disclaimer } from '#libs/reference/disclaimers';
import { type VocabularyName, vocabulary } from '#libs/reference/vocabulary';
import { type Computed, type Quantity, sumOf } from './quantity.js';
import { inLanguage } from './text.js';

export type PartnershipSource = Pick<PartnershipView, 'id' | 'slug' | 'acronym' | 'name' | 'funding'>;
export type ClusterSource = Pick<ClusterView, 'id' | 'name' | 'aliases' | 'country' | 'region' | 'totals' | 'classifications'>;
export type MembershipSource = Pick<MembershipView, 'kind' | 'partnership' | 'cluster' | 'role' | 'no' | 'state'>;

/** The shared vocabularies, by their name in a classification. */
export const classifiedBy = {
  sectoralIndustries: 'sectoral-industries',
  technologyFields: 'technology-fields',
  s3PriorityAreas: 's3-priority-areas',
  emergingIndustries: 'emerging-industries',
} as const satisfies Record<keyof Classifications, VocabularyName>;
export const dimensions = Object.keys(classifiedBy) as (keyof Classifications)[];

/** One partner cluster; `members` and `smes` as it declares them, null is "not declared", never 0. */
export interface CompositionItem {
  readonly id: string;
  readonly name: string;
  readonly aliases: ClusterSource['aliases'];
  readonly country: string;
  readonly region: Region | null;
  readonly role: MembershipView['role'];
  readonly no: number | null;
  readonly members: Quantity | null;
  readonly smes: Quantity | null;
  readonly classifications: Classifications;
}

/** How many of the clusters bear a value; `group` is what the value belongs to in its vocabulary. */
export interface ValueCount {
  readonly code: string;
  readonly label: string;
  readonly group: string | null;
  readonly count: number;
}

export interface Composition {
  readonly partnership: Pick<PartnershipSource, 'id' | 'slug' | 'acronym' | 'name'>;
  readonly items: readonly CompositionItem[];
  readonly totals: { readonly clusters: number; readonly members: Computed | null; readonly smes: Computed | null };
  readonly counts: Readonly<Record<keyof Classifications, readonly ValueCount[]>>;
  /** What must stand wherever this is published; null where the funding asks for none. */
  readonly disclaimer: string | null;
}

/** The words of who has not said in which: libs/reference/data/disclaimers.json. */
const IN_OUR_WORDS = 'EU_FUNDING';

/**
 * Who makes up a partnership now. Clusters that are not handed in are left out: whoever may not see one counts without it
 * (`partnersSeen`). `on`: the day it is printed on, which decides on the disclaimer; null: whatever the day.
 */
export function compositionModel(
  partnership: PartnershipSource,
  clusters: readonly ClusterSource[],
  memberships: readonly MembershipSource[],
  on: string | null = null,
): Composition {
  const known = new Map(clusters.map((cluster) => [cluster.id, cluster]));
  const items = currentOf(partnership.id, memberships)
    .flatMap((membership) => itemOf(membership, known.get(membership.cluster)))
    .sort(asPrinted);
  const { id, slug, acronym, name } = partnership;
  return {
    partnership: { id, slug, acronym, name },
    items,
    totals: totalsOf(items),
    counts: countsOf(items),
    disclaimer: disclaimerOf(partnership, on),
  };
}

/** The memberships of clusters in a partnership that are ACTIVE now, whatever day it is. */
export function currentOf<M extends MembershipSource>(partnership: string, memberships: readonly M[]): M[] {
  return memberships.filter((m) => m.kind === 'CLUSTER_IN_PARTNERSHIP' && m.partnership === partnership && m.state === 'ACTIVE');
}

function itemOf({ role, no }: MembershipSource, cluster: ClusterSource | undefined): CompositionItem[] {
  if (!cluster) return [];
  const { id, name, aliases, country, region, totals, classifications } = cluster;
  const declared = { members: quantityOf(totals.members), smes: quantityOf(totals.smes) };
  return [{ id, name, aliases, country, region, role, no, ...declared, classifications }];
}

const quantityOf = (stated: ClusterSource['totals']['members']): Quantity | null =>
  stated && { ...stated, unit: stated.unit ?? undefined, asPrinted: stated.asPrinted ?? undefined };

/** By their number in the source; those without one follow by name. */
const asPrinted = (a: CompositionItem, b: CompositionItem): number =>
  (a.no ?? Number.POSITIVE_INFINITY) - (b.no ?? Number.POSITIVE_INFINITY) || a.name.localeCompare(b.name, 'en');

function totalsOf(items: readonly CompositionItem[]): Composition['totals'] {
  const sum = (part: (item: CompositionItem) => Quantity | null) => sumOf(items.map((item) => part(item)?.value ?? null));
  return { clusters: items.length, members: sum((item) => item.members), smes: sum((item) => item.smes) };
}

function countsOf(items: readonly CompositionItem[]): Composition['counts'] {
  const counts = dimensions.map((dimension) => [dimension, valuesOf(dimension, items)] as const);
  return Object.fromEntries(counts) as unknown as Composition['counts'];
}

/** The most frequent first. */
function valuesOf(dimension: keyof Classifications, items: readonly CompositionItem[]): ValueCount[] {
  const codes = items.flatMap(({ classifications }) => [...new Set(classifications[dimension] ?? [])]);
  return [...Map.groupBy(codes, (code) => code)]
    .map(([code, found]) => ({ ...termOf(dimension, code), count: found.length }))
    .sort((a, b) => b.count - a.count || a.label.localeCompare(b.label, 'en'));
}

/** A code the vocabulary does not have is shown as it is. */
export function termOf(dimension: keyof Classifications, code: string): Omit<ValueCount, 'count'> {
  const words = vocabulary(classifiedBy[dimension]);
  const parent = words.parent(code);
  return { code, label: words.label(code) ?? code, group: parent === null ? null : (words.label(parent) ?? parent) };
}

function disclaimerOf({ funding }: PartnershipSource, on: string | null): string | null {
  if (funding?.disclaimerRequired !== true) return null;
  return inLanguage(funding.disclaimer ?? {}, ['en']) || inLanguage(disclaimer(IN_OUR_WORDS, on)?.text ?? {}, ['en']) || null;
}
