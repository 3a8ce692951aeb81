import { describe, expect, it } from '@jest/globals';
import { type Actor, system } from '#libs/contracts/actor';
import type { MembershipRecord } from '#libs/contracts/membership';
import { failedRules } from '#libs/domain/verdict';
import { recordMembership } from './membership.js';

const at = '2026-01-01T00:00:00.000Z';
const id = '01434b19-8400-7309-9f13-76396dd9e6e6';
const context = (by: Actor = system('membership', at)) => ({ id, by, at, message: 'm' });
const said: MembershipRecord = {
  kind: 'CLUSTER_IN_PARTNERSHIP',
  partnership: id,
  cluster: id,
  organisation: null,
  role: 'PARTNER',
  no: 1,
  sourceKey: 'DIA:membership:1',
};

describe('A membership in an import', () => {
  it('is active, since when and until when nobody said', () => {
    const { next, facts } = recordMembership(null, said, context());
    expect(next).toMatchObject({ state: 'ACTIVE', periods: [{ from: null, to: null }], role: 'PARTNER' });
    expect(facts).toMatchObject([{ type: 'membership.recorded.v1', data: { id } }]);
  });

  it('that says nothing new leaves the very same membership', () => {
    const { next } = recordMembership(null, said, context());
    expect(recordMembership(next, said, context()).next).toBe(next);
  });

  it('keeps its state and periods when the role changes', () => {
    const ended = { ...recordMembership(null, said, context()).next, state: 'ENDED', periods: [{ from: '2018', to: '2019' }] };
    const { next } = recordMembership(ended, { ...said, role: 'COORDINATOR' }, context());
    expect(next).toMatchObject({ role: 'COORDINATOR', state: 'ENDED', periods: [{ from: '2018', to: '2019' }] });
  });

  it('is recorded by the product itself only', () => {
    const by: Actor = { ...context().by, kind: 'PERSON' };
    expect(failedRules(() => recordMembership(null, said, context(by)))).toEqual(['MEMBERSHIP.RECORD.ACTOR']);
  });
});
