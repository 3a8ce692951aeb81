import type { z } from 'zod';
import {
  type CloseCluster,
  ClusterClosed,
  ClusterProfile,
  ClusterSuspended,
  ClusterValidated,
  type SuspendCluster,
} from '#libs/contracts/cluster';
import { mandatoryMissing } from '#libs/domain/completeness';
import type { Context } from '#libs/domain/decision';
import { inWork } from '#libs/domain/drafts';
import { machine } from '#libs/domain/machine';
import { type Move, movedBy } from '#libs/domain/move';
import { profileMoves, type Reviewing } from '#libs/domain/profile-moves';
import { rolesTowards } from '#libs/domain/standing';
import { failed, notApplicable, passed, rule } from '#libs/domain/verdict';
import { mayActFor } from '#libs/reference/roles';
import { type Cluster, readable, rolesOf } from './cluster.js';
import { publicationCriteria, validationCriteria } from './cluster-criteria.js';

type Suspend = z.output<typeof SuspendCluster.data>;
type Close = z.output<typeof CloseCluster.data>;

const move = movedBy<Cluster>({
  machine: machine('CLUSTER'),
  field: 'state',
  roles: (before, { id, by }) => rolesOf(before, by, id),
});

/** By what it says of itself now, also where that is not reviewed yet. */
const criteriaNow = validationCriteria.map((each) => ({
  ...each,
  evaluate: ({ before, context }: Move<Cluster, object>) => each.evaluate({ before: inWork(before), context }),
}));

/** Why it was suspended is over with that. */
export const validateCluster = move<object>('validate', {
  guards: criteriaNow,
  beside: () => ({ stateReason: null }),
  tell: (next, id) => ClusterValidated.of(readable(next, id)),
});

export const suspendCluster = move<Suspend>('suspend', {
  beside: ({ data: { reason } }) => ({ stateReason: reason }),
  tell: (next, id) => ClusterSuspended.of(readable(next, id)),
});

/** `successorState`: that of the cluster named to go on; null: none is named, or it is not known. */
const goesOn = (successorState: string | null) =>
  rule('CLUSTER.CLOSE.SUCCESSOR', ({ data: { successor }, context: { id } }: Move<Cluster, Close>) => {
    if (successor === undefined) return notApplicable('No successor is named.');
    const inputs = { successor, state: successorState };
    if (successor === id) return failed('A cluster is not its own successor.', inputs, '/successor');
    return successorState === null || successorState === 'CLOSED'
      ? failed('The successor is closed, or is not there.', inputs, '/successor')
      : passed('The successor is there to go on.', inputs);
  });

export const closeCluster = (successorState: string | null) =>
  move<Close>('close', {
    guards: [goesOn(successorState)],
    beside: ({ data: { successor, reason } }) => ({ successor: successor ?? null, stateReason: reason ?? null }),
    tell: (next, id) => ClusterClosed.of(readable(next, id)),
  });

/** The name may have been taken since it was written. */
const nameFree = (namesake: string | null) =>
  rule('CLUSTER.REGISTER.DISTINCT', ({ before, written: { name, country }, context: { id } }: Reviewing<Cluster>) => {
    if (name === before.name && country === before.country) return notApplicable('Name and country stay.');
    return namesake === null || namesake === id
      ? passed('No other cluster of the country has the name.', { name })
      : failed(`There is a cluster with this name in this country: ${namesake}.`, { name, cluster: namesake }, '/name');
  });

const reviewing = (before: Cluster, partnerships: readonly string[], { id, by }: Context): string[] => {
  const own = rolesOf(before, by, id);
  return [...own, ...rolesTowards(by, { PARTNERSHIP: partnerships }), ...(own.some((role) => mayActFor(role, 'OWNER')) ? ['OWNER'] : [])];
};

/** `partnerships`: those it belongs to now, whose coordinators review it; `namesake`: who has the name it is to have. */
export const clusterProfile = (partnerships: readonly string[], namesake: string | null = null) =>
  profileMoves<Cluster>({
    roles: (before, context) => reviewing(before, partnerships, context),
    missing: (written) => mandatoryMissing('CLUSTER', written),
    guards: [...publicationCriteria, nameFree(namesake)],
    invalid: ({ state }) => (state === 'VALIDATED' ? null : `The cluster is ${state}.`),
    facts: ClusterProfile.facts,
    told: readable,
  });
