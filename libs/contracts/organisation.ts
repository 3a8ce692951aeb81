import { z } from 'zod';
import { Actor } from './actor.js';
import { aggregate, StepDone } from './message.js';
import { Region } from './profile.js';
import { Code, Country, Email, ExternalId, Id, Money, Ref, Removal, Text, TextPatch, UpdatedAt, Verdict, Version } from './values.js';

const line = (max = 300) => z.string().min(1).max(max);

export const Address = z
  .strictObject({
    street: line().nullish(),
    postalCode: line(20).nullish(),
    city: line(200).nullish(),
    country: Country.nullish(),
  })
  .meta({ id: 'Address', example: { street: 'Technopolis 1', postalCode: '90570', city: 'Oulu', country: 'FI' } });

export const Coordinates = z
  .strictObject({ lat: z.number().min(-90).max(90), lon: z.number().min(-180).max(180) })
  .meta({ id: 'Coordinates', description: 'WGS 84, degrees', example: { lat: 65.0121, lon: 25.4651 } });

/** A place where an organisation works beside its seat. */
export const Establishment = z
  .strictObject({
    name: line().nullish(),
    country: Country,
    address: Address.nullish(),
    coordinates: Coordinates.nullish(),
  })
  .meta({ id: 'Establishment' });

const figures = {
  headcount: z.number().min(0).max(1e8).nullable().describe('staff in annual work units (Recommendation 2003/361/EC, annex, article 5)'),
  turnover: Money.nullable().describe('of the year, in euro, without VAT'),
  balanceSheet: Money.nullable().describe('total of the year, in euro'),
};

/** What an enterprise counts in one closed accounting period; null is "not declared", never 0. */
export const SizeYear = z
  .strictObject({ year: z.int().min(1990).max(2200).describe('in which the accounting period ended'), ...figures })
  .meta({ id: 'SizeYear' });
export type SizeYear = z.infer<typeof SizeYear>;

/** An enterprise that owns, or is owned by, the organisation; its own figures of the latest year. */
export const RelatedEnterprise = z
  .strictObject({
    relation: z.enum(['PARTNER', 'LINKED']).describe('PARTNER: 25 % or more, counted by its share; LINKED: controlled, counted whole'),
    share: z.number().min(0).max(100).describe('per cent of capital or voting rights, whichever is greater'),
    ...figures,
  })
  .meta({ id: 'RelatedEnterprise' });

/** What an organisation says of its size; its class follows from this. */
export const SizeInputs = z
  .strictObject({
    years: z.array(SizeYear).min(1).max(10).describe('closed accounting periods, in any order'),
    related: z.array(RelatedEnterprise).max(50).default([]).describe('none: it is autonomous'),
    publicShare: z
      .number()
      .min(0)
      .max(100)
      .nullable()
      .default(null)
      .describe('per cent controlled by public bodies, jointly or individually, investors of article 3(2) left out'),
  })
  .meta({ id: 'SizeInputs' });
export type SizeInputs = z.infer<typeof SizeInputs>;

export const SizeClass = z
  .object({
    value: z.enum(['MICRO', 'SMALL', 'MEDIUM', 'LARGE']).nullable().describe('null: what is declared does not decide it'),
    isSme: z.boolean().nullable(),
    verdict: Verdict,
  })
  .meta({ id: 'SizeClass' });
export type SizeClass = z.infer<typeof SizeClass>;

const profile = {
  name: line(),
  type: Code.describe('reference: organisation-types'),
  country: Country.describe('where it is registered'),
  region: Region.nullable(),
  aliases: z.array(line()).max(50),
  address: Address.nullable().describe('of its seat'),
  coordinates: Coordinates.nullable(),
  establishments: z.array(Establishment).max(100),
  website: z.string().max(2000).nullable(),
  contact: z
    .object({ email: Email.nullish(), phone: line(50).nullish() })
    .nullable()
    .describe('a mailbox, a switchboard'),
  offers: Text.nullable().describe('what it has to offer to partners'),
  size: SizeInputs.nullable(),
};

export const OrganisationView = z
  .object({
    ...profile,
    id: Id,
    version: Version,
    updatedAt: UpdatedAt,
    sizeClass: SizeClass,
    externalIds: z.array(ExternalId).describe('VAT, PIC, …'),
    owner: z.string().describe('who registered it'),
    formerIds: z.array(Id).describe('records that were merged into this one; their addresses lead here'),
  })
  .meta({ id: 'Organisation' });
export type OrganisationView = z.infer<typeof OrganisationView>;

export const Organisation = aggregate('organisation', {
  service: 'membership',
  resource: 'organisations',
  view: OrganisationView,
  fields: ['type', 'country', 'region.code'],
  personal: ['contact'],
});

/** What it says of itself; a missing field stays, null makes it blank (RFC 7396); region and size are told as a whole. */
const own = {
  ...profile,
  name: profile.name.regex(/\S/, 'not blank'),
  region: z.strictObject(Region.shape).nullable().describe('as a whole'),
  website: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .nullable(),
  contact: z.strictObject({ email: Email.nullish(), phone: line(50).nullish() }).nullable(),
  offers: TextPatch.nullable(),
  externalIds: z.array(ExternalId).max(20).describe('what it is called elsewhere; replaces the list'),
};

export const OrganisationPatch = z
  .strictObject(own)
  .partial()
  .meta({ id: 'OrganisationPatch', example: { website: 'https://company.example/', externalIds: [{ system: 'VAT', id: 'FI12345678' }] } });
export type OrganisationPatch = z.infer<typeof OrganisationPatch>;

export const OrganisationDraft = OrganisationPatch.required({ name: true, type: true, country: true }).meta({
  id: 'OrganisationDraft',
  example: { name: 'Northern Optics Oy', type: 'SME', country: 'FI' },
});
export type OrganisationDraft = z.infer<typeof OrganisationDraft>;

/** Public: who represents it, what it counts and where to write to are not. */
const Told = OrganisationView.pick({ id: true, name: true, type: true, country: true, region: true });

export const RegisterOrganisation = Organisation.command('register.v1', OrganisationDraft, OrganisationView, 'NEW');
export const OrganisationRegistered = Organisation.fact('registered.v1', Told);

export const ChangeOrganisation = Organisation.command('change.v1', OrganisationPatch, OrganisationView);
export const OrganisationChanged = Organisation.fact('changed.v1', Told);

/** The record of an outside system: registered when it is not there yet, changed when it is; what is not named stays. */
export const PutOrganisation = Organisation.command(
  'put.v1',
  OrganisationPatch.extend({ externalId: ExternalId }),
  OrganisationView,
  'UPSERT',
);

/** An import states what an organisation is; nothing is decided. What it does not mention stays. */
export const OrganisationRecord = z.object({
  name: profile.name,
  type: profile.type,
  country: profile.country,
  city: line(200).nullable().optional().describe('of its seat'),
  website: profile.website.optional(),
  externalIds: z.array(ExternalId).max(20).optional().describe('added to those it has'),
  sourceKey: z.string(),
});
export type OrganisationRecord = z.infer<typeof OrganisationRecord>;

export const RecordOrganisation = Organisation.command('record.v1', OrganisationRecord, OrganisationView, 'UPSERT');
export const OrganisationRecorded = Organisation.fact('recorded.v1', Told);

/** A record made by mistake, that no other names. */
export const RemoveOrganisation = Organisation.command('remove.v1', Removal, OrganisationView);
export const OrganisationRemoved = Organisation.fact('removed.v1', Told);

/** One of two records of the same organisation. */
export const Merging = z.strictObject({ into: Ref('organisations').describe('the record that stays') }).meta({ id: 'Merging' });

/** Given to the record that stays: it takes over the outside ids, names and address of the other, and what it has not said itself. */
export const MergeOrganisation = Organisation.command('merge.v1', z.object({ from: Id }), OrganisationView);
/** Whoever is called so now is called otherwise: the same organisation under the id that stays. */
export const OrganisationMerged = Organisation.fact('merged.v1', Told.extend({ from: Id.describe('leads here from now on') }));

/** The other record goes, if it is still what was looked at. */
export const YieldOrganisation = Organisation.command(
  'yield.v1',
  z.object({ into: Id, by: Actor, hash: z.string().describe('of its state as it was looked at') }),
  OrganisationView,
);
export const OrganisationYielded = Organisation.fact('yielded.v1', Told.extend({ into: Id }));

export const NoteYielded = Organisation.command('note-yielded.v1', StepDone, OrganisationView);

/** One of the signs by which a record looks like another, and what it counts. */
const Signal = z.object({ code: Code.describe('reference: duplicate-signals'), score: z.int().min(0), weight: z.int().min(0) });

export const SuspectedDuplicate = z
  .object({
    organisation: Id,
    name: z.string(),
    score: z.int().min(0).max(100).describe('sum of its parts, at most 100'),
    parts: z.array(Signal),
  })
  .meta({ id: 'SuspectedDuplicate' });

Organisation.refuses([RegisterOrganisation, PutOrganisation], {
  'ORGANISATION.REGISTER.ACTOR': ['NOT_YOURS', 'An organisation is registered by the platform, or by those who run a cluster.'],
});

Organisation.refuses([ChangeOrganisation, PutOrganisation], {
  'ORGANISATION.CHANGE.ACTOR': ['NOT_YOURS', 'An organisation is changed by its representative, or by who registered it.'],
});

Organisation.refuses([PutOrganisation], {
  'ORGANISATION.PUT.NAMED': ['RULE', 'The organisation is not there yet, and its name, type or country is not said.'],
});

Organisation.refuses([RegisterOrganisation, PutOrganisation, ChangeOrganisation], {
  'ORGANISATION.TYPE.KNOWN': ['RULE', 'The type is not one of organisation-types.'],
  'ORGANISATION.COUNTRIES.KNOWN': ['RULE', 'A country is not one of ISO 3166-1.'],
  'ORGANISATION.SIZE.COHERENT': ['RULE', 'A year stands twice, a figure is not in euro, or a share does not fit its relation.'],
  'ORGANISATION.EXTERNAL_IDS.DISTINCT': ['RULE', 'An outside id stands twice.'],
  'ORGANISATION.EXTERNAL_IDS.UNIQUE': ['RULE', 'Another organisation has one of the outside ids.'],
});

Organisation.refuses([RemoveOrganisation], {
  'ORGANISATION.REMOVE.ACTOR': ['NOT_YOURS', 'An organisation is removed by the platform, or by who registered it.'],
  'ORGANISATION.REMOVE.STATE': ['WRONG_STATE', 'Addresses of merged records lead to it.'],
  'ORGANISATION.REMOVE.FREE': ['WRONG_STATE', 'Other records name it.'],
});

Organisation.refuses([], {
  'ORGANISATION.SIZE.SME': ['RULE', 'It is no SME by Recommendation 2003/361/EC; told with its size class.'],
  'ORGANISATION.DUPLICATES.SUSPECTED': ['RULE', 'Other records look like it; told when it is registered.'],
});

Organisation.refuses([MergeOrganisation], {
  'ORGANISATION.MERGE.ACTOR': ['NOT_YOURS', 'Records are merged by who is in charge of both.'],
  'ORGANISATION.MERGE.OTHER': ['RULE', 'A record is not merged into itself, nor with one that is not there.'],
  'ORGANISATION.MERGE.STATE': ['WRONG_STATE', 'It is being merged with another at this moment.'],
  'ORGANISATION.MERGE.EXTERNAL_IDS': ['RULE', 'Together they would have too many outside ids.'],
});

Organisation.refuses([YieldOrganisation, NoteYielded], {
  'ORGANISATION.MERGE.PRODUCT': ['NOT_YOURS', 'The steps of a merge are those of the product itself.'],
});

Organisation.refuses([MergeOrganisation, YieldOrganisation], {
  'ORGANISATION.MERGE.SAME': ['WRONG_STATE', 'The record that should go has changed meanwhile.'],
});
