import type { z } from 'zod';
import { ClusterChanged, type ClusterDraft, type ClusterPatch, ClusterRegistered, type PutCluster } from '#libs/contracts/cluster';
import { classificationNames, classifications } from '#libs/domain/classify';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { distinctIds, withId } from '#libs/domain/external-ids';
import { clusterSlug, type Existing } from '#libs/domain/import-cluster';
import { patched } from '#libs/domain/merge-patch';
import { stated } from '#libs/domain/record';
import { rolesTowards } from '#libs/domain/standing';
import { failed, judge, notApplicable, passed, type Rule, rule } from '#libs/domain/verdict';
import { isCountry } from '#libs/reference/countries';
import { vocabulary } from '#libs/reference/vocabulary';
import { blank, type Cluster } from './cluster.js';

const MANAGERS = ['PLATFORM_ADMIN', 'CLUSTER_MANAGER'];

interface Said {
  patch: ClusterPatch;
}

const knownCountry = rule('CLUSTER.COUNTRY.KNOWN', ({ patch: { country } }: Said) => {
  if (!country) return notApplicable('No country is stated.');
  return isCountry(country)
    ? passed('The country is known.', { country })
    : failed(`${country} is not a country of ISO 3166-1.`, { country }, '/country');
});

const knownCodes = rule('CLUSTER.CLASSIFICATIONS.KNOWN', ({ patch }: Said) => {
  if (!patch.classifications) return notApplicable('No classifications are stated.');
  const unknown = classificationNames.flatMap((name) =>
    (patch.classifications?.[name] ?? []).flatMap((code, i) =>
      vocabulary(classifications[name]).findItem(code)?.code === code
        ? []
        : [{ pointer: `/classifications/${name}/${i}`, message: `${code} is not a code of ${classifications[name]}.` }],
    ),
  );
  return unknown.length === 0
    ? passed('The classifications are known.')
    : failed('A classification is not known.', { unknown: unknown.map(({ pointer }) => pointer) }, unknown);
});

const saidRules = [knownCountry, knownCodes, distinctIds('CLUSTER')];

const mayRegister = rule(
  'CLUSTER.REGISTER.ACTOR',
  ({ roles }: Said & { roles: readonly string[] }) =>
    roles.includes('PLATFORM_ADMIN')
      ? passed('Clusters are yours to register.', { roles })
      : failed('A cluster is registered by the platform.', { roles }),
  { kind: 'NOT_YOURS' },
);

/** One cluster organisation, one record: what is known by this name in this country is changed, not registered again. */
const notKnown = rule('CLUSTER.REGISTER.DISTINCT', ({ patch: { name }, known }: Said & { known: string | null }) =>
  known === null
    ? passed('No cluster of this country has the name.', { name })
    : failed(`There is a cluster with this name in this country: ${known}.`, { name, cluster: known }, '/name'),
);

/** A cluster comes as it says it is: to be validated, and its profile to be reviewed before anybody else sees it. */
export const registerCluster =
  (existing: Existing, further: readonly Rule<[]>[] = []) =>
  (_: Cluster | null, draft: ClusterDraft, { id, by }: Context): Decision<Cluster> => {
    const { name, country, ...rest } = draft;
    const roles = rolesTowards(by, {});
    const known = existing.cluster(name, country);
    const verdicts = judge([mayRegister, ...saidRules, notKnown, ...further], { patch: draft, roles, known });
    const slug = clusterSlug({ name, country }, id, existing);
    const next = patched<Cluster>({ ...blank, name, country, slug, state: 'REGISTERED', profile: 'DRAFT' }, rest);
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

/** The machine PROFILE: what the public reads was reviewed. Outside ids are no part of that. */
const notInPublic = rule(
  'CLUSTER.CHANGE.PROFILE',
  ({ cluster: { profile }, patch: { externalIds, ...others } }: Change) => {
    if (Object.keys(others).length === 0) return notApplicable('The profile is not touched.', { profile });
    return ['PUBLISHED', 'ARCHIVED', 'NEEDS_REVIEW'].includes(profile)
      ? failed(`The profile is ${profile}: what was reviewed, or is under review, is not changed.`, { profile })
      : passed('The profile is not in public.', { profile });
  },
  { kind: 'WRONG_STATE' },
);

export function changeCluster(cluster: Cluster | null, patch: ClusterPatch, { id, by }: Context): Decision<Cluster> {
  const before = cluster as Cluster;
  const roles = rolesTowards(by, { CLUSTER: [id] });
  const verdicts = judge([mayChange, notClosed, notInPublic, ...saidRules], { cluster: before, patch, roles });
  const next = stated(before, patched(before, patch));
  return next === before ? unchanged(before, verdicts) : { next, facts: [ClusterChanged.of({ ...next, id })], verdicts };
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
    if (cluster) return changeCluster(cluster, { ...patch, externalIds }, context);
    const draft = { ...patch, name: patch.name ?? '', country: patch.country ?? '', externalIds };
    return registerCluster(existing, [named(patch)])(null, draft, context);
  };
