import type { FactDraft } from '#libs/contracts/message';
import type { Context, Decision } from './decision.js';
import type { Machine } from './machine.js';
import { judge, type Rules } from './verdict.js';

/** A record about to be moved by a command of its machine, as its guards look at it. */
export interface Move<S, D> {
  before: S;
  data: D;
  context: Context;
  /** Where the table leads from the state it is in; more than one where its guards decide. */
  targets: readonly string[];
}

/** What all commands of a machine have in common for a kind of record. */
export interface Moved<S> {
  machine: Machine;
  /** Where the state of the machine stands. */
  field: keyof S & string;
  /** Roles and party roles (`OWNER`, `COUNTERPARTY` …) that somebody holds towards the record. */
  roles(before: S, context: Context): readonly string[];
}

/** What a command has of its own beside the row of the table. */
export interface Moving<S, D> {
  /** Judged together with state and actor, so that who is refused hears all of it at once. */
  guards?: Rules<[Move<S, D>]>;
  /** Which of several targets; the only one unless said. */
  to?(move: Move<S, D>): string;
  /** What changes beside the state of the machine. */
  beside?(move: Move<S, D>): Partial<S>;
  /** What else the decision brings about: sends, a timer. */
  more?(move: Move<S, D>): Pick<Decision<S>, 'sends' | 'due'>;
  tell(next: S, id: string): FactDraft;
}

type Decide<S, D> = (before: S | null, data: D, context: Context) => Decision<S>;

/**
 * Decisions of a machine's commands: the table says from where to where and for whom, the guards say the rest.
 * `const move = movedBy<Cluster>({ machine: machine('CLUSTER'), field: 'state', roles })`, then
 * `export const closeCluster = move<Close>('close', { tell: closed })`.
 */
export const movedBy =
  <S extends object>({ machine, field, roles }: Moved<S>) =>
  <D>(command: string, { guards = [], to, beside, more, tell }: Moving<S, D>): Decide<S, D> =>
  (state, data, context) => {
    const before = state as S;
    const from = String(before[field]);
    const move = { before, data, context, targets: machine.targets(command, from) };
    const table = machine.allows(command, { roles: roles(before, context) }, from);
    const verdicts = judge([...(table as Rules<[Move<S, D>]>), ...guards], move);
    const next = { ...before, ...beside?.(move), [field]: to?.(move) ?? move.targets[0] };
    return { next, facts: [tell(next, context.id)], verdicts, ...more?.(move) };
  };
