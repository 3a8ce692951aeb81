import { z } from 'zod';
import type { aggregate, CommandContract } from './message.js';
import { Code, Reason } from './values.js';

/** What a profile that is published, or was, is about to become: only what differs, and how far its review has come. */
export const draftOf = <S extends z.ZodRawShape>(content: S) =>
  z
    .object(content)
    .partial()
    .extend({ profile: Code.describe('state-machines: PROFILE; of the draft') })
    .nullable()
    .default(null)
    .describe('what is being changed of a reviewed profile; whoever belongs to it reads it in its place');

/** Why a profile was returned or withdrawn. */
export const profileReason = z
  .string()
  .nullable()
  .default(null)
  .describe('what is to be changed of the profile, or why it was withdrawn; told to those it concerns');

/** Beside the fields of a view that holds a draft, in the view of who sees that. */
export const DraftOf = Code.nullish().describe(
  'with a draft: PUBLISHED, UNPUBLISHED; the state of the version before it, which the public goes on seeing while it is published',
);

/** The commands of the machine PROFILE and their facts, alike for whatever has a profile. */
export function publication<V extends z.ZodType, P extends z.ZodType>(
  { command, fact, refuses }: ReturnType<typeof aggregate>,
  view: V,
  told: P,
) {
  const nothing = z.strictObject({});
  const commands = {
    submitForReview: command('profile-submit-for-review.v1', nothing, view),
    requestChanges: command('profile-request-changes.v1', z.strictObject({ remarks: Reason }), view),
    publish: command('profile-publish.v1', nothing, view),
    unpublish: command('profile-unpublish.v1', z.strictObject({ reason: Reason }), view),
    republish: command('profile-republish.v1', nothing, view),
    archive: command('profile-archive.v1', nothing, view),
  };
  const facts = {
    draftChanged: fact('draft-changed.v1', told),
    submitForReview: fact('profile-submitted.v1', told),
    requestChanges: fact('profile-changes-requested.v1', told),
    publish: fact('profile-published.v1', told),
    unpublish: fact('profile-unpublished.v1', told),
    republish: fact('profile-republished.v1', told),
    archive: fact('profile-archived.v1', told),
  };
  refuses([commands.submitForReview], { 'PROFILE.SUBMIT_FOR_REVIEW.COMPLETE': ['RULE', 'Mandatory fields of the profile are blank.'] });
  refuses([commands.publish], {
    'PROFILE.PUBLISH.REVIEWER': ['NOT_YOURS', 'Who has written the profile does not validate it.'],
  });
  refuses([commands.republish], { 'PROFILE.REPUBLISH.VALID': ['RULE', 'What it describes does not stand any more.'] });
  return { commands, facts, all: Object.values(commands) as CommandContract[] };
}
