import { z } from 'zod';
import { aggregate } from './message.js';
import { Code, Day, Id, Instant, Ref, Removal, UpdatedAt, Version } from './values.js';

const Scalar = z.union([z.number(), z.boolean(), z.string().max(2000), z.null()]);

/** A tariff or a definition: what holds for all of it, and its rows. */
export const PolicyTable = z
  .strictObject({
    fields: z.record(z.string().max(100), Scalar).default({}).describe('what holds for every row, such as its currency'),
    rows: z
      .array(z.record(z.string().max(100), Scalar))
      .min(1)
      .max(1000),
  })
  .meta({ id: 'PolicyTable' });
export type PolicyTable = z.infer<typeof PolicyTable>;

export const PolicyValue = z.union([Scalar, z.array(z.string().max(200)).max(1000), PolicyTable]).meta({ id: 'PolicyValue' });
export type PolicyValue = z.infer<typeof PolicyValue>;

export const PolicyOwner = z
  .object({
    level: z.enum(['SCHEME', 'CALL', 'PARTNERSHIP']).describe('the narrower owner wins'),
    code: Code.describe('of the scheme, of the call (partnership-programmes), or of the partnership'),
  })
  .meta({ id: 'PolicyOwner' });
export type PolicyOwner = z.infer<typeof PolicyOwner>;

const said = {
  value: PolicyValue,
  unit: z.string().max(300).nullable(),
  validFrom: Day.nullable().describe('first day of the decisions it holds for; null: no beginning is known'),
  validTo: Day.nullable().describe('last day; null: until a later version begins'),
  source: z.string().min(1).max(2000).nullable().describe('where it is said'),
  confidence: z.enum(['STATED', 'INFERRED', 'PROJECT']).nullable().describe('read in the source, derived, or decided here'),
  note: z.string().max(2000).nullable(),
};

export const PolicyView = z
  .object({
    id: Id,
    version: Version,
    updatedAt: UpdatedAt,
    code: Code.describe('of the rule; versions of one rule and owner never hold on the same day'),
    owner: PolicyOwner,
    partnership: Id.nullable().describe('set where a partnership owns it'),
    no: z.int().min(1).nullable().describe('which version of the rule of this owner it is; given when it is put in force'),
    ...said,
    state: Code.describe('state-machines: POLICY'),
    enactedAt: Instant.nullable(),
    sourceKey: z.string().nullable(),
  })
  .meta({ id: 'Policy' });
export type PolicyView = z.infer<typeof PolicyView>;

export const Policy = aggregate('policy', {
  service: 'membership',
  resource: 'policies',
  machines: [{ machine: 'POLICY', field: 'state' }],
  view: PolicyView,
  fields: ['code', 'owner.level', 'owner.code', 'partnership', 'state'],
});

const Told = PolicyView.omit({ version: true, updatedAt: true });

/** What may be said of a draft; a missing field stays, null makes it blank (RFC 7396). The value is told as a whole. */
export const PolicyPatch = z
  .strictObject(said)
  .partial()
  .meta({ id: 'PolicyPatch', example: { value: 20, validFrom: '2027-01-01' } });
export type PolicyPatch = z.infer<typeof PolicyPatch>;

/** A version of a rule as somebody would have it. */
export const PolicyDraft = PolicyPatch.required({ value: true })
  .extend({
    code: Code,
    level: PolicyOwner.shape.level,
    owner: Code.optional().describe('code of the scheme or call; a partnership is named by its own field'),
    partnership: Ref('partnerships').optional().describe('id or slug; of level PARTNERSHIP'),
  })
  .meta({
    id: 'PolicyDraft',
    example: {
      code: 'CLUSTER_MIN_MEMBERS',
      level: 'SCHEME',
      owner: 'ECCP',
      value: 20,
      validFrom: '2027-01-01',
      source: 'ECCP',
      confidence: 'STATED',
    },
  });
export type PolicyDraft = z.infer<typeof PolicyDraft>;

export const DraftPolicy = Policy.command('draft.v1', PolicyDraft, PolicyView, 'NEW');
export const PolicyDrafted = Policy.fact('drafted.v1', Told.pick({ id: true, code: true, owner: true, partnership: true, state: true }));

export const ChangePolicy = Policy.command('change.v1', PolicyPatch, PolicyView);
export const PolicyChanged = Policy.fact('changed.v1', Told.pick({ id: true, code: true, owner: true, partnership: true, state: true }));

export const RemovePolicy = Policy.command('remove.v1', Removal, PolicyView);
export const PolicyRemoved = Policy.fact('removed.v1', Told.pick({ id: true, code: true, owner: true, partnership: true, state: true }));

export const EnactPolicy = Policy.command('enact.v1', z.strictObject({}), PolicyView);
export const PolicyEnacted = Policy.fact('enacted.v1', Told);

/** It is replaced, or holds no longer; it goes on explaining the decisions of its days. */
export const SupersedePolicy = Policy.command(
  'supersede.v1',
  z.object({ on: Day.optional().describe('the first day it holds no longer; today unless said, never in the future') }),
  PolicyView,
);
export const PolicySuperseded = Policy.fact('superseded.v1', Told);

/** Its first day has come: what held until now gives way. Sent by the product itself. */
export const BeginPolicy = Policy.command('begin.v1', z.object({}), PolicyView);

/** A rule as the product brings it, or as the file of a partnership states it. */
export const PolicyRecord = z.object({
  code: Code,
  owner: PolicyOwner,
  partnership: Id.nullable(),
  no: z.int().min(1),
  ...said,
  sourceKey: z.string(),
});
export type PolicyRecord = z.infer<typeof PolicyRecord>;
export const RecordPolicy = Policy.command('record.v1', PolicyRecord, PolicyView, 'UPSERT');
export const PolicyRecorded = Policy.fact('recorded.v1', Told);

/** How many are told by name. */
export const PLACES = 200;

/** One whom two versions of a rule judge: what each comes to. */
export const PolicyJudged = z.object({
  resource: z.string(),
  id: Id,
  name: z.string(),
  before: z.string().describe('what the version in force comes to'),
  after: z.string().describe('what the draft would come to'),
  why: z.string(),
});

export type PolicyJudged = z.infer<typeof PolicyJudged>;

/** Past decisions under another version of a rule. */
export const PolicyComparison = z
  .object({
    policy: Id,
    code: Code,
    inForce: z.object({ id: Id, no: z.int().nullable(), value: PolicyValue }).nullable().describe('what it is compared with'),
    value: PolicyValue,
    decisions: z.int().min(0).describe('that were looked at'),
    otherwise: z.int().min(0).describe('how many of them would come out otherwise'),
    judged: z.array(PolicyJudged).describe('those that would, up to 200'),
  })
  .meta({ id: 'PolicyComparison' });
export type PolicyComparison = z.infer<typeof PolicyComparison>;

/** Asked as a dry run only: nothing is changed. */
export const ComparePolicy = Policy.command('compare.v1', z.object({}), PolicyComparison);

Policy.refuses([DraftPolicy, ChangePolicy], {
  'POLICY.DRAFT.ACTOR': ['NOT_YOURS', 'Rules of schemes and calls are the platform’s to draft, those of a partnership its coordinator’s.'],
  'POLICY.OWNER.NAMED': ['RULE', 'A scheme or call is named by its code, a partnership by its field.'],
  'POLICY.CODE.KNOWN': ['RULE', 'No rule of this product has the code.'],
  'POLICY.OWNER.ASKED': ['RULE', 'The rule is not asked of owners of this level: a partnership does not excuse itself.'],
  'POLICY.VALUE.SHAPE': ['RULE', 'The value is not of the kind that the rule reads.'],
  'POLICY.PERIOD.ORDER': ['RULE', 'It would end before it begins.'],
});
Policy.refuses([ChangePolicy], { 'POLICY.CHANGE.STATE': ['WRONG_STATE', 'A version in force is never edited.'] });
Policy.refuses([RemovePolicy], {
  'POLICY.REMOVE.ACTOR': ['NOT_YOURS', 'A draft is removed by those who may write it.'],
  'POLICY.REMOVE.STATE': ['WRONG_STATE', 'What was in force explains decisions, and stays.'],
  'POLICY.REMOVE.FREE': ['WRONG_STATE', 'Other records name it.'],
});
Policy.refuses([EnactPolicy], {
  'POLICY.ENACT.COMPLETE': ['RULE', 'Its first day, source or confidence is not said.'],
  'POLICY.ENACT.OVERLAP': ['RULE', 'Another version of the rule of this owner holds on one of its days.'],
});
Policy.refuses([SupersedePolicy], {
  'POLICY.SUPERSEDE.DAY': ['RULE', 'The day lies in the future, or not behind its first day.'],
});
Policy.refuses([ComparePolicy], { 'POLICY.COMPARE.ACTOR': ['NOT_YOURS', 'A draft is compared by those who may put it in force.'] });
Policy.refuses([RecordPolicy], { 'POLICY.RECORD.ACTOR': ['NOT_YOURS', 'Only the product itself records.'] });
Policy.refuses([], { 'POLICY.RECORD.RULES': ['RULE', 'Never refuses: what is recorded is not decided.'] });
Policy.refuses([BeginPolicy], { 'POLICY.BEGIN.ACTOR': ['NOT_YOURS', 'It begins by itself.'] });
