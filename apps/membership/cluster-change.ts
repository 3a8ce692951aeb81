import type { z } from 'zod';
import {
  ClusterChanged,
  type ClusterDraft,
  type ClusterPatch,
  ClusterRegistered,
  ClusterRemoved,
  type PutCluster,
} from '#libs/contracts/cluster';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { distinctIds, withId } from '#libs/domain/external-ids';
import { clusterSlug, type Existing } from '#libs/domain/import-cluster';
import { patched } from '#libs/domain/merge-patch';
import { knownClassifications, knownCountries, leavesReviewed } from '#libs/domain/profile-rules';
import { stated } from '#libs/domain/record';
import { removing } from '#libs/domain/removal';
import { rolesTowards } from '#libs/domain/standing';
import { failed, judge, notApplicable, passed, type Rule, rule } from '#libs/domain/verdict';
import { blank, type Cluster } from './cluster.js';
import { knownCriteria, ownWaiver } from './cluster-criteria.js';

const TEXTS = ['summary', 'businessModel', 'policyRole'] as const;
const MANAGERS = ['PLATFORM_ADMIN', 'CLUSTER_MANAGER'];

interface Said {
  patch: ClusterPatch;
}

const saidRules = [knownCountries('CLUSTER'), knownClassifications('CLUSTER'), knownCriteria, ownWaiver, distinctIds('CLUSTER')];

const mayRegister = rule(
  'CLUSTER.REGISTER.ACTOR',
  ({ roles }: Said & { roles: readonly string[] }) =>
    roles.includes('PLATFORM_ADMIN')
      ? passed('Clusters are yours to register.', { roles })
      : failed('A cluster is registered by the platform.', { roles }),
  { kind: 'NOT_YOURS' },
);

interface Named extends Said {
  roles: readonly string[];
  /** Of another cluster that has the name in the country; null: none. */
  known: string | null;
}

/** One cluster organisation, one record: what is known by this name in this country is changed, not registered again. */
const notKnown = rule('CLUSTER.REGISTER.DISTINCT', ({ patch: { name, country }, roles, known }: Named) => {
  if (name === undefined && country === undefined) return notApplicable('Name and country stay.');
  // Whoever may not write it is not told what there is.
  if (!roles.some((role) => MANAGERS.includes(role))) return notApplicable('It is not looked up for who may not write it.');
  return known === null
    ? passed('No other cluster of the country has the name.', { name })
    : failed(`There is a cluster with this name in this country: ${known}.`, { name, cluster: known }, '/name');
});

/** A cluster comes as it says it is: to be validated, and its profile to be reviewed before anybody else sees it. */
export const registerCluster =
  (existing: Existing, further: readonly Rule<[]>[] = []) =>
  (_: Cluster | null, draft: ClusterDraft, { id, by, at }: Context): Decision<Cluster> => {
    const { name, country, ...rest } = draft;
    const roles = rolesTowards(by, {});
    const known = existing.cluster(name, country);
    const verdicts = judge([mayRegister, ...saidRules, notKnown, ...further], { patch: draft, roles, known, at });
    const slug = clusterSlug({ name, country }, id, existing);
    const next = patched<Cluster>({ ...blank, name, country, slug, state: 'REGISTERED', profile: 'DRAFT' }, rest, TEXTS);
    return { next, facts: [ClusterRegistered.of({ ...next, id })], verdicts };
  };

interface Change extends Said {
  cluster: Cluster;
  roles: readonly string[];
}

const mayChange = rule(
  'CLUSTER.CHANGE.ACTOR',
  ({ roles }: Change) =>
    roles.some((role) => MANAGERS.includes(role))
      ? passed('The cluster is yours to change.', { roles })
      : failed('A cluster is changed by its manager.', { roles }),
  { kind: 'NOT_YOURS' },
);

const notClosed = rule(
  'CLUSTER.CHANGE.STATE',
  ({ cluster: { state } }: Change) =>
    state === 'CLOSED' ? failed('The cluster is closed.', { state }) : passed('The cluster is not closed.', { state }),
  { kind: 'WRONG_STATE' },
);

export const changeCluster =
  (existing: Existing) =>
  (cluster: Cluster | null, patch: ClusterPatch, { id, by, at }: Context): Decision<Cluster> => {
    const before = cluster as Cluster;
    const next = stated(before, patched(before, patch, TEXTS));
    const found = existing.cluster(next.name, next.country);
    const about = { cluster: before, profile: before.profile, before, after: next, known: found === id ? null : found };
    const roles = rolesTowards(by, { CLUSTER: [id] });
    const verdicts = judge([mayChange, notClosed, leavesReviewed('CLUSTER'), ...saidRules, notKnown], { ...about, patch, roles, at });
    return next === before ? unchanged(before, verdicts) : { next, facts: [ClusterChanged.of({ ...next, id })], verdicts };
  };

const named = ({ name, country }: ClusterPatch) =>
  rule('CLUSTER.PUT.NAMED', () => {
    const missing = [name === undefined ? ['/name'] : [], country === undefined ? ['/country'] : []].flat();
    return missing.length === 0
      ? passed('Name and country are said.')
      : failed(
          'The cluster is not there yet: say its name and country.',
          {},
          missing.map((pointer) => ({ pointer, message: 'needed for a new cluster' })),
        );
  });

/** The cluster of an outside system: registered when it is not there yet, else changed. Its outside id is among its ids in any case. */
export const putCluster =
  (existing: Existing) =>
  (cluster: Cluster | null, { externalId, ...patch }: z.output<typeof PutCluster.data>, context: Context): Decision<Cluster> => {
    const externalIds = withId(patch.externalIds ?? cluster?.externalIds ?? [], externalId);
    if (cluster) return changeCluster(existing)(cluster, { ...patch, externalIds }, context);
    const draft = { ...patch, name: patch.name ?? '', country: patch.country ?? '', externalIds };
    return registerCluster(existing, [named(patch)])(null, draft, context);
  };

/** A record made by mistake: others know nothing of it yet. */
export const removeCluster = removing<Cluster>({
  name: 'CLUSTER',
  roles: (_, { id, by }) => rolesTowards(by, { CLUSTER: [id] }),
  actors: ['PLATFORM_ADMIN'],
  stays: ({ state, profile }) =>
    state === 'REGISTERED' && profile === 'DRAFT' ? null : `The cluster is ${state}, its profile ${profile}: it is closed, not removed.`,
  tell: (before, id) => ClusterRemoved.of({ ...before, id }),
});
