import type { MeetingView } from '#libs/contracts/meeting';
import { countryName, word } from './calendar-words.js';
import type { EventSeen } from './event-entries.js';
import type { Entry } from './icalendar.js';

interface Side {
  person: string;
  /** null: the record of the person is not there any more. */
  name: string | null;
  organisationName: string | null;
  email: string | null;
}

/** A meeting as somebody reads it. */
export type MeetingSeen = Pick<
  MeetingView,
  'id' | 'formerly' | 'version' | 'updatedAt' | 'event' | 'state' | 'startsAt' | 'endsAt' | 'zone' | 'table'
> & {
  message: string | null;
  reason: string | null;
  requester: Side;
  guest: Side;
};

export interface ToldOfMeetings {
  language: string;
  /** Whose calendar it is: ids of the persons it stands for; nobody of them takes part in what an organisation follows for others. */
  own: ReadonlySet<string>;
  urlOf(event: string, meeting: string): string;
}

/** What became of it; whatever has no slot is nowhere yet. */
const STATUS: Record<string, Entry['status'] | undefined> = {
  SCHEDULED: 'CONFIRMED',
  HELD: 'CONFIRMED',
  NO_SHOW: 'CONFIRMED',
  CANCELLED: 'CANCELLED',
};

/** A meeting of two as it stands in a calendar of theirs; null: it has no slot, or there is no meeting. `event`: null when it is not to be seen. */
export function meetingEntryOf(meeting: MeetingSeen, event: EventSeen | null, told: ToldOfMeetings): Entry | null {
  const slot = slotIn(meeting);
  const status = slot === meeting.formerly ? 'CANCELLED' : STATUS[meeting.state];
  if (!slot || !status) return null;
  const { startsAt, endsAt, zone, table } = slot;
  const sides = [meeting.requester, meeting.guest];
  const others = sides.filter(({ person }) => !told.own.has(person));
  const isOwn = others.length < sides.length;
  return {
    uid: meeting.id,
    // Where it is follows from the event too: a change of either makes it newer.
    sequence: Math.max(meeting.version + (event?.version ?? 1) - 2, 0),
    changedAt: event && event.updatedAt > meeting.updatedAt ? event.updatedAt : meeting.updatedAt,
    time: { kind: 'TIMES', zone, startsAt, endsAt },
    status,
    busy: isOwn && status === 'CONFIRMED',
    summary: word(told.language, 'meeting', { who: others.map(nameOf).filter(Boolean).join(' – ') || '…' }),
    description: descriptionOf(meeting, status, others, event, told.language) || null,
    location: locationOf(table, event, told.language) || null,
    categories: [],
    url: told.urlOf(meeting.event, meeting.id),
    partOf: meeting.event,
  };
}

/** Where it is, or where it is told off: what merely vanished would stay in calendars that somebody put it into by hand. */
function slotIn({ startsAt, endsAt, zone, table, formerly }: MeetingSeen): MeetingSeen['formerly'] {
  return startsAt && endsAt && zone ? { startsAt, endsAt, zone, table } : formerly;
}

const lineOf = (...parts: (string | null | undefined)[]) => parts.filter(Boolean).join(', ');

const nameOf = ({ name, organisationName }: Side) =>
  name && organisationName ? `${name} (${organisationName})` : (name ?? organisationName ?? '');

function descriptionOf(
  { reason, message }: MeetingSeen,
  status: Entry['status'],
  others: readonly Side[],
  event: EventSeen | null,
  language: string,
): string {
  const lines = [
    ...(status === 'CANCELLED' && reason ? [word(language, 'cancelled', { reason })] : []),
    ...(message ? [message] : []),
    ...others.flatMap(({ email, ...side }) => (email ? [lineOf(nameOf({ ...side, email }), email)] : [])),
    ...(event?.joinUrl && status !== 'CANCELLED' ? [word(language, 'join', { url: event.joinUrl })] : []),
  ];
  return lines.join('\n');
}

function locationOf(table: string | null, event: EventSeen | null, language: string): string {
  const at = table ? word(language, 'table', { table }) : null;
  if (event?.mode === 'ONLINE') return lineOf(at, word(language, 'online'));
  return lineOf(at, event?.venue?.name, event?.venue?.address, event?.city, event?.country ? countryName(language, event.country) : null);
}
