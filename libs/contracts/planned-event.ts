import { z } from 'zod';
import { details, detailsPatch } from './event-details.js';
import { Evidence, OutcomeReport } from './event-outcomes.js';
import { LocalTime } from './local-time.js';
import { aggregate } from './message.js';
import { Code, Country, EdtfDate, EdtfText, ExternalId, Id, Reason, Ref, Removal, Text, TextPatch, UpdatedAt, Version } from './values.js';

const fields = {
  title: Text.nullable(),
  partnerships: z.array(Id).max(20),
  type: Code.nullable().describe('reference: event-types; null = not known yet'),
  typeLabel: z.string().nullable().describe('as printed in the source, whatever the type has become since'),
  targetGroups: z.array(Code).max(20).nullable().describe('reference: target-groups'),
  openToSmes: z.boolean().nullable(),
  whenLabel: z.string().nullable().describe('as printed in the source, whatever the date has become since'),
  zone: z.string().max(60).nullable().describe('IANA zone'),
  mode: z.enum(['ON_SITE', 'ONLINE', 'HYBRID']).nullable(),
  country: Country.nullable(),
  city: z.string().max(200).nullable(),
  cityAsPrinted: z.string().max(200).nullable().describe('as printed in the source, whatever the place has become since'),
};

export const PlannedEventView = z
  .object({
    ...fields,
    id: Id,
    version: Version,
    updatedAt: UpdatedAt,
    when: EdtfDate.nullable().describe('null: not dated yet'),
    state: Code.describe('state-machines: EVENT'),
    no: z.int().min(1).max(100_000).nullable().describe('row in the source'),
    sourceKey: z.string().nullable(),
    externalIds: z.array(ExternalId),
    ...details,
    booking: Code.default('CLOSED').describe('state-machines: MEETING_BOOKING'),
  })
  .meta({ id: 'PlannedEvent' });
export type PlannedEventView = z.infer<typeof PlannedEventView>;

/** What no source has a column for is left as it is. */
export const PlannedEventRecord = z.object({
  ...fields,
  title: fields.title.optional(),
  zone: fields.zone.optional(),
  mode: fields.mode.optional(),
  when: EdtfText.nullable(),
  no: z.int().min(1).max(100_000).nullable(),
  sourceKey: z.string(),
});
export type PlannedEventRecord = z.infer<typeof PlannedEventRecord>;

export const PlannedEvent = aggregate('event', {
  service: 'events',
  resource: 'events',
  machines: [
    { machine: 'EVENT', field: 'state' },
    { machine: 'MEETING_BOOKING', field: 'booking' },
  ],
  view: PlannedEventView,
  fields: ['partnerships', 'type', 'country', 'state'],
  withheld: ['joinUrl'],
});

/** What everybody may learn; how to join is for the admitted, the report for those in charge. Version and time are those of the fact itself. */
const PublicEvent = PlannedEventView.omit({ version: true, updatedAt: true, joinUrl: true, outcomeReport: true });

/** An import states that this event was planned; nothing is decided. */
export const RecordEvent = PlannedEvent.command('record.v1', PlannedEventRecord, PlannedEventView, 'UPSERT');
export const EventRecorded = PlannedEvent.fact('recorded.v1', PublicEvent);

/** What those who plan an event may say of it; nothing need be known yet. */
const firmedUp = {
  title: TextPatch.nullable(),
  type: fields.type,
  targetGroups: fields.targetGroups,
  openToSmes: fields.openToSmes,
  when: EdtfText.nullable().describe('EDTF level 0–1, as precise as it is known; null: not dated any more'),
  zone: fields.zone,
  mode: fields.mode,
  country: fields.country,
  city: fields.city,
  ...detailsPatch,
  externalIds: z.array(ExternalId).max(20).describe('what it is called elsewhere; replaces the list'),
};

/** What may be firmed up step by step; a missing field stays, null makes it blank, texts merge by language (RFC 7396). */
export const EventPatch = z
  .strictObject(firmedUp)
  .partial()
  .meta({ id: 'EventPatch', example: { when: '2018-09-12/2018-09-14', city: 'Bilbao', country: 'ES' } });
export type EventPatch = z.infer<typeof EventPatch>;

const named = z.array(Ref('partnerships')).max(20).describe('ids or slugs; an event stays with its partnerships');

/** An event as it begins: an intention of its partnerships. */
export const EventDraft = EventPatch.extend({ partnerships: named.min(1) }).meta({
  id: 'EventDraft',
  example: { partnerships: ['dia'], when: '2027-05', title: { en: 'Study visit' } },
});
export type EventDraft = z.infer<typeof EventDraft>;

/** The same by an outside id: whose it is need not be said again of an event that is there. */
export const EventPut = EventPatch.extend({ partnerships: named.min(1).optional() }).meta({
  id: 'EventPut',
  example: { partnerships: ['dia'], when: '2027-05', title: { en: 'Study visit' } },
});
export type EventPut = z.infer<typeof EventPut>;

export const PlanEvent = PlannedEvent.command(
  'plan.v1',
  EventPatch.extend({ partnerships: z.array(Id).min(1).max(20) }),
  PlannedEventView,
  'NEW',
);
export const EventPlanned = PlannedEvent.fact('planned.v1', PublicEvent);

/** The record of an outside system: planned when it is not there yet, firmed up when it is; what is not named stays. */
export const PutEvent = PlannedEvent.command(
  'put.v1',
  EventPatch.extend({ partnerships: z.array(Id).min(1).max(20).optional(), externalId: ExternalId }),
  PlannedEventView,
  'UPSERT',
);

export const ChangeEvent = PlannedEvent.command('change.v1', EventPatch, PlannedEventView);
export const EventChanged = PlannedEvent.fact('changed.v1', PublicEvent);

/** An event planned by mistake; one that was made known with a date is cancelled, not removed. */
export const RemoveEvent = PlannedEvent.command('remove.v1', Removal, PlannedEventView);
export const EventRemoved = PlannedEvent.fact('removed.v1', PublicEvent);

/** Date, place and mode stand: it is announced. */
export const ScheduleEvent = PlannedEvent.command('schedule.v1', z.object({}), PlannedEventView);
export const EventScheduled = PlannedEvent.fact('scheduled.v1', PublicEvent);

export const OpenRegistration = PlannedEvent.command('open-registration.v1', z.object({}), PlannedEventView);
export const RegistrationOpened = PlannedEvent.fact('registration-opened.v1', PublicEvent);

/** By its organiser, or by the product when the deadline is reached. */
export const CloseRegistration = PlannedEvent.command('close-registration.v1', z.object({}), PlannedEventView);
export const RegistrationClosed = PlannedEvent.fact('registration-closed.v1', PublicEvent);

export const ReopenRegistration = PlannedEvent.command(
  'reopen-registration.v1',
  z.object({ deadline: LocalTime.describe('the new one; local time in its zone') }),
  PlannedEventView,
);
export const RegistrationReopened = PlannedEvent.fact('registration-reopened.v1', PublicEvent);

/** The product itself: its start has come. */
export const StartEvent = PlannedEvent.command('start.v1', z.object({}), PlannedEventView);
export const EventStarted = PlannedEvent.fact('started.v1', PublicEvent);

export const FinishEvent = PlannedEvent.command('finish.v1', z.object({}), PlannedEventView);
export const EventFinished = PlannedEvent.fact('finished.v1', PublicEvent);

/** What took place before it was ever scheduled here. */
export const RecordEventHeld = PlannedEvent.command(
  'record-held.v1',
  z.object({
    when: EdtfText.describe('EDTF level 0–1, as precise as it is known'),
    type: Code.optional().describe('reference: event-types; as it stands unless said'),
    evidence: z.array(Evidence).min(1).max(50),
  }),
  PlannedEventView,
);
export const EventHeldRecorded = PlannedEvent.fact('held-recorded.v1', PublicEvent);

/** What came of it, for those who run it; a mission is not evaluated without. */
export const ReportOutcomes = PlannedEvent.command('report-outcomes.v1', OutcomeReport, PlannedEventView);
export const OutcomesReported = PlannedEvent.fact('outcomes-reported.v1', PublicEvent);

export const EvaluateEvent = PlannedEvent.command(
  'evaluate.v1',
  z.object({ outcomes: Text.optional().describe('what everybody is told of what came of it; the summary of its report unless said') }),
  PlannedEventView,
);
export const EventEvaluated = PlannedEvent.fact('evaluated.v1', PublicEvent);

/** Its date is open again. */
export const PostponeEvent = PlannedEvent.command('postpone.v1', z.object({ reason: Reason }), PlannedEventView);
export const EventPostponed = PlannedEvent.fact('postponed.v1', PublicEvent);

export const CancelEvent = PlannedEvent.command('cancel.v1', z.object({ reason: Reason }), PlannedEventView);
export const EventCancelled = PlannedEvent.fact('cancelled.v1', PublicEvent);

/** Meetings may be requested from now on; a window of its own, also while registration is closed and during the event. */
export const OpenBooking = PlannedEvent.command('open-booking.v1', z.object({}), PlannedEventView);
export const BookingOpened = PlannedEvent.fact('booking-opened.v1', PublicEvent);

/** By its organiser, or by the product at the time set; what was requested before is still answered. */
export const CloseBooking = PlannedEvent.command('close-booking.v1', z.object({}), PlannedEventView);
export const BookingClosed = PlannedEvent.fact('booking-closed.v1', PublicEvent);

PlannedEvent.refuses([ScheduleEvent], {
  'EVENT.SCHEDULE.COMPLETE': ['RULE', 'Type, start, end, zone, mode, or country and city of what is not online, are not said.'],
  'EVENT.SCHEDULE.AHEAD': ['RULE', 'Its end is past: what took place is recorded as held.'],
});

PlannedEvent.refuses([ScheduleEvent, ChangeEvent, PutEvent], {
  'EVENT.SCHEDULE.COUNTRY': ['RULE', 'A mission to a third country leads out of the COSME countries.'],
});

PlannedEvent.refuses([OpenRegistration], {
  'EVENT.OPEN_REGISTRATION.COMPLETE': ['RULE', 'Capacity, target groups, deadline or privacy notice are not said.'],
});

PlannedEvent.refuses([OpenRegistration, ReopenRegistration], {
  'EVENT.REGISTRATION.DEADLINE': ['RULE', 'The deadline of registration is past.'],
});

PlannedEvent.refuses([OpenBooking], {
  'MEETING_BOOKING.EVENT.OPEN': ['WRONG_STATE', 'Meetings are booked once registration was opened, until the event is over.'],
  'MEETING_BOOKING.MEETINGS.COMPLETE': ['RULE', 'The event has no meetings, no slot, or no tables though it is not online.'],
});

PlannedEvent.refuses([CloseRegistration, StartEvent, FinishEvent, OpenBooking, CloseBooking], {
  'EVENT.TIME.COME': ['WRONG_STATE', 'Its time has not come yet.'],
});

PlannedEvent.refuses([RecordEventHeld], {
  'EVENT.RECORD_HELD.PAST': ['RULE', 'The date is not past.'],
});

PlannedEvent.refuses([EvaluateEvent], {
  'EVENT.EVALUATE.ATTENDANCE': ['RULE', 'Of somebody who had a seat it is not said whether they were there.'],
  'EVENT.EVALUATE.OUTCOMES': ['RULE', 'It is not said what came of it, or a mission has no report.'],
});

PlannedEvent.refuses([ReportOutcomes], {
  'EVENT.REPORT_OUTCOMES.ACTOR': [
    'NOT_YOURS',
    'What came of an event is reported by its organiser or those who run one of its partnerships.',
  ],
  'EVENT.REPORT_OUTCOMES.STATE': ['WRONG_STATE', 'Nothing has come of it yet: it is not even running.'],
  'EVENT.REPORT_OUTCOMES.COUNTRY': ['RULE', 'The country of a result is not one of ISO 3166-1.'],
});

PlannedEvent.refuses([ChangeEvent, PutEvent], {
  'EVENT.CHANGE.COMPLETE': ['RULE', 'What it was announced with is changed, not taken away.'],
});

PlannedEvent.refuses([PlanEvent, PutEvent, ChangeEvent, ReopenRegistration], {
  'EVENT.TIMES.ZONED': ['RULE', 'A local time needs the zone of the event.'],
  'EVENT.TIMES.REAL': ['RULE', 'A local time does not exist on that day in that zone.'],
  'EVENT.TIMES.ORDER': ['RULE', 'An end lies before its start, a deadline after the start, or a part outside the whole.'],
});

PlannedEvent.refuses([PlanEvent, PutEvent, ChangeEvent], {
  'EVENT.WHEN.AGREES': ['RULE', 'The date is not that of start and end.'],
  'EVENT.STOPS.KNOWN': ['RULE', 'The country of a stop or of a local partner is not one of ISO 3166-1.'],
});

PlannedEvent.refuses([PlanEvent, PutEvent, ChangeEvent], {
  'EVENT.MEETINGS.ORDER': [
    'RULE',
    'Hours or breaks end before they start, overlap, or lie outside the event; or booking closes before it opens.',
  ],
  'EVENT.MEETINGS.TABLES': ['RULE', 'A table stands twice.'],
});

PlannedEvent.refuses([RemoveEvent], {
  'EVENT.REMOVE.ACTOR': ['NOT_YOURS', 'An event is removed by its organiser or those who run one of its partnerships.'],
  'EVENT.REMOVE.STATE': ['WRONG_STATE', 'Only what is no more than planned is removed.'],
  'EVENT.REMOVE.FREE': ['WRONG_STATE', 'Other records name it.'],
});

PlannedEvent.refuses([ChangeEvent, PutEvent], {
  'EVENT.CHANGE.ACTOR': ['NOT_YOURS', 'An event is changed by its organiser or those who run one of its partnerships.'],
  'EVENT.CHANGE.STATE': ['WRONG_STATE', 'What is over is not changed any more.'],
});

PlannedEvent.refuses([PlanEvent, PutEvent], {
  'EVENT.PLAN.ACTOR': ['NOT_YOURS', 'An event is planned by those who run each of its partnerships.'],
});

PlannedEvent.refuses([PutEvent], {
  'EVENT.PUT.PARTNERSHIPS': ['RULE', 'It is not said whose the new event is, or one that is there would change hands.'],
});

PlannedEvent.refuses([PlanEvent, PutEvent, ChangeEvent, RecordEventHeld], {
  'EVENT.TYPE.KNOWN': ['RULE', 'The type is not one of event-types.'],
  'EVENT.WHEN.READABLE': ['RULE', 'The date is not EDTF of level 0 or 1.'],
});

PlannedEvent.refuses([PlanEvent, PutEvent, ChangeEvent], {
  'EVENT.TARGET_GROUPS.KNOWN': ['RULE', 'A target group is not one of target-groups.'],
  'EVENT.ZONE.KNOWN': ['RULE', 'The time zone is not one of the IANA database.'],
  'EVENT.COUNTRY.KNOWN': ['RULE', 'The country is not one of ISO 3166-1.'],
  'EVENT.FORM.SOUND': ['RULE', 'The form is no JSON Schema of an object, leads elsewhere, or is too large or too deep.'],
  'EVENT.ADMISSION.COUNTRIES': ['RULE', 'A country it is for is not one of ISO 3166-1.'],
  'EVENT.EXTERNAL_IDS.DISTINCT': ['RULE', 'An outside id stands twice.'],
  'EVENT.EXTERNAL_IDS.UNIQUE': ['RULE', 'Another event has one of the outside ids.'],
});
