import { describe, expect, it } from '@jest/globals';
import { removing } from './removal.js';
import { failedRules } from './verdict.js';

interface Draft {
  state: string;
}

const at = '2018-09-01T00:00:00.000Z';
const context = (role: string) => ({
  id: 'd1',
  by: { kind: 'CLIENT' as const, id: 'me', roles: [{ role, binding: null }], scopes: [], at },
  at,
  message: 'm1',
});

const remove = removing<Draft>({
  name: 'DRAFT',
  roles: (_, { by }) => by.roles.map(({ role }) => role),
  actors: ['AUTHOR'],
  stays: ({ state }) => (state === 'DRAFT' ? null : `It is ${state}.`),
  tell: (before, id) => ({ type: 'draft.removed.v1', data: { ...before, id } }),
});

describe('A record that nobody relies on', () => {
  it('is gone, and its fact says what it was', () => {
    const decision = remove({ state: 'DRAFT' }, { dependents: {} }, context('AUTHOR'));
    expect(decision).toMatchObject({ gone: true, facts: [{ type: 'draft.removed.v1', data: { state: 'DRAFT', id: 'd1' } }] });
  });

  it('stays for every reason there is, all told at once', () => {
    const refused = () => remove({ state: 'PUBLIC' }, { dependents: { events: 2 } }, context('READER'));
    expect(failedRules(refused)).toEqual(['DRAFT.REMOVE.ACTOR', 'DRAFT.REMOVE.STATE', 'DRAFT.REMOVE.FREE']);
  });
});
