import { FollowInAgreement } from '#libs/contracts/agreement';
import { ClusterMerged, ClusterYielded, NoteClusterYielded, YieldCluster } from '#libs/contracts/cluster';
import { FollowClusterInDocument } from '#libs/contracts/document';
import { FollowClusterInMembership } from '#libs/contracts/membership';
import type { CommandContract } from '#libs/contracts/message';
import { FollowClusterInPartnership } from '#libs/contracts/partnership';
import type { Send } from '#libs/domain/decision';
import { type Asked, mergesOf } from '#libs/domain/merging';
import { fold } from '#libs/domain/text';
import { failed, passed, rule } from '#libs/domain/verdict';
import { type Cluster, readable, rolesOf } from './cluster.js';

const MOST_ALIASES = 50;

const stays = rule(
  'CLUSTER.MERGE.CLOSED',
  ({ before: { state } }: Asked<Cluster>) =>
    state === 'CLOSED' ? failed('The cluster that should stay is closed.', { state }, '/into') : passed('It is not closed.', { state }),
  { kind: 'WRONG_STATE' },
);

/** A name is one cluster’s in a country: a namesake elsewhere is another. */
const oneCountry = rule('CLUSTER.MERGE.COUNTRY', ({ before: { country }, other }: Asked<Cluster>) => {
  const inputs = { country, other: other?.country ?? null };
  return !other || other.country === country
    ? passed('Both are of one country.', inputs)
    : failed(`One is of ${country}, the other of ${other.country}.`, inputs, '/into');
});

/** The record that stays asks the other to go; who asked is answered when it has. */
export const {
  merge: mergeCluster,
  yieldTo: yieldCluster,
  noteYielded: noted,
} = mergesOf<Cluster>({
  name: 'CLUSTER',
  roles: rolesOf,
  actors: ['PLATFORM_ADMIN', 'CLUSTER_MANAGER'],
  rules: [stays, oneCountry],
  yielding: YieldCluster,
  noted: NoteClusterYielded,
  absorbed,
  yielded: (before, id, into) => ClusterYielded.of({ ...readable(before, id), into }),
  merged: (next, id, from) => ClusterMerged.of({ ...readable(next, id), from }),
});

/** What it says of itself was reviewed and stays. What led to the other leads here: names, addresses, and where imports found it. */
function absorbed(before: Cluster, other: Cluster): Cluster {
  const names = [...before.aliases, { name: other.name, origin: null }, ...other.aliases];
  const others = names.filter(({ name }) => fold(name) !== fold(before.name));
  return {
    ...before,
    aliases: others
      .filter(({ name }, place) => others.findIndex((each) => fold(each.name) === fold(name)) === place)
      .slice(0, MOST_ALIASES),
    formerSlugs: [...new Set([...(before.formerSlugs ?? []), other.slug, ...(other.formerSlugs ?? [])])].filter(
      (slug) => slug !== before.slug,
    ),
    sourceKeys: [...new Set([...before.sourceKeys, ...other.sourceKeys])].sort(),
    statements: [...(before.statements ?? []), ...(other.statements ?? [])],
  };
}

/** Whoever names the record that has gone: memberships on either side, partnerships that it coordinates or describes, agreements it is a party to, documents of its own and those it reads. */
export interface Followers {
  memberships: readonly string[];
  partnerships: readonly string[];
  agreements: readonly string[];
  documents: readonly string[];
}

export const noteClusterYielded = ({ memberships, partnerships, agreements, documents }: Followers) =>
  noted((from, to) => {
    const follow =
      (command: CommandContract) =>
      (key: string): Send => ({ command, key, data: { from, to }, step: `follow:${from}:${key}` });
    return [
      ...memberships.map(follow(FollowClusterInMembership)),
      ...partnerships.map(follow(FollowClusterInPartnership)),
      ...agreements.map(follow(FollowInAgreement)),
      ...documents.map(follow(FollowClusterInDocument)),
    ];
  });
