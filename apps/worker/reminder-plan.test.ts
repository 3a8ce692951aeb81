import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ReminderPlan } from '#libs/contracts/reminder';
import { edtfDate } from '#libs/domain/edtf-date';
import { newId } from '#libs/domain/ids';
import { reminderRule, reminderRules } from '#libs/reference/reminder-rules';
import { isRole } from '#libs/reference/roles';
import { type Event, planFor, planWithout, reminderId, subjectAt } from './reminder-plan.js';

const [ahead] = reminderRules as [(typeof reminderRules)[number]];

const anEvent = (edtf: string | null, more: Partial<Event> = {}): Event => ({
  id: '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f',
  version: 3,
  partnerships: [newId()],
  title: { en: 'Study visit' },
  when: edtf === null ? null : edtfDate(edtf),
  zone: null,
  state: 'PLANNED',
  ...more,
});

const dueAt = (edtf: string, zone: string | null = null) => planFor(ahead, anEvent(edtf, { zone })).dueAt;

const day = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2090-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const dated = day.chain((text) =>
  fc.constantFrom(
    text,
    `${text}?`,
    text.slice(0, 7),
    `${text.slice(0, 7)}~`,
    text.slice(0, 4),
    `${text.slice(0, 4)}-21`,
    `${text.slice(0, 3)}X`,
    `${text}/..`,
    `${text.slice(0, 7)}/2095`,
  ),
);
const zone = fc.constantFrom(null, 'Europe/Lisbon', 'Europe/Athens', 'Atlantic/Azores', 'Asia/Tbilisi', 'Pacific/Auckland');

/** Days from the local day of the moment to the day. */
const daysBetween = (moment: string, timeZone: string, to: string) => {
  const local = new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date(moment));
  return (Date.parse(to) - Date.parse(local)) / 86_400_000;
};
const hour = (moment: string, timeZone: string) =>
  new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'short' }).format(new Date(moment));

describe('A reminder of an event ahead', () => {
  it.each([
    ['2018-09', null, '2018-08-18T08:00:00.000Z'],
    ['2018-09-12', null, '2018-08-29T08:00:00.000Z'],
    ['2018-09-12', 'Europe/Lisbon', '2018-08-29T07:00:00.000Z'],
    ['2018-04-02', 'Europe/Athens', '2018-03-19T06:00:00.000Z'],
    ['2018', 'Europe/Athens', '2017-12-18T06:00:00.000Z'],
    ['2018-09-12/2018-09-14', null, '2018-08-29T08:00:00.000Z'],
    ['2018-09-12', 'Mars/Olympus', '2018-08-29T08:00:00.000Z'],
  ])('of %s in zone %s is due at %s', (edtf, where, expected) => {
    expect(dueAt(edtf, where)).toBe(expected);
  });

  it('is due 14 days before the earliest day, at eight where the event is, however precise its date is', () => {
    fc.assert(
      fc.property(dated, zone, (edtf, where) => {
        const { earliest } = edtfDate(edtf);
        const due = dueAt(edtf, where)!;
        expect(daysBetween(due, where ?? 'UTC', earliest)).toBe(14);
        expect(hour(due, where ?? 'UTC')).toBe('08:00');
      }),
    );
  });

  it('loses its sense when the last day the event may be on is over there', () => {
    expect(planFor(ahead, anEvent('2018-09')).until).toBe('2018-10-01T00:00:00.000Z');
    expect(planFor(ahead, anEvent('2018-09', { zone: 'Europe/Lisbon' })).until).toBe('2018-09-30T23:00:00.000Z');
    expect(planFor(ahead, anEvent('2018-09/..')).until).toBeNull();
  });

  it('is due before it loses its sense, and is a valid plan', () => {
    fc.assert(
      fc.property(dated, zone, (edtf, where) => {
        const plan = ReminderPlan.parse(planFor(ahead, anEvent(edtf, { zone: where })));
        expect(plan.drop).toBeNull();
        expect(plan.until === null || plan.dueAt! < plan.until).toBe(true);
      }),
    );
  });

  it.each([null, '../2018'])('has nothing to count from when the date is %s', (edtf) => {
    expect(planFor(ahead, anEvent(edtf))).toMatchObject({ dueAt: null, drop: 'DATE_OPEN' });
  });

  it.each([
    ['SCHEDULED', null],
    ['REGISTRATION_OPEN', null],
    ['REGISTRATION_CLOSED', null],
    ['CANCELLED', 'EVENT_CANCELLED'],
    ['POSTPONED', 'EVENT_POSTPONED'],
    ['HELD', 'EVENT_HELD'],
  ])('of an event that is %s has the reason against it: %s', (state, reason) => {
    expect(planFor(ahead, anEvent('2018-09', { state })).drop).toBe(reason);
  });

  it('says what it is about, so that nobody has to ask back', () => {
    const event = anEvent('2018-09');
    expect(planFor(ahead, event)).toMatchObject({
      subject: `/v1/events/${event.id}`,
      partnerships: event.partnerships,
      title: { en: 'Study visit' },
      when: { edtf: '2018-09' },
      basis: 3,
      rule: 'EVENT_AHEAD',
    });
    expect(subjectAt(`/v1/events/${event.id}`)).toEqual({ resource: 'events', id: event.id });
  });

  it('has an id that follows from event and rule', () => {
    const [event, other] = [newId(), newId()];
    expect(reminderId(event, 'EVENT_AHEAD')).toBe(reminderId(event, 'EVENT_AHEAD'));
    expect(new Set([reminderId(event, 'EVENT_AHEAD'), reminderId(other, 'EVENT_AHEAD'), reminderId(event, 'OTHER')]).size).toBe(3);
  });

  it('keeps nothing of an event that is gone', () => {
    expect(planWithout({ resource: 'events', id: 'e' }, 'EVENT_AHEAD', 9, 'EVENT_GONE')).toMatchObject({
      subject: '/v1/events/e',
      basis: 9,
      title: null,
      dueAt: null,
      drop: 'EVENT_GONE',
    });
  });
});

describe('A rule that is bounded', () => {
  it('reminds only of what is due within its days, the first and the last among them', () => {
    const bounded = { ...ahead, validFrom: '2018-08-29', validTo: '2018-08-30' };
    const dropped = (edtf: string) => planFor(bounded, anEvent(edtf)).drop;
    expect(['2018-09-11', '2018-09-12', '2018-09-13', '2018-09-14'].map(dropped)).toEqual([
      'RULE_NOT_IN_FORCE',
      null,
      null,
      'RULE_NOT_IN_FORCE',
    ]);
  });
});

describe('Reminder rules', () => {
  it('address roles there are, and have a code of their own', () => {
    expect(reminderRules.flatMap(({ audience }) => audience).every(isRole)).toBe(true);
    expect(new Set(reminderRules.map(({ code }) => code)).size).toBe(reminderRules.length);
    expect(reminderRule('EVENT_AHEAD')).toBe(ahead);
    expect(reminderRule('NOTHING')).toBeUndefined();
    for (const { owner, validFrom, validTo } of reminderRules) expect([owner.code, validFrom, validTo]).not.toContain(undefined);
  });
});
