import type { z } from 'zod';
import { type FollowInMembership, MembershipFollowed } from '#libs/contracts/membership';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { judge, rule } from '#libs/domain/verdict';
import type { Membership } from './membership.js';
import type { Other } from './membership-move.js';
import { dayOf, isOpenState, overlap, pairOf, withClosed } from './membership-periods.js';

const byItself = rule(
  'MEMBERSHIP.FOLLOW_ORGANISATION.ACTOR',
  ({ by }: Context) => by.kind === 'SYSTEM' || 'Memberships follow their organisation by the product itself.',
  { kind: 'NOT_YOURS' },
);

/**
 * Its organisation is called otherwise now. Where that belongs to the cluster already, at the same time or still, nobody belongs
 * twice: this one ends and goes on naming the record it was made for, which leads to the other.
 * `others`: memberships of the organisation that stays in the same cluster.
 */
export const followInMembership =
  (others: readonly Other[]) =>
  (membership: Membership | null, { from, to }: z.output<typeof FollowInMembership.data>, context: Context): Decision<Membership> => {
    const verdicts = judge([byItself], context);
    const before = membership as Membership;
    if (before.organisation !== from) return unchanged(before, verdicts);
    const open = isOpenState(before.state);
    const twice = others.some(({ state, periods }) => (open && isOpenState(state)) || overlap(periods, before.periods));
    if (twice && !open) return unchanged(before, verdicts);
    const next = twice ? doubled(before, to, context.at) : called(before, to);
    return { next, facts: [MembershipFollowed.of({ ...next, id: context.id })], verdicts };
  };

const called = (before: Membership, organisation: string): Membership => {
  const next = { ...before, organisation };
  return { ...next, openPair: before.openPair ? pairOf(next) : before.openPair };
};

const doubled = (before: Membership, to: string, at: string): Membership => ({
  ...before,
  state: before.periods.length > 0 ? 'ENDED' : 'DECLINED',
  periods: withClosed(before.periods, dayOf(at), at),
  reason: `Two records of the organisation became one; it belongs as ${to}.`,
  openPair: null,
});
