import type { PlannedEventView } from '#libs/contracts/planned-event';
import { vocabulary } from '#libs/reference/vocabulary';
import { countryName, dateInWords, word } from './calendar-words.js';
import { edtfDate } from './edtf-date.js';
import type { Entry, EntryTime } from './icalendar.js';
import { inLanguage } from './text.js';

/** An event as somebody sees it: what is withheld from them, or was stored before a field was there, is missing. */
export type EventSeen = Partial<PlannedEventView> & Pick<PlannedEventView, 'id' | 'version' | 'updatedAt' | 'state'>;

export interface Told {
  /** By preference: of titles. */
  languages: readonly string[];
  /** Of all else. */
  language: string;
  /** Where an event is read. */
  urlOf(id: string): string;
}

/** Of what is vaguer than a year a calendar shows nothing: a century would lie over everything else. */
const WIDEST_DAYS = 366;
const DAY_MS = 86_400_000;

/** An event as it stands in calendars: itself, and each place that it goes to. Without a date it stands in none. */
export function entriesOf(event: EventSeen, told: Told): Entry[] {
  const held = timeOf(event);
  const former = held ? null : formerTimeOf(event);
  const time = held ?? former;
  if (!time) return [];
  const status = former || event.state === 'CANCELLED' ? 'CANCELLED' : isFixed(event) ? 'CONFIRMED' : 'TENTATIVE';
  const whole: Entry = {
    uid: event.id,
    sequence: Math.max(event.version - 1, 0),
    changedAt: event.updatedAt,
    time,
    status,
    busy: status === 'CONFIRMED',
    summary: titleOf(event, told),
    description: descriptionOf(event, told, time) || null,
    location: locationOf(event, told.language) || null,
    categories: event.type ? [vocabulary('event-types').label(event.type) ?? event.type] : [],
    url: told.urlOf(event.id),
    partOf: null,
  };
  return [whole, ...(event.stops ?? []).map((stop, i) => stopOf(whole, stop, i, told.language))];
}

type Stop = NonNullable<PlannedEventView['stops']>[number];

/** Whole days beside the entry of the whole, which alone takes the time of who is there. */
function stopOf(whole: Entry, stop: Stop, place: number, language: string): Entry {
  return {
    ...whole,
    uid: `${whole.uid}-${place + 1}`,
    time: { kind: 'DAYS', first: stop.from, last: stop.to },
    busy: false,
    summary: `${whole.summary}: ${stop.city}`,
    description: null,
    location: lineOf(stop.host, stop.city, countryName(language, stop.country)),
    partOf: whole.uid,
  };
}

function timeOf({ startsAt, endsAt, zone, when }: EventSeen): EntryTime | null {
  if (startsAt && endsAt && zone) return { kind: 'TIMES', zone, startsAt, endsAt };
  return when ? daysOf(when.edtf) : null;
}

/** Where it stood until it was postponed: there it is told off. */
const formerTimeOf = ({ formerly }: EventSeen): EntryTime | null => (formerly ? timeOf({ ...formerly } as EventSeen) : null);

/** The days a date may mean; of an open interval those of the end that is known. */
function daysOf(edtf: string): (EntryTime & { kind: 'DAYS' }) | null {
  const sides = edtf.split('/');
  const known = sides.filter((side) => side !== '' && side !== '..');
  const { earliest, latest } = edtfDate(known.length === sides.length ? edtf : known[0]!);
  const isTooWide = Date.parse(latest) - Date.parse(earliest) > WIDEST_DAYS * DAY_MS;
  return isTooWide ? null : { kind: 'DAYS', first: earliest, last: latest };
}

const ON_THE_DAY = /^\d{4}-\d{2}-\d{2}(\/\d{4}-\d{2}-\d{2})?$/;

/** Announced, on days that are certain. */
const isFixed = ({ state, when }: EventSeen) => !['PLANNED', 'POSTPONED'].includes(state) && ON_THE_DAY.test(when?.edtf ?? '');

function titleOf({ title, type, typeLabel }: EventSeen, { languages, language }: Told): string {
  if (title) {
    const text = inLanguage(title, languages);
    if (text) return text;
  }
  return typeLabel ?? (type ? vocabulary('event-types').label(type) : undefined) ?? word(language, 'event');
}

function descriptionOf(event: EventSeen, { languages, language }: Told, time: EntryTime): string {
  const { state, reason, when, agenda, stops, joinUrl } = event;
  const off = { CANCELLED: 'cancelled', POSTPONED: 'postponed' } as const;
  const lines = [
    ...(reason && Object.hasOwn(off, state) ? [word(language, off[state as keyof typeof off], { reason })] : []),
    ...(when && time.kind === 'DAYS' && !ON_THE_DAY.test(when.edtf)
      ? [word(language, 'dateOpen', { date: dateInWords(language, when.edtf, time) })]
      : []),
    ...(stops?.length ? [word(language, 'stops'), ...stops.map((stop) => stopLine(stop, language))] : []),
    ...(agenda?.length ? [word(language, 'programme'), ...agenda.map((each) => sessionLine(each, languages))] : []),
    ...(joinUrl ? [word(language, 'join', { url: joinUrl })] : []),
  ];
  return lines.join('\n');
}

const lineOf = (...parts: (string | null | undefined)[]) => parts.filter(Boolean).join(', ');

const stopLine = ({ host, city, country, from, to }: Stop, language: string) =>
  `${from === to ? from : `${from} – ${to}`}: ${lineOf(host, city, countryName(language, country))}`;

const sessionLine = ({ start, end, title }: NonNullable<PlannedEventView['agenda']>[number], languages: readonly string[]) =>
  `${start.replace('T', ' ')}–${end.slice(0, 10) === start.slice(0, 10) ? end.slice(11) : end.replace('T', ' ')} ${inLanguage(title, languages)}`;

function locationOf({ venue, city, country, mode }: EventSeen, language: string): string {
  const place = lineOf(venue?.name, venue?.address, city, country ? countryName(language, country) : null);
  return mode === 'ONLINE' ? word(language, 'online') : place;
}
