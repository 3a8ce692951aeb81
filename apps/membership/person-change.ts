import { IANAZone } from 'luxon';
import type { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import {
  type Consent,
  ConsentGiven,
  ConsentWithdrawn,
  type FollowOrganisation,
  type GiveConsent,
  PersonChanged,
  type PersonDraft,
  PersonErased,
  PersonFollowed,
  type PersonPatch,
  PersonRecorded,
  PersonRemoved,
  type PutPerson,
  type WithdrawConsent,
} from '#libs/contracts/person';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { distinctIds, withId } from '#libs/domain/external-ids';
import { patched } from '#libs/domain/merge-patch';
import { stated } from '#libs/domain/record';
import { removing } from '#libs/domain/removal';
import { rolesTowards } from '#libs/domain/standing';
import { failed, judge, notApplicable, passed, type Rule, rule } from '#libs/domain/verdict';
import { isRole } from '#libs/reference/roles';
import { blank, mailboxOf, type Person } from './person.js';

// Verdicts are remembered with the message: what is said of a person stands in none of them.

const OF_ORGANISATION = ['PLATFORM_ADMIN', 'ORGANISATION_REPRESENTATIVE', 'CLUSTER_MANAGER'];
const THEIR_OWN = ['SELF', 'OWNER'];

/** Towards a person: of its organisation, who recorded it, and itself. */
export const rolesOf = ({ organisation, owner, account }: Pick<Person, 'organisation' | 'owner' | 'account'>, by: Actor): string[] => [
  ...rolesTowards(by, { ORGANISATION: [organisation] }),
  ...(owner === by.id ? ['OWNER'] : []),
  ...(account === by.id ? ['SELF'] : []),
];

const actor = (command: string, actors: readonly string[], otherwise: string) =>
  rule(
    `PERSON.${command}.ACTOR`,
    ({ roles }: { roles: readonly string[] }) =>
      roles.some((role) => actors.includes(role)) ? passed('It is yours to do.', { roles }) : failed(otherwise, { roles, actors }),
    { kind: 'NOT_YOURS' },
  );

interface Said {
  patch: PersonPatch;
}

const knownZone = rule('PERSON.ZONE.KNOWN', ({ patch: { zone } }: Said) => {
  if (!zone) return notApplicable('No time zone is stated.');
  return IANAZone.isValidZone(zone) ? passed('The time zone is known.') : failed('This is no time zone of the IANA database.', {}, '/zone');
});

const knownRoles = rule('PERSON.ROLES.KNOWN', ({ patch: { roles } }: Said) => {
  if (!roles?.length) return notApplicable('No roles are stated.');
  const unknown = roles.flatMap(({ role }, i) =>
    isRole(role) ? [] : [{ pointer: `/roles/${i}/role`, message: 'This is no code of roles.' }],
  );
  return unknown.length === 0 ? passed('The roles are known.') : failed('A role is not known.', {}, unknown);
});

const distinct = distinctIds('PERSON');
const distinctQuietly: typeof distinct = {
  ...distinct,
  evaluate: (said) => {
    const found = distinct.evaluate(said);
    return {
      ...found,
      inputs: {},
      faults: found.faults.map(({ pointer }) => ({ pointer, message: 'It stands twice, or is one too many.' })),
    };
  },
};

/** `mailboxOwner`: who has the address in the organisation already. */
const ownMailbox = (mailboxOwner: string | null, id: string) =>
  rule('PERSON.EMAIL.UNIQUE', ({ patch: { email } }: Said) => {
    if (email === undefined) return notApplicable('The address stays.');
    return mailboxOwner === null || mailboxOwner === id
      ? passed('Nobody else of the organisation has the address.')
      : failed('Another person of the organisation has this address already.', { person: mailboxOwner }, '/email');
  });

const saidRules = [knownZone, knownRoles, distinctQuietly];

const given = ({ purpose, text, version }: z.output<typeof GiveConsent.data>, at: string): Consent => ({
  purpose,
  text,
  version,
  givenAt: at,
  withdrawnAt: null,
});

const mayRecord = actor('RECORD', OF_ORGANISATION, 'A person is recorded by those who represent its organisation, or run its cluster.');

export const recordPerson =
  (mailboxOwner: string | null, further: readonly Rule<[]>[] = []) =>
  (_: Person | null, draft: PersonDraft, { id, by, at }: Context): Decision<Person> => {
    const { name, email, organisation, consents = [], ...rest } = draft;
    const roles = rolesTowards(by, { ORGANISATION: [organisation] });
    const verdicts = judge([mayRecord, ...saidRules, ownMailbox(mailboxOwner, id), ...further], { patch: draft, roles });
    const begun = { ...blank, name, email, organisation, owner: by.id, mailbox: mailboxOf(organisation, email) };
    const next = patched<Person>({ ...begun, consents: consents.map((each) => given(each, at)) }, rest);
    return { next, facts: [PersonRecorded.of({ ...next, id })], verdicts };
  };

const mayChange = actor(
  'CHANGE',
  [...OF_ORGANISATION, ...THEIR_OWN],
  'A person is changed by itself, its organisation, or who recorded it.',
);

export const changePerson =
  (mailboxOwner: string | null, further: readonly Rule<[]>[] = []) =>
  (person: Person | null, patch: PersonPatch, { id, by }: Context): Decision<Person> => {
    const before = person as Person;
    const after = patched(before, patch);
    const next = stated(before, { ...after, mailbox: mailboxOf(after.organisation, after.email) });
    const rules = [mayChange, ...saidRules, ownMailbox(mailboxOwner, id), ...further];
    const verdicts = judge(rules, { patch, roles: rolesOf(before, by) });
    return next === before ? unchanged(before, verdicts) : { next, facts: [PersonChanged.of({ ...next, id })], verdicts };
  };

const named = (person: Person | null, { name, email, organisation, consents }: z.output<typeof PutPerson.data>) =>
  rule('PERSON.PUT.NAMED', () => {
    if (person) {
      const faults = [
        ...(organisation === undefined || organisation === person.organisation
          ? []
          : [{ pointer: '/organisation', message: 'a person stays with its organisation' }]),
        ...(consents === undefined ? [] : [{ pointer: '/consents', message: 'told by give-consent and withdraw-consent' }]),
      ];
      return faults.length === 0 ? notApplicable('The person is there.') : failed('This is not changed so.', {}, faults);
    }
    const missing = Object.entries({ name, email, organisation }).flatMap(([field, value]) => (value === undefined ? [`/${field}`] : []));
    return missing.length === 0
      ? passed('Name, address and organisation are said.')
      : failed(
          'The person is not there yet: say its name, address and organisation.',
          {},
          missing.map((pointer) => ({ pointer, message: 'needed for a new person' })),
        );
  });

/** The person of an outside system: recorded when it is not there yet, else changed. Its outside id is among its ids in any case. */
export const putPerson =
  (mailboxOwner: string | null) =>
  (person: Person | null, put: z.output<typeof PutPerson.data>, context: Context): Decision<Person> => {
    const { externalId, organisation = '', consents, ...patch } = put;
    const said = { ...patch, externalIds: withId(patch.externalIds ?? person?.externalIds ?? [], externalId) };
    const further = [named(person, put)];
    if (person) return changePerson(mailboxOwner, further)(person, said, context);
    const draft = { ...said, name: said.name ?? '', email: said.email ?? '', organisation, consents };
    return recordPerson(mailboxOwner, further)(null, draft, context);
  };

export const removePerson = removing<Person>({
  name: 'PERSON',
  roles: (before, { by }) => rolesOf(before, by),
  actors: ['PLATFORM_ADMIN', 'ORGANISATION_REPRESENTATIVE', 'OWNER', 'SELF'],
  stays: ({ consents }) => (consents.length === 0 ? null : 'It has given consents: what is to be forgotten is erased.'),
  tell: (before, id) => PersonRemoved.of({ ...before, id }),
});

const mayConsent = actor(
  'CONSENT',
  ['PLATFORM_ADMIN', ...THEIR_OWN],
  'Consent is given and withdrawn by the person itself, or recorded by who recorded it.',
);

const stands = (consents: readonly Consent[], purpose: string) =>
  consents.findIndex((each) => each.purpose === purpose && each.withdrawnAt === null);

const newConsent = rule(
  'PERSON.CONSENT.NEW',
  ({ before, data }: { before: Person; data: z.output<typeof GiveConsent.data> }) => {
    const { text, version } = before.consents[stands(before.consents, data.purpose)] ?? {};
    return text === data.text && version === data.version ? 'This version of the text was agreed to already.' : true;
  },
  { kind: 'WRONG_STATE' },
);

/** Another text for the same purpose takes the place of the one before, which stands on as withdrawn. */
export function giveConsent(person: Person | null, data: z.output<typeof GiveConsent.data>, { id, by, at }: Context): Decision<Person> {
  const before = person as Person;
  const verdicts = judge([mayConsent, newConsent], { before, data, roles: rolesOf(before, by) });
  const next = { ...before, consents: [...withdrawn(before.consents, data.purpose, at), given(data, at)] };
  return { next, facts: [ConsentGiven.of({ ...next, id })], verdicts };
}

const standing = rule(
  'PERSON.CONSENT.STANDS',
  ({ before, data }: { before: Person; data: { purpose: string } }) =>
    stands(before.consents, data.purpose) >= 0 || 'There is no consent to this purpose to withdraw.',
  { kind: 'WRONG_STATE' },
);

export function withdrawConsent(
  person: Person | null,
  data: z.output<typeof WithdrawConsent.data>,
  { id, by, at }: Context,
): Decision<Person> {
  const before = person as Person;
  const verdicts = judge([mayConsent, standing], { before, data, roles: rolesOf(before, by) });
  const next = { ...before, consents: withdrawn(before.consents, data.purpose, at) };
  return { next, facts: [ConsentWithdrawn.of({ ...next, id })], verdicts };
}

const withdrawn = (consents: readonly Consent[], purpose: string, at: string): Consent[] =>
  consents.map((each) => (each.purpose === purpose && each.withdrawnAt === null ? { ...each, withdrawnAt: at } : each));

const byItself = rule(
  'PERSON.FOLLOW_ORGANISATION.ACTOR',
  ({ by }: Context) => by.kind === 'SYSTEM' || 'Persons follow their organisation by the product itself.',
  { kind: 'NOT_YOURS' },
);

/** Whoever has been called elsewhere meanwhile stays there; where its address is taken, both stand until one is merged or removed. */
export function followOrganisation(
  person: Person | null,
  { from, to }: z.output<typeof FollowOrganisation.data>,
  context: Context,
): Decision<Person> {
  const verdicts = judge([byItself], context);
  const before = person as Person;
  if (before.organisation !== from) return unchanged(before, verdicts);
  const next = { ...before, organisation: to, mailbox: mailboxOf(to, before.email) };
  return { next, facts: [PersonFollowed.of({ ...next, id: context.id })], verdicts };
}

const byErasure = rule(
  'PERSON.FORGET.ACTOR',
  ({ by }: Context) => by.kind === 'SYSTEM' || 'A person is erased by the process that tells every service.',
  { kind: 'NOT_YOURS' },
);

/** Where nothing is there any more the topic of states is told so again: what lies before it can be compacted then. */
export function erasePerson(person: Person | null, _: unknown, context: Context): Decision<Person> {
  const verdicts = judge([byErasure], context);
  return { next: person as Person, gone: true, facts: person ? [PersonErased.of({ id: context.id })] : [], verdicts };
}
