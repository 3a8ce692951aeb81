import type { FactContract } from '#libs/contracts/message';
import type { Context, Decision } from './decision.js';
import { inWork, type Profiled } from './drafts.js';
import { machine } from './machine.js';
import { failed, judge, passed, type Rule, rule } from './verdict.js';

const PROFILE = machine('PROFILE');
const source = 'state-machines.json#PROFILE';

export type ProfileCommand = 'submitForReview' | 'requestChanges' | 'publish' | 'unpublish' | 'republish' | 'archive';

/** A profile about to be moved. `written`: as those see it who are at work on it. */
export interface Reviewing<S> {
  before: S;
  written: S;
  context: Context;
}

export interface Published<S extends Profiled> {
  /** Roles and party roles that somebody holds towards the record. */
  roles(before: S, context: Context): readonly string[];
  /** Mandatory fields that are blank: JSON pointers. */
  missing(written: S): readonly string[];
  /** Judged beside the machine before it goes public. */
  guards?: readonly Rule<[Reviewing<S>]>[];
  /** Why it does not come back into the public; null: it may. */
  invalid(before: S): string | null;
  /** What else follows when what was written is published. */
  whenPublished?(written: S, before: S): S;
  facts: Record<ProfileCommand, FactContract>;
  told(next: S, id: string): unknown;
}

type Decide<S, D> = (state: S | null, data: D, context: Context) => Decision<S>;
type Said = { remarks?: string; reason?: string };

/** The decisions of the machine PROFILE: on the draft where there is one, else on the record itself. */
export function profileMoves<S extends Profiled>(about: Published<S>): Record<ProfileCommand, Decide<S, Said>> {
  const { roles, missing, guards = [], invalid, whenPublished = (written) => written, facts, told } = about;

  const moved =
    (
      command: ProfileCommand,
      asked: readonly Rule<[Reviewing<S>]>[],
      after: (move: Reviewing<S>, to: string, said: Said) => S,
      onDraft = false,
    ): Decide<S, Said> =>
    (state, said, context) => {
      const before = state as S;
      const move = { before, written: inWork(before), context };
      const { profile } = onDraft ? move.written : before;
      const table = PROFILE.allows(command, { roles: roles(before, context) }, profile);
      const verdicts = judge([...(table as unknown as Rule<[Reviewing<S>]>[]), ...asked], move);
      const next = after(move, PROFILE.targets(command, profile)[0]!, said);
      return { next, facts: [facts[command].of(told(next, context.id))], verdicts };
    };

  const complete = rule(
    'PROFILE.SUBMIT_FOR_REVIEW.COMPLETE',
    ({ written }: Reviewing<S>) => {
      const blank = missing(written);
      return blank.length === 0
        ? passed('All mandatory fields are filled in.')
        : failed(
            `Still missing: ${blank.join(', ')}.`,
            { missing: blank },
            blank.map((pointer) => ({ pointer, message: 'needed first' })),
          );
    },
    { source: 'profile-fields.json' },
  );

  const another = rule(
    'PROFILE.PUBLISH.REVIEWER',
    ({ before: { authors = [] }, context: { by } }: Reviewing<S>) =>
      authors.includes(by.id)
        ? failed('You have written of this profile: somebody else validates it.')
        : passed('Who validates it has not written it.'),
    { kind: 'NOT_YOURS', source },
  );

  const valid = rule('PROFILE.REPUBLISH.VALID', ({ before }: Reviewing<S>) => invalid(before) ?? true, { source });

  /** Where there is a draft it goes on in its review, and what the public sees stays. */
  const inReview =
    (author: (by: string, before: S) => Partial<S>, reason: (said: Said) => string | null) =>
    ({ before, context: { by } }: Reviewing<S>, to: string, said: Said): S => {
      const next = { ...before, ...author(by.id, before), profileReason: reason(said) };
      return before.draft ? { ...next, draft: { ...before.draft, profile: to } } : { ...next, profile: to };
    };
  /** Who asks for the review stands for what was written. */
  const submitting = (by: string, { authors = [] }: S) => ({ authors: [...new Set([...authors, by])] }) as Partial<S>;
  const inPublic = ({ before }: Reviewing<S>, to: string, { reason }: Said): S => ({
    ...before,
    profile: to,
    profileReason: reason ?? null,
  });

  return {
    submitForReview: moved(
      'submitForReview',
      [complete],
      inReview(submitting, () => null),
      true,
    ),
    requestChanges: moved(
      'requestChanges',
      [],
      inReview(
        () => ({}),
        ({ remarks }) => remarks ?? null,
      ),
      true,
    ),
    publish: moved(
      'publish',
      [another, ...guards],
      ({ before, written }, to) => ({ ...whenPublished(written, before), profile: to, draft: null, authors: [], profileReason: null }),
      true,
    ),
    unpublish: moved('unpublish', [], inPublic),
    republish: moved('republish', [valid], inPublic),
    archive: moved('archive', [], (move, to, said) => ({ ...inPublic(move, to, said), draft: null, authors: [] })),
  };
}
