import type { z } from 'zod';
import type { AgreementParty, GivenConsent } from '#libs/contracts/agreement-details';
import { AgreementConsented, type ConsentToAgreement } from '#libs/contracts/agreement-moves';
import { actsFor, partyBy } from '#libs/domain/agreement-parties';
import type { Context, Decision } from '#libs/domain/decision';
import { explained, policyFor } from '#libs/domain/policy';
import { rolesTowards } from '#libs/domain/standing';
import { failed, judge, notApplicable, passed, rule } from '#libs/domain/verdict';
import { type Agreement, actedOn, hashOf, partyOf, readable, type Version } from './agreement.js';
import { type Moves, type Picking, SOURCE } from './agreement-move.js';
import type { Narrower } from './narrower.js';

type Matter = GivenConsent['to'];

export const RUNNING = ['PARTNERSHIP_COORDINATOR', 'PARTNERSHIP_MANAGER', 'PLATFORM_ADMIN'];

/** Who has agreed to this very text, and who does by giving the command. */
const agreedOf = (
  { agreement, version }: Moves<unknown>['before'],
  to: Matter,
  about: string | null,
  by: Context['by'],
): AgreementParty[] => {
  const hash = hashOf(agreement.kind, version);
  const agreed = (id: string) =>
    version.consents.some((each) => each.party === id && each.to === to && each.hash === hash && each.about === about);
  return version.parties.filter((party) => agreed(party.id) || actsFor(by, party, 'PARTY'));
};

interface Asked<D> {
  to: Matter;
  narrower: Narrower;
  /** What is agreed to beside the text: a new end, a new party. */
  about?(move: Moves<D>): string | null;
  /** A clause of the agreement that takes its place. */
  clause?(version: Version): boolean;
}

/** The rule that enough of the parties have agreed; how many is a policy. */
export const quorum = <D>({ to, narrower, about = () => null, clause = () => false }: Asked<D>) =>
  rule(
    'AGREEMENT.CONSENT.QUORUM',
    (move: Moves<D>) => {
      const { before, context } = move;
      if (clause(before.version)) return notApplicable('A clause of the agreement allows it.');
      const code = `AGREEMENT_QUORUM_${to.toUpperCase()}`;
      const policy = policyFor(code, context, narrower);
      const percent = Number(policy?.value ?? 100);
      const agreed = agreedOf(before, to, about(move), context.by).map(({ id }) => id);
      const needed = Math.ceil((before.version.parties.length * percent) / 100);
      const missing = before.version.parties.map(({ id }) => id).filter((id) => !agreed.includes(id));
      const inputs = { ...explained(policy), percent, needed, agreed, missing };
      return agreed.length >= needed
        ? passed('Enough of the parties have agreed.', inputs)
        : failed(`${agreed.length} of the ${needed} parties needed have agreed to this text.`, inputs);
    },
    { source: 'agreement-rules.json' },
  );

type Said = z.output<typeof ConsentToAgreement.data>;

interface Consenting {
  agreement: Agreement;
  version: Version;
  data: Said;
  context: Context;
  /** Whom it is given for; null: it is not clear. */
  party: AgreementParty | null;
}

const whose = ({ parties }: Version, { party }: Said, by: Context['by']): AgreementParty | null => {
  if (party !== undefined) return partyBy(parties, party) ?? null;
  const own = parties.filter((each) => actsFor(by, each, 'PARTY') || actsFor(by, each, 'COUNTERPARTY'));
  return own.length === 1 ? own[0]! : null;
};

const ownWord = rule(
  'AGREEMENT.CONSENT.ACTOR',
  ({ agreement, version, party, context: { by } }: Consenting) => {
    const roles = rolesTowards(by, { PARTNERSHIP: [agreement.partnership] });
    const own = (party ? [party] : version.parties).some((each) => actsFor(by, each, 'PARTY') || actsFor(by, each, 'COUNTERPARTY'));
    const forOutside = party?.kind === 'OUTSIDE' && roles.some((role) => RUNNING.includes(role));
    return own || forOutside
      ? passed('It is yours to say.', { party: party?.id ?? null })
      : failed('A party agrees for itself.', { party: party?.id ?? null, roles });
  },
  { kind: 'NOT_YOURS' },
);

const ahead: Record<Matter, readonly string[]> = {
  freeze: ['DRAFTING', 'IN_NEGOTIATION'],
  renew: ['IN_FORCE'],
  accede: ['SIGNED', 'IN_FORCE'],
};

const comesNext = rule(
  'AGREEMENT.CONSENT.STATE',
  ({ version: { state }, data: { to } }: Consenting) =>
    ahead[to].includes(state)
      ? passed(`${to} may come next.`, { state, to })
      : failed(`${to} is possible from ${ahead[to].join(', ')}, not from ${state}.`, { state, to }),
  { kind: 'WRONG_STATE', ...SOURCE },
);

const clearWhose = rule('AGREEMENT.CONSENT.PARTY', ({ party, data }: Consenting) => {
  if (party) return passed('It is clear for which party.', { party: party.id });
  return failed(data.party ? 'It is none of the parties.' : 'Say for which party.', { party: data.party ?? null }, '/party');
});

const thisText = rule('AGREEMENT.CONSENT.SAME_HASH', ({ agreement, version, data }: Consenting) => {
  const hash = hashOf(agreement.kind, version);
  if (data.hash === undefined && data.version === undefined) return failed('Say to which text: its hash, or the version.', {}, '/hash');
  if (data.version !== undefined && data.version !== version.no) return failed(`There is no version ${data.version}.`, {}, '/version');
  return data.hash === undefined || data.hash === hash
    ? passed('It is the text as it stands.', { hash, version: version.no })
    : failed('The text has changed since this hash was read.', { hash: data.hash, now: hash }, '/hash');
});

const aboutOf = (id: string, { to, validTo, joining }: Said): string | null => {
  if (to === 'renew') return validTo ?? null;
  return to === 'accede' && joining ? (partyOf(id, joining)?.id ?? null) : null;
};

const aboutWhat = rule('AGREEMENT.CONSENT.ABOUT', ({ data, party, context: { id } }: Consenting) => {
  const about = aboutOf(id, data);
  const missing = [
    ...(data.to === 'renew' && about === null ? ['/validTo'] : []),
    ...(data.to === 'accede' && about === null ? ['/joining'] : []),
    ...(party?.kind === 'OUTSIDE' && data.note === undefined ? ['/note'] : []),
  ];
  return missing.length === 0
    ? passed('It is said what is agreed to.', { about })
    : failed(
        `Still missing: ${missing.join(', ')}.`,
        { missing },
        missing.map((pointer) => ({ pointer, message: 'needed here' })),
      );
});

/** The last word of a party on a matter takes the place of the one before. */
export function consentTo(state: Agreement | null, data: Said & Picking, context: Context): Decision<Agreement> {
  const agreement = state as Agreement;
  const version = agreement.versions.find(({ no }) => no === data.version) ?? actedOn(agreement);
  const party = whose(version, data, context.by);
  const verdicts = judge([ownWord, comesNext, clearWhose, thisText, aboutWhat], { agreement, version, data, context, party });
  const given: GivenConsent = {
    party: party!.id,
    to: data.to,
    hash: hashOf(agreement.kind, version),
    about: aboutOf(context.id, data),
    at: context.at,
    by: context.by.id,
    note: data.note ?? null,
  };
  const others = version.consents.filter((each) => !(each.party === given.party && each.to === given.to && each.about === given.about));
  const versions = agreement.versions.map((each) => (each === version ? { ...version, consents: [...others, given] } : each));
  const next = { ...agreement, versions };
  return { next, facts: [AgreementConsented.of({ ...readable(next), id: context.id })], verdicts };
}
