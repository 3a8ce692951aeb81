import type { Actor } from '#libs/contracts/actor';
import type { CommandContract, FactDraft, Outcome, StepDone } from '#libs/contracts/message';
import type { ExternalId } from '#libs/contracts/values';
import { canonicalHash } from './canonical.js';
import { type Context, type Decision, type Send, unchanged } from './decision.js';
import { MOST_EXTERNAL_IDS, withId } from './external-ids.js';
import { failed, judge, passed, type Rule, rule } from './verdict.js';

/** Two records of one thing become one: the record that stays asks the other to go, and takes over what leads to it. */

export interface Merging<S> {
  from: string;
  /** Who waits for it. */
  asked: string;
  other: S;
}

export interface Mergeable {
  externalIds: ExternalId[];
  formerIds: string[];
  /** The record that is to become part of it, while that is under way. */
  merging?: Merging<never> | null;
}

export interface Asked<S> {
  id: string;
  from: string;
  by: Actor;
  before: S;
  /** null: it is not there. */
  other: S | null;
}

export interface Merges<S extends Mergeable> {
  /** What the codes of its rules begin with. */
  name: string;
  roles(record: S, by: Actor, id: string): readonly string[];
  /** Whose both records must be. */
  actors: readonly string[];
  rules?: readonly Rule<[Asked<S>]>[];
  /** Given to the record that goes, and what it answers with. */
  yielding: CommandContract;
  noted: CommandContract;
  /** What stands is kept; what leads to the record that has gone leads here. Outside ids and former ids are joined already. */
  absorbed(before: S, other: S): S;
  yielded(before: S, id: string, into: string): FactDraft;
  merged(next: S, id: string, from: string): FactDraft;
}

const STEP = 'yield';

type Decide<S, D> = (state: S | null, data: D, context: Context) => Decision<S>;
type Yielding = { into: string; hash: string };

export interface MergeDecisions<S> {
  merge(other: S | null): Decide<S, { from: string }>;
  yieldTo: Decide<S, Yielding>;
  /** `followers`: what is sent to those that are called by the record that has gone. */
  noteYielded(followers: (from: string, to: string) => Send[]): Decide<S, StepDone>;
}

export function mergesOf<S extends Mergeable>(about: Merges<S>): MergeDecisions<S> {
  const { name, roles, actors, rules = [], yielding, noted, absorbed, yielded, merged } = about;
  const together = (before: S, other: S) => other.externalIds.reduce(withId, before.externalIds);

  const mayMerge = rule(
    `${name}.MERGE.ACTOR`,
    ({ id, from, by, before, other }: Asked<S>) => {
      const held = [roles(before, by, id), other ? roles(other, by, from) : []];
      return held.every((all) => all.some((role) => actors.includes(role)))
        ? passed('Both records are yours.', { roles: held.flat() })
        : failed('Records are merged by who is in charge of both.', { roles: held.flat() });
    },
    { kind: 'NOT_YOURS' },
  );

  const another = rule(`${name}.MERGE.OTHER`, ({ id, from, other }: Asked<S>) => {
    if (id === from) return failed('A record is not merged into itself.', { from }, '/into');
    return other ? passed('It is another record.', { from }) : failed('The record that should go is not there.', { from }, '/into');
  });

  const isIdle = rule(
    `${name}.MERGE.STATE`,
    ({ before, other }: Asked<S>) => (before.merging || other?.merging ? 'It is being merged with another at this moment.' : true),
    { kind: 'WRONG_STATE' },
  );

  const fits = rule(`${name}.MERGE.EXTERNAL_IDS`, ({ before, other }: Asked<S>) => {
    const count = other ? together(before, other).length : 0;
    return count <= MOST_EXTERNAL_IDS || `Together they would have ${count} outside ids; a record has at most ${MOST_EXTERNAL_IDS}.`;
  });

  const byItself = rule(
    `${name}.MERGE.PRODUCT`,
    ({ by }: Context) => by.kind === 'SYSTEM' || 'The steps of a merge are those of the product.',
    { kind: 'NOT_YOURS' },
  );

  const same = (before: S, hash: string) =>
    rule(`${name}.MERGE.SAME`, () => canonicalHash(before) === hash || 'The record that should go has changed meanwhile.', {
      kind: 'WRONG_STATE',
    });

  const refusalOf = ({ refusal }: Outcome): NonNullable<Outcome['refusal']> =>
    refusal ?? {
      kind: 'WRONG_STATE',
      code: `${name}.MERGE.SAME`,
      message: 'The record that should go could not be given up.',
      verdicts: [],
      errors: [],
    };

  return {
    merge:
      (other) =>
      (record, { from }, { id, by, message }) => {
        const before = record as S;
        const verdicts = judge([mayMerge, another, isIdle, fits, ...rules], { id, from, by, before, other });
        const merging = { from, asked: message, other: other as S } as unknown as Merging<never>;
        const data = { into: id, by, hash: canonicalHash(other) };
        const sends = [{ command: yielding, key: from, data, step: `${STEP}:${message}`, answer: noted }];
        return { next: { ...before, merging }, facts: [], verdicts, sends, answer: 'LATER' };
      },

    /** Its outside ids are free from now on, and its address leads to the other. */
    yieldTo: (record, { into, hash }, context) => {
      const before = record as S;
      const verdicts = judge([byItself, same(before, hash)], context);
      return { next: before, gone: true, facts: [yielded(before, context.id, into)], verdicts };
    },

    noteYielded:
      (followers) =>
      (record, { step, outcome }, context) => {
        judge([byItself], context);
        const before = record as S;
        const merging = before.merging as Merging<S> | null | undefined;
        if (!merging || step !== `${STEP}:${merging.asked}`) return unchanged(before);
        const { from, asked, other } = merging;
        if (outcome.status !== 'DONE')
          return { ...unchanged({ ...before, merging: null }), settles: [{ message: asked, refusal: refusalOf(outcome) }] };
        const formerIds = [...new Set([...before.formerIds, from, ...other.formerIds])];
        const next = absorbed({ ...before, externalIds: together(before, other), formerIds, merging: null }, other);
        return {
          next,
          facts: [merged(next, context.id, from)],
          verdicts: [],
          sends: followers(from, context.id),
          settles: [{ message: asked, refusal: null }],
        };
      },
  };
}
