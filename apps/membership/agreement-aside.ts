import type { z } from 'zod';
import {
  AgreementAttached,
  type AttachToAgreement,
  type NameSignatories,
  SignatoriesNamed,
  SignatoryForgotten,
} from '#libs/contracts/agreement';
import { actsFor } from '#libs/domain/agreement-parties';
import { attachmentChecks, withAttachment } from '#libs/domain/attachments';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { machine } from '#libs/domain/machine';
import { stated } from '#libs/domain/record';
import { rolesTowards } from '#libs/domain/standing';
import { failed, judge, notApplicable, passed, rule } from '#libs/domain/verdict';
import { type Agreement, actedOn, readable } from './agreement.js';
import { RUNNING } from './agreement-consent.js';
import { rolesIn } from './agreement-move.js';

type Named = z.output<typeof NameSignatories.data>;

interface Naming {
  agreement: Agreement;
  data: Named;
  context: Context;
}

const partyNamed = ({ agreement, data }: Naming) => actedOn(agreement).parties.find(({ id }) => id === data.party);

const isParty = rule('AGREEMENT.SIGNATORIES.PARTY', (asked: Naming) =>
  partyNamed(asked)
    ? passed('It is one of the parties.', { party: asked.data.party })
    : failed('It is none of the parties.', { party: asked.data.party }, '/party'),
);

const ownSignatories = rule(
  'AGREEMENT.SIGNATORIES.ACTOR',
  (asked: Naming) => {
    const { agreement, context } = asked;
    const party = partyNamed(asked);
    const roles = rolesTowards(context.by, { PARTNERSHIP: [agreement.partnership] });
    if (!party) return notApplicable('It is not known for which party.');
    const may = actsFor(context.by, party, 'PARTY') || (party.kind === 'OUTSIDE' && roles.some((role) => RUNNING.includes(role)));
    return may
      ? passed('They are yours to name.', { party: party.id })
      : failed('A party names its signatories itself.', { party: party.id, roles });
  },
  { kind: 'NOT_YOURS' },
);

export function nameSignatories(state: Agreement | null, data: Named, context: Context): Decision<Agreement> {
  const agreement = state as Agreement;
  const verdicts = judge([ownSignatories, isParty], { agreement, data, context });
  const others = agreement.signatories.filter(({ party }) => party !== data.party);
  const own = data.signatories.map(({ person, name, function: as }) => ({
    party: data.party,
    person: person ?? null,
    name,
    function: as ?? null,
  }));
  const next = stated(agreement, { ...agreement, signatories: [...others, ...own] });
  if (next === agreement) return unchanged(agreement, verdicts);
  return { next, facts: [SignatoriesNamed.of({ ...readable(next), id: context.id })], verdicts };
}

const erased = rule(
  'AGREEMENT.FORGET_SIGNATORY.ACTOR',
  ({ by }: Context) => by.kind === 'SYSTEM' || 'This follows from the erasure of a person.',
  {
    kind: 'NOT_YOURS',
  },
);

/** The place stays taken: a party that has named somebody is not signed for by just anybody. */
export function forgetSignatory(state: Agreement | null, { person }: { person: string }, context: Context): Decision<Agreement> {
  const agreement = state as Agreement;
  const verdicts = judge([erased], context);
  const forgotten = { name: null, function: null };
  const signatories = agreement.signatories.map((each) => (each.person === person ? { ...each, ...forgotten } : each));
  const next = stated(agreement, { ...agreement, signatories });
  if (next === agreement) return unchanged(agreement, verdicts);
  return { next, facts: [SignatoryForgotten.of({ ...readable(next), id: context.id })], verdicts };
}

type Attach = z.output<typeof AttachToAgreement.data>;

const mayAttach = rule(
  'AGREEMENT.ATTACH.ACTOR',
  ({ roles }: { roles: readonly string[] }) =>
    roles.some((role) => [...RUNNING, 'PARTY'].includes(role))
      ? passed('It is yours to do.', { roles })
      : failed('Files are attached by those who run the partnership, and by the parties.', { roles }),
  { kind: 'NOT_YOURS' },
);

const notOver = rule(
  'AGREEMENT.ATTACH.STATE',
  ({ agreement }: { agreement: Agreement }) => {
    const { state } = actedOn(agreement);
    return machine('AGREEMENT').isTerminal(state) ? failed(`It is ${state}.`, { state }) : passed('It is not over.', { state });
  },
  { kind: 'WRONG_STATE' },
);

/** `there`: the file lies where it was put. */
export const attachToAgreement =
  (there: boolean) =>
  (state: Agreement | null, data: Attach, { id, at, by }: Context): Decision<Agreement> => {
    const agreement = state as Agreement;
    const roles = rolesIn(agreement, actedOn(agreement).parties, by);
    const { attachments } = agreement;
    const verdicts = judge([mayAttach, notOver, ...attachmentChecks], { agreement, roles, data, at, attachments, there });
    const next = stated(agreement, { ...agreement, attachments: withAttachment(attachments, data, at) });
    return next === agreement
      ? unchanged(agreement, verdicts)
      : { next, facts: [AgreementAttached.of({ ...readable(next), id })], verdicts };
  };
