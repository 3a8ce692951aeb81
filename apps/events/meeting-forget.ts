import * as contract from '#libs/contracts/meeting';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { becoming, type MeetingState } from './meeting.js';
import { byItself, recordsOf } from './meeting-follow.js';
import { noMeetings, type Plan } from './meeting-plan.js';

type Said = Pick<contract.MeetingView, 'requester' | 'guest' | 'message' | 'reason' | 'state'>;

const OPEN = ['PENDING', 'ACCEPTED', 'SCHEDULED'];

/** Whether a meeting holds of a person more than that it took place. */
export const saysMore = ({ requester, guest, message, reason, state }: Said, person: string): boolean =>
  OPEN.includes(state) ||
  message !== null ||
  reason !== null ||
  [requester, guest].some((side) => side.person === person && side.account !== null);

function forgotten(meeting: MeetingState, person: string): MeetingState {
  const without = (side: MeetingState['requester']) => (side.person === person ? { ...side, account: null } : side);
  const [requester, guest] = [without(meeting.requester), without(meeting.guest)];
  return {
    ...meeting,
    requester,
    guest,
    message: null,
    reason: null,
    accounts: [requester, guest].flatMap(({ account }) => account ?? []),
    state: OPEN.includes(meeting.state) ? 'CANCELLED' : meeting.state,
    until: null,
    version: meeting.version + 1,
  };
}

/** The record of a person is erased: their open meetings are cancelled, and what was said at any of them goes. */
export const forgetInMeetings =
  (meetings: readonly string[]) =>
  (stored: Plan | null, { person }: { person: string }, context: Context): Decision<Plan> => {
    const verdicts = byItself(context);
    const plan = stored ?? noMeetings;
    const records = recordsOf(context.records, meetings);
    const changed = [...records.values()]
      .filter((meeting) => saysMore(meeting, person))
      .map((meeting) => ({
        meeting: forgotten(meeting, person),
        fact: contract.MeetingForgotten,
      }));
    return changed.length === 0 ? unchanged(plan, verdicts) : becoming(plan, changed, context.at, verdicts);
  };
