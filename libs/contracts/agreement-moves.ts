import { z } from 'zod';
import { Agreement, AgreementView, Told } from './agreement.js';
import { AgreementVersion, Consent, PartySaid } from './agreement-details.js';
import { Day, Id, Reason, Sha256 } from './values.js';

const party = Id.describe('one of its parties');
const version = AgreementVersion.shape.no.optional().describe('the version meant; the one in work unless said, else the one in force');
const plain = z.strictObject({ version });
const reasoned = z.strictObject({ reason: Reason, version });

export const DraftAgreement = Agreement.command('draft.v1', plain, AgreementView);
export const AgreementDrafted = Agreement.fact('drafted.v1', Told);

export const NegotiateAgreement = Agreement.command('negotiate.v1', plain, AgreementView);
export const AgreementNegotiated = Agreement.fact('negotiated.v1', Told);

export const FreezeAgreement = Agreement.command('freeze.v1', plain, AgreementView);
export const AgreementFrozen = Agreement.fact('frozen.v1', Told);

export const ReopenAgreement = Agreement.command('reopen.v1', reasoned, AgreementView);
export const AgreementReopened = Agreement.fact('reopened.v1', Told);

const hash = Sha256.describe('of the text that was read').meta({ example: 'a1b2c3d4e5f60718'.repeat(4) });

export const SignAgreement = Agreement.command('sign.v1', z.strictObject({ party, hash, version }), AgreementView);
export const AgreementSigned = Agreement.fact('signed.v1', Told);

const onPaper = {
  name: z.string().min(1).max(200).describe('of who signed'),
  function: z.string().min(1).max(200).describe('in which function'),
  signedOn: Day,
  evidence: Id.describe('attachment of the agreement that shows it'),
};

/** For a party without access here. */
export const RecordPaperSignature = Agreement.command(
  'record-paper-signature.v1',
  z.strictObject({ party, hash, ...onPaper, version }),
  AgreementView,
);
export const PaperSignatureRecorded = Agreement.fact('paper-signature-recorded.v1', Told);

export const DeclineAgreement = Agreement.command('decline.v1', z.strictObject({ party, reason: Reason, version }), AgreementView);
export const AgreementDeclined = Agreement.fact('declined.v1', Told);

/** By the clock, once all have signed and the first day has come. */
export const BringAgreementIntoForce = Agreement.command('bring-into-force.v1', z.strictObject({}), AgreementView);
export const AgreementBroughtIntoForce = Agreement.fact('brought-into-force.v1', Told);
export const AgreementSuperseded = Agreement.fact('superseded.v1', Told);

export const ExpireAgreement = Agreement.command('expire.v1', z.strictObject({}), AgreementView);
export const AgreementExpired = Agreement.fact('expired.v1', Told);

/** Begins the next version; this one stays valid until that is in force. */
export const AmendAgreement = Agreement.command('amend.v1', plain, AgreementView);
export const AgreementAmended = Agreement.fact('amended.v1', Told);

export const RenewAgreement = Agreement.command(
  'renew.v1',
  z.strictObject({ validTo: Day.describe('new last day'), version }),
  AgreementView,
);
export const AgreementRenewed = Agreement.fact('renewed.v1', Told);

/** One more party joins, by signing what the others have signed; for one from outside its signature on paper is recorded. */
export const AccedeToAgreement = Agreement.command(
  'accede.v1',
  z.strictObject({ party: PartySaid, hash, ...z.object(onPaper).partial().shape, version }),
  AgreementView,
);
export const AgreementAcceded = Agreement.fact('acceded.v1', Told);

export const TerminateAgreement = Agreement.command(
  'terminate.v1',
  z.strictObject({ reason: Reason, on: Day.optional().describe('first day without it; today unless said, never in the future'), version }),
  AgreementView,
);
export const AgreementTerminated = Agreement.fact('terminated.v1', Told);

export const AbandonAgreement = Agreement.command('abandon.v1', reasoned, AgreementView);
export const AgreementAbandoned = Agreement.fact('abandoned.v1', Told);

/** A party agrees to what another command will ask for: to the text by its hash, or to the version as it stands. */
export const ConsentToAgreement = Agreement.command(
  'consent.v1',
  z.strictObject({
    to: Consent,
    hash: hash.optional(),
    version,
    party: party.optional().describe('needed by who acts for several, and for one from outside'),
    validTo: Day.optional().describe('renew: the new last day'),
    joining: PartySaid.optional().describe('accede: who joins'),
    note: z.string().min(1).max(2000).optional().describe('for a party from outside: how it agreed'),
  }),
  AgreementView,
);
export const AgreementConsented = Agreement.fact('consented.v1', Told);

const moves = [
  DraftAgreement,
  NegotiateAgreement,
  FreezeAgreement,
  ReopenAgreement,
  SignAgreement,
  RecordPaperSignature,
  DeclineAgreement,
  AmendAgreement,
  RenewAgreement,
  AccedeToAgreement,
  TerminateAgreement,
  AbandonAgreement,
  ConsentToAgreement,
];

Agreement.refuses(moves, {
  'AGREEMENT.VERSION.THERE': ['RULE', 'There is no version of this number.'],
});

Agreement.refuses([DraftAgreement], {
  'AGREEMENT.DRAFT.PARTIES': ['RULE', 'It has fewer than two parties.'],
});

Agreement.refuses([NegotiateAgreement, FreezeAgreement], {
  'AGREEMENT.TEXT.THERE': ['RULE', 'It has neither a text nor a file with it.'],
});

Agreement.refuses([FreezeAgreement, RenewAgreement, AccedeToAgreement], {
  'AGREEMENT.CONSENT.QUORUM': ['RULE', 'Too few of the parties have agreed to this very text.'],
});

const signing = [SignAgreement, RecordPaperSignature];

Agreement.refuses([...signing, DeclineAgreement], {
  'AGREEMENT.PARTY.KNOWN': ['RULE', 'It is none of its parties, or none that signs.'],
});

Agreement.refuses([SignAgreement, AccedeToAgreement], {
  'AGREEMENT.SIGN.AUTHORISED': ['NOT_YOURS', 'Who asks is not authorised to sign for the party.'],
});

Agreement.refuses([DeclineAgreement], {
  'AGREEMENT.DECLINE.PARTY': ['NOT_YOURS', 'A party speaks for itself.'],
});

Agreement.refuses(signing, {
  'AGREEMENT.SIGN.ONCE_PER_PARTY': ['RULE', 'The party has signed already.'],
});

Agreement.refuses([...signing, AccedeToAgreement], {
  'AGREEMENT.SIGN.SAME_HASH': ['RULE', 'This is not the hash of the frozen text: it has changed since it was read.'],
});

Agreement.refuses([RecordPaperSignature, AccedeToAgreement], {
  'AGREEMENT.PAPER.OUTSIDE': ['RULE', 'A party that has access here signs here.'],
  'AGREEMENT.PAPER.EVIDENCE': ['RULE', 'The evidence is none of its attachments, or it is not said who signed when.'],
  'AGREEMENT.PAPER.PAST': ['RULE', 'The day of the signature lies in the future.'],
});

Agreement.refuses([BringAgreementIntoForce, ExpireAgreement], {
  'AGREEMENT.TIME.COME': ['WRONG_STATE', 'Its day has not come yet.'],
});

Agreement.refuses([AmendAgreement], {
  'AGREEMENT.AMEND.ONE': ['WRONG_STATE', 'Another version is in work.'],
});

Agreement.refuses([RenewAgreement], {
  'AGREEMENT.RENEW.BEFORE_END': ['RULE', 'It has no end, or the end is past.'],
  'AGREEMENT.RENEW.LATER': ['RULE', 'The new end is not after the one it has.'],
});

Agreement.refuses([AccedeToAgreement], {
  'AGREEMENT.ACCEDE.NEW': ['RULE', 'It is a party already, or it is not said who joins.'],
});

Agreement.refuses([TerminateAgreement], {
  'AGREEMENT.TERMINATE.DAY': ['RULE', 'The day lies in the future, or before it was in force.'],
});

Agreement.refuses([ConsentToAgreement], {
  'AGREEMENT.CONSENT.ACTOR': ['NOT_YOURS', 'A party agrees for itself; for one from outside, those who run the partnership say so.'],
  'AGREEMENT.CONSENT.STATE': ['WRONG_STATE', 'That is not what comes next.'],
  'AGREEMENT.CONSENT.PARTY': ['RULE', 'It is not clear for which party.'],
  'AGREEMENT.CONSENT.SAME_HASH': ['RULE', 'This is not the hash of the text as it stands, or neither hash nor version is said.'],
  'AGREEMENT.CONSENT.ABOUT': ['RULE', 'It is not said to which new end, or to whom joining, or how one from outside agreed.'],
});
