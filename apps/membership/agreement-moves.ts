import type { z } from 'zod';
import * as contract from '#libs/contracts/agreement-moves';
import type { Context, Decision } from '#libs/domain/decision';
import { failed, notApplicable, passed, rule } from '#libs/domain/verdict';
import { type Agreement, blankVersion, dayAfter, hashOf, inForceOf, openOf, readable, type Version } from './agreement.js';
import { quorum } from './agreement-consent.js';
import { partiesNow } from './agreement-follow.js';
import { changed, dayOf, type Moves, onVersion, type Picking, SOURCE } from './agreement-move.js';
import { thawed } from './agreement-sign.js';
import type { Narrower } from './narrower.js';

const MIN_PARTIES = 2;

const enoughParties = rule(
  'AGREEMENT.DRAFT.PARTIES',
  ({ before: { version } }: Moves<Picking>) => {
    const count = version.parties.length;
    return count >= MIN_PARTIES
      ? passed('There are parties enough.', { count })
      : failed(`An agreement has at least ${MIN_PARTIES} parties.`, { count }, '/parties');
  },
  SOURCE,
);

const textThere = rule(
  'AGREEMENT.TEXT.THERE',
  ({ before: { version } }: Moves<Picking>) =>
    Object.keys(version.text ?? {}).length > 0 || version.file !== null
      ? passed('There is a text.', { file: version.file })
      : failed('There is neither a text nor a file with it.', {}, '/text'),
  SOURCE,
);

export const draftAgreement = onVersion<Picking>('draft', { fact: contract.AgreementDrafted, guards: [enoughParties] });

export const negotiateAgreement = onVersion<Picking>('negotiate', { fact: contract.AgreementNegotiated, guards: [textThere] });

export const freezeAgreement = (narrower: Narrower) =>
  onVersion<Picking>('freeze', {
    fact: contract.AgreementFrozen,
    guards: [textThere, quorum({ to: 'freeze', narrower })],
    beside: (move) => {
      const { agreement, version } = move.before;
      return changed(move, { frozenHash: hashOf(agreement.kind, version), frozenAt: move.context.at, voided: [] });
    },
  });

type Reasoned = z.output<typeof contract.ReopenAgreement.data>;

export const reopenAgreement = onVersion<Reasoned>('reopen', {
  fact: contract.AgreementReopened,
  beside: (move) => changed(move, thawed(move.before, move.data.reason)),
});

export const abandonAgreement = onVersion<Reasoned>('abandon', {
  fact: contract.AgreementAbandoned,
  beside: (move) => changed(move, { reason: move.data.reason, endedOn: dayOf(move.context.at) }),
});

/** What the clock does it does when the day has come. */
const come = (dayIn: (version: Version) => string | null) =>
  rule(
    'AGREEMENT.TIME.COME',
    ({ before: { version }, context: { at } }: Moves<Picking>) => {
      const [day, today] = [dayIn(version), dayOf(at)];
      if (day === null) return failed('There is no day to come.', { today });
      return day <= today ? passed('Its day has come.', { day, today }) : failed(`Its day is ${day}.`, { day, today });
    },
    { kind: 'WRONG_STATE', ...SOURCE },
  );

const isSigned = ({ versions }: Agreement) => versions.find(({ state }) => state === 'SIGNED') ?? null;

const begin = onVersion<Picking>('bringIntoForce', {
  fact: contract.AgreementBroughtIntoForce,
  pick: isSigned,
  guards: [come(({ validFrom, signedOn }) => validFrom ?? signedOn)],
  beside: (move) => changed(move, { inForceSince: dayOf(move.context.at) }),
});

/** The next version takes the place of the one it amends, which was valid until now. */
export function bringIntoForce(state: Agreement | null, data: object, context: Context): Decision<Agreement> {
  const before = inForceOf(state as Agreement);
  const decision = begin(withSuperseded(state as Agreement, before, dayOf(context.at)), data, context);
  if (!before) return decision;
  return { ...decision, facts: [...decision.facts, contract.AgreementSuperseded.of({ ...readable(decision.next), id: context.id })] };
}

/** The machine's `supersede`: given by the product, in the very moment the next version is in force. */
const withSuperseded = (agreement: Agreement, before: Version | null, endedOn: string): Agreement =>
  before === null || isSigned(agreement) === null
    ? agreement
    : { ...agreement, versions: agreement.versions.map((each) => (each === before ? { ...each, state: 'SUPERSEDED', endedOn } : each)) };

/** The day after the last one is the first without it. */
export const expireAgreement = onVersion<Picking>('expire', {
  fact: contract.AgreementExpired,
  pick: inForceOf,
  guards: [come(({ validTo }) => validTo && dayAfter(validTo))],
  beside: (move) => changed(move, { endedOn: dayAfter(move.before.version.validTo as string) }),
});

const oneInWork = rule(
  'AGREEMENT.AMEND.ONE',
  ({ before: { agreement } }: Moves<Picking>) => {
    const open = openOf(agreement);
    return open
      ? failed(`Version ${open.no} is in work.`, { version: open.no, state: open.state })
      : passed('No other version is in work.');
  },
  { kind: 'WRONG_STATE', ...SOURCE },
);

/** A copy to begin with: what has joined, was renewed or merged meanwhile is part of its own text. */
function nextOf({ versions }: Agreement, { renewals: _, parties, ...base }: Version): Version {
  const { title, text, file, fileSha256, validFrom, validTo, renewalClause, accessionClause } = base;
  const said = { title, text, file, fileSha256, validFrom, validTo, renewalClause, accessionClause };
  const asOne = partiesNow(parties.map((party) => ({ ...party, accededOn: null })));
  return { ...blankVersion, ...said, parties: asOne, no: (versions.at(-1)?.no ?? 0) + 1, amends: base.no, state: 'DRAFTING' };
}

export const amendAgreement = onVersion<Picking>('amend', {
  fact: contract.AgreementAmended,
  guards: [oneInWork],
  beside: ({ before: { agreement, version } }) => ({
    agreement: { ...agreement, versions: [...agreement.versions, nextOf(agreement, version)] },
  }),
});

type Renew = z.output<typeof contract.RenewAgreement.data>;

const beforeEnd = rule(
  'AGREEMENT.RENEW.BEFORE_END',
  ({ before: { version }, context: { at } }: Moves<Renew>) => {
    const [validTo, today] = [version.validTo, dayOf(at)];
    if (validTo === null) return failed('No end is agreed.', { validTo });
    return today <= validTo ? passed('Its end is ahead.', { validTo, today }) : failed('Its end is past.', { validTo, today });
  },
  SOURCE,
);

const laterEnd = rule(
  'AGREEMENT.RENEW.LATER',
  ({ before: { version }, data }: Moves<Renew>) => {
    if (version.validTo === null) return notApplicable('No end is agreed.');
    return data.validTo > version.validTo
      ? passed('The new end is later.', { from: version.validTo, to: data.validTo })
      : failed('The new end is not later.', { from: version.validTo, to: data.validTo }, '/validTo');
  },
  SOURCE,
);

export const renewAgreement = (narrower: Narrower) =>
  onVersion<Renew>('renew', {
    fact: contract.AgreementRenewed,
    guards: [
      beforeEnd,
      laterEnd,
      quorum<Renew>({ to: 'renew', narrower, about: ({ data }) => data.validTo, clause: ({ renewalClause }) => renewalClause }),
    ],
    beside: (move) => {
      const { validTo, renewals } = move.before.version;
      return changed(move, { validTo: move.data.validTo, renewals: [...renewals, { validTo: validTo as string, at: move.context.at }] });
    },
  });

type Terminate = z.output<typeof contract.TerminateAgreement.data>;

const notAhead = rule(
  'AGREEMENT.TERMINATE.DAY',
  ({ before: { version }, data: { on }, context: { at } }: Moves<Terminate>) => {
    const today = dayOf(at);
    const inputs = { on: on ?? today, today, inForceSince: version.inForceSince };
    if (on === undefined) return notApplicable('It ends today.');
    if (on > today) return failed(`${on} lies in the future.`, inputs, '/on');
    const since = version.inForceSince ?? version.signedOn;
    return since !== null && on < since ? failed(`It holds since ${since}.`, inputs, '/on') : passed('The day has come.', inputs);
  },
  SOURCE,
);

export const terminateAgreement = onVersion<Terminate>('terminate', {
  fact: contract.AgreementTerminated,
  guards: [notAhead],
  beside: (move) => changed(move, { reason: move.data.reason, endedOn: move.data.on ?? dayOf(move.context.at) }),
});
