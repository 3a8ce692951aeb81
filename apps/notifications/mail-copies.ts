import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Announcement, type AnnouncementView } from '#libs/contracts/announcement';
import { Meeting, type MeetingView } from '#libs/contracts/meeting';
import type { AggregateContract } from '#libs/contracts/message';
import { Organisation, type OrganisationView } from '#libs/contracts/organisation';
import { Person, type PersonView } from '#libs/contracts/person';
import { PlannedEvent, type PlannedEventView } from '#libs/contracts/planned-event';
import { Registration, type RegistrationView } from '#libs/contracts/registration';
import type { ReadState } from '#libs/messaging/state-reader';
import { type Copy, Views } from '#libs/persistence/views';
import { Copies } from '#libs/service/copies';
import type { Forgotten } from '#libs/service/forgetting';
import { Runtime } from '#libs/service/runtime';
import { Together } from '#libs/service/together';

const asPerson = ({ name, email, language, zone, account, roles, consents }: PersonView) => ({
  name,
  email,
  language,
  zone,
  account,
  organises: roles.flatMap(({ role, binding }) => (role === 'EVENT_ORGANISER' && binding ? [binding.id] : [])),
  consents: consents.map(({ purpose, withdrawnAt }) => ({ purpose, withdrawnAt })),
});
const asRegistration = (view: RegistrationView) => {
  const { event, organisation, persons, state, position, waitsFor, until, reason, registeredAt, owner, updatedAt } = view;
  return { event, organisation, persons, state, position, waitsFor, until, reason, registeredAt, owner, updatedAt };
};
const asMeeting = ({ event, state, requester, guest, message, reason, until, startsAt, table }: MeetingView) => {
  return { event, state, requester, guest, message, reason, until, startsAt, table };
};
const asAnnouncement = ({ event, subject, text, to }: AnnouncementView) => ({ event, subject, text, to });

export type KnownPerson = ReturnType<typeof asPerson>;
export type KnownRegistration = ReturnType<typeof asRegistration>;
export type KnownMeeting = ReturnType<typeof asMeeting>;
export type KnownAnnouncement = ReturnType<typeof asAnnouncement>;
/** What was stored before a field was there is missing. */
export type KnownEvent = PlannedEventView;

const LOOK_EVERY_MS = 25;
/** A fact may be told before the state of what it speaks of has come by. */
const PATIENCE_MS = 30_000;

/** The view is null when its record is gone. */
type KnownCopy = Copy<Record<string, unknown> | null>;

interface Kept {
  views: Views;
  as(view: never): object;
  /** Many are written to at once. */
  lookUps: Together<KnownCopy>;
}

/** What others last published of those who are written to, and of what they are written to about: as much as mails name. */
@Injectable()
export class MailCopies {
  private readonly ofMembership: Map<string, Kept>;
  private readonly ofEvents: Map<string, Kept>;
  private readonly copies: Copies;

  constructor(runtime: Runtime) {
    const { db } = runtime.house;
    const keeping = (contract: AggregateContract, as: Kept['as'], indexes: Record<string, 1>[] = []): [string, Kept] => {
      const views = new Views(db, `${contract.name}Copies`, indexes);
      return [contract.name, { views, as, lookUps: new Together((ids) => views.knownOf(ids)) }];
    };
    this.ofMembership = new Map([
      keeping(Person.contract, asPerson, [{ 'view.organises': 1 }]),
      keeping(Organisation.contract, ({ name }: OrganisationView) => ({ name })),
    ]);
    this.ofEvents = new Map([
      keeping(PlannedEvent.contract, (view: PlannedEventView) => view),
      keeping(Registration.contract, asRegistration, [{ 'view.event': 1 }]),
      keeping(Meeting.contract, asMeeting),
      keeping(Announcement.contract, asAnnouncement),
    ]);
    const read = (owner: 'membership' | 'events', kept: Map<string, Kept>) =>
      new Copies(
        runtime,
        owner,
        [...kept.values()].map(({ views }) => views),
        (records) => apply(kept, records),
      );
    read('membership', this.ofMembership);
    this.copies = read('events', this.ofEvents);
    const message = 'Name, address and language of the person, and what was said to and by it about registrations and meetings.';
    runtime.places.push({ code: 'MAIL_COPIES', forget: async (asked) => ({ ...(await this.forget(asked)), message }) });
  }

  person(id: string): Promise<KnownPerson | null> {
    return this.found<KnownPerson>('person', id);
  }

  async event(id: string): Promise<KnownEvent | null> {
    return this.found<KnownEvent>('event', id);
  }

  async organisationName(id: string): Promise<string | null> {
    return (await this.found<{ name: string }>('organisation', id))?.name ?? null;
  }

  async registrationsOf(event: string): Promise<(KnownRegistration & { id: string })[]> {
    const found = (await this.kept('registration').where({ 'view.event': event })) as unknown as Copy<KnownRegistration>[];
    return found.map(({ _id, view }) => ({ ...view, id: _id }));
  }

  /** Who organises one of these: events or partnerships. */
  async organisersOf(ids: readonly string[]): Promise<string[]> {
    const found = await this.kept('person').where({ 'view.organises': { $in: [...ids] } });
    return found.map(({ _id }) => _id);
  }

  /** As it is now; null: it is not there any more, or is not known. */
  found<V>(aggregate: string, id: string): Promise<V | null> {
    return this.copy(aggregate, id).then((copy) => (copy?.view ?? null) as V | null);
  }

  /** As of this version or later; throws when that does not come in time. */
  async since<V>(aggregate: string, id: string, version: number): Promise<V | null> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const copy = await this.copy(aggregate, id);
      if (copy && copy.version >= version) return copy.view as V | null;
      if (Date.now() > end) throw new Error(`the ${aggregate} ${id} is not known as of version ${version}`);
      await pause(LOOK_EVERY_MS);
    }
  }

  /** Resolves when all that the events service had published by now is here. */
  upToNow(): Promise<void> {
    return this.copies.upToNow(PATIENCE_MS);
  }

  private copy(aggregate: string, id: string): Promise<KnownCopy | null> {
    return this.of(aggregate).lookUps.get(id);
  }

  private kept(aggregate: string): Views {
    return this.of(aggregate).views;
  }

  private of(aggregate: string): Kept {
    return (this.ofMembership.get(aggregate) ?? this.ofEvents.get(aggregate))!;
  }

  /** What others forget comes by as their newest state; what is here is not to wait for that. */
  private async forget({ person, version }: Forgotten) {
    const known = await this.kept('person').get(person);
    await this.kept('person').apply([{ id: person, version, view: null }]);
    const registrations = this.kept('registration').collection;
    const meetings = this.kept('meeting').collection;
    const sides = { $or: [{ 'view.requester.person': person }, { 'view.guest.person': person }] };
    await registrations.updateMany({ 'view.persons': person }, { $set: { 'view.reason': null } });
    await meetings.updateMany(sides, { $set: { 'view.reason': null, 'view.message': null } });
    return known ? { outcome: 'ERASED' as const, count: 1 } : { outcome: 'NOTHING' as const, count: 0 };
  }
}

async function apply(kept: Map<string, Kept>, records: ReadState[]): Promise<void> {
  const byName = Map.groupBy(records, ({ aggregate }) => aggregate);
  await Promise.all(
    [...byName].map(([name, all]) => {
      const its = kept.get(name);
      return its?.views.apply(all.map((record) => (record.view === null ? record : { ...record, view: its.as(record.view as never) })));
    }),
  );
}
