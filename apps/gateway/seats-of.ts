import type { Actor } from '#libs/contracts/actor';
import type { ReadModels } from './read-models.js';

/** Who has a seat, as the registration says. */
const SEATED = ['APPROVED', 'ATTENDED'];
const ACTING = ['ORGANISATION_REPRESENTATIVE', 'CLUSTER_MANAGER'];

/** The persons that somebody is, and the organisations they act for. */
export async function standingFor(models: ReadModels, by: Actor): Promise<{ persons: string[]; organisations: string[] }> {
  const persons = by.kind === 'PERSON' || by.kind === 'CLIENT' ? await models.where('persons', { account: by.id }) : [];
  const organisations = by.roles.flatMap(({ role, binding }) =>
    binding?.kind === 'ORGANISATION' && ACTING.includes(role) ? [binding.id] : [],
  );
  return { persons: persons.map(({ id }) => id), organisations: [...new Set(organisations)] };
}

/** Ids of the events that somebody has a seat at: as a person, or for the organisations they act for. */
export async function seatsOf(models: ReadModels, by: Actor): Promise<ReadonlySet<string>> {
  const { persons, organisations } = await standingFor(models, by);
  const found = await Promise.all([
    ...persons.map((person) => models.where('registrations', { person })),
    ...organisations.map((organisation) => models.where('registrations', { organisation })),
  ]);
  return new Set(found.flat().flatMap(({ state, event }) => (SEATED.includes(String(state)) ? [String(event)] : [])));
}
