import { Injectable } from '@nestjs/common';
import { PolicyCopies } from '#libs/service/policy-copies';
import { Runtime } from '#libs/service/runtime';
import { ApplicantCopies } from './applicants.js';
import { MeetingProfileStore } from './meeting-profile.store.js';
import { type Attendee, type Known, type Setting, settingOf } from './meeting-setting.js';
import { type WholeEvent, whole } from './planned-event.js';
import { PlannedEventStore } from './planned-event.store.js';
import { SeatLedgerStore } from './seat-ledger.store.js';
import { ledgerIn } from './seat-text.js';

/** Seats whose persons take part. */
const ADMITTED = ['APPROVED', 'ATTENDED'];

/** What has to be known of an event, its participants and their organisations to decide on its meetings. */
@Injectable()
export class MeetingSettings {
  constructor(
    private readonly events: PlannedEventStore,
    private readonly ledgers: SeatLedgerStore,
    private readonly profiles: MeetingProfileStore,
    private readonly applicants: ApplicantCopies,
    private readonly policies: PolicyCopies,
    private readonly runtime: Runtime,
  ) {}

  /** For a meeting of these persons; null: there is no such event. */
  async for(event: string, persons: readonly string[]): Promise<Setting | null> {
    const [found, attendees, wanting] = await Promise.all([
      this.events.get(event),
      this.attendees(event),
      this.profiles.wanting(event, persons),
    ]);
    if (!found) return null;
    const two = persons.flatMap((person) => attendees.get(person) ?? []);
    const known = await Promise.all(two.map(({ organisation, person }) => this.applicants.of(organisation, [person], [])));
    const types = two.flatMap(({ organisation }, i) =>
      known[i]?.organisation ? [[organisation, known[i].organisation.type] as const] : [],
    );
    const accounts = known.flatMap(({ persons }) =>
      [...persons].flatMap(([id, { account }]) => (account === null ? [] : [[id, account] as const])),
    );
    return this.setting(event, whole(found.state), { attendees, wanting, organisationTypes: new Map(types), accounts: new Map(accounts) });
  }

  /** For all meetings of an event together. */
  async forAll(event: string): Promise<Setting | null> {
    const [found, attendees, wanting] = await Promise.all([
      this.events.get(event),
      this.attendees(event),
      this.profiles.wanting(event, null),
    ]);
    return found && this.setting(event, whole(found.state), { attendees, wanting, organisationTypes: new Map(), accounts: new Map() });
  }

  private async setting(id: string, event: WholeEvent, known: Known): Promise<Setting> {
    return settingOf(id, event, known, this.runtime.clock.iso(), await this.policies.standing(event.partnerships));
  }

  /** Who was admitted to an event, by person. */
  async attendees(event: string): Promise<Map<string, Attendee>> {
    const found = await this.ledgers.get(event);
    const seats = found ? [...ledgerIn(found.state).seats.values()].filter(({ state }) => ADMITTED.includes(state)) : [];
    return new Map(
      seats.flatMap(({ id, organisation, persons }) =>
        persons.map((person) => [person, { person, organisation, registration: id }] as const),
      ),
    );
  }
}
