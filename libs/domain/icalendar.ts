import { DateTime } from 'luxon';
import { vtimezone } from './zone-rules.js';

/** A time of the calendar: whole days, both included, or instants (ISO 8601 UTC) told by the clock of a zone. */
export type EntryTime = { kind: 'DAYS'; first: string; last: string } | { kind: 'TIMES'; zone: string; startsAt: string; endsAt: string };

/** What stands in a calendar; null: nothing is said. */
export interface Entry {
  uid: string;
  /** Grows with each change of what it was made from. */
  sequence: number;
  /** Instant of that change. */
  changedAt: string;
  time: EntryTime;
  status: 'CONFIRMED' | 'TENTATIVE' | 'CANCELLED';
  /** It takes its time from whoever is there. */
  busy: boolean;
  summary: string;
  description: string | null;
  location: string | null;
  categories: readonly string[];
  url: string | null;
  /** Uid of the entry it is a part of. */
  partOf: string | null;
}

export interface Calendar {
  name: string;
  entries: readonly Entry[];
}

/** A calendar as text (RFC 5545): CRLF, lines folded at 75 octets. The same calendar is always the same text. */
export function icalendar({ name, entries }: Calendar): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Clusterbridge//Calendars//EN',
    'CALSCALE:GREGORIAN',
    `NAME:${escaped(name)}`,
    `X-WR-CALNAME:${escaped(name)}`,
    ...zonesOf(entries),
    ...entries.flatMap(vevent),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

/** A calendar has to hold something: an empty one tells how UTC goes. */
function zonesOf(entries: readonly Entry[]): string[] {
  if (entries.length === 0) return vtimezone('Etc/UTC', '1970-01-01T00:00:00Z', '1970-01-01T00:00:00Z');
  const times = entries.flatMap(({ time }) => (time.kind === 'TIMES' && !isUtc(time.zone) ? [time] : []));
  return [...Map.groupBy(times, ({ zone }) => zone)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([zone, used]) => {
      const instants = used.flatMap(({ startsAt, endsAt }) => [startsAt, endsAt]).sort();
      return vtimezone(zone, instants[0]!, instants.at(-1)!);
    });
}

function vevent(entry: Entry): string[] {
  const { uid, sequence, changedAt, time, status, busy, summary, description, location, categories, url, partOf } = entry;
  const text = (property: string, value: string | null) => (value ? [`${property}:${escaped(value)}`] : []);
  const changed = utc(changedAt);
  return [
    'BEGIN:VEVENT',
    `UID:${escaped(uid)}`,
    `DTSTAMP:${changed}`,
    `LAST-MODIFIED:${changed}`,
    `SEQUENCE:${sequence}`,
    ...timeLines(time),
    `STATUS:${status}`,
    `TRANSP:${busy ? 'OPAQUE' : 'TRANSPARENT'}`,
    ...text('SUMMARY', summary),
    ...text('DESCRIPTION', description),
    ...text('LOCATION', location),
    ...(categories.length > 0 ? [`CATEGORIES:${categories.map(escaped).join(',')}`] : []),
    ...(url ? [`URL:${url}`] : []),
    ...(partOf ? [`RELATED-TO;RELTYPE=PARENT:${escaped(partOf)}`] : []),
    'END:VEVENT',
  ];
}

/** The end is the first moment that does not belong to it, also of whole days. */
function timeLines(time: EntryTime): string[] {
  if (time.kind === 'DAYS') {
    const after = DateTime.fromISO(time.last, { zone: 'utc' }).plus({ days: 1 }).toFormat('yyyyMMdd');
    return [`DTSTART;VALUE=DATE:${time.first.replaceAll('-', '')}`, `DTEND;VALUE=DATE:${after}`];
  }
  const { zone, startsAt, endsAt } = time;
  if (isUtc(zone)) return [`DTSTART:${utc(startsAt)}`, `DTEND:${utc(endsAt)}`];
  const local = (at: string) => DateTime.fromISO(at, { zone }).toFormat("yyyyMMdd'T'HHmmss");
  return [`DTSTART;TZID=${zone}:${local(startsAt)}`, `DTEND;TZID=${zone}:${local(endsAt)}`];
}

const isUtc = (zone: string) => ['UTC', 'Etc/UTC'].includes(zone);
const utc = (instant: string) => `${new Date(instant).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/** A text as RFC 5545 §3.3.11 writes it; control characters, which it has no words for, are left out. */
const escaped = (text: string) =>
  text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[\p{Cc}--[\n\t]]/gv, '')
    .replaceAll(/[\\;,]/g, (mark) => `\\${mark}`)
    .replaceAll('\n', '\\n');

const LINE_OCTETS = 75;

/** Continued on the next line before it is longer than 75 octets; no character is torn apart. */
function folded(line: string): string {
  if (Buffer.byteLength(line) <= LINE_OCTETS) return line;
  const lines: string[] = [];
  let current = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > LINE_OCTETS) {
      lines.push(current);
      [current, octets] = ['', 1];
    }
    current += character;
    octets += size;
  }
  return [...lines, current].join('\r\n ');
}
