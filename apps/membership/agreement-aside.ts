import type { z } from 'zod';
import {
  AgreementAttached,
  AgreementDetached,
  type AttachToAgreement,
  type DetachFromAgreement,
  type NameSignatories,
  SignatoriesNamed,
  SignatoryForgotten,
} from '#libs/contracts/agreement';
import type { AgreementParty } from '#libs/contracts/agreement-details';
import { actsFor, isParty as isOf, partyBy } from '#libs/domain/agreement-parties';
import { attachmentChecks, detachmentChecks, withAttachment } from '#libs/domain/attachments';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { machine } from '#libs/domain/machine';
import { stated } from '#libs/domain/record';
import { rolesTowards } from '#libs/domain/standing';
import { failed, judge, notApplicable, passed, rule } from '#libs/domain/verdict';
import { type Agreement, actedOn, EDITABLE, readable } from './agreement.js';
import { RUNNING } from './agreement-consent.js';
import { rolesIn } from './agreement-move.js';

type Named = z.output<typeof NameSignatories.data>;

interface Naming {
  agreement: Agreement;
  data: Named;
  context: Context;
}

const partyNamed = ({ agreement, data }: Naming) => partyBy(actedOn(agreement).parties, data.party);

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
  const party = partyNamed({ agreement, data, context }) as AgreementParty;
  const others = agreement.signatories.filter((each) => !isOf(party, each.party));
  const own = data.signatories.map(({ person, name, function: as }) => ({
    party: party.id,
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

type Detach = z.output<typeof DetachFromAgreement.data>;

const mayDetach = rule(
  'AGREEMENT.DETACH.ACTOR',
  ({ roles }: { roles: readonly string[] }) =>
    roles.some((role) => RUNNING.includes(role))
      ? passed('It is yours to do.', { roles })
      : failed('Files are taken away by those who run the partnership.', { roles }),
  { kind: 'NOT_YOURS' },
);

const inWork = rule(
  'AGREEMENT.DETACH.STATE',
  ({ agreement }: { agreement: Agreement }) => {
    const { no, state } = actedOn(agreement);
    return EDITABLE.includes(state)
      ? passed('Its text is in work.', { version: no, state })
      : failed(`Version ${no} is ${state}.`, { version: no, state });
  },
  { kind: 'WRONG_STATE' },
);

/** Files that hold the text of a version, and those that prove a signature. */
const namedIn = ({ versions }: Agreement): Map<string, string> =>
  new Map(
    versions.flatMap(({ no, file, signatures }) => [
      ...(file ? [[file, `the text of version ${no}`] as const] : []),
      ...signatures.flatMap(({ evidence }) => (evidence ? [[evidence, `the evidence of a signature on version ${no}`] as const] : [])),
    ]),
  );

export function detachFromAgreement(state: Agreement | null, data: Detach, { id, by }: Context): Decision<Agreement> {
  const agreement = state as Agreement;
  const { attachments } = agreement;
  const asked = { agreement, roles: rolesIn(agreement, [], by), data, attachments, named: namedIn(agreement) };
  const verdicts = judge([mayDetach, inWork, ...detachmentChecks], asked);
  const next = { ...agreement, attachments: attachments.filter((each) => each.id !== data.attachment) };
  return { next, facts: [AgreementDetached.of({ ...readable(next), id })], verdicts };
}

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
