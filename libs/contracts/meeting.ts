import { z } from 'zod';
import { LocalTime } from './local-time.js';
import { aggregate } from './message.js';
import { Code, Id, Instant, Reason, UpdatedAt, Version } from './values.js';

const Side = z.object({
  person: Id,
  organisation: Id.describe('whose person it is at the event'),
  registration: Id,
  account: z.string().nullable().describe('who it is when it signs in, as far as that is known'),
});

export const MeetingPriority = z
  .enum(['LOW', 'NORMAL', 'HIGH'])
  .describe('of two that exclude each other, a schedule takes what counts more');

/** What came of it. */
export const MeetingOutcome = z.enum(['NONE', 'FOLLOW_UP', 'EXPRESSION_OF_INTEREST', 'PROJECT', 'AGREEMENT']);

export const MeetingView = z
  .object({
    id: Id,
    version: Version,
    updatedAt: UpdatedAt,
    event: Id,
    partnerships: z.array(Id).max(20).describe('of the event'),
    kind: z.enum(['C2C', 'B2B', 'MIXED']).describe('C2C: both are clusters; B2B: both are enterprises'),
    state: Code.describe('state-machines: MEETING'),
    requester: Side.describe('who asked for it'),
    guest: Side.describe('who was asked'),
    organisations: z.array(Id).describe('of both sides'),
    persons: z.array(Id).describe('of both sides'),
    priority: MeetingPriority,
    message: z.string().nullable().describe('of the requester to the guest'),
    start: LocalTime.nullable().describe('local time in the zone of the event; null: it has no slot'),
    end: LocalTime.nullable(),
    zone: z.string().nullable().describe('IANA zone of the event'),
    startsAt: Instant.nullable().describe('the instant of start'),
    endsAt: Instant.nullable(),
    table: z.string().nullable().describe('by name; null: it has no slot, or the event is online'),
    formerly: z
      .object({ startsAt: Instant, endsAt: Instant, zone: z.string(), table: z.string().nullable() })
      .nullable()
      .default(null)
      .describe('the slot it had until that was taken from it; told until it has another, and calendars show it as off there'),
    until: Instant.nullable().describe('PENDING: when it expires unless it is answered'),
    reason: z.string().nullable().describe('why it was declined, unscheduled or cancelled'),
    absent: z.array(Id).nullable().describe('NO_SHOW: who was absent'),
    outcome: MeetingOutcome.nullable().describe('HELD: what came of it, as far as it is said'),
    requestedAt: Instant,
    accounts: z.array(z.string()).describe('who the two are when they sign in, as far as that is known'),
  })
  .meta({ id: 'Meeting' });
export type MeetingView = z.infer<typeof MeetingView>;

/** It is kept and decided by the plan of its event: who is free, and which table, can only be said of all meetings together. */
export const Meeting = aggregate('meeting', {
  service: 'events',
  resource: 'meetings',
  within: 'event',
  view: MeetingView,
  fields: ['event', 'state', 'organisations', 'persons', 'kind'],
  machines: [{ machine: 'MEETING', field: 'state' }],
  personal: ['requester', 'guest', 'persons', 'message', 'reason', 'absent', 'accounts'],
});

/** Public facts say of which organisations, never who. */
const Told = MeetingView.pick({
  id: true,
  event: true,
  partnerships: true,
  kind: true,
  state: true,
  organisations: true,
  startsAt: true,
  endsAt: true,
  table: true,
  outcome: true,
});

/** Two admitted participants of an event, one of whom would meet the other. */
export const MeetingDraft = z
  .strictObject({
    requester: Id.describe('participant who would meet the other'),
    guest: Id.describe('participant who is asked'),
    priority: MeetingPriority.optional(),
    message: z.string().min(1).max(2000).optional().describe('to the guest'),
  })
  .meta({
    id: 'MeetingDraft',
    example: { requester: '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e60', guest: '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e61', priority: 'HIGH' },
  });
export type MeetingDraft = z.infer<typeof MeetingDraft>;

export const RequestMeeting = Meeting.command('request.v1', MeetingDraft, MeetingView, 'NEW');
export const MeetingRequested = Meeting.fact('requested.v1', Told);

export const AcceptMeeting = Meeting.command('accept.v1', z.strictObject({}), MeetingView);
export const MeetingAccepted = Meeting.fact('accepted.v1', Told);

export const DeclineMeeting = Meeting.command('decline.v1', z.strictObject({ reason: Reason.optional() }), MeetingView);
export const MeetingDeclined = Meeting.fact('declined.v1', Told);

/** A slot and a table; scheduled once more it moves. */
export const ScheduleMeeting = Meeting.command(
  'schedule.v1',
  z.strictObject({
    start: LocalTime.describe('start of a slot; of a local time that comes twice, the first'),
    zone: z.string().max(60).optional().describe('IANA zone of that time; that of the event unless said'),
    table: z.string().max(40).optional().describe('by name; the first that is free unless said'),
  }),
  MeetingView,
);
export const MeetingScheduled = Meeting.fact('scheduled.v1', Told);

export const UnscheduleMeeting = Meeting.command('unschedule.v1', z.strictObject({ reason: Reason }), MeetingView);
export const MeetingUnscheduled = Meeting.fact('unscheduled.v1', Told);

export const CancelMeeting = Meeting.command('cancel.v1', z.strictObject({ reason: Reason.optional() }), MeetingView);
export const MeetingCancelled = Meeting.fact('cancelled.v1', Told);

export const MarkMeetingHeld = Meeting.command(
  'mark-held.v1',
  z.strictObject({ outcome: MeetingOutcome.optional().describe('what came of it') }),
  MeetingView,
);
export const MeetingHeld = Meeting.fact('held.v1', Told);

export const MarkMeetingNoShow = Meeting.command(
  'mark-no-show.v1',
  z.strictObject({ absent: z.array(Id).min(1).max(2).describe('who was absent: one of the two, or both') }),
  MeetingView,
);
export const MeetingNotHeld = Meeting.fact('no-show.v1', Told);

/** The product itself: nobody answered in time. */
export const MeetingExpired = Meeting.fact('expired.v1', Told);

/** The record of a person is erased: who met is forgotten, that there was a meeting is not. */
export const MeetingForgotten = Meeting.fact('forgotten.v1', Told);

Meeting.refuses([RequestMeeting], {
  'MEETING.REQUEST.BOOKING': ['WRONG_STATE', 'Booking of meetings is not open.'],
  'MEETING.REQUEST.SELF': ['RULE', 'Nobody meets themselves.'],
  'MEETING.REQUEST.ADMITTED': ['RULE', 'One of the two is no admitted participant of the event.'],
  'MEETING.REQUEST.ORGANISATION': ['RULE', 'Both are of the same organisation.'],
  'MEETING.REQUEST.PAIR': ['RULE', 'The two have an open request or meeting already.'],
  'MEETING.REQUEST.WILLING': ['RULE', 'The guest does not take requests.'],
  'MEETING.REQUEST.AVAILABLE': ['RULE', 'There is no slot ahead at which both are there.'],
});

Meeting.refuses([AcceptMeeting, DeclineMeeting, ScheduleMeeting], {
  'MEETING.EVENT.AHEAD': ['WRONG_STATE', 'The event is over, postponed or cancelled.'],
});

Meeting.refuses([AcceptMeeting], {
  'MEETING.UNTIL.AHEAD': ['WRONG_STATE', 'The time to answer is over.'],
});

Meeting.refuses([ScheduleMeeting], {
  'MEETING.SCHEDULE.MODE': ['NOT_YOURS', 'At this event the organiser gives slots.'],
  'MEETING.ZONE.KNOWN': ['RULE', 'The zone is not one of the IANA database.'],
  'MEETING.START.REAL': ['RULE', 'The local time does not exist on that day in that zone.'],
  'MEETING.SLOT.HOURS': ['RULE', 'It is no slot of the event: outside its opening hours, in a break, or between two slots.'],
  'MEETING.SLOT.AHEAD': ['RULE', 'The slot has begun.'],
  'MEETING.PERSONS.FREE': ['RULE', 'One of the two has another meeting in the slot.'],
  'MEETING.PERSONS.PRESENT': ['RULE', 'One of the two is not there in the slot.'],
  'MEETING.TABLE.KNOWN': ['RULE', 'The event has no such table.'],
  'MEETING.TABLE.FREE': ['RULE', 'The table, or every table, is taken in the slot.'],
  'MEETING.LIMITS.PERSON': ['RULE', 'One of the two has as many meetings as a person may have.'],
  'MEETING.LIMITS.ORGANISATION': ['RULE', 'An organisation has as many meetings as it may have.'],
});

Meeting.refuses([], { 'MEETING.REQUEST.ANSWER': ['RULE', 'Never refuses: it tells how long the request waits, and by which rule.'] });

Meeting.refuses([MarkMeetingHeld, MarkMeetingNoShow], {
  'MEETING.SLOT.OVER': ['WRONG_STATE', 'The slot is not over.'],
});

Meeting.refuses([MarkMeetingNoShow], {
  'MEETING.ABSENT.SIDES': ['RULE', 'Who was absent is one of the two, or both.'],
});
