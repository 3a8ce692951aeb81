import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import { type EventSeen, entriesOf } from '#libs/domain/event-entries';
import { icalendar } from '#libs/domain/icalendar';

/** Local times around both changes of the clocks, and the instants they are, as an almanac has them. */
type Night = [name: string, start: string, startsAt: string, end: string, endsAt: string];

const zones: Record<string, Night[]> = {
  'Europe/Brussels': [
    ['forward', '2027-03-27T22:00:00', '2027-03-27T21:00Z', '2027-03-28T04:00:00', '2027-03-28T02:00Z'],
    ['back', '2027-10-30T22:00:00', '2027-10-30T20:00Z', '2027-10-31T04:00:00', '2027-10-31T03:00Z'],
  ],
  'Europe/Lisbon': [
    ['forward', '2027-03-27T22:00:00', '2027-03-27T22:00Z', '2027-03-28T04:00:00', '2027-03-28T03:00Z'],
    ['back', '2027-10-30T22:00:00', '2027-10-30T21:00Z', '2027-10-31T04:00:00', '2027-10-31T04:00Z'],
  ],
  'America/Toronto': [
    ['forward', '2027-03-13T22:00:00', '2027-03-14T03:00Z', '2027-03-14T04:00:00', '2027-03-14T08:00Z'],
    ['back', '2027-11-06T22:00:00', '2027-11-07T02:00Z', '2027-11-07T04:00:00', '2027-11-07T09:00Z'],
  ],
  'Asia/Tokyo': [
    ['forward', '2027-03-27T22:00:00', '2027-03-27T13:00Z', '2027-03-28T04:00:00', '2027-03-27T19:00Z'],
    ['back', '2027-10-30T22:00:00', '2027-10-30T13:00Z', '2027-10-31T04:00:00', '2027-10-30T19:00Z'],
  ],
  'Australia/Lord_Howe': [
    ['forward', '2027-10-02T22:00:00', '2027-10-02T11:30Z', '2027-10-03T04:00:00', '2027-10-02T17:00Z'],
    ['back', '2027-04-03T22:00:00', '2027-04-03T11:00Z', '2027-04-04T04:00:00', '2027-04-03T17:30Z'],
  ],
};

const told = { languages: ['en'], language: 'en', urlOf: (id: string) => `https://api.example/v1/events/${id}` };
const iso = (text: string) => new Date(text).toISOString();

const event = (zone: string, [name, , startsAt, , endsAt]: Night): EventSeen => ({
  id: `0199f5a0-7c1e-7a44-9d0e-${name.padEnd(12, '0')}`,
  version: 3,
  updatedAt: '2027-01-01T08:00:00.000Z',
  state: 'SCHEDULED',
  title: { en: `The clocks go ${name}` },
  city: zone.split('/')[1]!.replace('_', ' '),
  zone,
  when: { edtf: startsAt.slice(0, 10), precision: 'day', earliest: startsAt.slice(0, 10), latest: startsAt.slice(0, 10) },
  startsAt: iso(startsAt),
  endsAt: iso(endsAt),
});

const calendarOf = (zone: string) => {
  const entries = zones[zone]!.flatMap((night) => entriesOf(event(zone, night), told));
  return icalendar({ name: zone, entries });
};
const golden = (zone: string) => readFileSync(new URL(`golden/calendars/${zone.replace('/', '-')}.ics`, import.meta.url), 'utf8');

/** As an independent reader understands it, which knows no zone but those the calendar itself brings. */
function read(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text) as never);
  const known = new Map(
    calendar.getAllSubcomponents('vtimezone').map((each) => {
      const zone = new ICAL.Timezone(each);
      return [zone.tzid, zone];
    }),
  );
  const instant = (time: ICAL.Time, tzid: unknown) => {
    time.zone = known.get(String(tzid))!;
    return new Date(time.toUnixTime() * 1000).toISOString();
  };
  return calendar.getAllSubcomponents('vevent').map((vevent) => {
    const [start, end] = ['dtstart', 'dtend'].map((name) => vevent.getFirstProperty(name)!);
    const [from, to] = [start!.getFirstValue(), end!.getFirstValue()] as unknown as [ICAL.Time, ICAL.Time];
    const local = [from.toString().replace('Z', ''), to.toString().replace('Z', '')];
    return { local, instants: [instant(from, start!.getParameter('tzid')), instant(to, end!.getParameter('tzid'))] };
  });
}

describe.each(Object.keys(zones))('A calendar over both changes of the clocks in %s', (zone) => {
  it('is as committed', () => {
    expect(calendarOf(zone)).toBe(golden(zone));
  });

  it('is read by others as it is meant, by its own rules', () => {
    const meant = zones[zone]!.map(([, start, startsAt, end, endsAt]) => ({ local: [start, end], instants: [iso(startsAt), iso(endsAt)] }));
    expect(read(golden(zone))).toEqual(meant);
  });
});
