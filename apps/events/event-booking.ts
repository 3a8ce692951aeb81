import type { MeetingRules } from '#libs/contracts/event-meetings';
import { BookingClosed, BookingOpened, CloseBooking, OpenBooking } from '#libs/contracts/planned-event';
import type { Due } from '#libs/domain/decision';
import { instantOf } from '#libs/domain/local-time';
import { machine } from '#libs/domain/machine';
import { type Move, movedBy } from '#libs/domain/move';
import { rolesTowards } from '#libs/domain/standing';
import { type Fault, failed, notApplicable, passed, rule } from '#libs/domain/verdict';
import { needsTables, slotsOfEvent } from './meeting-setting.js';
import type { WholeEvent } from './planned-event.js';

const source = 'state-machines.json#MEETING_BOOKING';

/** Booking as it moved last by itself or by hand: a time that was served is not served again. */
export interface Booked {
  /** The times as they were said that have been served. */
  bookingServed?: { opens?: string; closes?: string };
}

type Bookable = WholeEvent & Booked;

/** Registration was opened, and the event is not over. */
const BOOKABLE = ['REGISTRATION_OPEN', 'REGISTRATION_CLOSED', 'RUNNING'];

const hasSlots = (event: WholeEvent) =>
  slotsOfEvent(event).length > 0 && (!needsTables(event) || (event.meetings?.tables ?? []).length > 0);

const eventOpen = rule(
  'MEETING_BOOKING.EVENT.OPEN',
  ({ before: { state } }: Move<WholeEvent, object>) =>
    BOOKABLE.includes(state) ? passed('Meetings can be booked.', { state }) : failed(`The event is ${state}.`, { state }),
  { kind: 'WRONG_STATE', source },
);

const complete = rule(
  'MEETING_BOOKING.MEETINGS.COMPLETE',
  ({ before }: Move<WholeEvent, object>) => {
    const inputs = { slots: slotsOfEvent(before).length, tables: before.meetings?.tables?.length ?? 0, mode: before.mode };
    return hasSlots(before)
      ? passed('Slots and tables are defined.', inputs)
      : failed('The event has no meetings, no slot, or no tables though it is not online.', inputs, '/meetings');
  },
  { source },
);

const timeOf = ({ meetings, zone }: WholeEvent, which: 'opens' | 'closes') => {
  const local = meetings?.[which];
  return local && zone ? instantOf(local, zone) : null;
};

/** By itself only at the time set; the organiser at any time. */
const come = (which: 'opens' | 'closes') =>
  rule(
    'EVENT.TIME.COME',
    ({ before, context: { at, by } }: Move<WholeEvent, object>) => {
      const due = timeOf(before, which);
      if (by.kind !== 'SYSTEM') return notApplicable('It is a decision of the organiser.');
      return due !== null && due <= at ? passed('Its time has come.', { due, at }) : failed('Its time has not come yet.', { due, at });
    },
    { kind: 'WRONG_STATE', source },
  );

const move = movedBy<WholeEvent>({
  machine: machine('MEETING_BOOKING'),
  field: 'booking',
  roles: ({ partnerships }, { id, by }) => rolesTowards(by, { EVENT: [id], PARTNERSHIP: partnerships }),
});

/** Times that have come are served by whatever opens or closes, by whoever. */
function served(event: Bookable, at: string, always?: 'opens'): Booked {
  const done = { ...event.bookingServed };
  for (const which of ['opens', 'closes'] as const) {
    const [due, said] = [timeOf(event, which), event.meetings?.[which]];
    if (said && due !== null && (which === always || due <= at)) done[which] = said;
  }
  return { bookingServed: done };
}

export const openBooking = move('openBooking', {
  guards: [eventOpen, complete, come('opens')],
  beside: ({ before, context: { at } }) => served(before, at, 'opens'),
  tell: (next, id) => BookingOpened.of({ ...next, id }),
});

export const closeBooking = move('closeBooking', {
  guards: [come('closes')],
  beside: ({ before, context: { at } }) => served(before, at),
  tell: (next, id) => BookingClosed.of({ ...next, id }),
});

/** What booking does next by itself, where nothing stands against it. */
export function nextOfBooking(event: Bookable): Due | null {
  const said = event.meetings ?? ({} as Partial<MeetingRules>);
  const isDue = (which: 'opens' | 'closes') => said[which] !== undefined && said[which] !== event.bookingServed?.[which];
  if (event.booking === 'OPEN') {
    const at = timeOf(event, 'closes');
    return at !== null && isDue('closes') ? { at, command: CloseBooking } : null;
  }
  const at = timeOf(event, 'opens');
  return at !== null && isDue('opens') && BOOKABLE.includes(event.state) && hasSlots(event) ? { at, command: OpenBooking } : null;
}

interface Said {
  after: WholeEvent;
}

const bookingOrder = rule('EVENT.MEETINGS.ORDER', ({ after }: Said) => {
  const { meetings, zone } = after;
  if (!meetings || !zone) return notApplicable('The event has no meetings, or no zone yet.');
  const at = (local: string) => instantOf(local, zone) ?? local;
  const faults: Fault[] = [];
  const demand = (holds: boolean, pointer: string, message: string) => void (holds || faults.push({ pointer, message }));
  const spans = { hours: meetings.hours, breaks: meetings.breaks ?? [] };
  for (const [name, all] of Object.entries(spans))
    for (const [i, { from, to }] of all.entries()) demand(at(from) < at(to), `/meetings/${name}/${i}/to`, 'The end lies after the start.');
  for (const [i, { from, to }] of meetings.hours.entries()) {
    const within = (!after.start || at(after.start) <= at(from)) && (!after.end || at(to) <= at(after.end));
    demand(within, `/meetings/hours/${i}`, 'Opening hours lie within the event.');
    const crossed = meetings.hours.some((other, j) => j < i && at(other.from) < at(to) && at(from) < at(other.to));
    demand(!crossed, `/meetings/hours/${i}`, 'Opening hours do not overlap.');
  }
  const { opens, closes } = meetings;
  demand(!opens || !closes || at(opens) < at(closes), '/meetings/closes', 'Booking closes after it opens.');
  return faults.length === 0
    ? passed('The times of its meetings are in order.')
    : failed('The times of its meetings are not in order.', {}, faults);
});

const distinctTables = rule('EVENT.MEETINGS.TABLES', ({ after: { meetings } }: Said) => {
  const tables = meetings?.tables ?? [];
  if (tables.length === 0) return notApplicable('No tables are said.');
  const faults = tables.flatMap((table, i) =>
    tables.indexOf(table) < i ? [{ pointer: `/meetings/tables/${i}`, message: `${table} stands twice.` }] : [],
  );
  return faults.length === 0 ? passed('The tables are distinct.', { tables: tables.length }) : failed('A table stands twice.', {}, faults);
});

export const meetingRules = [bookingOrder, distinctTables];

/** Local times of its meetings, with their places. */
export function timesOfMeetings({ meetings }: Pick<WholeEvent, 'meetings'>): { pointer: string; local: string }[] {
  if (!meetings) return [];
  const spans = { hours: meetings.hours, breaks: meetings.breaks ?? [] };
  const own = (['opens', 'closes'] as const).flatMap((name) =>
    meetings[name] ? [{ pointer: `/meetings/${name}`, local: meetings[name] }] : [],
  );
  return [
    ...own,
    ...Object.entries(spans).flatMap(([name, all]) =>
      all.flatMap(({ from, to }, i) => [
        { pointer: `/meetings/${name}/${i}/from`, local: from },
        { pointer: `/meetings/${name}/${i}/to`, local: to },
      ]),
    ),
  ];
}
