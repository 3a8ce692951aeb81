import type { z } from 'zod';
import { type CloseCluster, ClusterClosed, ClusterSuspended, ClusterValidated, type SuspendCluster } from '#libs/contracts/cluster';
import { machine } from '#libs/domain/machine';
import { type Move, movedBy } from '#libs/domain/move';
import { rolesTowards } from '#libs/domain/standing';
import { failed, notApplicable, passed, rule } from '#libs/domain/verdict';
import type { Cluster } from './cluster.js';
import { validationCriteria } from './cluster-criteria.js';

type Suspend = z.output<typeof SuspendCluster.data>;
type Close = z.output<typeof CloseCluster.data>;

const move = movedBy<Cluster>({
  machine: machine('CLUSTER'),
  field: 'state',
  roles: (_, { id, by }) => rolesTowards(by, { CLUSTER: [id] }),
});

/** Why it was suspended is over with that. */
export const validateCluster = move<object>('validate', {
  guards: validationCriteria,
  beside: () => ({ stateReason: null }),
  tell: (next, id) => ClusterValidated.of({ ...next, id }),
});

export const suspendCluster = move<Suspend>('suspend', {
  beside: ({ data: { reason } }) => ({ stateReason: reason }),
  tell: (next, id) => ClusterSuspended.of({ ...next, id }),
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
    tell: (next, id) => ClusterClosed.of({ ...next, id }),
  });
