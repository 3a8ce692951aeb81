import { z } from 'zod';
import { aggregate } from './message.js';
import { Code, Country, EdtfDate, EdtfText, ExternalId, Id, Ref, Removal, Text, TextPatch, UpdatedAt, Version } from './values.js';

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
  })
  .meta({ id: 'PlannedEvent' });
export type PlannedEventView = z.infer<typeof PlannedEventView>;

export const PlannedEventRecord = z.object({
  ...fields,
  when: EdtfText.nullable(),
  no: z.int().min(1).max(100_000).nullable(),
  sourceKey: z.string(),
});
export type PlannedEventRecord = z.infer<typeof PlannedEventRecord>;

export const PlannedEvent = aggregate('event', {
  service: 'events',
  resource: 'events',
  machines: [{ machine: 'EVENT', field: 'state' }],
  view: PlannedEventView,
  fields: ['partnerships', 'type', 'country', 'state'],
});

/** An import states that this event was planned; nothing is decided. */
export const RecordEvent = PlannedEvent.command('record.v1', PlannedEventRecord, PlannedEventView, 'UPSERT');
export const EventRecorded = PlannedEvent.fact('recorded.v1', PlannedEventView.omit({ version: true, updatedAt: true }));

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
export const EventPlanned = PlannedEvent.fact('planned.v1', PlannedEventView.omit({ version: true, updatedAt: true }));

/** The record of an outside system: planned when it is not there yet, firmed up when it is; what is not named stays. */
export const PutEvent = PlannedEvent.command(
  'put.v1',
  EventPatch.extend({ partnerships: z.array(Id).min(1).max(20).optional(), externalId: ExternalId }),
  PlannedEventView,
  'UPSERT',
);

export const ChangeEvent = PlannedEvent.command('change.v1', EventPatch, PlannedEventView);
export const EventChanged = PlannedEvent.fact('changed.v1', PlannedEventView.omit({ version: true, updatedAt: true }));

/** An event planned by mistake; one that was made known with a date is cancelled, not removed. */
export const RemoveEvent = PlannedEvent.command('remove.v1', Removal, PlannedEventView);
export const EventRemoved = PlannedEvent.fact('removed.v1', PlannedEventView.omit({ version: true, updatedAt: true }));

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

PlannedEvent.refuses([PlanEvent, PutEvent, ChangeEvent], {
  'EVENT.TYPE.KNOWN': ['RULE', 'The type is not one of event-types.'],
  'EVENT.TARGET_GROUPS.KNOWN': ['RULE', 'A target group is not one of target-groups.'],
  'EVENT.WHEN.READABLE': ['RULE', 'The date is not EDTF of level 0 or 1.'],
  'EVENT.ZONE.KNOWN': ['RULE', 'The time zone is not one of the IANA database.'],
  'EVENT.COUNTRY.KNOWN': ['RULE', 'The country is not one of ISO 3166-1.'],
  'EVENT.EXTERNAL_IDS.DISTINCT': ['RULE', 'An outside id stands twice.'],
  'EVENT.EXTERNAL_IDS.UNIQUE': ['RULE', 'Another event has one of the outside ids.'],
});
