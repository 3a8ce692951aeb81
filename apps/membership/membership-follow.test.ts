import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { system } from '#libs/contracts/actor';
import type { Period } from '#libs/contracts/membership';
import type { Context } from '#libs/domain/decision';
import { failedRules } from '#libs/domain/verdict';
import type { Membership } from './membership.js';
import { followInMembership } from './membership-follow.js';
import type { Other } from './membership-move.js';
import { overlap, pairOf } from './membership-periods.js';

const AT = '2026-11-23T10:00:00.000Z';
const id = (last: number) => `01434b19-8400-7309-9f13-76396dd9e60${last}`;
const [itself, cluster, old, stays] = [id(1), id(2), id(3), id(4)] as const;
const context = (by: Context['by'] = system('membership', AT)): Context => ({ id: itself, at: AT, message: 'x', by });
const membership = (over: Partial<Membership> = {}): Membership => ({
  kind: 'ORGANISATION_IN_CLUSTER',
  partnership: null,
  cluster,
  organisation: old,
  role: 'MEMBER',
  no: null,
  state: 'ACTIVE',
  periods: [{ from: '2019-01-01', to: null }],
  reason: null,
  sourceKey: null,
  openPair: `${old} ${cluster}`,
  ...over,
});
const follow = (before: Membership, others: Other[] = []) => followInMembership(others)(before, { from: old, to: stays }, context()).next;

describe('A membership of an organisation that was merged', () => {
  it('names the record that stays, and is the one open membership of the two', () =>
    expect(follow(membership())).toMatchObject({
      organisation: stays,
      openPair: pairOf(membership({ organisation: stays })),
      state: 'ACTIVE',
    }));

  it('follows beside what was over before it began', () => {
    const others = [{ id: 'o', state: 'ENDED', periods: [{ from: '2010', to: '2012' }] }];
    expect(follow(membership(), others)).toMatchObject({ organisation: stays });
  });

  it('ends where that belongs to the cluster already, and says why', () => {
    const others = [{ id: 'o', state: 'ACTIVE', periods: [{ from: '2020-01-01', to: null }] }];
    expect(follow(membership(), others)).toMatchObject({
      organisation: old,
      state: 'ENDED',
      openPair: null,
      periods: [{ from: '2019-01-01', to: '2026-11-23', endRecordedAt: AT }],
      reason: expect.stringContaining(stays),
    });
    expect(follow(membership({ state: 'INVITED', periods: [] }), others)).toMatchObject({ state: 'DECLINED', organisation: old });
  });

  it('that is over stays as it is, when both were at the same time', () => {
    const over = membership({ state: 'ENDED', periods: [{ from: '2019-01-01', to: '2020-01-01' }], openPair: null });
    expect(follow(over, [{ id: 'o', state: 'ENDED', periods: [{ from: '2019-06', to: '2021' }] }])).toBe(over);
  });

  it('never makes periods of one pair overlap', () => {
    const day = fc
      .date({ min: new Date('2000-01-01'), max: new Date('2025-12-31'), noInvalidDate: true })
      .map((d) => d.toISOString().slice(0, 10));
    const period = fc
      .tuple(day, fc.option(day))
      .map(([a, b]): Period => (b === null ? { from: a, to: null } : { from: [a, b].toSorted()[0]!, to: [a, b].toSorted()[1]! }));
    fc.assert(
      fc.property(period, period, (own, theirs) => {
        const state = (to: string | null) => (to === null ? 'ACTIVE' : 'ENDED');
        const others = [{ id: 'o', state: state(theirs.to), periods: [theirs] }];
        const next = follow(membership({ state: state(own.to), periods: [own] }), others);
        if (next.organisation === stays) expect(overlap(next.periods, [theirs])).toBe(false);
        else expect(next.state).toBe('ENDED');
      }),
    );
  });

  it('is told so by the product alone, and not when it belongs to another', () => {
    const by = { kind: 'CLIENT' as const, id: 'x', roles: [{ role: 'PLATFORM_ADMIN', binding: null }], scopes: [], at: AT };
    expect(failedRules(() => followInMembership([])(membership(), { from: old, to: stays }, context(by)))).toEqual([
      'MEMBERSHIP.FOLLOW_ORGANISATION.ACTOR',
    ]);
    const other = membership({ organisation: id(5) });
    expect(follow(other)).toBe(other);
  });
});
