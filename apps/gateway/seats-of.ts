import type { Actor } from '#libs/contracts/actor';
import type { ReadModels } from './read-models.js';

/** Who has a seat, as the registration says. */
const SEATED = ['APPROVED', 'ATTENDED'];
const ACTING = ['ORGANISATION_REPRESENTATIVE', 'CLUSTER_MANAGER'];

/** Ids of the persons that somebody is, and of the organisations they act for. */
export interface StandingFor {
  persons: string[];
  organisations: string[];
}

const actingFor = ({ roles }: Actor): string[] => [
  ...new Set(roles.flatMap(({ role, binding }) => (binding?.kind === 'ORGANISATION' && ACTING.includes(role) ? [binding.id] : []))),
];

export async function standingFor(models: ReadModels, by: Actor): Promise<StandingFor> {
  const persons = await models.where('persons', { account: by.id });
  return { persons: persons.map(({ id }) => id), organisations: actingFor(by) };
}

/** Ids of the events that somebody has a seat at: as a person, or for the organisations they act for. */
export async function seatsOf(models: ReadModels, by: Actor): Promise<ReadonlySet<string>> {
  // Asked with every event that is read: of a system nobody looks for a person.
  return seatsFor(models, by.kind === 'PERSON' ? await standingFor(models, by) : { persons: [], organisations: actingFor(by) });
}

export async function seatsFor(models: ReadModels, { persons, organisations }: StandingFor): Promise<ReadonlySet<string>> {
  const found = await Promise.all([
    ...persons.map((person) => models.where('registrations', { person })),
    ...organisations.map((organisation) => models.where('registrations', { organisation })),
  ]);
  return new Set(found.flat().flatMap(({ state, event }) => (SEATED.includes(String(state)) ? [String(event)] : [])));
}
