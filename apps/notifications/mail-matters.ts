import { Injectable } from '@nestjs/common';
import { idOf } from '#libs/domain/fact-names';
import {
  type KnownAnnouncement,
  type KnownEvent,
  type KnownMeeting,
  type KnownPerson,
  type KnownRegistration,
  MailCopies,
} from './mail-copies.js';
import type { Kind } from './mail-kinds.js';

/** What a mail is about, as it is now. */
export type Matter = { id: string; event: KnownEvent } & (
  | { about: 'event' }
  | { about: 'registration'; record: KnownRegistration }
  | { about: 'meeting'; record: KnownMeeting }
  | { about: 'announcement'; record: KnownAnnouncement }
);

export interface Recipient {
  person: string;
  /** Who had it sent, as far as that is somebody. */
  owner: string;
  /** Of the recipient at the event, if it follows from one. */
  registration: string | null;
  language: string | null;
}

type Addressee = Omit<Recipient, 'language'>;

const RESOURCES: Record<string, Matter['about'] | undefined> = {
  events: 'event',
  registrations: 'registration',
  meetings: 'meeting',
  announcements: 'announcement',
};

/** What is told of an event to those who are registered: their registration stands, or was ended by what is told. */
const CONCERNED = ['SUBMITTED', 'WAITLISTED', 'OFFERED', 'APPROVED'];
const NOBODY = 'notifications';

/** Looks up what mails are about, and whom they are for. */
@Injectable()
export class MailMatters {
  constructor(private readonly copies: MailCopies) {}

  /** `subject`: `/v1/registrations/{id}`; as of this version or later. Null: it is not there any more. */
  async of(subject: string, version = 0): Promise<Matter | null> {
    const about = RESOURCES[subject.split('/')[2] ?? ''];
    const id = idOf({ subject });
    if (!about) return null;
    const record = await this.copies.since<Record<string, unknown>>(about, id, version);
    if (!record) return null;
    if (about === 'event') return { about, id, event: record as unknown as KnownEvent };
    const event = await this.copies.event(String(record.event));
    return event && ({ about, id, record, event } as unknown as Matter);
  }

  /** `since`: when that happened which is told. */
  async recipients({ to, consent }: Kind, matter: Matter, since: string): Promise<Recipient[]> {
    const all = await this.audience(to, matter, since);
    const once = [...new Map(all.map((each) => [each.person, each])).values()];
    const known = await Promise.all(
      once.map(async (each) => {
        const person = await this.copies.person(each.person);
        return person && !hasWithdrawn(person, consent) ? [{ ...each, language: person.language }] : [];
      }),
    );
    return known.flat();
  }

  private async audience(to: Kind['to'], matter: Matter, since: string): Promise<Addressee[]> {
    if (to === 'ORGANISERS') {
      const persons = await this.copies.organisersOf([matter.event.id, ...matter.event.partnerships]);
      return persons.map((person) => ({ person, owner: NOBODY, registration: null }));
    }
    if (to === 'ALL_REGISTRANTS') return (await this.concerned(matter, since)).flatMap(registrants);
    if (matter.about === 'registration') return registrants({ ...matter.record, id: matter.id });
    if (matter.about !== 'meeting') return [];
    const { requester, guest } = matter.record;
    const sides = { REQUESTER: [requester], GUEST: [guest], BOTH_SIDES: [requester, guest] }[to as 'BOTH_SIDES'] ?? [];
    return sides.map(({ person, account, registration }) => ({ person, owner: account ?? NOBODY, registration }));
  }

  private async concerned(matter: Matter, since: string): Promise<(KnownRegistration & { id: string })[]> {
    const states = matter.about === 'announcement' ? matter.record.to : CONCERNED;
    const all = await this.copies.registrationsOf(matter.event.id);
    const endedBy = ({ state, updatedAt }: KnownRegistration) => matter.about === 'event' && state === 'CANCELLED' && updatedAt >= since;
    const isToHear = (each: KnownRegistration) => (states as readonly string[]).includes(each.state) || endedBy(each);
    // Whoever registers later registers for what is so by then.
    return all.filter((each) => each.registeredAt !== null && each.registeredAt <= since && isToHear(each));
  }
}

const registrants = ({ persons, owner, id }: KnownRegistration & { id: string }): Addressee[] =>
  persons.map((person) => ({ person, owner, registration: id }));

/** What was never agreed to was never withdrawn either. */
const hasWithdrawn = ({ consents }: Pick<KnownPerson, 'consents'>, purpose: string | undefined): boolean => {
  const said = consents.filter((consent) => consent.purpose === purpose);
  return said.length > 0 && said.every(({ withdrawnAt }) => withdrawnAt !== null);
};

/** Whether it is still so. */
export function isSo({ states, unlessEvent = [] }: Pick<Kind, 'states' | 'unlessEvent'>, matter: Matter): boolean {
  if (unlessEvent.includes(matter.event.state)) return false;
  // What was only held, and never asked for, is nothing to write about.
  if (matter.about === 'registration' && matter.record.registeredAt === null) return false;
  return states.includes(stateOf(matter));
}

function stateOf(matter: Matter): string {
  if (matter.about === 'event') return matter.event.state;
  return matter.about === 'announcement' ? 'PUBLISHED' : matter.record.state;
}
