import { z } from 'zod';
import { aggregate } from './message.js';
import { Code, Email, Id, Instant, UpdatedAt, Version } from './values.js';

export const EventTypePattern = z
  .string()
  .regex(/^(\*|[a-z-]+\.(\*|[a-z-]+\.v\d+))$/, 'such as *, event.* or event.scheduled.v1')
  .max(100);

/** A condition on the facts told: each named reference must be one of the values. */
export const SubscriptionFilter = z
  .record(z.string().max(40), z.array(z.string().max(60)).min(1).max(100))
  .meta({ id: 'SubscriptionFilter', example: { partnership: ['dia'] } });

const fields = {
  channel: z.enum(['WEBHOOK', 'EMAIL', 'INBOX']),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .nullish()
    .describe('WEBHOOK: where to deliver'),
  address: Email.nullish().describe('EMAIL: where to deliver'),
  eventTypes: z.array(EventTypePattern).min(1).max(50),
  filter: SubscriptionFilter.nullish(),
  digest: z.enum(['DAILY', 'WEEKLY']).nullish(),
};

export const SubscriptionDraft = z.strictObject(fields).meta({ id: 'SubscriptionDraft' });

export const SubscriptionView = z
  .object({
    ...fields,
    id: Id,
    version: Version,
    updatedAt: UpdatedAt,
    state: Code.describe('state-machines: SUBSCRIPTION'),
    reason: z.string().nullable().describe('why it is disabled or ended'),
    owner: z.string(),
    createdAt: Instant,
  })
  .meta({ id: 'Subscription' });
export type SubscriptionView = z.infer<typeof SubscriptionView>;

export const Subscription = aggregate('subscription', {
  service: 'notifications',
  resource: 'subscriptions',
  machines: [{ machine: 'SUBSCRIPTION', field: 'state' }],
  view: SubscriptionView,
  fields: ['owner', 'channel', 'state'],
  personal: ['address'],
});

/** `secretCipher`: the webhook secret under SECRETS_KEY; it is never in the view. The rights of who asks are kept, to tell only what the owner may see. */
export const Subscribe = Subscription.command(
  'subscribe.v1',
  z.object({ ...fields, secretCipher: z.string().nullable() }),
  SubscriptionView,
  'NEW',
);
export const PauseSubscription = Subscription.command('pause.v1', z.object({}), SubscriptionView);
export const ResumeSubscription = Subscription.command('resume.v1', z.object({}), SubscriptionView);
/** Answered when a test delivery has been: it is enabled when that succeeded. */
export const EnableSubscription = Subscription.command('enable.v1', z.object({}), SubscriptionView);
/** What is delivered before a subscription is enabled: no fact, so it is in no catalogue and never asked for. */
export const SUBSCRIPTION_TEST = 'subscription.test.v1';
export const SubscriptionTest = z.object({ id: Id.describe('of the subscription') });
/** The product itself: how a test delivery was answered; it decides on the command that asked for it. */
export const NoteSubscriptionTest = Subscription.command(
  'note-test.v1',
  z.object({
    asked: z.string().describe('id of that command'),
    status: z.int().min(0).max(999).nullable().describe('HTTP status; null = no answer'),
    excerpt: z.string().max(500).nullable(),
  }),
  SubscriptionView,
);
export const EndSubscription = Subscription.command('end.v1', z.object({ reason: z.string().max(500).nullish() }), SubscriptionView);
/** Deliveries fail for too long, or the endpoint says it is gone (410). */
export const DisableSubscription = Subscription.command('disable.v1', z.object({ reason: z.string().max(500) }), SubscriptionView);
export const RotateSubscriptionSecret = Subscription.command(
  'rotate-secret.v1',
  z.object({ secretCipher: z.string(), overlapHours: z.int().min(0).max(168) }),
  SubscriptionView,
);

export const Attempt = z
  .object({
    at: Instant,
    status: z.int().min(0).max(999).nullable().describe('HTTP status; null = no answer'),
    latencyMs: z.int().min(0).max(600_000),
    excerpt: z.string().max(500).nullable().describe('how the answer begins, or why there was none'),
  })
  .meta({ id: 'DeliveryAttempt' });
export type Attempt = z.infer<typeof Attempt>;

export const DeliveryView = z
  .object({
    id: Id.or(z.string()),
    version: Version,
    updatedAt: UpdatedAt,
    subscription: Id,
    owner: z.string(),
    fact: z.string(),
    type: z.string(),
    subject: z.string(),
    cursor: z.int().min(0),
    state: z.enum(['QUEUED', 'DELIVERED', 'FAILED', 'DEAD', 'SUPPRESSED']),
    reason: z.string().nullable().describe('why it is dead or suppressed'),
    attempts: z.array(Attempt),
    nextAt: Instant.nullable(),
  })
  .meta({ id: 'Delivery' });
export type DeliveryView = z.infer<typeof DeliveryView>;

export const Delivery = aggregate('delivery', {
  service: 'notifications',
  resource: 'deliveries',
  machines: [{ machine: 'NOTIFICATION', field: 'state' }],
  view: DeliveryView,
  fields: ['subscription', 'owner', 'state'],
});
/** The product itself: a fact that a subscription hears is to be delivered. Its id follows from both, so it is queued once. */
export const QueueDelivery = Delivery.command(
  'queue.v1',
  z.object({
    subscription: Id,
    owner: z.string(),
    cursor: z.int().min(0),
    fact: z.string(),
    type: z.string(),
    subject: z.string(),
    body: z.string().describe('the fact as the feed has it, byte for byte'),
  }),
  DeliveryView,
  'NEW',
);
/** The product itself: what came of one attempt; the retry schedule says what follows. */
export const NoteDeliveryAttempt = Delivery.command(
  'note-attempt.v1',
  z.object({ attempt: Attempt, retryAfter: Instant.nullable().describe('not before, as the endpoint asked') }),
  DeliveryView,
);
/** The product itself: it is not to be delivered any more. */
export const SuppressDelivery = Delivery.command('suppress.v1', z.object({ reason: z.string().max(500) }), DeliveryView);

Delivery.refuses([QueueDelivery], {
  'DELIVERY.ACTOR': ['NOT_YOURS', 'Deliveries are made by the product itself.'],
});

Subscription.refuses([Subscribe], {
  'SUBSCRIPTION.CHANNEL': ['RULE', 'Facts are not delivered by this channel.'],
  'SUBSCRIPTION.EVENT_TYPES': ['RULE', 'An event type is not in the catalogue: it would never be told.'],
  'SUBSCRIPTION.FILTER': ['RULE', 'The filter names what no fact has to do with: nothing would ever be told.'],
  'SUBSCRIPTION.TARGET': ['RULE', 'The URL is missing, or leads where deliveries may not go.'],
  'SUBSCRIPTION.ADDRESS': ['RULE', 'Mail needs an address, and nothing else takes one.'],
  'SUBSCRIPTION.DIGEST': ['RULE', 'A webhook takes no digest.'],
});

Subscription.refuses([Subscribe, RotateSubscriptionSecret], {
  'SUBSCRIPTION.SECRET': ['RULE', 'The secret is not sound.'],
});

Subscription.refuses([EnableSubscription], {
  'SUBSCRIPTION.ENABLE.TEST': ['RULE', 'The endpoint did not acknowledge the test delivery.'],
});

Subscription.refuses([NoteSubscriptionTest], {
  'SUBSCRIPTION.NOTE_TEST.ACTOR': ['NOT_YOURS', 'Only the product itself tests.'],
});

Subscription.refuses([RotateSubscriptionSecret], {
  'SUBSCRIPTION.ROTATE_SECRET.STATE': ['WRONG_STATE', 'A subscription that is over has no secret to rotate.'],
  'SUBSCRIPTION.ROTATE_SECRET.ACTOR': ['NOT_YOURS', 'The secret is for the owner to rotate.'],
});
