import { eligibility } from '#libs/domain/cosme';
import type { Context } from '#libs/domain/decision';
import { type Finding, failed, notApplicable, passed } from '#libs/domain/verdict';
import type { WholeEvent } from './planned-event.js';

const announced = ['type', 'start', 'end', 'zone', 'mode'] as const;
const registered = ['capacity', 'targetGroups', 'deadline', 'privacyNotice'] as const;

/** What an event in each state has to say beside what it had to say before. */
const needs: Record<string, (event: WholeEvent) => readonly (keyof WholeEvent)[]> = {
  SCHEDULED: ({ mode }) => [...announced, ...(mode === 'ONLINE' ? [] : (['country', 'city'] as const))],
  REGISTRATION_OPEN: (event) => [...needs.SCHEDULED!(event), ...registered],
  REGISTRATION_CLOSED: (event) => needs.REGISTRATION_OPEN!(event),
  RUNNING: (event) => needs.SCHEDULED!(event),
};

const isBlank = (value: unknown) => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** JSON pointers to what is not said, though an event in that state says it. */
export const missingFor = (state: string, event: WholeEvent): string[] =>
  (needs[state]?.(event) ?? []).filter((name) => isBlank(event[name])).map((name) => `/${name}`);

/** Where it says so of missions. */
export const MISSION = 'event-types.json#THIRD_COUNTRY_MISSION';

/** A mission to a third country leads out of the COSME countries, as they are on the day it begins. */
export function leadsOut({ type, country, start }: WholeEvent, { policies }: Pick<Context, 'policies'>): Finding {
  if (type !== 'THIRD_COUNTRY_MISSION' || country === null) return notApplicable('It is no mission, or has no country yet.');
  const { eligible, reason, ...inputs } = eligibility(country, { on: (start ?? '').slice(0, 10), policies });
  return eligible
    ? failed(`A mission leads out of the COSME countries. ${reason}`, inputs, '/country')
    : passed('The country is a third country.', inputs);
}
