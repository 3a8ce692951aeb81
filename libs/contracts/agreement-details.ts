import { z } from 'zod';
import { Difference } from './history.js';
import { Code, Country, Day, Email, Id, Instant, Ref, Sha256, Text, TextPatch } from './values.js';

export const PartyKind = z.enum(['PARTNERSHIP', 'CLUSTER', 'ORGANISATION', 'OUTSIDE']);

/** Who an agreement is made between. */
export const AgreementParty = z
  .object({
    id: Id.describe('of its record; one from outside has an id within the agreement'),
    kind: PartyKind,
    name: z.string().nullable().describe('of one from outside'),
    country: Country.nullable().describe('of one from outside'),
    signs: z.boolean().describe('whether its signature is asked for: a letter of support is signed by one side'),
    accededOn: Day.nullable().describe('when it joined an agreement that others had signed'),
    mergedInto: Id.nullable()
      .optional()
      .describe('what its record has become part of since the text was frozen, which names it as it was then'),
  })
  .meta({ id: 'AgreementParty' });
export type AgreementParty = z.infer<typeof AgreementParty>;

const contact = {
  name: z.string().min(1).max(200),
  email: Email.nullable(),
  phone: z.string().min(1).max(50).nullable(),
};

const Contact = z.strictObject({ name: contact.name, email: contact.email.optional(), phone: contact.phone.optional() });

/** A party as it is said: exactly one of the four. */
export const PartySaid = z
  .strictObject({
    partnership: Ref('partnerships').optional(),
    cluster: Ref('clusters').optional(),
    organisation: Ref('organisations').optional(),
    outside: z
      .strictObject({
        name: z.string().min(1).max(300).regex(/\S/, 'not blank'),
        country: Country,
        contact: Contact.optional().describe('whom to write to; for the parties only'),
      })
      .optional()
      .describe('somebody without a record here'),
    signs: z.boolean().optional().describe('true unless said'),
  })
  .meta({ id: 'PartySaid', example: { outside: { name: 'Québec Photonics Network', country: 'CA' } } });
export type PartySaid = z.infer<typeof PartySaid>;

export const AgreementContact = z.object({ party: Id, ...contact }).meta({ id: 'AgreementContact' });
export type AgreementContact = z.infer<typeof AgreementContact>;

export const Signatory = z
  .object({
    party: Id,
    person: Id.nullable().describe('its record here: who signs in as this person may sign; null: signs on paper'),
    name: z.string().min(1).max(200).nullable().describe('null: the person was erased, and signs no more'),
    function: z.string().max(200).nullable(),
  })
  .meta({ id: 'Signatory' });
export type Signatory = z.infer<typeof Signatory>;

/** Binds a party to a text by its hash; it counts for nothing else. */
export const Signature = z
  .object({
    party: Id,
    hash: Sha256,
    at: Instant.describe('when it was given, or recorded, here'),
    kind: z.enum(['ELECTRONIC', 'PAPER']),
    by: z.string().describe('who gave or recorded it: the id that /v1/me tells'),
    name: z.string().nullable().describe('of who signed on paper'),
    function: z.string().nullable().describe('of who signed on paper'),
    signedOn: Day,
    evidence: Id.nullable().describe('attachment that shows a signature on paper'),
  })
  .meta({ id: 'Signature' });
export type Signature = z.infer<typeof Signature>;

export const Consent = z.enum(['freeze', 'renew', 'accede']);

export const GivenConsent = z
  .object({
    party: Id,
    to: Consent,
    hash: Sha256.describe('of the text that was agreed to'),
    about: z.string().nullable().describe('renew: the new last day; accede: the party that joins'),
    at: Instant,
    by: z.string().describe('the id that /v1/me tells'),
    note: z.string().nullable().describe('how one without access here agreed'),
  })
  .meta({ id: 'AgreementConsent' });
export type GivenConsent = z.infer<typeof GivenConsent>;

const terms = {
  validFrom: Day.nullable().describe('first day; null: from the last signature on'),
  validTo: Day.nullable().describe('last day; null: no end is agreed'),
  renewalClause: z.boolean().describe('it may be renewed without asking the parties again'),
  accessionClause: z.boolean().describe('a party may join without asking the others again'),
};

/** The text of an agreement at one time; what is signed is its hash. */
export const AgreementVersion = z
  .object({
    no: z.int().min(1).max(1000),
    state: Code.describe('state-machines: AGREEMENT; the machine runs per version'),
    title: Text,
    parties: z.array(AgreementParty),
    text: Text.nullable(),
    file: Id.nullable().describe('attachment that holds the text'),
    fileSha256: Sha256.nullable().describe('of that file; part of what is hashed'),
    ...terms,
    hash: Sha256.describe(
      'SHA-256 over the canonical JSON (RFC 8785) of number, kind, title, parties, text, hash of the file and terms; fixed once frozen',
    ),
    frozenAt: Instant.nullable(),
    consents: z.array(GivenConsent),
    signatures: z.array(Signature),
    voided: z.array(Id).describe('parties whose signatures went when it was last reopened or declined'),
    signedOn: Day.nullable().describe('day of the last signature'),
    inForceSince: Day.nullable(),
    endedOn: Day.nullable(),
    renewals: z.array(z.object({ validTo: Day.describe('as it was before'), at: Instant })),
    reason: z.string().nullable().describe('why it was reopened, declined, ended or given up'),
    amends: z.int().nullable().describe('number of the version it would replace'),
    changes: z.array(Difference).nullable().describe('against the version it amends; paragraphs of a text one by one'),
  })
  .meta({ id: 'AgreementVersion' });
export type AgreementVersion = z.infer<typeof AgreementVersion>;

/** What those who run the partnership say of an agreement; a missing field stays, null makes it blank (RFC 7396). */
export const agreementSaid = {
  kind: Code.describe('reference: document-types, those that are kinds of agreement'),
  title: TextPatch,
  parties: z.array(PartySaid).max(50).describe('replaces the list'),
  text: TextPatch.nullable(),
  file: Id.nullable().describe('an attachment of the agreement that holds the text'),
  ...terms,
};
