import { describe, expect, it } from '@jest/globals';
import { machine } from './machine.js';
import { type Move, movedBy } from './move.js';
import { failed, failedRules, passed, rule } from './verdict.js';

interface Cluster {
  state: string;
  reason: string | null;
  members: number;
}
interface Said {
  reason: string;
}

const context = (role: string) => ({
  id: 'c1',
  by: { kind: 'CLIENT' as const, id: 'me', roles: [{ role, binding: null }], scopes: [], at: '2018-09-01T00:00:00.000Z' },
  at: '2018-09-01T00:00:00.000Z',
  message: 'm1',
});
const admin = context('PLATFORM_ADMIN');

const move = movedBy<Cluster>({ machine: machine('CLUSTER'), field: 'state', roles: (_, { by }) => by.roles.map(({ role }) => role) });
const enough = rule('CLUSTER.SUSPEND.ENOUGH', ({ before }: Move<Cluster, Said>) => (before.members > 0 ? passed() : failed('No members.')));
const suspend = move<Said>('suspend', {
  guards: [enough],
  beside: ({ data }) => ({ reason: data.reason }),
  more: ({ context: { at } }) => ({ due: null, sends: at ? [] : undefined }),
  tell: (next, id) => ({ type: 'cluster.suspended.v1', data: { ...next, id } }),
});
const validated: Cluster = { state: 'VALIDATED', reason: null, members: 3 };

describe('A command of a machine', () => {
  it('leads to the state of its table, with what changes beside it, its fact and all verdicts', () => {
    const { next, facts, verdicts, due } = suspend(validated, { reason: 'no answer' }, admin);
    expect(next).toEqual({ state: 'SUSPENDED', reason: 'no answer', members: 3 });
    expect(facts).toEqual([{ type: 'cluster.suspended.v1', data: { ...next, id: 'c1' } }]);
    expect(verdicts.map(({ rule: code, outcome }) => [code, outcome])).toEqual([
      ['CLUSTER.SUSPEND.STATE', 'PASSED'],
      ['CLUSTER.SUSPEND.ACTOR', 'PASSED'],
      ['CLUSTER.SUSPEND.ENOUGH', 'PASSED'],
    ]);
    expect(due).toBeNull();
    expect(validated.state).toBe('VALIDATED');
  });

  it('is refused with everything that is wrong at once', () => {
    const wrong = () => suspend({ ...validated, state: 'CLOSED', members: 0 }, { reason: 'x' }, context('CLUSTER_MANAGER'));
    expect(failedRules(wrong)).toEqual(['CLUSTER.SUSPEND.STATE', 'CLUSTER.SUSPEND.ACTOR', 'CLUSTER.SUSPEND.ENOUGH']);
  });

  it('leads where its own rule says, when the table leaves a choice', () => {
    const sign = movedBy<{ state: string }>({ machine: machine('AGREEMENT'), field: 'state', roles: () => ['SIGNATORY'] })<{
      last: boolean;
    }>('sign', { to: ({ data, targets }) => targets[data.last ? 1 : 0]!, tell: () => ({ type: 'x', data: null }) });
    const ready = { state: 'READY_FOR_SIGNATURE' };
    expect(sign(ready, { last: false }, admin).next.state).toBe('PARTLY_SIGNED');
    expect(sign(ready, { last: true }, admin).next.state).toBe('SIGNED');
  });
});
