import { Injectable } from '@nestjs/common';
import { dateInWords } from '#libs/domain/calendar-words';
import { type EventSeen, entriesOf } from '#libs/domain/event-entries';
import { icalendar } from '#libs/domain/icalendar';
import { inLanguage } from '#libs/domain/text';
import { mailLanguage, mailLocale, mailWords, type Values } from '#libs/reference/mail-texts';
import { vocabulary } from '#libs/reference/vocabulary';
import { type KnownEvent, type KnownMeeting, type KnownPerson, type KnownRegistration, MailCopies } from './mail-copies.js';
import type { Matter } from './mail-matters.js';

const ADMITTED = ['APPROVED', 'ATTENDED'];

/** What the texts of mails are filled with: it is looked up when the mail is written, and kept nowhere. */
@Injectable()
export class MailValues {
  constructor(private readonly copies: MailCopies) {}

  async of(matter: Matter, person: KnownPerson, id: string, language: string): Promise<Values> {
    const zone = person.zone ?? matter.event.zone ?? 'UTC';
    const common = { name: person.name, event: titleOf(matter.event, language) };
    if (matter.about === 'event')
      return { ...common, reason: matter.event.reason ?? undefined, details: detailsOf(matter.event, language) };
    if (matter.about === 'registration') return { ...common, ...(await this.ofRegistration(matter, zone, language)) };
    if (matter.about === 'meeting') return { ...common, ...(await this.ofMeeting(matter.record, matter.event, id, zone, language)) };
    const { subject, text } = matter.record;
    return { ...common, heading: inLanguage(subject, [language]), message: inLanguage(text, [language]) };
  }

  private async ofRegistration(matter: Matter & { record: KnownRegistration }, zone: string, language: string): Promise<Values> {
    const { record, event } = matter;
    const { organisation, persons, reason, until, state, position, waitsFor } = record;
    const told = ADMITTED.includes(state) ? event : withoutRoom(event);
    return {
      organisation: (await this.copies.organisationName(organisation)) ?? undefined,
      seats: String(persons.length),
      reason: reason ?? undefined,
      deadline: until ? momentOf(until, zone, language) : undefined,
      details: detailsOf(told, language),
      // As it was decided: whoever asks later reads where they stand by then.
      position: position === null ? undefined : String(position),
      full: waitsFor === 'SEATS' ? 'yes' : undefined,
      together: waitsFor === 'SEATS_TOGETHER' ? 'yes' : undefined,
    };
  }

  private async ofMeeting(record: KnownMeeting, event: KnownEvent, id: string, zone: string, language: string): Promise<Values> {
    const { requester, guest, message, reason, until, startsAt, table } = record;
    const other = requester.person === id ? guest : requester;
    const [person, organisation] = await Promise.all([this.copies.person(other.person), this.copies.organisationName(other.organisation)]);
    return {
      other: person?.name ?? organisation ?? undefined,
      organisation: organisation ?? undefined,
      message: message ?? undefined,
      reason: reason ?? undefined,
      deadline: until ? momentOf(until, zone, language) : undefined,
      // There the clock of the event counts, wherever somebody lives.
      slot: startsAt ? momentOf(startsAt, event.zone ?? zone, language) : undefined,
      table: table ?? undefined,
    };
  }
}

/** How to join is for the admitted. */
const withoutRoom = (event: KnownEvent): KnownEvent => ({ ...event, joinUrl: null });

/** The event as it stands in calendars; null where it has no date. */
export function calendarOf(matter: Matter, language: string, address: string | null): string | null {
  const isAdmitted = matter.about === 'registration' && ADMITTED.includes(matter.record.state);
  const event = isAdmitted ? matter.event : withoutRoom(matter.event);
  const urlOf = (id: string) => `${address ?? ''}/v1/events/${id}`;
  const entries = entriesOf(event as EventSeen, { languages: [language], language: mailLanguage(language), urlOf });
  return entries.length > 0 ? icalendar({ name: 'Clusterbridge', entries }) : null;
}

function titleOf({ title, type, typeLabel }: KnownEvent, language: string): string {
  const text = title ? inLanguage(title, [language]) : '';
  return text || typeLabel || (type ? vocabulary('event-types').label(type) : undefined) || mailWords(language).event;
}

/** When, where and how to join, each on a line of its own; undefined: nothing of it is known. */
function detailsOf(event: KnownEvent, language: string): string | undefined {
  const { when, place, join } = mailWords(language);
  const { venue, city, joinUrl } = event;
  const where = [venue?.name, venue?.address, city].filter(Boolean).join(', ');
  const lines = [line(when, whenOf(event, language)), line(place, where), line(join, joinUrl ?? '')].flat();
  return lines.length > 0 ? lines.join('\n') : undefined;
}

const line = (word: string, said: string) => (said ? [`${word}: ${said}`] : []);

function whenOf({ startsAt, endsAt, zone, when }: KnownEvent, language: string): string {
  if (startsAt && endsAt && zone) {
    const format = new Intl.DateTimeFormat(mailLocale(language), { dateStyle: 'full', timeStyle: 'short', timeZone: zone });
    return `${format.formatRange(new Date(startsAt), new Date(endsAt))} (${zone})`;
  }
  if (!when?.earliest || !when.latest) return '';
  return dateInWords(mailLocale(language), when.edtf, { first: when.earliest, last: when.latest });
}

/** An instant by the clock of a zone, which is named. */
export const momentOf = (at: string, zone: string, language: string): string =>
  `${new Intl.DateTimeFormat(mailLocale(language), { dateStyle: 'long', timeStyle: 'short', timeZone: zone }).format(new Date(at))} (${zone})`;
