import { FollowMeetings } from '#libs/contracts/meeting-plan';
import { CloseRegistration, FinishEvent, StartEvent } from '#libs/contracts/planned-event';
import { FollowEvent } from '#libs/contracts/seat-ledger';
import type { Due, Send } from '#libs/domain/decision';
import { edtfDate } from '#libs/domain/edtf-date';
import { instantOf } from '#libs/domain/local-time';
import { type Fault, failed, notApplicable, passed, rule } from '#libs/domain/verdict';
import { meetingRules, nextOfBooking, timesOfMeetings } from './event-booking.js';
import type { PlannedEvent, WholeEvent } from './planned-event.js';

/** An event as it would be, and what its date would be said to be; undefined: that is not said. */
export interface Timed {
  after: WholeEvent;
  patch: { when?: string | null };
}

const dayOf = (local: string) => local.slice(0, 10);

/** Every local time of an event, with its place. */
function timesOf({ start, end, deadline, agenda, meetings }: WholeEvent): { pointer: string; local: string }[] {
  const sessions = (agenda ?? []).flatMap((session, i) => [
    { pointer: `/agenda/${i}/start`, local: session.start },
    { pointer: `/agenda/${i}/end`, local: session.end },
  ]);
  const own = Object.entries({ start, end, deadline }).map(([name, local]) => ({ pointer: `/${name}`, local }));
  return [...own, ...sessions, ...timesOfMeetings({ meetings })].filter(
    (each): each is { pointer: string; local: string } => each.local !== null,
  );
}

const zoned = rule('EVENT.TIMES.ZONED', ({ after }: Timed) => {
  if (timesOf(after).length === 0) return notApplicable('No local time is stated.');
  return after.zone === null
    ? failed('Local times need a zone.', {}, '/zone')
    : passed('The zone of its times is known.', { zone: after.zone });
});

const real = rule('EVENT.TIMES.REAL', ({ after }: Timed) => {
  const { zone } = after;
  const times = timesOf(after);
  if (zone === null || times.length === 0) return notApplicable('No local time is stated.');
  const faults = times
    .filter(({ local }) => instantOf(local, zone) === null)
    .map(({ pointer, local }): Fault => ({ pointer, message: `${local} does not exist in ${zone}.` }));
  return faults.length === 0 ? passed('Its times exist.', { zone }) : failed('A local time does not exist on that day.', { zone }, faults);
});

/** Compared as instants where they are some: on the night the clocks go back local times are no order. */
const ordered = rule('EVENT.TIMES.ORDER', ({ after }: Timed) => {
  const at = (local: string | null) => (local === null ? null : ((after.zone && instantOf(local, after.zone)) ?? local));
  const [start, end, deadline] = [after.start, after.end, after.deadline].map(at) as [string | null, string | null, string | null];
  const faults: Fault[] = [];
  const demand = (holds: boolean, pointer: string, message: string) => void (holds || faults.push({ pointer, message }));
  demand(!start || !end || start < end, '/end', 'The end lies after the start.');
  demand(!start || !deadline || deadline <= start, '/deadline', 'The deadline is not after the start.');
  for (const [i, session] of (after.agenda ?? []).entries()) {
    const [from, to] = [at(session.start)!, at(session.end)!];
    demand(from < to, `/agenda/${i}/end`, 'The end lies after the start.');
    demand((!start || start <= from) && (!end || to <= end), `/agenda/${i}`, 'A session lies within the event.');
  }
  for (const [i, stop] of (after.stops ?? []).entries()) {
    const before = after.stops?.[i - 1];
    demand(stop.from <= stop.to, `/stops/${i}/to`, 'The last day is not before the first.');
    demand(!before || before.to <= stop.from, `/stops/${i}/from`, 'Stops stand in their order.');
    const within = (!after.start || dayOf(after.start) <= stop.from) && (!after.end || stop.to <= dayOf(after.end));
    demand(within, `/stops/${i}`, 'A stop lies within the event.');
  }
  return faults.length === 0 ? passed('Its times are in order.') : failed('Its times are not in order.', {}, faults);
});

const agrees = rule('EVENT.WHEN.AGREES', ({ after, patch: { when } }: Timed) => {
  const spanned = spanOf(after);
  if (when === undefined || spanned === null) return notApplicable('No date is stated beside start and end.');
  return when === spanned
    ? passed('The date is that of start and end.', { when })
    : failed(`Start and end say ${spanned}.`, { when, start: after.start, end: after.end }, '/when');
});

export const timeRules = [zoned, real, ordered];
export const dateRules = [...timeRules, agrees, ...meetingRules];

/** Its day or days as EDTF; null while start or end is open. */
function spanOf({ start, end }: WholeEvent): string | null {
  if (start === null || end === null) return null;
  const [first, last] = [dayOf(start), dayOf(end)];
  return first === last ? first : `${first}/${last}`;
}

/** With what follows from its local times: their instants, and its date. */
export function timed<E extends WholeEvent>(event: E): E {
  const at = (local: string | null) => (local === null || event.zone === null ? null : instantOf(local, event.zone));
  const span = spanOf(event);
  return {
    ...event,
    when: span === null ? event.when : edtfDate(span),
    startsAt: at(event.start),
    endsAt: at(event.end),
    deadlineAt: at(event.deadline),
  };
}

/** What comes next by itself; null: nothing does. */
export function nextOf(event: WholeEvent): Due | null {
  const all = [nextOfEvent(event), nextOfBooking(event)].filter((each) => each !== null);
  return all.sort((one, other) => (one.at < other.at ? -1 : 1))[0] ?? null;
}

function nextOfEvent({ state, startsAt, endsAt, deadlineAt }: WholeEvent): Due | null {
  const start = startsAt === null ? null : { at: startsAt, command: StartEvent };
  if (state === 'REGISTRATION_OPEN' && deadlineAt !== null && (startsAt === null || deadlineAt < startsAt))
    return { at: deadlineAt, command: CloseRegistration };
  if (['SCHEDULED', 'REGISTRATION_OPEN', 'REGISTRATION_CLOSED'].includes(state)) return start;
  return state === 'RUNNING' && endsAt !== null ? { at: endsAt, command: FinishEvent } : null;
}

/** What depends on an event follows it. */
export const followersOf = (before: PlannedEvent | null, after: WholeEvent, id: string): Send[] => [
  ...seatsFollow(before, after, id),
  ...meetingsFollow(before, after, id),
];

/** What may move its meetings is its state, and when and where they are. */
function meetingsFollow(before: PlannedEvent | null, after: WholeEvent, id: string): Send[] {
  const about = ({ state, meetings = null, zone, mode }: PlannedEvent) => JSON.stringify({ state, meetings, zone, mode });
  const hasMeetings = after.meetings !== null || (before?.meetings ?? null) !== null;
  if (!before || !hasMeetings || about(before) === about(after)) return [];
  return [{ command: FollowMeetings, key: id, data: {}, step: 'meetings' }];
}

/** Its seats follow an event that has, or had, some: what may move them is its state, how many there are, and how they are given. */
function seatsFollow(before: PlannedEvent | null, after: WholeEvent, id: string): Send[] {
  const about = ({ state, capacity = null, admission = null, startsAt = null }: PlannedEvent) =>
    JSON.stringify({ state, capacity, admission, startsAt });
  const hasSeats = after.capacity !== null || (before?.capacity ?? null) !== null;
  if (!before || !hasSeats || about(before) === about(after)) return [];
  return [{ command: FollowEvent, key: id, data: {}, step: 'seats' }];
}
