import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import ICAL from 'ical.js';
import { type Entry, icalendar } from './icalendar.js';

const entry = (more: Partial<Entry> = {}): Entry => ({
  uid: '01976a00-0000-7000-8000-000000000001',
  sequence: 3,
  changedAt: '2027-01-01T08:00:00.000Z',
  time: { kind: 'DAYS', first: '2027-02-27', last: '2027-02-28' },
  status: 'TENTATIVE',
  busy: false,
  summary: 'Study visit',
  description: null,
  location: null,
  categories: [],
  url: null,
  partOf: null,
  ...more,
});
const textOf = (...entries: Entry[]) => icalendar({ name: 'DIA', entries });
const read = (text: string) => new ICAL.Component(ICAL.parse(text) as never);
const firstOf = (text: string) => read(text).getFirstSubcomponent('vevent')!;

describe('A calendar as text', () => {
  it('says of each entry who it is, how new, and how certain', () => {
    const lines = textOf(entry({ url: 'https://api.example/v1/events/1?a=b,c;d', partOf: 'whole' })).split('\r\n');
    expect(lines).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Clusterbridge//Calendars//EN',
      'CALSCALE:GREGORIAN',
      'NAME:DIA',
      'X-WR-CALNAME:DIA',
      'BEGIN:VEVENT',
      'UID:01976a00-0000-7000-8000-000000000001',
      'DTSTAMP:20270101T080000Z',
      'LAST-MODIFIED:20270101T080000Z',
      'SEQUENCE:3',
      'DTSTART;VALUE=DATE:20270227',
      'DTEND;VALUE=DATE:20270301',
      'STATUS:TENTATIVE',
      'TRANSP:TRANSPARENT',
      'SUMMARY:Study visit',
      'URL:https://api.example/v1/events/1?a=b,c;d',
      'RELATED-TO;RELTYPE=PARENT:whole',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ]);
  });

  it('tells times of UTC without a zone of its own', () => {
    const time = { kind: 'TIMES', zone: 'UTC', startsAt: '2027-05-12T07:00:00.000Z', endsAt: '2027-05-12T08:00:00.000Z' } as const;
    expect(textOf(entry({ time }))).toContain('DTSTART:20270512T070000Z\r\nDTEND:20270512T080000Z\r\n');
    expect(textOf(entry({ time }))).not.toContain('VTIMEZONE');
  });

  it('holds something even when nothing is in it, as the grammar demands', () => {
    expect(read(textOf()).getAllSubcomponents().length).toBe(1);
  });

  it('is read as it was said, whatever is said, in lines of 75 octets at most', () => {
    const control = (text: string) => text.replaceAll(/\r\n?/g, '\n').replaceAll(/[\p{Cc}--[\n\t]]/gv, '');
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }),
        fc.array(fc.constantFrom(',', ';', '\\', '\n', '\\n', 'ä', '🧭', '"', ':')),
        (text, marks) => {
          const said = `x${text}${marks.join('')}`;
          const written = textOf(entry({ summary: said, description: said, location: said, categories: [said] }));
          for (const line of written.split('\r\n')) if (Buffer.byteLength(line) > 75) throw new Error(`too long: ${line}`);
          if (written.replaceAll('\r\n', '').includes('\n')) throw new Error('a bare line feed');
          const vevent = firstOf(written);
          for (const name of ['summary', 'description', 'location', 'categories'])
            expect(vevent.getFirstPropertyValue(name)).toBe(control(said));
        },
      ),
    );
  });

  it('takes no line of its own from what is said', () => {
    const vevents = read(textOf(entry({ summary: 'a\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:b' }))).getAllSubcomponents('vevent');
    expect(vevents.length).toBe(1);
  });
});
