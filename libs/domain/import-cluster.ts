import type { ClusterRecord } from '#libs/contracts/cluster';
import type { PartnershipFile } from '#libs/contracts/partnership-file';
import type { Classifications, Region } from '#libs/contracts/profile';
import { findCountry } from '#libs/reference/countries';
import { region } from '#libs/reference/regions';
import { type Classified, classificationNames, codesOf } from './classify.js';
import type { Suspected } from './duplicates.js';
import { codeAt } from './file-codes.js';
import { sourceId } from './ids.js';
import { asStated } from './import-figures.js';
import { type Quantity, quantity } from './quantity.js';
import { defined, each } from './said.js';
import { fold, slug } from './text.js';

export type FileCluster = NonNullable<PartnershipFile['composition']>[number];
export type FileEcosystem = NonNullable<PartnershipFile['ecosystems']>[number];
export type FileMember = NonNullable<FileCluster['members']>[number];
type FileFact = NonNullable<FileCluster['facts']>[number];

/** What is there already of organisations that a file names. */
export interface ExistingMembers {
  /** By an outside id they share, else by name and country. */
  organisation(member: FileMember): string | null;
  /** Of an organisation in a cluster, whoever began it. */
  membership(organisation: string, cluster: string): string | null;
  /** Records that a new one looks like. */
  suspects(member: FileMember): readonly Suspected[];
}

/** Finds clusters that are there already: by name and country, and by the address they have. */
export interface Existing {
  cluster(name: string, country: string): string | null;
  slugOwner(slug: string): string | null;
  /** The partnership, where it was not an import that brought it. */
  readonly partnership?: string | null;
  /** The membership of a cluster in it, whoever began it. */
  membership?(cluster: string): string | null;
  readonly members?: ExistingMembers;
}

/** The same for every partnership that names the cluster, so that they mean one. */
export function clusterKey({ name, country }: Pick<FileCluster, 'name' | 'country'>): string {
  return `cluster:${findCountry(country) ?? country}:${fold(name)}`;
}

/** That of the cluster that is there already, else the one that follows from its key. */
export function clusterId(cluster: FileCluster, existing: Existing): string {
  return existing.cluster(cluster.name, findCountry(cluster.country) ?? cluster.country) ?? sourceId(clusterKey(cluster));
}

/**
 * Its address: name and country, such as `mechatronic-cluster-at`. Only clusters of one country can come to the same, by names that
 * differ in what no address holds; the second bears a part of its id.
 */
export function clusterSlug(cluster: Pick<FileCluster, 'name' | 'country'>, id: string, existing: Existing): string {
  const country = (findCountry(cluster.country) ?? cluster.country).toLowerCase();
  const plain = [slug(cluster.name).slice(0, 60) || 'cluster', country].join('-').replaceAll('--', '-');
  return [null, id].includes(existing.slugOwner(plain)) ? plain : `${plain}-${id.slice(-6)}`;
}

/** What a row of the composition and the ecosystem of that partner say about a cluster; what they do not say is left as it is. */
export function clusterRecord(
  cluster: FileCluster,
  ecosystem: FileEcosystem | undefined,
  asOf: string | null,
): Omit<ClusterRecord, 'profile' | 'sourceKey' | 'slug'> {
  const { name, country, fullName, website, foundedYear, summary, facts, aliases } = cluster;
  return defined({
    name,
    country: findCountry(country) ?? country,
    aliases: aliases === null ? [] : aliases,
    fullName,
    region: regionOf(cluster),
    website,
    foundedYear,
    totals: totalsOf(cluster, asOf),
    classifications: classificationsOf(cluster),
    facts: each(facts, withQualifier),
    summary,
    ecosystem: ecosystem && ecosystemOf(ecosystem),
  });
}

function regionOf({ region: label, nuts1, nuts2 }: FileCluster): Region | null | undefined {
  if (typeof label === 'object' && label !== null) return label;
  const code = nuts2 ?? nuts1 ?? null;
  if (code === null && !label) return label === null ? null : undefined;
  const known = code === null ? undefined : region(code);
  return { code, version: code === null ? null : (known?.version ?? 'NUTS 2021'), label: label ?? known?.label ?? null };
}

function totalsOf({ totalMembers, totalSmes }: FileCluster, asOf: string | null): ClusterRecord['totals'] {
  if (totalMembers === undefined && totalSmes === undefined) return undefined;
  const total = (stated: FileCluster['totalMembers']): Quantity | null => {
    if (stated === null || stated === undefined) return null;
    return typeof stated === 'number' ? quantity(stated, { asOf }) : asStated(stated);
  };
  return { members: total(totalMembers), smes: total(totalSmes) };
}

/** All four, once one of them is spoken of. */
export function classificationsOf(from: Classified): Classifications | undefined {
  const codes = classificationNames.map((name) => [name, codesOf(name, from)] as const);
  if (codes.every(([, list]) => list === undefined)) return undefined;
  return Object.fromEntries(codes.map(([name, list]) => [name, list ?? null])) as Classifications;
}

/** With the codes that were meant, whatever spelling was written. */
export function ecosystemOf(ecosystem: FileEcosystem): FileEcosystem {
  return {
    ...ecosystem,
    figures: each(ecosystem.figures, withQualifier),
    sections: each(ecosystem.sections, (section) => ({ ...section, kind: codeAt('/ecosystems/*/sections/*/kind', section.kind) })),
  };
}

/** With the code of the qualifier that was meant. */
export const withQualifier = (fact: FileFact): FileFact => ({ ...fact, qualifier: fact.qualifier && codeAt('qualifier', fact.qualifier) });
