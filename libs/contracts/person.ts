import { z } from 'zod';
import { BoundRole } from './actor.js';
import { aggregate } from './message.js';
import { Code, Email, ExternalId, Id, Instant, Ref, Removal, UpdatedAt, Version } from './values.js';

/** What somebody has agreed to: which text, in which version, for what; it stands on after it was withdrawn. */
export const Consent = z
  .object({
    purpose: Code.describe('what it allows, such as ALUMNI_DIRECTORY'),
    text: z.string().min(1).max(200).describe('which text was agreed to: its name or address'),
    version: z.string().min(1).max(40).describe('of the text'),
    givenAt: Instant,
    withdrawnAt: Instant.nullable(),
  })
  .meta({ id: 'Consent' });
export type Consent = z.infer<typeof Consent>;

const Agreed = z.strictObject({ purpose: Consent.shape.purpose, text: Consent.shape.text, version: Consent.shape.version });

const profile = {
  name: z.string().min(1).max(200),
  email: Email,
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a tag of BCP 47')
    .max(35)
    .nullable()
    .describe('BCP 47; in which to write to it'),
  zone: z.string().max(60).nullable().describe('IANA zone'),
  phone: z.string().min(1).max(50).nullable(),
  relation: z.enum(['OWNER', 'EMPLOYEE', 'OTHER']).nullable().describe('to its organisation'),
  roles: z.array(BoundRole).max(50).describe('what it does, as its organisation says; what it may do is said where it signs in'),
  account: z.string().min(1).max(100).nullable().describe('who it is when it signs in: the id that /v1/me tells'),
};

export const PersonView = z
  .object({
    ...profile,
    id: Id,
    version: Version,
    updatedAt: UpdatedAt,
    organisation: Id,
    consents: z.array(Consent),
    externalIds: z.array(ExternalId),
    owner: z.string().describe('who recorded it'),
  })
  .meta({ id: 'Person' });
export type PersonView = z.infer<typeof PersonView>;

export const Person = aggregate('person', {
  service: 'membership',
  resource: 'persons',
  view: PersonView,
  fields: ['organisation'],
  personal: ['name', 'email', 'language', 'zone', 'phone', 'relation', 'roles', 'account', 'consents', 'externalIds', 'owner'],
  withheld: ['mailbox'],
});

const own = {
  ...profile,
  name: profile.name.regex(/\S/, 'not blank'),
  externalIds: z.array(ExternalId).max(20).describe('what it is called elsewhere; replaces the list'),
};

const organisation = Ref('organisations').describe('the one it belongs to: a person of two organisations is two records');

export const PersonPatch = z
  .strictObject(own)
  .partial()
  .meta({ id: 'PersonPatch', example: { language: 'fi', zone: 'Europe/Helsinki' } });
export type PersonPatch = z.infer<typeof PersonPatch>;

export const PersonPut = PersonPatch.extend({ organisation: organisation.optional(), consents: z.array(Agreed).max(50).optional() }).meta({
  id: 'PersonPut',
  example: { name: 'Aino Virtanen', email: 'aino@company.example', organisation: '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f' },
});
export type PersonPut = z.infer<typeof PersonPut>;

export const PersonDraft = PersonPut.required({ name: true, email: true, organisation: true }).meta({
  id: 'PersonDraft',
  example: { name: 'Aino Virtanen', email: 'aino@company.example', organisation: '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f' },
});
export type PersonDraft = z.infer<typeof PersonDraft>;

/** Ids only: a person is known to those who may read it, and by nothing else. */
const Told = PersonView.pick({ id: true, organisation: true });

export const RecordPerson = Person.command('record.v1', PersonDraft, PersonView, 'NEW');
export const PersonRecorded = Person.fact('recorded.v1', Told);

export const ChangePerson = Person.command('change.v1', PersonPatch, PersonView);
export const PersonChanged = Person.fact('changed.v1', Told);

/** The record of an outside system: made when it is not there yet, changed when it is; what is not named stays. */
export const PutPerson = Person.command('put.v1', PersonPut.extend({ externalId: ExternalId }), PersonView, 'UPSERT');

/** A record made by mistake, that no other names. What is to be forgotten everywhere is erased. */
export const RemovePerson = Person.command('remove.v1', Removal, PersonView);
export const PersonRemoved = Person.fact('removed.v1', Told);

export const GiveConsent = Person.command('give-consent.v1', Agreed, PersonView);
export const ConsentGiven = Person.fact('consent-given.v1', Told);

/** Its organisation is merged into another record, and called by the id of that. */
export const FollowOrganisation = Person.command('follow-organisation.v1', z.object({ from: Id, to: Id }), PersonView);
export const PersonFollowed = Person.fact('followed-organisation.v1', Told);

/** Forgets the person, whatever depends on it. Given again it tells the topic of states once more that nothing is there. */
export const ForgetOneself = Person.command('forget.v1', z.object({}), PersonView, 'UPSERT');
export const PersonErased = Person.fact('erased.v1', PersonView.pick({ id: true }));

/** By its purpose; what was done while it stood was allowed. */
export const WithdrawConsent = Person.command('withdraw-consent.v1', z.strictObject({ purpose: Consent.shape.purpose }), PersonView);
export const ConsentWithdrawn = Person.fact('consent-withdrawn.v1', Told);

Person.refuses([RecordPerson, PutPerson], {
  'PERSON.RECORD.ACTOR': ['NOT_YOURS', 'A person is recorded by those who represent its organisation, or run its cluster.'],
});

Person.refuses([ChangePerson, PutPerson], {
  'PERSON.CHANGE.ACTOR': ['NOT_YOURS', 'A person is changed by itself, its organisation, or who recorded it.'],
});

Person.refuses([PutPerson], {
  'PERSON.PUT.NAMED': [
    'RULE',
    'The person is not there yet, and its name, address or organisation is not said; or it would change its organisation.',
  ],
});

Person.refuses([RecordPerson, PutPerson, ChangePerson], {
  'PERSON.EMAIL.UNIQUE': ['RULE', 'Another person of the organisation has this address.'],
  'PERSON.ZONE.KNOWN': ['RULE', 'The time zone is not one of the IANA database.'],
  'PERSON.ROLES.KNOWN': ['RULE', 'A role is not one of roles.'],
  'PERSON.EXTERNAL_IDS.DISTINCT': ['RULE', 'An outside id stands twice.'],
  'PERSON.EXTERNAL_IDS.UNIQUE': ['RULE', 'Another person has one of the outside ids.'],
});

Person.refuses([RemovePerson], {
  'PERSON.REMOVE.ACTOR': ['NOT_YOURS', 'A person is removed by its organisation, or by who recorded it.'],
  'PERSON.REMOVE.STATE': ['WRONG_STATE', 'It has given consents: what is to be forgotten is erased.'],
  'PERSON.REMOVE.FREE': ['WRONG_STATE', 'Other records name it.'],
});

Person.refuses([GiveConsent, WithdrawConsent], {
  'PERSON.CONSENT.ACTOR': ['NOT_YOURS', 'Consent is given and withdrawn by the person itself, or recorded by who recorded it.'],
});

Person.refuses([GiveConsent], {
  'PERSON.CONSENT.NEW': ['WRONG_STATE', 'This version of the text was agreed to already.'],
});

Person.refuses([WithdrawConsent], {
  'PERSON.CONSENT.STANDS': ['WRONG_STATE', 'There is no consent to this purpose to withdraw.'],
});

Person.refuses([FollowOrganisation], {
  'PERSON.FOLLOW_ORGANISATION.ACTOR': ['NOT_YOURS', 'Persons follow their organisation by the product itself.'],
});

Person.refuses([ForgetOneself], {
  'PERSON.FORGET.ACTOR': ['NOT_YOURS', 'A person is erased by the process that tells every service.'],
});
