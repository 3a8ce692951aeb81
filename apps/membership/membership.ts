import { type MembershipRecord, MembershipRecorded, type MembershipView } from '#libs/contracts/membership';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { recording, stated } from '#libs/domain/record';
import { judge } from '#libs/domain/verdict';

export type Membership = Omit<MembershipView, 'id' | 'version'>;

/** A source says that somebody belongs, not since when: the period is open on both ends. */
const begun: Pick<Membership, 'state' | 'periods'> = { state: 'ACTIVE', periods: [{ from: null, to: null }] };

export function recordMembership(membership: Membership | null, said: MembershipRecord, { id, by }: Context): Decision<Membership> {
  const verdicts = judge(recording('MEMBERSHIP'), by);
  const next = stated(membership ?? { ...begun, ...said }, said);
  if (next === membership) return unchanged(membership, verdicts);
  return { next, facts: [MembershipRecorded.of({ ...next, id })], verdicts };
}
