import { z } from 'zod';
import { aggregate } from './message.js';
import { ExternalId, Id, Instant, Reason, Ref, Removal, Text, TextPatch, UpdatedAt, Version } from './values.js';

const dueMonth = z.int().min(1).max(600).describe('month of the partnership, counted from its start: 1 is the first');

/** What a partnership has promised by which month. */
export const DeliverableView = z
  .object({
    id: Id,
    version: Version,
    updatedAt: UpdatedAt,
    partnership: Id,
    number: z.string().max(40).nullable().describe('as the agreement with the agency numbers it, such as D2.1'),
    title: Text,
    dueMonth,
    state: z.enum(['PLANNED', 'SUBMITTED', 'RETURNED', 'ACCEPTED']),
    document: Id.nullable().describe('that is handed in'),
    submittedAt: Instant.nullable(),
    acceptedAt: Instant.nullable(),
    reason: z.string().nullable().describe('why it was returned'),
    partners: z.array(Id).describe('clusters of the partnership, as of its last change: it is theirs to read'),
    externalIds: z.array(ExternalId),
  })
  .meta({ id: 'Deliverable' });
export type DeliverableView = z.infer<typeof DeliverableView>;

export const Deliverable = aggregate('deliverable', {
  service: 'membership',
  resource: 'deliverables',
  view: DeliverableView,
  fields: ['partnership', 'state'],
});

const Told = DeliverableView.omit({ version: true, updatedAt: true, externalIds: true, reason: true });

const said = {
  number: DeliverableView.shape.number,
  title: TextPatch,
  dueMonth,
  document: Ref('documents').nullable().describe('that is to be handed in'),
  externalIds: z.array(ExternalId).max(20).describe('what it is called elsewhere; replaces the list'),
};

export const DeliverablePatch = z
  .strictObject(said)
  .partial()
  .meta({ id: 'DeliverablePatch', example: { dueMonth: 12 } });
export type DeliverablePatch = z.infer<typeof DeliverablePatch>;

const example = { partnership: 'dia', number: 'D1.1', title: { en: 'Partnership agreement' }, dueMonth: 6 };

export const DeliverablePut = DeliverablePatch.extend({
  partnership: Ref('partnerships').optional().describe('whose promise it is; given once'),
}).meta({ id: 'DeliverablePut', example });
export const DeliverableDraft = DeliverablePut.required({ partnership: true, title: true, dueMonth: true }).meta({
  id: 'DeliverableDraft',
  example,
});
export type DeliverableDraft = z.infer<typeof DeliverableDraft>;

export const PromiseDeliverable = Deliverable.command('promise.v1', DeliverableDraft, DeliverableView, 'NEW');
export const DeliverablePromised = Deliverable.fact('promised.v1', Told);

export const ChangeDeliverable = Deliverable.command('change.v1', DeliverablePatch, DeliverableView);
export const DeliverableChanged = Deliverable.fact('changed.v1', Told);

export const PutDeliverable = Deliverable.command('put.v1', DeliverablePut.extend({ externalId: ExternalId }), DeliverableView, 'UPSERT');

export const RemoveDeliverable = Deliverable.command('remove.v1', Removal, DeliverableView);
export const DeliverableRemoved = Deliverable.fact('removed.v1', Told);

export const SubmitDeliverable = Deliverable.command(
  'submit.v1',
  z.strictObject({ document: Ref('documents').optional().describe('that is handed in, unless it is named already') }),
  DeliverableView,
);
export const DeliverableSubmitted = Deliverable.fact('submitted.v1', Told);

export const AcceptDeliverable = Deliverable.command('accept.v1', z.strictObject({}), DeliverableView);
export const DeliverableAccepted = Deliverable.fact('accepted.v1', Told);

export const ReturnDeliverable = Deliverable.command('return.v1', z.strictObject({ reason: Reason }), DeliverableView);
export const DeliverableReturned = Deliverable.fact('returned.v1', Told);

Deliverable.refuses([PromiseDeliverable, PutDeliverable], {
  'DELIVERABLE.PROMISE.ACTOR': ['NOT_YOURS', 'What a partnership promises is written down by its coordinator.'],
});

Deliverable.refuses([ChangeDeliverable, PutDeliverable], {
  'DELIVERABLE.CHANGE.ACTOR': ['NOT_YOURS', 'What a partnership promises is changed by its coordinator.'],
  'DELIVERABLE.CHANGE.STATE': ['WRONG_STATE', 'It was handed in.'],
});

Deliverable.refuses([PutDeliverable], {
  'DELIVERABLE.PUT.NAMED': [
    'RULE',
    'It is not there yet, and its partnership, title or month is not said; or it would change its partnership.',
  ],
});

Deliverable.refuses([PromiseDeliverable, ChangeDeliverable, PutDeliverable], {
  'DELIVERABLE.DUE.WITHIN': ['RULE', 'The partnership is over by that month.'],
  'DELIVERABLE.EXTERNAL_IDS.DISTINCT': ['RULE', 'An outside id stands twice.'],
  'DELIVERABLE.EXTERNAL_IDS.UNIQUE': ['RULE', 'Another deliverable has one of the outside ids.'],
});

Deliverable.refuses([PromiseDeliverable, ChangeDeliverable, PutDeliverable, SubmitDeliverable], {
  'DELIVERABLE.DOCUMENT.OWN': ['RULE', 'The document is not the partnership’s.'],
});

Deliverable.refuses([RemoveDeliverable], {
  'DELIVERABLE.REMOVE.ACTOR': ['NOT_YOURS', 'What a partnership promises is taken back by its coordinator.'],
  'DELIVERABLE.REMOVE.STATE': ['WRONG_STATE', 'It was handed in.'],
  'DELIVERABLE.REMOVE.FREE': ['WRONG_STATE', 'Other records name it.'],
});

Deliverable.refuses([SubmitDeliverable], {
  'DELIVERABLE.SUBMIT.ACTOR': ['NOT_YOURS', 'It is handed in by those who run the partnership.'],
  'DELIVERABLE.SUBMIT.STATE': ['WRONG_STATE', 'It was handed in already.'],
  'DELIVERABLE.SUBMIT.APPROVED': ['RULE', 'There is no document with an approved version to hand in.'],
});

Deliverable.refuses([AcceptDeliverable, ReturnDeliverable], {
  'DELIVERABLE.ACCEPT.ACTOR': ['NOT_YOURS', 'It is looked at by the agency, or the platform.'],
  'DELIVERABLE.ACCEPT.STATE': ['WRONG_STATE', 'It was not handed in.'],
});
