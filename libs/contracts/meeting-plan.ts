import { z } from 'zod';
import { aggregate } from './message.js';
import { Id, Instant, UpdatedAt, Version } from './values.js';

const Worth = z
  .object({ count: z.int().min(0), weight: z.int().min(0).describe('each by its priority (event-meetings)') })
  .meta({ id: 'MeetingWorth' });

/** What a computed schedule came to. */
export const MeetingScheduleRun = z
  .object({
    id: Id,
    state: z.enum(['RUNNING', 'DONE', 'DROPPED']).describe('DROPPED: the event was postponed or cancelled meanwhile'),
    seed: z
      .int()
      .min(0)
      .max(2 ** 31)
      .describe('the same seed over the same wishes gives the same schedule'),
    startedAt: Instant,
    endedAt: Instant.nullable(),
    kept: z.int().min(0).describe('meetings that stood: none of them was moved'),
    wished: Worth.describe('accepted meetings without a slot'),
    met: Worth.nullable().describe('what was given a slot'),
    bound: Worth.nullable().describe('what no schedule that keeps the rules and what stands could have beaten; each for itself'),
    late: z.int().min(0).nullable().describe('given a slot, and moved, cancelled or crossed by others before it was written'),
  })
  .meta({ id: 'MeetingScheduleRun' });
export type MeetingScheduleRun = z.infer<typeof MeetingScheduleRun>;

/** The meetings of an event taken together, under the id of the event. */
export const MeetingPlanView = z
  .object({
    id: Id,
    version: Version,
    updatedAt: UpdatedAt,
    partnerships: z.array(Id).max(20).describe('of the event'),
    counts: z.record(z.string(), z.int().min(0)).describe('meetings by state, those that have ended without taking place left out'),
    schedule: MeetingScheduleRun.nullable().describe('the last that was computed'),
  })
  .meta({ id: 'MeetingPlan' });
export type MeetingPlanView = z.infer<typeof MeetingPlanView>;

export const MeetingPlan = aggregate('meeting-plan', {
  service: 'events',
  resource: 'meeting-plans',
  view: MeetingPlanView,
});

const Told = MeetingPlanView.omit({ version: true, updatedAt: true });

export const MeetingSeed = z
  .strictObject({
    seed: z
      .int()
      .min(0)
      .max(2 ** 31)
      .optional()
      .describe('chance begins here; 1 unless said'),
  })
  .meta({ id: 'MeetingSeed', example: { seed: 1 } });

/** Gives accepted meetings slots and tables, as many as it can; what has a slot keeps it. */
export const ComputeSchedule = MeetingPlan.command('compute.v1', MeetingSeed, MeetingPlanView, 'UPSERT');

/** The product itself: a schedule has been computed. */
export const AdoptSchedule = MeetingPlan.command(
  'adopt.v1',
  z.object({
    run: Id,
    placed: z.array(z.object({ meeting: Id, startsAt: Instant, table: z.string().nullable() })).max(500),
    more: z.boolean().describe('another part follows: what is written at once is bounded'),
    wished: Worth,
    met: Worth,
    bound: Worth,
  }),
  MeetingPlanView,
);
export const ScheduleComputed = MeetingPlan.fact('computed.v1', Told);

/** The product itself: the event or its registrations have moved. */
export const FollowMeetings = MeetingPlan.command('follow.v1', z.object({}), MeetingPlanView);

/** The product itself: requests expire, or a computation was interrupted. */
export const SettleMeetings = MeetingPlan.command('settle.v1', z.object({}), MeetingPlanView);

/** The product itself: the record of a person is erased. What somebody said goes, that there was a meeting stays. */
export const ForgetInMeetings = MeetingPlan.command('forget.v1', z.object({ person: Id }), MeetingPlanView);

MeetingPlan.refuses([ComputeSchedule], {
  'MEETING_PLAN.COMPUTE.ACTOR': ['NOT_YOURS', 'A schedule is computed for the organiser of the event.'],
  'MEETING_PLAN.COMPUTE.EVENT': ['WRONG_STATE', 'The event is not scheduled yet, or over, postponed or cancelled.'],
  'MEETING_PLAN.COMPUTE.SLOTS': ['RULE', 'The event has no slots ahead, or no tables.'],
  'MEETING_PLAN.COMPUTE.ONE': ['WRONG_STATE', 'A schedule is being computed already.'],
});

MeetingPlan.refuses([AdoptSchedule, FollowMeetings, SettleMeetings, ForgetInMeetings], {
  'MEETING_PLAN.ACTOR': ['NOT_YOURS', 'The plan follows by itself.'],
});
