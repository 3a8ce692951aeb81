import type { z } from 'zod';
import type { AgreementParty, Signature } from '#libs/contracts/agreement-details';
import {
  AccedeToAgreement,
  AgreementAcceded,
  AgreementDeclined,
  AgreementSigned,
  type DeclineAgreement,
  PaperSignatureRecorded,
  type RecordPaperSignature,
  type SignAgreement,
} from '#libs/contracts/agreement-moves';
import { actsFor, isParty, partyBy } from '#libs/domain/agreement-parties';
import type { Context } from '#libs/domain/decision';
import { rolesTowards } from '#libs/domain/standing';
import { type Finding, failed, notApplicable, passed, rule } from '#libs/domain/verdict';
import { hashOf, missingIn, partyOf, signedBy, type Version } from './agreement.js';
import { quorum, RUNNING } from './agreement-consent.js';
import { changed, dayOf, type Focus, type Moves, onVersion, SOURCE } from './agreement-move.js';
import type { Narrower } from './narrower.js';

type Sign = z.output<typeof SignAgreement.data>;
type OnPaper = z.output<typeof RecordPaperSignature.data>;
type Accede = z.output<typeof AccedeToAgreement.data>;

/** Who signs in as which person: account by person, of the signatories that are named. */
export type Accounts = ReadonlyMap<string, string | null>;

const partyIn = ({ version }: Focus, id: string): AgreementParty | undefined => partyBy(version.parties, id);

/** The id by which the text names it. */
const ownId = ({ before, data: { party } }: Pick<Moves<{ party: string }>, 'before' | 'data'>): string =>
  partyIn(before, party)?.id ?? party;

const knownParty = (which: (party: AgreementParty) => boolean, otherwise: string) =>
  rule('AGREEMENT.PARTY.KNOWN', ({ before, data: { party } }: Moves<{ party: string }>) => {
    const found = partyIn(before, party);
    return found && which(found) ? passed('It is one of the parties.', { party }) : failed(otherwise, { party }, '/party');
  });

const signs = knownParty((party) => party.signs, 'It is none of the parties that sign.');

/** A signature is a person's own: no administrator stands in for it. Nothing of who is named stands in the verdict. */
function authority({ agreement }: Focus, party: AgreementParty | undefined, by: Context['by'], accounts: Accounts): Finding {
  if (!party) return notApplicable('It is not known for which party.');
  const inputs = { party: party.id, kind: party.kind };
  if (!actsFor(by, party, 'SIGNATORY')) return failed('Who asks does not act for this party.', inputs);
  const named = agreement.signatories.filter((each) => isParty(party, each.party));
  if (named.length === 0) return passed('Who asks acts for the party, which has named nobody else.', inputs);
  return named.some(({ person }) => person !== null && accounts.get(person) === by.id)
    ? passed('The party has named who asks.', { ...inputs, named: named.length })
    : failed('The party has named others to sign for it.', { ...inputs, named: named.length });
}

const authorised = (accounts: Accounts) =>
  rule(
    'AGREEMENT.SIGN.AUTHORISED',
    ({ before, data: { party }, context: { by } }: Moves<Sign>) => authority(before, partyIn(before, party), by, accounts),
    { kind: 'NOT_YOURS', ...SOURCE },
  );

const oncePerParty = rule(
  'AGREEMENT.SIGN.ONCE_PER_PARTY',
  ({ before, data: { party } }: Moves<{ party: string }>) =>
    signedBy(before.version).includes(ownId({ before, data: { party } }))
      ? failed('The party has signed already.', { party }, '/party')
      : passed('It has not signed yet.', { party }),
  SOURCE,
);

const sameHash = rule(
  'AGREEMENT.SIGN.SAME_HASH',
  ({ before: { agreement, version }, data: { hash } }: Moves<{ hash: string }>) => {
    if (version.frozenHash === null) return failed('The text is not frozen.', { hash, frozen: null }, '/hash');
    return hash === hashOf(agreement.kind, version)
      ? passed('It is the hash of the frozen text.', { hash })
      : failed('This is not the hash of the frozen text.', { hash, frozen: version.frozenHash }, '/hash');
  },
  SOURCE,
);

/** By the last signature that is missing it is signed. */
const toSigned = (move: Moves<{ party: string }>): string =>
  missingIn(move.before.version).every((id) => id === ownId(move)) ? 'SIGNED' : 'PARTLY_SIGNED';

function withSignature(version: Version, signature: Signature): Partial<Version> {
  const signatures = [...version.signatures, signature];
  const signedOn =
    signatures
      .map((each) => each.signedOn)
      .toSorted()
      .at(-1) ?? null;
  return { signatures, signedOn: missingIn({ ...version, signatures }).length === 0 ? signedOn : null };
}

const electronic = (party: string, hash: string, { at, by }: Context): Signature => ({
  ...{ party, hash, at, by: by.id, kind: 'ELECTRONIC', signedOn: dayOf(at) },
  ...{ name: null, function: null, evidence: null },
});

export const signAgreement = (accounts: Accounts) =>
  onVersion<Sign>('sign', {
    fact: AgreementSigned,
    guards: [signs, authorised(accounts), oncePerParty, sameHash],
    to: toSigned,
    beside: (move) => changed(move, withSignature(move.before.version, electronic(ownId(move), move.data.hash, move.context))),
  });

const withoutAccess = rule(
  'AGREEMENT.PAPER.OUTSIDE',
  ({ before, data: { party } }: Moves<OnPaper>) => {
    const found = partyIn(before, party);
    if (!found) return notApplicable('It is not known for which party.');
    return found.kind === 'OUTSIDE'
      ? passed('The party has no access here.', { party })
      : failed('The party has access here, and signs here.', { party, kind: found.kind }, '/party');
  },
  SOURCE,
);

type Paper = Partial<Pick<OnPaper, 'name' | 'function' | 'signedOn' | 'evidence'>>;

function proof({ agreement }: Focus, said: Paper): Finding {
  const missing = (['name', 'function', 'signedOn', 'evidence'] as const).filter((field) => said[field] === undefined);
  const faults = missing.map((field) => ({ pointer: `/${field}`, message: 'needed for a signature on paper' }));
  if (missing.length > 0) return failed(`Still missing: ${missing.join(', ')}.`, { missing }, faults);
  return agreement.attachments.some(({ id }) => id === said.evidence)
    ? passed('The evidence is attached.', { evidence: said.evidence })
    : failed('The evidence is none of its attachments.', { evidence: said.evidence }, '/evidence');
}

const evident = rule('AGREEMENT.PAPER.EVIDENCE', ({ before, data }: Moves<OnPaper>) => proof(before, data), SOURCE);

const inPast = ({ signedOn }: Paper, at: string): Finding => {
  if (signedOn === undefined) return notApplicable('No day is stated.');
  return signedOn <= dayOf(at)
    ? passed('The day is not ahead.', { signedOn })
    : failed(`${signedOn} lies in the future.`, { signedOn }, '/signedOn');
};

const past = rule('AGREEMENT.PAPER.PAST', ({ data, context: { at } }: Moves<OnPaper>) => inPast(data, at));

const paper = (party: string, hash: string, said: Paper, { at, by }: Context): Signature => ({
  ...{ party, hash, at, by: by.id, kind: 'PAPER', signedOn: said.signedOn as string },
  ...{ name: said.name ?? null, function: said.function ?? null, evidence: said.evidence ?? null },
});

export const recordPaperSignature = onVersion<OnPaper>('recordPaperSignature', {
  fact: PaperSignatureRecorded,
  guards: [signs, withoutAccess, oncePerParty, sameHash, evident, past],
  to: toSigned,
  beside: (move) => changed(move, withSignature(move.before.version, paper(move.data.party, move.data.hash, move.data, move.context))),
});

type Decline = z.output<typeof DeclineAgreement.data>;

const forItself = rule(
  'AGREEMENT.DECLINE.PARTY',
  ({ before, data: { party }, context: { by } }: Moves<Decline>) => {
    const found = partyIn(before, party);
    if (!found) return notApplicable('It is not known for which party.');
    return actsFor(by, found, 'PARTY') ? passed('It speaks for itself.', { party }) : failed('A party speaks for itself.', { party });
  },
  { kind: 'NOT_YOURS', ...SOURCE },
);

/** Signatures given so far are void, and so is what was agreed: the parties whose they were stand in the fact. */
export const thawed = ({ version }: Focus, reason: string): Partial<Version> => ({
  ...{ reason, voided: signedBy(version), signatures: [], consents: [], signedOn: null, frozenHash: null, frozenAt: null },
});

export const declineAgreement = onVersion<Decline>('decline', {
  fact: AgreementDeclined,
  guards: [knownParty(() => true, 'It is none of the parties.'), forItself],
  beside: (move) => changed(move, thawed(move.before, move.data.reason)),
});

const newParty = rule(
  'AGREEMENT.ACCEDE.NEW',
  ({ before: { version, joining } }: Moves<Accede>) => {
    if (!joining) return failed('Say who joins: one partnership, cluster, organisation or somebody from outside.', {}, '/party');
    const there = version.parties.some((party) => isParty(party, joining.id));
    return there
      ? failed('It is a party already.', { party: joining.id }, '/party')
      : passed('It is not a party yet.', { party: joining.id });
  },
  SOURCE,
);

const joiningAuthorised = (accounts: Accounts) =>
  rule(
    'AGREEMENT.SIGN.AUTHORISED',
    ({ before, context: { by } }: Moves<Accede>) => {
      const { agreement, joining } = before;
      if (joining?.kind !== 'OUTSIDE') return authority(before, joining ?? undefined, by, accounts);
      const roles = rolesTowards(by, { PARTNERSHIP: [agreement.partnership] });
      return roles.some((role) => RUNNING.includes(role))
        ? passed('Its signature on paper is recorded by those who run the partnership.', { roles })
        : failed('This is for those who run the partnership.', { roles });
    },
    { kind: 'NOT_YOURS', ...SOURCE },
  );

const onPaperFromOutside = [
  rule('AGREEMENT.PAPER.EVIDENCE', ({ before, data }: Moves<Accede>) =>
    before.joining?.kind === 'OUTSIDE' ? proof(before, data) : notApplicable('It signs here.'),
  ),
  rule('AGREEMENT.PAPER.PAST', ({ data, context: { at } }: Moves<Accede>) => inPast(data, at)),
];

function joined({ before: { version, joining }, data, context }: Moves<Accede>): Partial<Version> {
  const party = { ...joining!, signs: true, accededOn: dayOf(context.at) };
  const said = party.kind === 'OUTSIDE' ? paper(party.id, data.hash, data, context) : electronic(party.id, data.hash, context);
  // When all others had signed stays the day it was signed.
  return { parties: [...version.parties, party], signatures: [...version.signatures, said] };
}

export const accedeToAgreement = (accounts: Accounts, narrower: Narrower) =>
  onVersion<Accede>('accede', {
    fact: AgreementAcceded,
    joining: (agreement, { party }) => partyOf(agreement, party),
    guards: [
      newParty,
      joiningAuthorised(accounts),
      sameHash,
      quorum<Accede>({
        to: 'accede',
        narrower,
        about: ({ before: { joining } }) => joining?.id ?? null,
        clause: ({ accessionClause }) => accessionClause,
      }),
      onPaperFromOutside,
    ],
    beside: (move) => changed(move, joined(move)),
  });
