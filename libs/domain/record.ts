import type { Actor } from '#libs/contracts/actor';
import type { FactDraft } from '#libs/contracts/message';
import { canonicalHash, canonicalJson } from './canonical.js';
import { type Context, type Decision, unchanged } from './decision.js';
import { failed, judge, notApplicable, passed, type Rule, rule } from './verdict.js';

/** What a source has said last, as a hash; never part of a view. */
export interface Sourced {
  statements?: { source: string; hash: string }[];
}

interface Said {
  sourceKey: string;
}

/**
 * What stands after a source has stated something: what it does not mention stays, null is a statement too.
 * The very same object when it says nothing new.
 */
export function stated<S extends object>(before: S, said: Partial<S>): S {
  const mentioned = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as Partial<S>;
  const after = { ...before, ...mentioned };
  return canonicalJson(after) === canonicalJson(before) ? before : after;
}

/** An import records what is so elsewhere: only the product itself carries it in, and no rule of the machine is asked. */
const recording = (machine: string): Rule<[Actor]>[] => [
  rule(
    `${machine}.RECORD.ACTOR`,
    ({ kind }: Actor) => (kind === 'SYSTEM' ? passed('An import of the product.') : failed('Only an import records.', { kind })),
    { kind: 'NOT_YOURS' },
  ),
  rule(`${machine}.RECORD.RULES`, () => notApplicable('An import records, it does not decide.')),
];

export interface Recording<S> {
  machine: string;
  /** The state with what is said; the very same when nothing of it is new. */
  merge(): S;
  tell(next: S): FactDraft;
}

/**
 * The decision of every `record` command. A source that says what it said last time changes nothing,
 * so what people have put right since then stands, and sources that differ do not overwrite each other by turns.
 */
export function record<S extends Sourced>(
  state: S | null,
  said: Said,
  { by }: Context,
  { machine, merge, tell }: Recording<S>,
): Decision<S> {
  const verdicts = judge(recording(machine), by);
  const statement = { source: said.sourceKey, hash: canonicalHash(said) };
  const known = state?.statements ?? [];
  if (state && known.some(({ source, hash }) => source === statement.source && hash === statement.hash)) return unchanged(state, verdicts);
  const merged = merge();
  if (merged === state) return unchanged(state, verdicts);
  const next = { ...merged, statements: [...known.filter(({ source }) => source !== statement.source), statement] };
  return { next, facts: [tell(next)], verdicts };
}
