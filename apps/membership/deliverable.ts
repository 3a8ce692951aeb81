import type { z } from 'zod';
import {
  DeliverableAccepted,
  DeliverableChanged,
  type DeliverableDraft,
  type DeliverablePatch,
  DeliverablePromised,
  DeliverableRemoved,
  DeliverableReturned,
  DeliverableSubmitted,
  type DeliverableView,
  type PutDeliverable,
  type ReturnDeliverable,
  type SubmitDeliverable,
} from '#libs/contracts/deliverable';
import type { FactContract } from '#libs/contracts/message';
import type { Stamp } from '#libs/contracts/values';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { distinctIds, withId } from '#libs/domain/external-ids';
import { patched } from '#libs/domain/merge-patch';
import { stated } from '#libs/domain/record';
import { removing } from '#libs/domain/removal';
import { rolesTowards } from '#libs/domain/standing';
import { failed, judge, notApplicable, passed, type Rule, rule } from '#libs/domain/verdict';

export type Deliverable = Omit<DeliverableView, keyof Stamp>;

/** What is known of the partnership, and of the document that is named. */
export interface Known {
  durationMonths: number | null;
  /** Active partner clusters. */
  partners: readonly string[];
  /** null: it is not there. */
  document: { partnership: string | null; approved: boolean } | null;
}

const RUNNING = ['PLATFORM_ADMIN', 'PARTNERSHIP_COORDINATOR', 'PARTNERSHIP_MANAGER'];
const ACCEPTING = ['PLATFORM_ADMIN', 'AGENCY_OFFICER'];
const WAITING = ['PLANNED', 'RETURNED'];

const actor = (code: 'PROMISE' | 'CHANGE' | 'SUBMIT' | 'ACCEPT', actors: readonly string[]) =>
  rule(
    `DELIVERABLE.${code}.ACTOR`,
    ({ roles }: { roles: readonly string[] }) =>
      roles.some((role) => actors.includes(role))
        ? passed('It is yours to do.', { roles })
        : failed(`This is for ${actors.join(', ')}.`, { roles }),
    { kind: 'NOT_YOURS' },
  );

const stage = (code: 'CHANGE' | 'SUBMIT' | 'ACCEPT', states: readonly string[]) =>
  rule(
    `DELIVERABLE.${code}.STATE`,
    ({ before: { state } }: { before: Deliverable }) =>
      states.includes(state) ? passed(`It is ${state}.`, { state }) : failed(`It is ${state}.`, { state }),
    { kind: 'WRONG_STATE' },
  );

interface Said {
  patch: DeliverablePatch;
  partnership: string;
  known: Known;
}

const withinDuration = rule('DELIVERABLE.DUE.WITHIN', ({ patch: { dueMonth }, known: { durationMonths } }: Said) => {
  if (dueMonth === undefined) return notApplicable('The month stays.');
  if (durationMonths === null) return notApplicable('It is not known how long the partnership lasts.', { dueMonth });
  return dueMonth <= durationMonths
    ? passed('The partnership lasts until then.', { dueMonth, durationMonths })
    : failed(`The partnership lasts ${durationMonths} months.`, { dueMonth, durationMonths }, '/dueMonth');
});

const ownDocument = rule('DELIVERABLE.DOCUMENT.OWN', ({ patch, partnership, known: { document } }: Said) => {
  if (!patch.document) return notApplicable('No document is stated.');
  return document?.partnership === partnership
    ? passed('The document is the partnership’s.', { document: patch.document })
    : failed('The document is not the partnership’s.', { document: patch.document }, '/document');
});

const saidRules = [withinDuration, ownDocument, distinctIds('DELIVERABLE')];

const rolesIn = (partnership: string, by: Context['by']) => rolesTowards(by, { PARTNERSHIP: [partnership] });

export const promiseDeliverable =
  (known: Known, further: readonly Rule<[]>[] = []) =>
  (_: Deliverable | null, draft: DeliverableDraft, { id, by }: Context): Decision<Deliverable> => {
    const { partnership, title, dueMonth, ...patch } = draft;
    const asked = { patch: draft, partnership, known, roles: rolesIn(partnership, by) };
    const verdicts = judge([actor('PROMISE', RUNNING), ...saidRules, ...further], asked);
    const blank: Deliverable = {
      ...{ partnership, number: null, title: {}, dueMonth, state: 'PLANNED', document: null, submittedAt: null, acceptedAt: null },
      ...{ reason: null, partners: [...known.partners], externalIds: [] },
    };
    const next = withTitle(patched(blank, { ...patch, title }, ['title']));
    return { next, facts: [DeliverablePromised.of({ ...next, id })], verdicts };
  };

const withTitle = (deliverable: Deliverable): Deliverable => ({ ...deliverable, title: deliverable.title ?? {} });

export const changeDeliverable =
  (known: Known, further: readonly Rule<[]>[] = []) =>
  (state: Deliverable | null, patch: DeliverablePatch, { id, by }: Context): Decision<Deliverable> => {
    const before = state as Deliverable;
    const { partnership } = before;
    const next = stated(before, withTitle(patched(before, patch, ['title'])));
    const asked = { before, patch, partnership, known, roles: rolesIn(partnership, by) };
    const verdicts = judge([actor('CHANGE', RUNNING), stage('CHANGE', WAITING), ...saidRules, ...further], asked);
    if (next === before) return unchanged(before, verdicts);
    return told({ ...next, partners: [...known.partners] }, DeliverableChanged, id, verdicts);
  };

const told = (next: Deliverable, fact: FactContract, id: string, verdicts: Decision<Deliverable>['verdicts']): Decision<Deliverable> => ({
  next,
  facts: [fact.of({ ...next, id })],
  verdicts,
});

type Put = z.output<typeof PutDeliverable.data>;

const named = ({ partnership, title, dueMonth }: Put, before: Deliverable | null) =>
  rule('DELIVERABLE.PUT.NAMED', () => {
    if (before)
      return partnership === undefined || partnership === before.partnership
        ? passed('Its partnership stays.')
        : failed('Its partnership stays.', {}, [{ pointer: '/partnership', message: 'it stays as it is' }]);
    const missing = Object.entries({ partnership, title, dueMonth }).flatMap(([field, value]) =>
      value === undefined ? [`/${field}`] : [],
    );
    const faults = missing.map((pointer) => ({ pointer, message: 'needed for a new one' }));
    return missing.length === 0 ? passed('What it needs is said.') : failed('Say its partnership, title and month.', { missing }, faults);
  });

/** By an outside id: written down when it is not there yet, else changed. */
export const putDeliverable =
  (known: Known) =>
  (before: Deliverable | null, { externalId, ...said }: Put, context: Context): Decision<Deliverable> => {
    const externalIds = withId(said.externalIds ?? before?.externalIds ?? [], externalId);
    const further = [named({ externalId, ...said }, before)];
    const { partnership = '', ...patch } = { ...said, externalIds };
    if (before) return changeDeliverable(known, further)(before, patch, context);
    return promiseDeliverable(known, further)(
      null,
      { ...patch, partnership, title: patch.title ?? {}, dueMonth: patch.dueMonth ?? 1 },
      context,
    );
  };

export const removeDeliverable = removing<Deliverable>({
  name: 'DELIVERABLE',
  roles: ({ partnership }, { by }) => rolesIn(partnership, by),
  actors: RUNNING,
  stays: ({ state }) => (state === 'PLANNED' ? null : `It is ${state}.`),
  tell: (before, id) => DeliverableRemoved.of({ ...before, id }),
});

type Submit = z.output<typeof SubmitDeliverable.data>;

const approvedDocument = rule('DELIVERABLE.SUBMIT.APPROVED', ({ before, patch, known: { document } }: Said & { before: Deliverable }) => {
  const named = patch.document ?? before.document;
  if (named === null || document === null) return failed('Say which document is handed in.', { document: named }, '/document');
  return document.approved
    ? passed('It has an approved version.', { document: named })
    : failed('It has no approved version yet.', { document: named }, '/document');
});

export const submitDeliverable =
  (known: Known) =>
  (state: Deliverable | null, { document }: Submit, { id, by, at }: Context): Decision<Deliverable> => {
    const before = state as Deliverable;
    const { partnership } = before;
    const asked = { before, patch: document ? { document } : {}, partnership, known, roles: rolesIn(partnership, by) };
    const verdicts = judge([actor('SUBMIT', RUNNING), stage('SUBMIT', WAITING), ownDocument, approvedDocument], asked);
    const handed = { state: 'SUBMITTED', document: document ?? before.document, submittedAt: at, reason: null } as const;
    return told({ ...before, ...handed, partners: [...known.partners] }, DeliverableSubmitted, id, verdicts);
  };

const looking = (state: Deliverable | null, { by }: Context) => {
  const before = state as Deliverable;
  const verdicts = judge([actor('ACCEPT', ACCEPTING), stage('ACCEPT', ['SUBMITTED'])], { before, roles: rolesIn(before.partnership, by) });
  return { before, verdicts };
};

export function acceptDeliverable(state: Deliverable | null, _: object, context: Context): Decision<Deliverable> {
  const { before, verdicts } = looking(state, context);
  return told({ ...before, state: 'ACCEPTED', acceptedAt: context.at }, DeliverableAccepted, context.id, verdicts);
}

/** It may be handed in again; when it first was is told in its history. */
export function returnDeliverable(
  state: Deliverable | null,
  { reason }: z.output<typeof ReturnDeliverable.data>,
  context: Context,
): Decision<Deliverable> {
  const { before, verdicts } = looking(state, context);
  return told({ ...before, state: 'RETURNED', reason }, DeliverableReturned, context.id, verdicts);
}
