import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import ICAL from 'ical.js';
import { CALENDAR_LANGUAGES } from './calendar-words.js';
import type { EventSeen } from './event-entries.js';
import { icalendar } from './icalendar.js';
import { type MeetingSeen, meetingEntryOf, type ToldOfMeetings } from './meeting-entries.js';

const event: EventSeen = {
  id: '0199f5a0-7c1e-7a44-9d0e-000000000001',
  version: 4,
  updatedAt: '2027-01-02T08:00:00.000Z',
  state: 'REGISTRATION_OPEN',
  mode: 'ON_SITE',
  venue: { name: 'Palacio Euskalduna', address: null },
  city: 'Bilbao',
  country: 'ES',
  joinUrl: null,
};
const meeting: MeetingSeen = {
  id: '0199f5a0-7c1e-7a44-9d0e-000000000002',
  version: 3,
  updatedAt: '2027-01-05T08:00:00.000Z',
  event: event.id,
  state: 'SCHEDULED',
  startsAt: '2027-03-28T01:30:00.000Z',
  endsAt: '2027-03-28T01:55:00.000Z',
  zone: 'Europe/Madrid',
  table: 'A; 1',
  formerly: null,
  message: 'We make lenses, and more.',
  reason: null,
  requester: { person: 'ada', name: 'Ada', organisationName: 'Lenses Ltd', email: 'ada@lenses.example' },
  guest: { person: 'ben', name: 'Ben', organisationName: 'Cameras Oy', email: 'ben@cameras.example' },
};
const told = (...own: string[]): ToldOfMeetings => ({
  language: 'en',
  own: new Set(own),
  urlOf: (at, id) => `https://api.example/v1/events/${at}/meetings/${id}`,
});
const entry = (over: Partial<MeetingSeen> = {}, own = ['ada'], at: EventSeen | null = event) =>
  meetingEntryOf({ ...meeting, ...over }, at, told(...own));

/** As an independent reader understands it. */
function read(text: string) {
  const vevent = new ICAL.Component(ICAL.parse(text) as never).getFirstSubcomponent('vevent')!;
  const value = (name: string) => vevent.getFirstPropertyValue(name)?.toString() ?? null;
  return {
    uid: value('uid'),
    sequence: Number(value('sequence')),
    status: value('status'),
    start: value('dtstart'),
    end: value('dtend'),
    zone: vevent.getFirstProperty('dtstart')!.getParameter('tzid'),
    summary: value('summary'),
    location: value('location'),
    description: value('description'),
    busy: value('transp') === 'OPAQUE',
    partOf: value('related-to'),
    url: value('url'),
  };
}
const readBack = (...given: Parameters<typeof entry>) => read(icalendar({ name: 'Own', entries: [entry(...given)!] }));

describe('A meeting in a calendar of one’s own', () => {
  it('is read by others with its time, table and place, and whom one meets', () => {
    expect(readBack()).toEqual({
      uid: meeting.id,
      sequence: 5,
      status: 'CONFIRMED',
      start: '2027-03-28T03:30:00',
      end: '2027-03-28T03:55:00',
      zone: 'Europe/Madrid',
      summary: 'Meeting: Ben (Cameras Oy)',
      location: 'Table A; 1, Palacio Euskalduna, Bilbao, Spain',
      description: 'We make lenses, and more.\nBen (Cameras Oy), ben@cameras.example',
      busy: true,
      partOf: event.id,
      url: `https://api.example/v1/events/${event.id}/meetings/${meeting.id}`,
    });
    expect(readBack({}, ['ben'])).toMatchObject({ summary: 'Meeting: Ada (Lenses Ltd)', busy: true });
  });

  it('names both to who follows it for their organisation, and takes nothing of their time', () => {
    expect(readBack({}, [])).toMatchObject({ summary: 'Meeting: Ada (Lenses Ltd) – Ben (Cameras Oy)', busy: false });
  });

  it('is off when it is cancelled, with the reason, where it would have been', () => {
    const reason = 'One of the two does not take part any more.';
    expect(readBack({ state: 'CANCELLED', version: 4, reason })).toMatchObject({
      sequence: 6,
      status: 'CANCELLED',
      start: '2027-03-28T03:30:00',
      busy: false,
      description: expect.stringContaining(`Cancelled: ${reason}`),
    });
  });

  it('is off where it was when its slot is taken from it, until it has another', () => {
    const formerly = { startsAt: meeting.startsAt!, endsAt: meeting.endsAt!, zone: meeting.zone!, table: meeting.table };
    const lost = { state: 'ACCEPTED', startsAt: null, endsAt: null, table: null, version: 4, reason: 'The hall is closed.', formerly };
    for (const state of ['ACCEPTED', 'CANCELLED'])
      expect(readBack({ ...lost, state })).toMatchObject({
        sequence: 6,
        status: 'CANCELLED',
        start: '2027-03-28T03:30:00',
        location: expect.stringContaining('Table A; 1'),
        busy: false,
        description: expect.stringContaining('Cancelled: The hall is closed.'),
      });
    expect(readBack({ formerly, version: 5 })).toMatchObject({ status: 'CONFIRMED', busy: true });
  });

  it('is online where the event is, for those who may join', () => {
    const online = { ...event, mode: 'ONLINE' as const, joinUrl: 'https://meet.example/room' };
    expect(readBack({ table: null, message: null }, ['ada'], online)).toMatchObject({
      location: 'Online',
      description: 'Ben (Cameras Oy), ben@cameras.example\nTake part online: https://meet.example/room',
    });
  });

  it('keeps nothing of who is forgotten', () => {
    const guest = { person: 'ben', name: null, organisationName: 'Cameras Oy', email: null };
    expect(readBack({ guest })).toMatchObject({ summary: 'Meeting: Cameras Oy', description: 'We make lenses, and more.' });
    expect(readBack({ guest: { ...guest, organisationName: null } })).toMatchObject({ summary: 'Meeting: …' });
  });

  it.each(['PENDING', 'ACCEPTED', 'DECLINED', 'EXPIRED'])('is nowhere while it is %s', (state) => {
    expect(entry({ state, ...(state === 'ACCEPTED' ? { startsAt: null, endsAt: null } : {}) })).toBeNull();
  });

  it('is told in every language calendars speak', () => {
    for (const language of CALENDAR_LANGUAGES) {
      const made = meetingEntryOf(meeting, event, { ...told('ada'), language })!;
      expect(made.summary).toMatch(/\p{L}+ ?: Ben/u);
      expect(made.location).toContain('A; 1');
    }
  });

  it('is newer after whatever changes of it or of its event', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (steps) => {
        let [own, its] = [1, 1];
        let before = -1;
        for (const isOwn of [true, ...steps]) {
          if (isOwn) own += 1;
          else its += 1;
          const { sequence } = entry({ version: own }, ['ada'], { ...event, version: its })!;
          expect(sequence).toBeGreaterThan(before);
          before = sequence;
        }
      }),
    );
  });
});
