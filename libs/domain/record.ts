import type { Actor } from '#libs/contracts/actor';
import { canonicalJson } from './canonical.js';
import { failed, notApplicable, passed, type Rule, rule } from './verdict.js';

/**
 * What stands after a source has stated something: what it does not mention stays, null is a statement too.
 * The very same object when it says nothing new, so that a repeated import changes nothing.
 */
export function stated<S extends object>(before: S, said: Partial<S>): S {
  const mentioned = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as Partial<S>;
  const after = { ...before, ...mentioned };
  return canonicalJson(after) === canonicalJson(before) ? before : after;
}

/** An import records what is so elsewhere: only the product itself carries it in, and no rule of the machine is asked. */
export const recording = (machine: string): Rule<[Actor]>[] => [
  rule(
    `${machine}.RECORD.ACTOR`,
    ({ kind }: Actor) => (kind === 'SYSTEM' ? passed('An import of the product.') : failed('Only an import records.', { kind })),
    {
      kind: 'NOT_YOURS',
    },
  ),
  rule(`${machine}.RECORD.RULES`, () => notApplicable('An import records, it does not decide.')),
];
