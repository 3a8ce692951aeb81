import type { Actor } from '#libs/contracts/actor';
import { type ClusterRecord, ClusterRecorded, type ClusterView, RecordCluster } from '#libs/contracts/cluster';
import type { Stamp } from '#libs/contracts/values';
import { completenessOf } from '#libs/domain/completeness';
import type { Context, Decision } from '#libs/domain/decision';
import { inWork, isReviewed } from '#libs/domain/drafts';
import type { Existing } from '#libs/domain/import-cluster';
import type { Merging } from '#libs/domain/merging';
import { record, type Sourced, stated } from '#libs/domain/record';
import { withoutScripts } from '#libs/domain/rich-text';
import { rolesTowards } from '#libs/domain/standing';
import { fold } from '#libs/domain/text';

/** What is kept; how complete its profile is follows from it. `authors`: who has written what is not published yet. */
export type Cluster = Omit<ClusterView, keyof Stamp | 'completeness'> & Sourced & { authors?: string[]; merging?: Merging<never> | null };

/** Nothing is said of it yet; as imports record it, what stands in a published file was validated. */
export const blank: Omit<Cluster, 'name' | 'country' | 'slug'> = {
  aliases: [],
  fullName: null,
  region: null,
  website: null,
  foundedYear: null,
  totals: { members: null, smes: null },
  classifications: { sectoralIndustries: null, technologyFields: null, s3PriorityAreas: null, emergingIndustries: null },
  facts: null,
  summary: null,
  ecosystem: null,
  fte: null,
  memberTypes: null,
  websiteLanguages: null,
  waiver: null,
  legalEntity: null,
  regionClass: null,
  services: null,
  businessModel: null,
  policyRole: null,
  channels: null,
  stateReason: null,
  successor: null,
  formerSlugs: [],
  formerIds: [],
  draft: null,
  profileReason: null,
  state: 'VALIDATED',
  profile: 'PUBLISHED',
  externalIds: [],
  sourceKeys: [],
};

export type NamedCluster = Pick<Cluster, 'name' | 'fullName' | 'aliases' | 'country' | 'slug'> & { id: string };

const nameKey = (name: string, country: string) => `${country}:${fold(name)}`;

/** A name leads before a full name, that before an alias; where two clusters share one, the older id is taken, every time. */
export function byName(clusters: NamedCluster[]): Existing {
  const ids = new Map<string, string>();
  const inOrder = clusters.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const names: ((cluster: NamedCluster) => (string | null)[])[] = [
    ({ name }) => [name],
    ({ fullName }) => [fullName],
    ({ aliases }) => aliases.map(({ name }) => name),
  ];
  for (const namesOf of names) {
    for (const cluster of inOrder) {
      for (const name of namesOf(cluster))
        if (name && !ids.has(nameKey(name, cluster.country))) ids.set(nameKey(name, cluster.country), cluster.id);
    }
  }
  const slugs = new Map(inOrder.toReversed().map(({ slug, id }) => [slug, id]));
  return { cluster: (name, country) => ids.get(nameKey(name, country)) ?? null, slugOwner: (slug) => slugs.get(slug) ?? null };
}

/** A cluster that is known keeps its name: what a source calls it otherwise becomes an alias, and no alias is lost. */
function namesAfter({ name, aliases }: Cluster, said: Pick<ClusterRecord, 'name' | 'aliases'>): Pick<Cluster, 'name' | 'aliases'> {
  const all = [...aliases, ...(said.aliases ?? [])];
  const isCalled = (other: string) => fold(other) === fold(said.name);
  if (!isCalled(name) && !all.some((alias) => isCalled(alias.name))) all.push({ name: said.name, origin: null });
  const distinct = all.filter((alias, place) => all.findIndex((other) => other.name === alias.name) === place);
  return { name: isCalled(name) ? said.name : name, aliases: distinct };
}

/** `DIA:composition:6` is what DIA says. */
const sourceOf = (sourceKey: string) => sourceKey.slice(0, sourceKey.indexOf(':'));

/** What another partnership stands by in public is not for this one to take back. */
function profileAfter({ profile, sourceKeys }: Cluster, said: ClusterRecord): string {
  const isShared = sourceKeys.some((key) => sourceOf(key) !== sourceOf(said.sourceKey));
  return isShared && profile === 'PUBLISHED' ? profile : said.profile;
}

/** Also roles bound to records that were merged into this one. */
export const rolesOf = ({ formerIds }: Cluster, by: Actor, id: string): string[] =>
  rolesTowards(by, { CLUSTER: [id, ...(formerIds ?? [])] });

/** State with what follows from it. */
export function readable(cluster: Cluster, id: string) {
  const draft = cluster.draft && { ...cluster.draft, completeness: completenessOf('CLUSTER', inWork(cluster)) };
  return { ...cluster, id, draft, completeness: completenessOf('CLUSTER', cluster) };
}

/** Two partnerships may name the same cluster: it remembers every place it was found in. */
export function recordCluster(cluster: Cluster | null, stating: ClusterRecord, context: Context): Decision<Cluster> {
  const said = withoutScripts(RecordCluster.data, stating);
  const { sourceKey, slug, ...fields } = said;
  const before = cluster ?? { ...blank, slug, name: said.name, country: said.country };
  const sourceKeys = [...new Set([...before.sourceKeys, sourceKey])].sort();
  return record(cluster, said, context, {
    machine: 'CLUSTER',
    merge: () => {
      const next = stated(before, { ...fields, ...namesAfter(before, said), profile: profileAfter(before, said), sourceKeys });
      // What is no more in public has no draft beside it: it is one itself.
      return isReviewed(next.profile) ? next : stated(next, { ...inWork(next), profile: next.profile });
    },
    tell: (next) => ClusterRecorded.of(readable(next, context.id)),
  });
}
