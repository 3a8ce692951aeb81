import { z } from 'zod';
import { AgreementContact, AgreementParty, AgreementVersion, agreementSaid, Signatory } from './agreement-details.js';
import { Attaching, Attachment, attachmentRefusals, Detaching, detachmentRefusals } from './attachment.js';
import { aggregate } from './message.js';
import { Code, Country, Day, ExternalId, Id, Ref, Removal, Sha256, Text, UpdatedAt, Version } from './values.js';

const number = AgreementVersion.shape.no;

/** State, title, parties and dates are those of the version in force; before there is one, of the version in work. */
export const AgreementView = z
  .object({
    id: Id,
    version: Version,
    updatedAt: UpdatedAt,
    partnership: Id.describe('whose coordinator looks after it; a party only where it stands among the parties'),
    kind: Code.describe('reference: document-types'),
    state: Code.describe('state-machines: AGREEMENT'),
    title: Text,
    parties: z.array(AgreementParty),
    partnerships: z.array(Id).describe('that are parties'),
    clusters: z.array(Id).describe('that are parties, or that parties have become part of'),
    organisations: z.array(Id).describe('that are parties, or that parties have become part of'),
    validFrom: Day.nullable(),
    validTo: Day.nullable(),
    signedOn: Day.nullable(),
    inForceSince: Day.nullable(),
    endedOn: Day.nullable(),
    inForce: number.nullable().describe('number of the version in force'),
    open: number.nullable().describe('number of the version in work; commands act on it, else on the one in force'),
    stage: Code.describe('state of the version that commands act on'),
    hash: Sha256.describe('of the version that commands act on'),
    signedBy: z.array(Id).describe('parties whose signatures that version has'),
    missing: z.array(Id).describe('parties whose signatures it lacks'),
    voided: z.array(Id).describe('parties whose signatures on it were voided'),
    versions: z.array(AgreementVersion),
    contacts: z.array(AgreementContact).describe('of parties from outside'),
    signatories: z.array(Signatory).describe('whom the parties have named; a party that names none is signed for by those who act for it'),
    attachments: z.array(Attachment),
    externalIds: z.array(ExternalId),
    sourceKey: z.string().nullable().describe('where an import found it'),
  })
  .meta({ id: 'Agreement' });
export type AgreementView = z.infer<typeof AgreementView>;

export const Agreement = aggregate('agreement', {
  service: 'membership',
  resource: 'agreements',
  machines: [{ machine: 'AGREEMENT', field: 'stage' }],
  view: AgreementView,
  fields: ['partnership', 'partnerships', 'clusters', 'organisations', 'kind', 'state'],
  personal: [
    'contacts',
    'signatories',
    'versions.signatures.by',
    'versions.signatures.name',
    'versions.signatures.function',
    'versions.consents.by',
    'versions.consents.note',
  ],
});

/** Neither persons nor texts. Version and time are those of the fact itself. */
export const Told = AgreementView.omit({
  version: true,
  updatedAt: true,
  versions: true,
  contacts: true,
  signatories: true,
  attachments: true,
  externalIds: true,
});

const own = {
  ...agreementSaid,
  externalIds: z.array(ExternalId).max(20).describe('what it is called elsewhere; replaces the list'),
};

export const AgreementPatch = z
  .strictObject(own)
  .partial()
  .meta({ id: 'AgreementPatch', example: { text: { en: 'The parties share contacts.' }, validTo: '2027-12-31' } });
export type AgreementPatch = z.infer<typeof AgreementPatch>;

const partnership = Ref('partnerships').describe('whose coordinator looks after it');
const example = {
  partnership: 'dia',
  kind: 'MOU',
  title: { en: 'Memorandum of Understanding' },
  parties: [{ partnership: 'dia' }, { outside: { name: 'Québec Photonics Network', country: 'CA' } }],
};

export const AgreementPut = AgreementPatch.extend({ partnership: partnership.optional() }).meta({ id: 'AgreementPut', example });
export const AgreementDraft = AgreementPut.required({ partnership: true, kind: true }).meta({ id: 'AgreementDraft', example });
export type AgreementDraft = z.infer<typeof AgreementDraft>;

/** Somebody is worth an agreement. */
export const ProspectAgreement = Agreement.command('prospect.v1', AgreementDraft, AgreementView, 'NEW');
export const AgreementProspected = Agreement.fact('prospected.v1', Told);

/** The version in work; once it is frozen it stands. */
export const ChangeAgreement = Agreement.command('change.v1', AgreementPatch, AgreementView);
export const AgreementChanged = Agreement.fact('changed.v1', Told);

export const PutAgreement = Agreement.command('put.v1', AgreementPut.extend({ externalId: ExternalId }), AgreementView, 'UPSERT');

/** No more than a prospect: all else is given up or ends. */
export const RemoveAgreement = Agreement.command('remove.v1', Removal, AgreementView);
export const AgreementRemoved = Agreement.fact('removed.v1', Told);

export const AgreementRecord = z.object({
  partnership: Id,
  kind: Code,
  state: Code,
  parties: z.array(z.object({ id: Id, kind: AgreementParty.shape.kind, name: z.string().nullable(), country: Country.nullable() })),
  sourceKey: z.string(),
});
export type AgreementRecord = z.infer<typeof AgreementRecord>;

/** An import states how far it is; nothing is decided. */
export const RecordAgreement = Agreement.command('record.v1', AgreementRecord, AgreementView, 'UPSERT');
export const AgreementRecorded = Agreement.fact('recorded.v1', Told);

const party = Id.describe('one of its parties');

/** Who signs for a party; it says so itself. Replaces whom it had named. */
export const NameSignatories = Agreement.command(
  'name-signatories.v1',
  z.strictObject({
    party,
    signatories: z
      .array(
        z.strictObject({
          person: Ref('persons').optional().describe('signs here, when signed in as this person'),
          name: z.string().min(1).max(200),
          function: Signatory.shape.function.optional(),
        }),
      )
      .max(20),
  }),
  AgreementView,
);
export const SignatoriesNamed = Agreement.fact('signatories-named.v1', Told);

/** A record that it names has become part of another: what is not frozen names that one now, what is frozen tells where it leads. */
export const FollowInAgreement = Agreement.command('follow.v1', z.strictObject({ from: Id, to: Id }), AgreementView);
export const AgreementFollowed = Agreement.fact('followed.v1', Told);

/** A person was erased: whom a party has named by it is known by an id alone. */
export const ForgetSignatory = Agreement.command('forget-signatory.v1', z.strictObject({ person: Id }), AgreementView);
export const SignatoryForgotten = Agreement.fact('signatory-forgotten.v1', Told);

export const AttachToAgreement = Agreement.command('attach.v1', Attaching, AgreementView);
export const AgreementAttached = Agreement.fact('attached.v1', Told);

/** What was attached by mistake. */
export const DetachFromAgreement = Agreement.command('detach.v1', Detaching, AgreementView);
export const AgreementDetached = Agreement.fact('detached.v1', Told);

Agreement.refuses([ProspectAgreement, PutAgreement], {
  'AGREEMENT.PROSPECT.ACTOR': ['NOT_YOURS', 'An agreement is begun by those who run the partnership.'],
});

Agreement.refuses([PutAgreement], {
  'AGREEMENT.PUT.NAMED': [
    'RULE',
    'The agreement is not there yet, and its partnership or kind is not said; or it would change its partnership.',
  ],
});

Agreement.refuses([ChangeAgreement, PutAgreement], {
  'AGREEMENT.CHANGE.ACTOR': ['NOT_YOURS', 'An agreement is changed by those who run the partnership.'],
  'AGREEMENT.CHANGE.STATE': ['WRONG_STATE', 'Its text is frozen: it is reopened, or amended.'],
});

Agreement.refuses([ProspectAgreement, ChangeAgreement, PutAgreement], {
  'AGREEMENT.KIND.KNOWN': ['RULE', 'The kind is not a kind of agreement.'],
  'AGREEMENT.KIND.STANDS': ['WRONG_STATE', 'Parties have signed it as what it is.'],
  'AGREEMENT.PARTIES.NAMED': ['RULE', 'A party is not said to be one of the four kinds, or stands twice.'],
  'AGREEMENT.PARTIES.COUNTRY': ['RULE', 'The country of a party is not one of ISO 3166-1.'],
  'AGREEMENT.PARTIES.SIGN': ['RULE', 'In an agreement of this kind every party signs, or nobody would.'],
  'AGREEMENT.VALIDITY.ORDER': ['RULE', 'It would end before it begins.'],
  'AGREEMENT.FILE.ATTACHED': ['RULE', 'The file is none of its attachments.'],
  'AGREEMENT.EXTERNAL_IDS.DISTINCT': ['RULE', 'An outside id stands twice.'],
  'AGREEMENT.EXTERNAL_IDS.UNIQUE': ['RULE', 'Another agreement has one of the outside ids.'],
});

Agreement.refuses([RemoveAgreement], {
  'AGREEMENT.REMOVE.ACTOR': ['NOT_YOURS', 'An agreement is removed by those who run the partnership.'],
  'AGREEMENT.REMOVE.STATE': ['WRONG_STATE', 'Only a prospect is removed.'],
  'AGREEMENT.REMOVE.FREE': ['WRONG_STATE', 'Other records name it.'],
});

Agreement.refuses([NameSignatories], {
  'AGREEMENT.SIGNATORIES.ACTOR': [
    'NOT_YOURS',
    'A party names its signatories itself; for one from outside, those who run the partnership do.',
  ],
  'AGREEMENT.SIGNATORIES.PARTY': ['RULE', 'It is none of the parties.'],
});

Agreement.refuses([FollowInAgreement], {
  'AGREEMENT.FOLLOW.ACTOR': ['NOT_YOURS', 'This follows from the merging of two records.'],
});

Agreement.refuses([ForgetSignatory], {
  'AGREEMENT.FORGET_SIGNATORY.ACTOR': ['NOT_YOURS', 'This follows from the erasure of a person.'],
});

Agreement.refuses([AttachToAgreement], {
  'AGREEMENT.ATTACH.ACTOR': ['NOT_YOURS', 'Files are attached by those who run the partnership, and by the parties.'],
  'AGREEMENT.ATTACH.STATE': ['WRONG_STATE', 'It is over.'],
  ...attachmentRefusals,
});

Agreement.refuses([DetachFromAgreement], {
  'AGREEMENT.DETACH.ACTOR': ['NOT_YOURS', 'Files are taken away by those who run the partnership.'],
  'AGREEMENT.DETACH.STATE': ['WRONG_STATE', 'No version is in work.'],
  ...detachmentRefusals,
});
