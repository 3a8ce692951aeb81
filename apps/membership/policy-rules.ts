import type { Actor } from '#libs/contracts/actor';
import type { PolicyPatch, PolicyValue } from '#libs/contracts/policy';
import { boundsOf, bundledPolicies, levelsOf } from '#libs/domain/policy';
import { rolesTowards } from '#libs/domain/standing';
import { failed, notApplicable, passed, rule } from '#libs/domain/verdict';
import { partnershipFiles } from '#libs/reference/partnerships';
import type { Policy } from './policy.js';

const AUTHORS = ['PLATFORM_ADMIN', 'PARTNERSHIP_COORDINATOR'];

/** A coordinator stands for the rules of the own partnership only. */
export function rolesOf({ partnership }: Pick<Policy, 'partnership'>, by: Actor): string[] {
  if (by.kind === 'SYSTEM') return ['SYSTEM'];
  const held = rolesTowards(by, partnership ? { PARTNERSHIP: [partnership] } : {});
  return held.filter((role) => role === 'PLATFORM_ADMIN' || partnership !== null);
}

export interface Said {
  patch: PolicyPatch;
  policy: Policy;
  roles: readonly string[];
}

export const mayWrite = rule(
  'POLICY.DRAFT.ACTOR',
  ({ roles }: Said) =>
    roles.some((role) => AUTHORS.includes(role))
      ? passed('The rule is yours to draft.', { roles })
      : failed('Rules of schemes and calls are drafted by the platform, those of a partnership by its coordinator.', { roles }),
  { kind: 'NOT_YOURS' },
);

/** What a rule reads: the kind of its value, and of a table its columns. */
function kindOf(value: PolicyValue): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'object') return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
  const columns = [...new Set(value.rows.flatMap((row) => Object.keys(row)))].sort();
  return `a table of ${columns.join(', ')}`;
}

type Stated = { policies?: { code: string; value: PolicyValue }[] };
const ofPartnerships = Object.values(partnershipFiles as unknown as Record<string, Stated>).flatMap(({ policies }) => policies ?? []);

/** The rules there are, and what each reads. */
const kinds = new Map([...ofPartnerships, ...bundledPolicies].map(({ code, value }) => [code, boundsOf(code).reads ?? kindOf(value)]));

const knownCode = rule('POLICY.CODE.KNOWN', ({ policy: { code } }: Said) =>
  kinds.has(code) ? passed('A rule reads it.', { code }) : failed(`No rule of this product is called ${code}.`, { code }, '/code'),
);

const fittingValue = rule('POLICY.VALUE.SHAPE', ({ policy: { code, value } }: Said) => {
  const wanted = kinds.get(code);
  const kind = kindOf(value);
  if (wanted === undefined) return notApplicable('No rule reads it.');
  // A limit may be taken away, and one come where there was none.
  const { needed = false, choices, least = -Infinity, most = Infinity } = boundsOf(code);
  const fits = kind === wanted || (!needed && !wanted.startsWith('a table') && [kind, wanted].includes('nothing'));
  if (!fits) return failed(`The rule reads ${wanted}, not ${kind}.`, { kind, wanted }, '/value');
  if (typeof value === 'string' && choices && !choices.includes(value))
    return failed(`The rule knows ${choices.join(', ')}.`, { kind, choices }, '/value');
  if (typeof value === 'number' && (value < least || value > most))
    return failed(`The rule reads ${least} to ${most}.`, { kind, least, most }, '/value');
  return passed('The rule can read it.', { kind });
});

const askedOfOwner = rule('POLICY.OWNER.ASKED', ({ policy: { code, owner } }: Said) => {
  const levels = levelsOf(code);
  return levels.includes(owner.level)
    ? passed('The rule is asked of such an owner.', { level: owner.level, levels })
    : failed(`${code} is not asked of a ${owner.level}: nobody excuses itself.`, { level: owner.level, levels }, '/level');
});

const inOrder = rule('POLICY.PERIOD.ORDER', ({ policy: { validFrom, validTo } }: Said) => {
  if (validFrom === null || validTo === null) return notApplicable('It is open on one end.');
  return validFrom <= validTo
    ? passed('It begins before it ends.')
    : failed('It would end before it begins.', { validFrom, validTo }, '/validTo');
});

export const saidRules = [knownCode, askedOfOwner, fittingValue, inOrder];
