import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import { RegistrationView } from '#libs/contracts/registration';
import { Country, Id, Instant } from '#libs/contracts/values';
import type { Config } from '#libs/service/config';
import { Runtime } from '#libs/service/runtime';
import { checkInCodeOf } from './key-text.js';
import { ReadModels } from './read-models.js';
import { Reads } from './reads.js';
import type { View } from './resources.js';

/** Whoever has a seat, or had one and did not come. */
const ADMITTED = ['APPROVED', 'ATTENDED', 'NO_SHOW'];

export const Participant = z
  .object({
    registration: Id,
    person: Id,
    name: z.string().nullable().describe('null: the record of the person is not there any more'),
    organisation: Id,
    organisationName: z.string().nullable(),
    country: Country.nullable().describe('of the organisation'),
    state: RegistrationView.shape.state,
    checkedInAt: Instant.nullable(),
    code: z.string().describe('of this person at this event, as it stands in the QR code of the badge'),
  })
  .meta({ id: 'Participant' });
export type Participant = z.infer<typeof Participant>;

/** Who takes part in an event, person by person. */
@Injectable()
export class Participants {
  constructor(
    private readonly reads: Reads,
    private readonly models: ReadModels,
    private readonly runtime: Runtime,
  ) {}

  /** Those whose registrations the reader sees: the organiser all, others their own. */
  async of(event: string, by: Actor): Promise<Participant[]> {
    return this.rowsOf(event, await this.reads.where('registrations', { event }, by));
  }

  /** Whose code it is; undefined: nobody's who has a seat. */
  async withCode(event: string, code: string): Promise<Participant | undefined> {
    return (await this.all(event)).find((each) => each.code === code);
  }

  async person(event: string, person: string): Promise<Participant | undefined> {
    return (await this.all(event)).find((each) => each.person === person);
  }

  private async all(event: string): Promise<Participant[]> {
    return this.rowsOf(event, await this.models.where('registrations', { event }));
  }

  /** In order of organisation and name, as on a list at the door. */
  private async rowsOf(event: string, registrations: readonly View[]): Promise<Participant[]> {
    const admitted = (registrations as unknown as RegistrationView[]).filter(({ state }) => ADMITTED.includes(state));
    const [persons, organisations, checkIns] = await Promise.all([
      this.named(
        'persons',
        admitted.flatMap((each) => each.persons),
      ),
      this.named(
        'organisations',
        admitted.map(({ organisation }) => organisation),
      ),
      this.models.where('check-ins', { event }),
    ]);
    const cameAt = new Map(checkIns.map((view) => [String(view.person), String(view.at)]));
    const secret = (this.runtime.config as Config<'gateway'>).SECRETS_KEY;
    const rows = admitted.flatMap(({ id: registration, organisation, state, persons: all }) =>
      all.map((person): Participant => {
        const its = organisations.get(organisation);
        return {
          registration,
          person,
          name: text(persons.get(person)?.name),
          organisation,
          organisationName: text(its?.name),
          country: text(its?.country),
          state,
          checkedInAt: cameAt.get(person) ?? null,
          code: checkInCodeOf(event, person, secret),
        };
      }),
    );
    return rows.sort((a, b) => keyOf(a).localeCompare(keyOf(b), 'en'));
  }

  private async named(resource: string, ids: readonly string[]): Promise<Map<string, View>> {
    const found = ids.length > 0 ? await this.models.byIds(resource, [...new Set(ids)]) : [];
    return new Map(found.map((view) => [view.id, view]));
  }
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const keyOf = ({ organisationName, name, person }: Participant) => `${organisationName ?? ''}\n${name ?? ''}\n${person}`;
