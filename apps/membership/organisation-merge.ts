import type { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import { FollowInMembership } from '#libs/contracts/membership';
import type { CommandContract, Outcome, StepDone } from '#libs/contracts/message';
import { NoteYielded, OrganisationMerged, OrganisationYielded, YieldOrganisation } from '#libs/contracts/organisation';
import { FollowOrganisation } from '#libs/contracts/person';
import { canonicalHash } from '#libs/domain/canonical';
import { type Context, type Decision, type Send, unchanged } from '#libs/domain/decision';
import { MOST_EXTERNAL_IDS, withId } from '#libs/domain/external-ids';
import { failed, judge, passed, rule } from '#libs/domain/verdict';
import { blank, type Merging, type Organisation, withSigns } from './organisation.js';
import { IN_CHARGE, rolesOf } from './organisation-change.js';

const STEP = 'yield';

interface Asked {
  id: string;
  from: string;
  by: Actor;
  before: Organisation;
  /** null: it is not there. */
  other: Organisation | null;
}

const mayMerge = rule(
  'ORGANISATION.MERGE.ACTOR',
  ({ id, from, by, before, other }: Asked) => {
    const held = [rolesOf(before, by, id), other ? rolesOf(other, by, from) : []];
    return held.every((roles) => roles.some((role) => IN_CHARGE.includes(role)))
      ? passed('Both records are yours.', { roles: held.flat() })
      : failed('Records are merged by who is in charge of both.', { roles: held.flat() });
  },
  { kind: 'NOT_YOURS' },
);

const another = rule('ORGANISATION.MERGE.OTHER', ({ id, from, other }: Asked) => {
  if (id === from) return failed('A record is not merged into itself.', { from }, '/into');
  return other ? passed('It is another record.', { from }) : failed('The record that should go is not there.', { from }, '/into');
});

const isIdle = rule(
  'ORGANISATION.MERGE.STATE',
  ({ before, other }: Asked) => (before.merging || other?.merging ? 'It is being merged with another at this moment.' : true),
  { kind: 'WRONG_STATE' },
);

const fits = rule('ORGANISATION.MERGE.EXTERNAL_IDS', ({ before, other }: Asked) => {
  const count = other ? together(before, other).length : 0;
  return count <= MOST_EXTERNAL_IDS || `Together they would have ${count} outside ids; a record has at most ${MOST_EXTERNAL_IDS}.`;
});

const together = (before: Organisation, other: Organisation) => other.externalIds.reduce(withId, before.externalIds);

/** The record that stays asks the other to go; who asked is answered when it has. */
export const mergeOrganisation =
  (other: Organisation | null) =>
  (organisation: Organisation | null, { from }: { from: string }, { id, by, message }: Context): Decision<Organisation> => {
    const before = organisation as Organisation;
    const verdicts = judge([mayMerge, another, isIdle, fits], { id, from, by, before, other });
    const merging: Merging = { from, asked: message, other: other as Organisation };
    const data = { into: id, by, hash: canonicalHash(other) };
    const sends = [{ command: YieldOrganisation, key: from, data, step: `${STEP}:${message}`, answer: NoteYielded }];
    return { next: { ...before, merging }, facts: [], verdicts, sends, answer: 'LATER' };
  };

const byItself = rule(
  'ORGANISATION.MERGE.PRODUCT',
  ({ by }: Context) => by.kind === 'SYSTEM' || 'The steps of a merge are those of the product.',
  {
    kind: 'NOT_YOURS',
  },
);

const same = (before: Organisation, hash: string) =>
  rule('ORGANISATION.MERGE.SAME', () => canonicalHash(before) === hash || 'The record that should go has changed meanwhile.', {
    kind: 'WRONG_STATE',
  });

/** Its outside ids are free from now on, and its address leads to the other. */
export function yieldOrganisation(
  organisation: Organisation | null,
  { into, hash }: z.output<typeof YieldOrganisation.data>,
  context: Context,
): Decision<Organisation> {
  const before = organisation as Organisation;
  const verdicts = judge([byItself, same(before, hash)], context);
  return { next: before, gone: true, facts: [OrganisationYielded.of({ ...before, id: context.id, into })], verdicts };
}

/** Whoever is called by the record that has gone: ids of the same service. Others lead on by its former ids. */
export interface Followers {
  persons: readonly string[];
  memberships: readonly string[];
}

export const noteYielded =
  ({ persons, memberships }: Followers) =>
  (organisation: Organisation | null, { step, outcome }: StepDone, context: Context): Decision<Organisation> => {
    judge([byItself], context);
    const before = organisation as Organisation;
    const { merging } = before;
    if (!merging || step !== `${STEP}:${merging.asked}`) return unchanged(before);
    const { from, asked } = merging;
    if (outcome.status !== 'DONE')
      return { ...unchanged({ ...before, merging: null }), settles: [{ message: asked, refusal: refusalOf(outcome) }] };
    const next = withSigns(absorbed(before, merging));
    const facts = [OrganisationMerged.of({ ...next, id: context.id, from })];
    const data = { from, to: context.id };
    const follow =
      (command: CommandContract) =>
      (key: string): Send => ({ command, key, data, step: `follow:${from}:${key}` });
    const sends = [...persons.map(follow(FollowOrganisation)), ...memberships.map(follow(FollowInMembership))];
    return { next, facts, verdicts: [], sends, settles: [{ message: asked, refusal: null }] };
  };

const refusalOf = ({ refusal }: Outcome): NonNullable<Outcome['refusal']> =>
  refusal ?? {
    kind: 'WRONG_STATE',
    code: 'ORGANISATION.MERGE.SAME',
    message: 'The record that should go could not be given up.',
    verdicts: [],
    errors: [],
  };

/** What stands is kept; what is blank is filled from the record that has gone, and lists are joined. */
function absorbed(before: Organisation, { from, other }: Merging): Organisation {
  const isBlank = (field: keyof Organisation) => before[field] === null;
  const filled = Object.fromEntries(
    (Object.keys(blank) as (keyof Organisation)[]).map((field) => [field, isBlank(field) ? other[field] : before[field]]),
  );
  const names = [...before.aliases, other.name, ...other.aliases].filter((name) => name !== before.name);
  return {
    ...before,
    ...filled,
    aliases: [...new Set(names)].slice(0, 50),
    establishments: [...before.establishments, ...other.establishments].slice(0, 100),
    externalIds: together(before, other),
    formerIds: [...new Set([...before.formerIds, from, ...other.formerIds])],
    merging: null,
  };
}
