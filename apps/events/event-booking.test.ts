import { describe, expect, it } from '@jest/globals';
import { type Actor, type BoundRole, system } from '#libs/contracts/actor';
import { failedRules } from '#libs/domain/verdict';
import { changeEvent } from './event-change.js';
import * as moves from './event-moves.js';
import { aSetting, EVENT } from './meeting-samples.js';
import type { PlannedEvent } from './planned-event.js';

const NOW = '2027-05-01T08:00:00.000Z';
const by = (...roles: BoundRole[]): Actor => ({ kind: 'PERSON', id: 'p', roles, scopes: [], at: NOW });
const organiser = by({ role: 'EVENT_ORGANISER', binding: { kind: 'EVENT', id: EVENT } });
const at = (time: string, actor = organiser) => ({ id: EVENT, at: time, message: 'm', by: actor });
const product = (time: string) => at(time, system('events', time));

function anEvent(over: Parameters<typeof aSetting>[0] = {}): PlannedEvent {
  const { id: _, ...event } = aSetting({ ...over, event: { booking: 'CLOSED', ...over.event } }).event;
  return event;
}

describe('Booking of meetings', () => {
  it('opens and closes as often as wanted, also while registration is closed and during the event', () => {
    const open = moves.openBooking(anEvent(), {}, at(NOW));
    expect([open.next.booking, open.facts[0]?.type]).toEqual(['OPEN', 'event.booking-opened.v1']);
    const closed = moves.closeBooking(open.next, {}, at(NOW));
    expect([closed.next.booking, closed.facts[0]?.type]).toEqual(['CLOSED', 'event.booking-closed.v1']);
    expect(moves.openBooking({ ...closed.next, state: 'RUNNING' }, {}, at(NOW)).next.booking).toBe('OPEN');
    expect(failedRules(() => moves.openBooking(open.next, {}, at(NOW)))).toEqual(['MEETING_BOOKING.OPEN_BOOKING.STATE']);
  });

  it('needs an event whose registration was opened, with slots and tables; online it needs no tables', () => {
    const codes = (over: Parameters<typeof aSetting>[0], actor = organiser) =>
      failedRules(() => moves.openBooking(anEvent(over), {}, at(NOW, actor)));
    expect(codes({ event: { state: 'SCHEDULED' } })).toEqual(['MEETING_BOOKING.EVENT.OPEN']);
    expect(codes({ event: { meetings: null } }, by())).toEqual(['MEETING_BOOKING.OPEN_BOOKING.ACTOR', 'MEETING_BOOKING.MEETINGS.COMPLETE']);
    expect(codes({ meetings: { tables: [] } })).toEqual(['MEETING_BOOKING.MEETINGS.COMPLETE']);
    expect(codes({ meetings: { tables: [] }, event: { mode: 'ONLINE' } })).toEqual([]);
    expect(codes({ meetings: { slotMinutes: 300 } })).toEqual(['MEETING_BOOKING.MEETINGS.COMPLETE']);
  });

  it('opens and closes by itself at the times set, each once', () => {
    const event = anEvent({ meetings: { opens: '2027-05-03T10:00', closes: '2027-05-11T18:00' } });
    const set = changeEvent(event, { city: 'Getxo' }, at(NOW));
    expect(set.due).toMatchObject({ at: '2027-05-03T08:00:00.000Z', command: { type: 'event.open-booking.v1' } });
    expect(failedRules(() => moves.openBooking(set.next, {}, product(NOW)))).toEqual(['EVENT.TIME.COME']);
    const open = moves.openBooking(set.next, {}, product('2027-05-03T08:00:00.000Z'));
    expect(open.due).toMatchObject({ at: '2027-05-11T16:00:00.000Z', command: { type: 'event.close-booking.v1' } });
    const byHand = moves.closeBooking(open.next, {}, at('2027-05-04T08:00:00.000Z'));
    // What was opened once does not open again by itself, and the event begins as it would.
    expect(byHand.due).toMatchObject({ at: event.startsAt, command: { type: 'event.start.v1' } });
    const again = moves.openBooking(byHand.next, {}, at('2027-05-05T08:00:00.000Z'));
    const closed = moves.closeBooking(again.next, {}, product('2027-05-11T16:00:00.000Z'));
    expect([closed.next.booking, closed.due]).toMatchObject(['CLOSED', { command: { type: 'event.start.v1' } }]);
  });

  it('ends with the event, or with its date', () => {
    const open = anEvent({ event: { booking: 'OPEN' } });
    const reason = { reason: 'Strike' };
    expect(moves.postponeEvent(open, reason, at(NOW)).next.booking).toBe('CLOSED');
    const { next, sends } = moves.cancelEvent(open, reason, at(NOW));
    expect([next.booking, sends?.map(({ command, key }) => [command.type, key])]).toEqual([
      'CLOSED',
      [
        ['seat-ledger.follow.v1', EVENT],
        ['meeting-plan.follow.v1', EVENT],
      ],
    ]);
    const running = { ...open, state: 'RUNNING' };
    expect(moves.finishEvent(running, {}, at('2027-05-12T17:00:00.000Z')).next.booking).toBe('CLOSED');
  });
});

describe('The meetings an event says it has', () => {
  it.each([
    ['hours that end before they start', { hours: [{ from: '2027-05-12T12:00', to: '2027-05-12T09:00' }] }, ['EVENT.MEETINGS.ORDER']],
    ['hours outside the event', { hours: [{ from: '2027-05-12T08:00', to: '2027-05-12T10:00' }] }, ['EVENT.MEETINGS.ORDER']],
    ['a table twice', { tables: ['A', 'B', 'A'] }, ['EVENT.MEETINGS.TABLES']],
    ['a break at a time that does not exist', { breaks: [{ from: '2027-03-28T02:30', to: '2027-05-12T11:00' }] }, ['EVENT.TIMES.REAL']],
    ['booking that closes before it opens', { opens: '2027-05-03T10:00', closes: '2027-05-02T10:00' }, ['EVENT.MEETINGS.ORDER']],
  ])('are refused with %s', (_, over, codes) => {
    const event = anEvent();
    const meetings = { ...event.meetings!, ...over };
    expect(failedRules(() => changeEvent(event, { meetings }, at(NOW)))).toEqual(codes);
  });

  it('move its meetings when they change', () => {
    const event = anEvent();
    const { sends } = changeEvent(event, { meetings: { ...event.meetings!, slotMinutes: 20 } }, at(NOW));
    expect(sends?.map(({ command }) => command.type)).toEqual(['meeting-plan.follow.v1']);
    expect(changeEvent(event, { city: 'Getxo' }, at(NOW)).sends).toEqual([]);
  });
});
