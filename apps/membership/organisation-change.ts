import type { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import {
  OrganisationChanged,
  type OrganisationDraft,
  type OrganisationPatch,
  OrganisationRegistered,
  OrganisationRemoved,
  type PutOrganisation,
} from '#libs/contracts/organisation';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { type Comparable, suspectedAmong } from '#libs/domain/duplicates';
import { withId } from '#libs/domain/external-ids';
import { patched } from '#libs/domain/merge-patch';
import { stated } from '#libs/domain/record';
import { removing } from '#libs/domain/removal';
import { rolesTowards } from '#libs/domain/standing';
import { failed, judge, notApplicable, passed, type Rule, rule } from '#libs/domain/verdict';
import { duplicatesSource } from '#libs/reference/duplicate-signals';
import { blank, type Organisation, withSigns } from './organisation.js';
import { type Said, saidRules } from './organisation-rules.js';

/** Those who bring organisations in, whichever cluster they run. */
const REGISTRARS = ['PLATFORM_ADMIN', 'CLUSTER_MANAGER'];
export const IN_CHARGE: readonly string[] = ['PLATFORM_ADMIN', 'ORGANISATION_REPRESENTATIVE', 'CLUSTER_MANAGER', 'OWNER'];

/** Also roles bound to records that were merged into this one. */
export const rolesOf = ({ owner, formerIds }: Pick<Organisation, 'owner' | 'formerIds'>, by: Actor, id: string): string[] => [
  ...rolesTowards(by, { ORGANISATION: [id, ...formerIds] }),
  ...(owner === by.id ? ['OWNER'] : []),
];

const mayRegister = rule(
  'ORGANISATION.REGISTER.ACTOR',
  ({ by }: { by: Actor }) => {
    const roles = [...new Set(by.roles.map(({ role }) => role))];
    const may = by.roles.some(({ role, binding }) => REGISTRARS.includes(role) && (role !== 'PLATFORM_ADMIN' || binding === null));
    return may
      ? passed('Organisations are yours to register.', { roles })
      : failed('An organisation is registered by the platform, or by those who run a cluster.', { roles });
  },
  { kind: 'NOT_YOURS' },
);

/** Nothing is refused for it: who registers is told, and may merge. */
const suspects = (next: Organisation, others: readonly Comparable[]) =>
  rule(
    'ORGANISATION.DUPLICATES.SUSPECTED',
    () => {
      const suspected = suspectedAmong({ ...next, id: '' }, others);
      return suspected.length === 0
        ? passed('No other record looks like it.', { compared: others.length })
        : notApplicable(`It looks like ${suspected.length} other record(s).`, { compared: others.length, suspected });
    },
    { source: duplicatesSource },
  );

/** `likely`: records that share a sign with it. */
export const registerOrganisation =
  (likely: readonly Comparable[], further: readonly Rule<[]>[] = []) =>
  (_: Organisation | null, draft: OrganisationDraft, context: Context): Decision<Organisation> => {
    const { id, by } = context;
    const { name, type, country, ...rest } = draft;
    const next = withSigns(patched<Organisation>({ ...blank, name, type, country, owner: by.id }, rest, ['offers']));
    const verdicts = judge([mayRegister, ...saidRules, ...further, suspects(next, likely)], { patch: draft, by, context });
    return { next, facts: [OrganisationRegistered.of({ ...next, id })], verdicts };
  };

interface Change extends Said {
  roles: readonly string[];
}

const mayChange = rule(
  'ORGANISATION.CHANGE.ACTOR',
  ({ roles }: Change) =>
    roles.some((role) => IN_CHARGE.includes(role))
      ? passed('The organisation is yours to change.', { roles })
      : failed('An organisation is changed by its representative, or by who registered it.', { roles }),
  { kind: 'NOT_YOURS' },
);

export function changeOrganisation(organisation: Organisation | null, patch: OrganisationPatch, context: Context): Decision<Organisation> {
  const { id, by } = context;
  const before = organisation as Organisation;
  const next = stated(before, withSigns(patched(before, patch, ['offers'])));
  const verdicts = judge([mayChange, ...saidRules], { patch, roles: rolesOf(before, by, id), context });
  return next === before ? unchanged(before, verdicts) : { next, facts: [OrganisationChanged.of({ ...next, id })], verdicts };
}

const named = ({ name, type, country }: OrganisationPatch) =>
  rule('ORGANISATION.PUT.NAMED', () => {
    const missing = Object.entries({ name, type, country }).flatMap(([field, value]) => (value === undefined ? [`/${field}`] : []));
    return missing.length === 0
      ? passed('Name, type and country are said.')
      : failed(
          'The organisation is not there yet: say its name, type and country.',
          {},
          missing.map((pointer) => ({ pointer, message: 'needed for a new organisation' })),
        );
  });

/** The organisation of an outside system: registered when it is not there yet, else changed. Its outside id is among its ids in any case. */
export const putOrganisation =
  (likely: readonly Comparable[]) =>
  (
    organisation: Organisation | null,
    { externalId, ...patch }: z.output<typeof PutOrganisation.data>,
    context: Context,
  ): Decision<Organisation> => {
    const externalIds = withId(patch.externalIds ?? organisation?.externalIds ?? [], externalId);
    if (organisation) return changeOrganisation(organisation, { ...patch, externalIds }, context);
    const draft = { ...patch, name: patch.name ?? '', type: patch.type as string, country: patch.country ?? '', externalIds };
    return registerOrganisation(likely, [named(patch)])(null, draft, context);
  };

/** A record made by mistake: nobody names it. */
export const removeOrganisation = removing<Organisation>({
  name: 'ORGANISATION',
  roles: (before, { id, by }) => rolesOf(before, by, id),
  actors: ['PLATFORM_ADMIN', 'OWNER'],
  stays: ({ formerIds }) => (formerIds.length === 0 ? null : 'Addresses of records that were merged into it lead to it.'),
  tell: (before, id) => OrganisationRemoved.of({ ...before, id }),
});
