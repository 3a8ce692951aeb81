import type { z } from 'zod';
import {
  ClusterChanged,
  ClusterDraft,
  ClusterPatch,
  ClusterProfile,
  ClusterRegistered,
  ClusterRemoved,
  type PutCluster,
} from '#libs/contracts/cluster';
import type { FactDraft } from '#libs/contracts/message';
import { canonicalJson } from '#libs/domain/canonical';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { changedBy, changedFields, inWork } from '#libs/domain/drafts';
import { distinctIds, withId } from '#libs/domain/external-ids';
import { clusterSlug, type Existing, withQualifier } from '#libs/domain/import-cluster';
import { patched } from '#libs/domain/merge-patch';
import { inCodes, knownClassifications, knownCountries, openToChange } from '#libs/domain/profile-rules';
import { removing } from '#libs/domain/removal';
import { withoutScripts } from '#libs/domain/rich-text';
import { each } from '#libs/domain/said';
import { rolesTowards } from '#libs/domain/standing';
import { failed, judge, notApplicable, passed, type Rule, rule } from '#libs/domain/verdict';
import { blank, type Cluster, readable, rolesOf } from './cluster.js';
import { knownCriteria, ownWaiver } from './cluster-criteria.js';
import { knownEcosystem, knownRegion, surroundings, withVersion } from './cluster-surroundings.js';

const TEXTS = ['summary', 'businessModel', 'policyRole'] as const;
const MANAGERS = ['PLATFORM_ADMIN', 'CLUSTER_MANAGER'];

/** No part of the profile: they hold at once. A waiver is the platform’s, and is not reviewed. */
const AT_ONCE = ['externalIds', 'waiver'];

interface Said {
  patch: ClusterPatch;
  /** Where it is, or would be. */
  country: string;
}

const saidRules = [
  knownCountries('CLUSTER'),
  knownClassifications('CLUSTER'),
  knownCriteria,
  knownRegion,
  knownEcosystem,
  ownWaiver,
  distinctIds('CLUSTER'),
];

/** As it is kept: in codes, and without what could run where it is shown. */
const clean = <P extends ClusterPatch>(shape: z.ZodType, patch: P): P => inCodes(withoutScripts(shape, patch));

function saidOf(before: Cluster, { ecosystem, region, facts, ...rest }: ClusterPatch): Cluster {
  const next = patched<Cluster>(before, rest, TEXTS);
  return {
    ...next,
    ...(region === undefined ? {} : { region: withVersion(region) }),
    ...(facts === undefined ? {} : { facts: each(facts, withQualifier) }),
    ...(ecosystem === undefined ? {} : { ecosystem: surroundings(ecosystem, next) }),
  };
}

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
  (_: Cluster | null, draft: ClusterDraft, { id, by, at, policies }: Context): Decision<Cluster> => {
    const { name, country, ...rest } = clean(ClusterDraft, draft);
    const roles = rolesTowards(by, {});
    const known = existing.cluster(name, country);
    const asked = { patch: { name, country, ...rest }, country, roles, known, at, policies };
    const verdicts = judge([mayRegister, ...saidRules, notKnown, ...further], asked);
    const slug = clusterSlug({ name, country }, id, existing);
    const next = saidOf({ ...blank, name, country, slug, state: 'REGISTERED', profile: 'DRAFT' }, rest);
    return { next, facts: [ClusterRegistered.of(readable(next, id))], verdicts };
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

/** What is said of a profile that was reviewed goes into its draft. */
export const changeCluster =
  (existing: Existing) =>
  (cluster: Cluster | null, said: ClusterPatch, { id, by, at, policies }: Context): Decision<Cluster> => {
    const before = cluster as Cluster;
    const written = inWork(before);
    const patch = clean(ClusterPatch, said);
    const after = saidOf(written, patch);
    const found = existing.cluster(after.name, after.country);
    const about = { cluster: before, before, written, after, country: after.country, known: found === id ? null : found };
    const roles = rolesOf(before, by, id);
    const rules = [mayChange, notClosed, openToChange('CLUSTER', AT_ONCE), ...saidRules, notKnown];
    const verdicts = judge(rules, { ...about, patch, roles, at, policies });
    const next = changedBy(before, after, AT_ONCE, by.id);
    return next === before ? unchanged(before, verdicts) : { next, facts: told(before, next, id), verdicts };
  };

function told(before: Cluster, next: Cluster, id: string): FactDraft[] {
  const facts = [];
  if (changedFields(before, next).length > 0) facts.push(ClusterChanged);
  if (canonicalJson(before.draft ?? null) !== canonicalJson(next.draft ?? null)) facts.push(ClusterProfile.facts.draftChanged);
  return facts.map((fact) => fact.of(readable(next, id)));
}

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
  roles: (before, { id, by }) => rolesOf(before, by, id),
  actors: ['PLATFORM_ADMIN'],
  stays: ({ state, profile, formerIds }) => {
    if (formerIds?.length) return 'Addresses of records that were merged into it lead to it.';
    return state === 'REGISTERED' && profile === 'DRAFT'
      ? null
      : `The cluster is ${state}, its profile ${profile}: it is closed, not removed.`;
  },
  tell: (before, id) => ClusterRemoved.of(readable(before, id)),
});
