/** How facts are delivered: every number of it, in one place, with where it comes from. */
export const deliveryPolicy = {
  code: 'WEBHOOK_DELIVERY',
  version: 1,
  source: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
  /** What this service delivers to. */
  channels: ['WEBHOOK'],
  /** The wait before each attempt: Standard Webhooks, "Deliverability and reliability". Their number is the number of attempts. */
  waitSeconds: [0, 5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600],
  /** Up to this part of a wait is added, so that what failed together does not come back together. */
  jitter: 0.1,
  /** An endpoint may ask for patience, but not for ever. */
  longestRetryAfterSeconds: 24 * 3600,
  /** After 410 or the last attempt, until the subscription is disabled. */
  restSeconds: 5,
  /** Of a secret, without its prefix: Standard Webhooks, "Signature scheme". */
  secretBytes: { least: 24, most: 64 },
  /** Old and new, while a secret is rotated. */
  secretsAtOnce: 2,
  connectMs: 5000,
  totalMs: 15_000,
  replyBytes: 64 * 1024,
  excerptCharacters: 500,
} as const;

export type DeliveryPolicy = typeof deliveryPolicy;

/** How mails are handed over to the relay of this house. */
export const mailPolicy = {
  code: 'MAIL_DELIVERY',
  version: 1,
  source: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.5.4.1',
  /** The wait before each attempt, first in minutes, as greylisting asks (RFC 6647), then in hours. Their number is that of attempts. */
  waitSeconds: [0, 60, 5 * 60, 30 * 60, 3600, 2 * 3600, 4 * 3600, 8 * 3600, 16 * 3600, 24 * 3600, 24 * 3600],
  connectMs: 10_000,
  /** Of silence, after which an answer is not waited for any more. */
  totalMs: 30_000,
  /** Connections to the relay. */
  atOnce: 5,
  /** Mails that follow from facts, so that a thousand at once hold up neither the relay nor the house. */
  perSecond: 20,
  /** Facts that are older are not told by mail any more. */
  newsDays: 3,
  excerptCharacters: 300,
} as const;

export type MailPolicy = Pick<typeof mailPolicy, 'waitSeconds'>;
