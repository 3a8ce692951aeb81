import type { Actor } from '#libs/contracts/actor';
import type { CommandContract, FactDraft, RefusalShape } from '#libs/contracts/message';
import type { Policies } from './policy.js';
import type { Verdict } from './verdict.js';

/** What a decision may know beside state and command: data only, so that tests need no mocks. */
export interface Context {
  /** Id of the aggregate. */
  id: string;
  by: Actor;
  /** The moment of decision by the one clock, ISO 8601 UTC. */
  at: string;
  /** The rules in force, for decisions that read any: whoever hands over the command puts them in (`under`). */
  policies?: Policies;
  /** Id of the message: ids of what it brings about are derived from it. */
  message: string;
  /** The records that the aggregate keeps, where it keeps some. */
  records?: RecordsAtHand;
}

/** A record kept by an aggregate, at one of its versions. */
export interface KeptRecord {
  version: number;
  view: Record<string, unknown>;
}

export interface RecordsAtHand {
  /** As it is now; null: there is none. Throws where it has to be loaded first, and the decision is made again when it is. */
  get(id: string): KeptRecord | null;
}

/** A command another aggregate shall take because of this one; its answer comes back as the command `answer` of this aggregate. */
export interface Send {
  command: CommandContract;
  key: string;
  data: unknown;
  /** Names this send within its aggregate; the message id is derived from it, so it is taken once. */
  step: string;
  answer?: CommandContract;
  dryRun?: boolean;
}

export interface Due {
  /** ISO 8601 UTC */
  at: string;
  /** The SYSTEM command that is due then, with empty data. */
  command: CommandContract;
}

/** A record that has no document of its own to be decided on: another aggregate keeps it, and says what becomes of it. */
export interface RecordChange<R extends object = object> {
  id: string;
  /** One above the version before. */
  version: number;
  /** As it is now, but for its stamp. */
  state: R;
  facts: FactDraft[];
}

export interface Decision<S> {
  next: S;
  /** What becomes of the records that this aggregate keeps; a record may change more than once. */
  records?: RecordChange[];
  facts: FactDraft[];
  verdicts: Verdict[];
  /** `next` is kept, and shows nothing new yet: the version stays, and nobody is told. Its view must be that of the state before. */
  quiet?: true;
  /** The record is no more: its state is forgotten, and `next` is what its facts were made of. Its number of versions stays. */
  gone?: true;
  sends?: Send[];
  /** The timer of the aggregate from now on; null ends it, absent leaves it. */
  due?: Due | null;
  /** The answer follows when another message `settles` this one: a process that spans aggregates. */
  answer?: 'LATER';
  /** Earlier messages that are answered now: with this view, or with the refusal. */
  settles?: { message: string; refusal: RefusalShape | null }[];
}

type Decide<S, D> = (state: S | null, data: D, context: Context) => Decision<S>;

/** A decision under the rules that are in force now. */
export const under =
  <S, D>(policies: Policies, decide: Decide<S, D>): Decide<S, D> =>
  (state, data, context) =>
    decide(state, data, { ...context, policies });

/** Nothing to change: the state stands, no fact, the version stays. */
export const unchanged = <S>(state: S, verdicts: Verdict[] = []): Decision<S> => ({ next: state, facts: [], verdicts });
