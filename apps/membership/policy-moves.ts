import type { z } from 'zod';
import {
  BeginPolicy,
  PolicyChanged,
  type PolicyDraft,
  PolicyDrafted,
  PolicyEnacted,
  type PolicyOwner,
  type PolicyPatch,
  PolicyRemoved,
  PolicySuperseded,
  SupersedePolicy,
} from '#libs/contracts/policy';
import { type Context, type Decision, type Due, type Send, unchanged } from '#libs/domain/decision';
import { machine } from '#libs/domain/machine';
import { type Move, movedBy } from '#libs/domain/move';
import { stated } from '#libs/domain/record';
import { removing } from '#libs/domain/removal';
import { failed, judge, notApplicable, passed, rule } from '#libs/domain/verdict';
import { type Policy, placeIn } from './policy.js';
import { mayWrite, rolesOf, saidRules } from './policy-rules.js';

/** Another version of the same rule and owner that is, or was, in force. */
export type Version = Pick<Policy, 'validFrom' | 'validTo' | 'state' | 'no'> & { id: string };

const dayOf = (at: string) => at.slice(0, 10);
const dayAfter = (day: string, days = 1) => dayOf(new Date(Date.parse(day) + days * 86_400_000).toISOString());
const from = ({ validFrom }: Pick<Policy, 'validFrom'>) => validFrom ?? '';
const LAST = '9999-12-31';

const namedOwner = rule('POLICY.OWNER.NAMED', ({ draft, owner }: { draft: PolicyDraft; owner: PolicyOwner | null }) => {
  const { level, partnership } = draft;
  if (owner !== null) return passed('It says whose rule it is.', { ...owner });
  return level === 'PARTNERSHIP'
    ? failed(
        'It does not say of which partnership, or names a scheme beside.',
        { level },
        partnership === undefined ? '/partnership' : '/owner',
      )
    : failed(
        'It does not say of which scheme or call, or names a partnership.',
        { level },
        partnership === undefined ? '/owner' : '/partnership',
      );
});

/** `code`: that of the partnership named; null: none is, or it is not there. */
export const draftPolicy =
  (code: string | null) =>
  (_: Policy | null, draft: PolicyDraft, { id, by }: Context): Decision<Policy> => {
    const { level, owner: named, partnership = null, ...said } = draft;
    const ofPartnership = level === 'PARTNERSHIP';
    const isNamed = ofPartnership
      ? partnership !== null && code !== null && named === undefined
      : named !== undefined && partnership === null;
    const owner = isNamed ? { level, code: (ofPartnership ? code : named) as string } : null;
    const next: Policy = {
      ...{ unit: null, validFrom: null, validTo: null, source: null, confidence: null, note: null },
      ...said,
      owner: owner ?? { level, code: '' },
      partnership,
      ...{ no: null, state: machine('POLICY').first, enactedAt: null, sourceKey: null, line: null },
    };
    const verdicts = judge([mayWrite, namedOwner, ...saidRules], { patch: said, policy: next, roles: rolesOf(next, by), draft, owner });
    return { next, facts: [PolicyDrafted.of({ ...next, id })], verdicts };
  };

const isDraft = rule(
  'POLICY.CHANGE.STATE',
  ({ before }: { before: Policy }) =>
    before.state === 'DRAFT' || `It is ${before.state}: a version that is or was in force is never edited; draft another.`,
  { kind: 'WRONG_STATE' },
);

export function changePolicy(policy: Policy | null, patch: PolicyPatch, { id, by }: Context): Decision<Policy> {
  const before = policy as Policy;
  // A value is told as a whole, also where it is a table.
  const next = stated(before, patch);
  const verdicts = judge([mayWrite, isDraft, ...saidRules], { patch, policy: next, before, roles: rolesOf(before, by) });
  return next === before ? unchanged(before, verdicts) : { next, facts: [PolicyChanged.of({ ...next, id })], verdicts };
}

export const removePolicy = removing<Policy>({
  name: 'POLICY',
  roles: (before, { by }) => rolesOf(before, by),
  actors: ['PLATFORM_ADMIN', 'PARTNERSHIP_COORDINATOR'],
  stays: ({ state }) => (state === 'DRAFT' ? null : `It is ${state}: it explains the decisions of its days.`),
  tell: (before, id) => PolicyRemoved.of({ ...before, id }),
});

const move = movedBy<Policy>({ machine: machine('POLICY'), field: 'state', roles: (before, { by }) => rolesOf(before, by) });
type Moving<D = object> = Move<Policy, D>;

const complete = rule('POLICY.ENACT.COMPLETE', ({ before }: Moving) => {
  const missing = (['validFrom', 'source', 'confidence'] as const).filter((field) => before[field] === null);
  return missing.length === 0
    ? passed('Its first day, source and confidence are said.')
    : failed(
        `Not said: ${missing.join(', ')}.`,
        { missing },
        missing.map((field) => ({ pointer: `/${field}`, message: 'needed to put it in force' })),
      );
});

/** A version without an end ends when the next begins; any other meeting of two is one too many. */
const meets = (mine: Pick<Policy, 'validFrom' | 'validTo'>, other: Version): boolean => {
  const gives = other.validTo === null && from(other) < from(mine);
  if (gives) return false;
  return from(mine) <= (other.validTo ?? LAST) && from(other) <= (mine.validTo ?? LAST);
};

const apart = (line: readonly Version[]) =>
  rule('POLICY.ENACT.OVERLAP', ({ before }: Moving) => {
    if (before.validFrom === null) return notApplicable('Its first day is not said.');
    const met = line.filter((other) => meets(before, other)).map(({ id, no, validFrom, validTo }) => ({ id, no, validFrom, validTo }));
    const [first] = met;
    return first
      ? failed(
          `Version ${first.no} holds from ${first.validFrom ?? 'the beginning'} to ${first.validTo ?? 'whenever'}.`,
          { met },
          '/validFrom',
        )
      : passed('No other version holds on its days.', { versions: line.length });
  });

/** Whoever held until this one begins: it ends the day before. */
const givingWay = (line: readonly Version[], { validFrom }: Pick<Policy, 'validFrom'>): Send[] =>
  line
    .filter(({ state, validTo, ...each }) => state === 'IN_FORCE' && validTo === null && from(each) < (validFrom ?? ''))
    .map(({ id }) => ({ command: SupersedePolicy, key: id, data: { on: validFrom }, step: `supersede-${id}` }));

/** What happens to it next by itself. */
function nextOf({ validFrom, validTo }: Pick<Policy, 'validFrom' | 'validTo'>, at: string): Due | null {
  if (validFrom !== null && validFrom > dayOf(at)) return { at: `${validFrom}T00:00:00.000Z`, command: BeginPolicy };
  return validTo === null ? null : { at: `${dayAfter(validTo)}T00:00:00.000Z`, command: SupersedePolicy };
}

/** `line`: all other versions that are, or were, in force. Two that are enacted at once come for the same place, and the store lets one in. */
export const enactPolicy = (line: readonly Version[]) => {
  const no = Math.max(0, ...line.map((each) => each.no ?? 0)) + 1;
  return move<object>('enact', {
    guards: [complete, apart(line)],
    beside: ({ before, context: { at } }) => ({ no, line: placeIn(before, no), enactedAt: at }),
    more: ({ before, context: { at } }) => ({
      due: nextOf(before, at),
      sends: from(before) <= dayOf(at) ? givingWay(line, before) : [],
    }),
    tell: (next, id) => PolicyEnacted.of({ ...next, id }),
  });
};

const onlyByItself = rule('POLICY.BEGIN.ACTOR', ({ by }: Context) => by.kind === 'SYSTEM' || 'It begins by itself.', { kind: 'NOT_YOURS' });

/** Its first day has come: what held until now gives way. */
export const beginPolicy =
  (line: readonly Version[]) =>
  (policy: Policy | null, _: object, context: Context): Decision<Policy> => {
    const verdicts = judge([onlyByItself], context);
    const before = policy as Policy;
    return { next: before, facts: [], verdicts, sends: givingWay(line, before), due: nextOf(before, context.at) };
  };

type Supersede = z.output<typeof SupersedePolicy.data>;

const sensibleDay = rule('POLICY.SUPERSEDE.DAY', ({ before, data: { on }, context: { at } }: Moving<Supersede>) => {
  const day = on ?? dayOf(at);
  const inputs = { on: day, validFrom: before.validFrom, today: dayOf(at) };
  if (day > dayOf(at)) return failed('The day lies in the future: put a version in force that begins then.', inputs, '/on');
  return day > from(before) ? passed('It has held by then.', inputs) : failed('It would end before it begins.', inputs, '/on');
});

/** It ends the day before; what it said holds for the decisions of its days for ever. */
export const supersedePolicy = move<Supersede>('supersede', {
  guards: [sensibleDay],
  beside: ({ before: { validTo }, data: { on }, context: { at } }) => {
    const last = dayAfter(on ?? dayOf(at), -1);
    return { validTo: validTo !== null && validTo < last ? validTo : last };
  },
  more: () => ({ due: null }),
  tell: (next, id) => PolicySuperseded.of({ ...next, id }),
});
