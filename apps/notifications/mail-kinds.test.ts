import { describe, expect, it } from '@jest/globals';
import { factTypes } from '#libs/contracts/catalogue';
import { PlannedEventView } from '#libs/contracts/planned-event';
import { machine } from '#libs/domain/machine';
import { mailCodes, mailText } from '#libs/reference/mail-texts';
import { kindOf, kindsOn, mailKinds } from './mail-kinds.js';
import { isSo, type Matter } from './mail-matters.js';

const event = (state: string) => PlannedEventView.partial().parse({ id: '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f', state }) as never;
const registration = (state: string, more: object = {}, of = 'REGISTRATION_OPEN') =>
  ({
    id: 'r',
    about: 'registration',
    event: event(of),
    record: { state, registeredAt: '2027-01-01T00:00:00Z', ...more },
  }) as unknown as Matter;
const meeting = (state: string, of = 'REGISTRATION_OPEN') =>
  ({ id: 'm', about: 'meeting', event: event(of), record: { state } }) as unknown as Matter;
const told = (type: string, matter: Matter) =>
  kindsOn(type)
    .filter((kind) => isSo(kind, matter))
    .map(({ code }) => code);

describe('The kinds of mails', () => {
  it.each(mailKinds)('$code has a text, and a link just where the text has one', ({ code, link }) => {
    expect(mailText(code, 'en')?.text.includes('{link}')).toBe(link !== undefined);
    expect(mailCodes).toContain(code);
  });

  it('follow from facts that there are, and hold in states that there are', () => {
    const states = ['REGISTRATION', 'EVENT', 'MEETING'].flatMap((code) => machine(code).states.map((state) => state.code));
    for (const { on, states: its, unlessEvent = [] } of mailKinds) {
      for (const { type } of on) expect(factTypes).toContain(type);
      expect([...its, ...unlessEvent].filter((state) => state !== 'PUBLISHED' && !states.includes(state))).toEqual([]);
    }
    expect(new Set(mailKinds.map(({ code }) => code)).size).toBe(mailKinds.length);
    expect(kindOf('NOTHING')).toBeUndefined();
  });
});

describe('What is told of a registration', () => {
  it.each([
    ['registration.registered.v1', 'APPROVED', ['REGISTRATION_CONFIRMED']],
    ['registration.registered.v1', 'SUBMITTED', ['REGISTRATION_SUBMITTED', 'REGISTRATION_TO_DECIDE']],
    ['registration.registered.v1', 'WAITLISTED', ['REGISTRATION_WAITING']],
    // It was cancelled before anybody could be told.
    ['registration.registered.v1', 'CANCELLED', []],
    ['registration.approved.v1', 'APPROVED', ['REGISTRATION_CONFIRMED']],
    ['registration.offered.v1', 'OFFERED', ['SEAT_OFFERED']],
    ['registration.offered.v1', 'APPROVED', []],
    ['registration.offer-lapsed.v1', 'WAITLISTED', ['OFFER_LAPSED']],
    ['registration.rejected.v1', 'REJECTED', ['REGISTRATION_REJECTED']],
    ['registration.cancelled.v1', 'CANCELLED', ['REGISTRATION_CANCELLED']],
    ['registration.held.v1', 'HELD_SEAT', []],
    ['registration.forgotten.v1', 'CANCELLED', []],
  ])('by %s while it is %s', (type, state, codes) => expect(told(type, registration(state))).toEqual(codes));

  it('is nothing when it was only held, or when its event is cancelled: then that is told', () => {
    expect(told('registration.cancelled.v1', registration('CANCELLED', { registeredAt: null }))).toEqual([]);
    expect(told('registration.cancelled.v1', registration('CANCELLED', {}, 'CANCELLED'))).toEqual([]);
    expect(told('event.cancelled.v1', { id: 'e', about: 'event', event: event('CANCELLED') } as Matter)).toEqual(['EVENT_CANCELLED']);
  });
});

describe('What is told of a meeting', () => {
  it.each([
    ['meeting.requested.v1', 'PENDING', ['MEETING_REQUESTED']],
    ['meeting.requested.v1', 'CANCELLED', []],
    ['meeting.accepted.v1', 'SCHEDULED', ['MEETING_ACCEPTED']],
    ['meeting.declined.v1', 'DECLINED', ['MEETING_DECLINED']],
    ['meeting.expired.v1', 'EXPIRED', ['MEETING_EXPIRED']],
    ['meeting.scheduled.v1', 'SCHEDULED', ['MEETING_SCHEDULED']],
    ['meeting.cancelled.v1', 'CANCELLED', ['MEETING_CANCELLED']],
  ])('by %s while it is %s', (type, state, codes) => expect(told(type, meeting(state))).toEqual(codes));

  it('is nothing when the event itself is postponed or cancelled', () => {
    expect(told('meeting.unscheduled.v1', meeting('ACCEPTED', 'POSTPONED'))).toEqual([]);
    expect(told('meeting.cancelled.v1', meeting('CANCELLED', 'CANCELLED'))).toEqual([]);
  });
});
