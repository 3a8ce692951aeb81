import { describe, expect, it } from '@jest/globals';
import { system } from '#libs/contracts/actor';
import { type ReminderPlan, RingReminder } from '#libs/contracts/reminder';
import { edtfDate } from '#libs/domain/edtf-date';
import { isDue, noteSent, plan, type Reminder, ring } from './reminder.js';

const id = '01434b19-8400-71c6-a0ee-b9d5a62c2075';
const DUE = '2018-08-18T08:00:00.000Z';
const on = (at: string) => ({ id, by: system('worker', at), at, message: 'm' });
const before = on('2018-06-01T00:00:00.000Z');
const due = on(DUE);
const past = on('2018-10-01T00:00:00.000Z');

const wanted = (more: Partial<ReminderPlan> = {}): ReminderPlan => ({
  subject: '/v1/events/0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f',
  partnerships: [],
  rule: 'EVENT_AHEAD',
  audience: ['EVENT_ORGANISER'],
  title: { en: 'Study visit' },
  when: edtfDate('2018-09'),
  dueAt: DUE,
  until: '2018-10-01T00:00:00.000Z',
  basis: 1,
  drop: null,
  ...more,
});
const LATER = '2018-09-17T08:00:00.000Z';
const moved = (basis = 2) => wanted({ when: edtfDate('2018-10'), dueAt: LATER, until: '2018-11-01T00:00:00.000Z', basis });

const planned = plan(null, wanted(), before).next;
const sent = noteSent(planned, { cycle: 1 }, due).next;
const nothing = (reminder: Reminder) => ({ next: reminder, facts: [], verdicts: [] });

describe('A reminder', () => {
  it('is planned with a timer for the moment it is due', () => {
    const decision = plan(null, wanted(), before);
    expect(decision.next).toMatchObject({ state: 'PLANNED', cycle: 1, dueAt: DUE, reason: null, sentAt: null });
    expect(decision.due).toEqual({ at: DUE, command: RingReminder });
    expect(decision.facts).toEqual([]);
  });

  it('is planned for now when the event is closer than the rule asks, but not over', () => {
    expect(plan(null, wanted(), on('2018-09-30T23:59:59.000Z')).next.state).toBe('PLANNED');
  });

  it('is dropped when the event is over already as it is recorded', () => {
    const decision = plan(null, wanted(), past);
    expect(decision.next).toMatchObject({ state: 'DROPPED', reason: 'EVENT_PAST', cycle: 0, dueAt: DUE });
    expect(decision.due).toBeNull();
    expect(plan(decision.next, wanted(), past)).toEqual(nothing(decision.next));
  });

  it('stays as it is when the event says nothing new', () => {
    expect(plan(planned, wanted({ basis: 2 }), before)).toEqual(nothing(planned));
  });

  it('moves with its event', () => {
    const decision = plan(planned, moved(), before);
    expect(decision.next).toMatchObject({ state: 'PLANNED', cycle: 2, dueAt: LATER, when: { edtf: '2018-10' } });
    expect(decision.due).toEqual({ at: LATER, command: RingReminder });
  });

  it('takes over what else is said of the event, and leaves the timer', () => {
    const decision = plan(planned, wanted({ title: { en: 'Visit of plants' }, basis: 2 }), before);
    expect(decision.next).toEqual({ ...planned, title: { en: 'Visit of plants' }, basis: 2 });
    expect(decision).not.toHaveProperty('due');
  });

  it('does not go back to what an older state of the event says', () => {
    const { next } = plan(planned, moved(3), before);
    expect(plan(next, wanted({ basis: 2 }), before)).toEqual(nothing(next));
  });

  it('is dropped with its event, and planned anew when that comes back', () => {
    const decision = plan(planned, wanted({ drop: 'EVENT_CANCELLED', basis: 2 }), before);
    expect(decision.next).toMatchObject({ state: 'DROPPED', reason: 'EVENT_CANCELLED', cycle: 1 });
    expect(decision.due).toBeNull();
    expect(plan(decision.next, wanted({ basis: 3 }), before).next).toMatchObject({ state: 'PLANNED', reason: null, cycle: 2 });
  });

  it('rings again and again from when it is due until it is sent', () => {
    expect(ring(planned, {}, due)).toEqual({ ...nothing(planned), due: { at: '2018-08-18T08:00:10.000Z', command: RingReminder } });
    expect(ring(sent, {}, due)).toEqual(nothing(sent));
  });

  it('waits on when the clock was set back', () => {
    expect(ring(planned, {}, before).due).toEqual({ at: DUE, command: RingReminder });
    expect(isDue(planned, before.at)).toBe(false);
    expect(isDue(planned, DUE)).toBe(true);
    expect(isDue(sent, DUE)).toBe(false);
  });

  it('is dropped rather than sent when the event is over by then', () => {
    for (const decision of [ring(planned, {}, past), noteSent(planned, { cycle: 1 }, past)]) {
      expect(decision.next).toMatchObject({ state: 'DROPPED', reason: 'EVENT_PAST', sentAt: null });
      expect(decision.facts).toEqual([]);
    }
  });

  it('is told once, when it is sent', () => {
    const decision = noteSent(planned, { cycle: 1 }, due);
    expect(decision.next).toMatchObject({ state: 'SENT', sentAt: DUE });
    expect(decision.facts).toEqual([
      { type: 'reminder.due.v1', data: expect.objectContaining({ id, state: 'SENT', cycle: 1, rule: 'EVENT_AHEAD' }) },
    ]);
    expect(decision.facts[0]!.data).not.toHaveProperty('until');
    expect(decision.due).toBeNull();
    expect(noteSent(decision.next, { cycle: 1 }, due)).toEqual(nothing(decision.next));
  });

  it('is not sent for a date it no longer has', () => {
    const { next } = plan(planned, moved(), before);
    expect(noteSent(next, { cycle: 1 }, due)).toEqual(nothing(next));
  });

  it('stays sent when its event is cancelled, is over or says the same day more clearly', () => {
    expect(plan(sent, wanted({ drop: 'EVENT_CANCELLED', basis: 2 }), due)).toEqual(nothing(sent));
    expect(plan(sent, wanted({ basis: 2 }), past)).toEqual(nothing(sent));
    expect(plan(sent, wanted({ dueAt: '2018-08-18T06:00:00.000Z', basis: 2 }), due).next).toMatchObject({ state: 'SENT', cycle: 1 });
  });

  it('is sent once more when the event is moved to another day', () => {
    expect(plan(sent, moved(), due).next).toMatchObject({ state: 'PLANNED', cycle: 2, dueAt: LATER, sentAt: null });
  });
});
