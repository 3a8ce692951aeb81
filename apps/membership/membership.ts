import { type MembershipRecord, MembershipRecorded, type MembershipView } from '#libs/contracts/membership';
import type { Stamp } from '#libs/contracts/values';
import type { Context, Decision } from '#libs/domain/decision';
import { record, type Sourced, stated } from '#libs/domain/record';

export interface Membership extends Omit<MembershipView, keyof Stamp>, Sourced {
  /** What the two are called together, while the membership is open; imported ones have none. */
  openPair?: string | null;
  /** The coordination is on its way to another, and this one goes on until it has arrived. */
  handingOver?: { to: string; cluster: string; on: string; asked: string } | null;
  /** The membership that hands the coordination over to this one, which stays until that is decided. */
  takingOver?: string | null;
}

/** A source says that somebody belongs, not since when: the period is open on both ends. */
const begun: Pick<Membership, 'state' | 'periods'> = { state: 'ACTIVE', periods: [{ from: null, to: null }] };

/** One that is there already, whoever began it, stays the one it was. */
export function recordMembership(membership: Membership | null, said: MembershipRecord, context: Context): Decision<Membership> {
  return record(membership, said, context, {
    machine: 'MEMBERSHIP',
    merge: () => (membership ? stated<Membership>(membership, { ...said, sourceKey: membership.sourceKey }) : { ...begun, ...said }),
    tell: (next) => MembershipRecorded.of({ ...next, id: context.id }),
  });
}
