import { z } from 'zod';
import { MeetingRules } from './event-meetings.js';
import { Evidence, OutcomeReport } from './event-outcomes.js';
import { LocalTime } from './local-time.js';
import { Country, Day, EdtfDate, Instant, Text, TextPatch } from './values.js';

const Venue = z
  .strictObject({ name: z.string().min(1).max(300), address: z.string().max(500).nullable() })
  .meta({ id: 'Venue', example: { name: 'Palacio Euskalduna', address: 'Avenida Abandoibarra 4' } });

/** A part of the programme. */
const Session = z.strictObject({ title: Text, start: LocalTime, end: LocalTime }).meta({ id: 'AgendaSession' });

/** One of several places of a study visit or a mission, in their order. */
const Stop = z
  .strictObject({
    country: Country,
    city: z.string().min(1).max(200),
    host: z.string().max(300).nullable().describe('organisation that is visited'),
    from: Day,
    to: Day,
  })
  .meta({ id: 'EventStop', example: { country: 'SE', city: 'Västerås', host: null, from: '2027-05-12', to: '2027-05-13' } });

/** Who is sent to a third country: led by whom, received by whom. */
const Delegation = z
  .strictObject({
    leader: z.string().min(1).max(300).describe('organisation that leads it'),
    localPartners: z.array(z.strictObject({ name: z.string().min(1).max(300), country: Country })).max(50),
  })
  .meta({ id: 'Delegation', example: { leader: 'Mechatronic Cluster', localPartners: [{ name: 'Chamber of Commerce', country: 'US' }] } });

/** When it was to take place before it was postponed; told until it is scheduled again. */
const Formerly = z
  .object({ when: EdtfDate, zone: z.string().nullable(), startsAt: Instant.nullable(), endsAt: Instant.nullable() })
  .meta({ id: 'FormerDate' });

/** How seats are given; what is not said is as the policies in force say (event-rules). */
export const Admission = z
  .strictObject({
    approval: z.boolean().optional().describe('the organiser decides on each registration'),
    waitingList: z.boolean().optional().describe('who comes when it is full waits in order'),
    confirmFreedSeat: z
      .boolean()
      .optional()
      .describe('a freed seat is offered to the next in order, and is theirs once they accept in time'),
    holdMinutes: z.int().min(1).max(10_080).optional().describe('how long seats are held'),
    offerMinutes: z.int().min(1).max(43_200).optional().describe('how long an offer stands'),
    membersOnly: z
      .boolean()
      .optional()
      .describe(
        'for organisations that belong, on its day, to a cluster of its partnerships; a cluster’s own body once it is recorded as its member',
      ),
    countries: z.array(Country).min(1).max(250).optional().describe('of the organisations it is for'),
    perOrganisation: z.int().min(1).max(100_000).optional().describe('persons of one organisation that may have seats, or wait for them'),
  })
  .meta({ id: 'EventAdmission', example: { approval: true, holdMinutes: 30 } });

/** JSON Schema (draft 2020-12) of what registrants are asked: an object, its parts within it. */
const FormSchema = z.record(z.string().max(100), z.unknown());

/** Answers name the version they were given to. */
const Form = z
  .object({ version: z.int().min(1).max(1e6).describe('raised with each change of the schema'), schema: FormSchema })
  .meta({ id: 'EventForm', example: { version: 1, schema: { type: 'object', properties: { diet: { type: 'string' } } } } });

/** What those who organise an event say of it; null: not said. What was stored before these fields were there has none. */
const said = {
  venue: Venue.nullable(),
  start: LocalTime.nullable().describe('local time in its zone; `when` follows from start and end'),
  end: LocalTime.nullable().describe('local time in its zone'),
  capacity: z.int().min(1).max(100_000).nullable().describe('seats'),
  deadline: LocalTime.nullable().describe('of registration; local time in its zone'),
  agenda: z.array(Session).max(200).nullable(),
  joinUrl: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .nullable()
    .describe('shown to the admitted only'),
  stops: z.array(Stop).max(50).nullable().describe('of a study visit or mission to several places, in order'),
  delegation: Delegation.nullable().describe('of a mission'),
  admission: Admission.nullable(),
  meetings: MeetingRules.nullable().describe('how meetings of two are arranged; null: the event has none'),
};

export const detailsPatch = {
  ...said,
  form: FormSchema.nullable().describe('what registrants are asked: JSON Schema, draft 2020-12, without references to elsewhere'),
  privacyNotice: TextPatch.nullable().describe('what becomes of what registrants tell'),
};

/** As they are read. Fields beyond those that are said follow from commands. */
const read = {
  ...said,
  privacyNotice: Text.nullable().describe('what becomes of what registrants tell'),
  form: Form.nullable().describe('what registrants are asked'),
  startsAt: Instant.nullable().describe('the instant of start; of a local time that comes twice, the first'),
  endsAt: Instant.nullable().describe('the instant of end'),
  deadlineAt: Instant.nullable().describe('the instant of the deadline'),
  evidence: z.array(Evidence).nullable().describe('of an event that was recorded as held'),
  outcomes: Text.nullable().describe('what came of it, as everybody is told'),
  outcomeReport: OutcomeReport.nullable().describe('in full; for those in charge'),
  reason: z.string().nullable().describe('why it was postponed or cancelled'),
  formerly: Formerly.nullable().describe('the date it had when it was postponed; calendars show it as off there'),
};

type WithDefault<T extends Record<string, z.ZodNullable>> = { [K in keyof T]: z.ZodDefault<T[K]> };

/** Fields of the view. */
export const details = Object.fromEntries(
  Object.entries(read).map(([name, shape]) => [name, (shape as z.ZodNullable).default(null)]),
) as WithDefault<typeof read>;
