import { MembershipFollowed, MembershipFollowedCluster } from '#libs/contracts/membership';
import type { FactContract } from '#libs/contracts/message';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { judge, rule } from '#libs/domain/verdict';
import type { Membership } from './membership.js';
import type { Other } from './membership-move.js';
import { dayOf, isOpenState, overlap, pairOf, withClosed } from './membership-periods.js';

type Followed = 'organisation' | 'cluster';

const byItself = (what: Followed) =>
  rule(
    `MEMBERSHIP.FOLLOW_${what.toUpperCase()}.ACTOR`,
    ({ by }: Context) => by.kind === 'SYSTEM' || `Memberships follow their ${what} by the product itself.`,
    { kind: 'NOT_YOURS' },
  );

/**
 * What it names is called otherwise now. Where that belongs to the same already, at the same time or still, nobody belongs
 * twice: this one ends and goes on naming the record it was made for, which leads to the other.
 * `others`: memberships of the record that stays with the same other side.
 */
const following =
  (what: Followed, fact: FactContract) =>
  (others: readonly Other[]) =>
  (membership: Membership | null, { from, to }: { from: string; to: string }, context: Context): Decision<Membership> => {
    const verdicts = judge([byItself(what)], context);
    const before = membership as Membership;
    if (before[what] !== from) return unchanged(before, verdicts);
    const open = isOpenState(before.state);
    const twice = others.some(({ state, periods }) => (open && isOpenState(state)) || overlap(periods, before.periods));
    if (twice && !open) return unchanged(before, verdicts);
    const next = twice ? doubled(before, what, to, context.at) : called({ ...before, [what]: to });
    return { next, facts: [fact.of({ ...next, id: context.id })], verdicts };
  };

export const followInMembership = following('organisation', MembershipFollowed);
export const followClusterInMembership = following('cluster', MembershipFollowedCluster);

const called = (next: Membership): Membership => ({ ...next, openPair: next.openPair ? pairOf(next) : next.openPair });

const doubled = (before: Membership, what: Followed, to: string, at: string): Membership => ({
  ...before,
  state: before.periods.length > 0 ? 'ENDED' : 'DECLINED',
  periods: withClosed(before.periods, dayOf(at), at),
  reason: `Two records of the ${what} became one; it belongs as ${to}.`,
  openPair: null,
});
