import { z } from 'zod';
import { aggregate } from './message.js';
import { Code, Email, Id, Instant, UpdatedAt, Version } from './values.js';

/** What a link in a mail lets whoever holds it do: once, and until it expires. */
export const MailLink = z.object({
  purpose: z.enum(['MEMBERSHIP_INVITATION', 'SEAT_OFFER', 'MEETING_REQUEST']),
  subject: Id.describe('the record that it is about'),
  expiresAt: Instant,
});
export type MailLink = z.infer<typeof MailLink>;

/** What is written to somebody; forgotten when the mail is sent or given up. */
export const Letter = z.object({
  to: Email.nullable().describe('null: to the address that the person has when it is sent'),
  person: Id.nullable().default(null).describe('whom it is for, where that is recorded'),
  values: z.record(z.string().max(40), z.string().max(500)).describe('what its text names'),
  link: MailLink.nullable(),
});
export type Letter = z.infer<typeof Letter>;

export const MailAttempt = z
  .object({
    at: Instant,
    status: z.int().min(0).max(999).nullable().describe('reply code of SMTP (RFC 5321); null = no answer'),
    latencyMs: z.int().min(0).max(600_000),
    excerpt: z.string().max(500).nullable().describe('how the answer begins, without the address'),
  })
  .meta({ id: 'MailAttempt' });
export type MailAttempt = z.infer<typeof MailAttempt>;

/** A mail on its way; whom it is for, and what it says, is in no view. */
export const MailView = z
  .object({
    id: Id.or(z.string()),
    version: Version,
    updatedAt: UpdatedAt,
    template: Code.describe('what it is about: which of the texts there are'),
    language: z.string().describe('BCP 47; the text is in English where there is none in it'),
    about: z.string().describe('path of the record it is about'),
    owner: z.string().describe('who had it sent'),
    state: z
      .enum(['QUEUED', 'FAILED', 'SENT', 'DEAD', 'SUPPRESSED'])
      .describe('state-machines: NOTIFICATION; SENT: the relay has taken it; DEAD: given up, with the reason'),
    reason: z.string().nullable().describe('why it is dead or suppressed'),
    until: Instant.nullable().describe('of no use after that'),
    attempts: z.array(MailAttempt),
    nextAt: Instant.nullable(),
  })
  .meta({ id: 'Mail' });
export type MailView = z.infer<typeof MailView>;

export const Mail = aggregate('mail', { service: 'notifications', resource: 'mails', view: MailView, fields: ['owner', 'state'] });

/** The product itself: somebody is to be written to. Its id follows from what it is about, so it is queued once. */
export const QueueMail = Mail.command(
  'queue.v1',
  z.object({
    template: MailView.shape.template,
    language: z.string().max(35),
    about: z.string().max(200),
    owner: z.string(),
    until: Instant.nullable(),
    letter: Letter,
  }),
  MailView,
  'NEW',
);
/** By its timer: what is due and not sent becomes a job again. */
export const RingMail = Mail.command('ring.v1', z.object({}), MailView);
/** The product itself: what came of an attempt; `number` is how many there were before it. */
export const NoteMailAttempt = Mail.command('note-attempt.v1', z.object({ number: z.int().min(0), attempt: MailAttempt }), MailView);
/** It is of no use any more, whatever became of it so far: what it says was answered, or is not so any more. */
export const WithdrawMail = Mail.command('withdraw.v1', z.object({ reason: z.string().min(1).max(500) }), MailView);
/** The person it is for is erased. */
export const ForgetMail = Mail.command('forget.v1', z.object({ person: Id }), MailView);

Mail.refuses([QueueMail, RingMail, NoteMailAttempt, WithdrawMail, ForgetMail], {
  'MAIL.ACTOR': ['NOT_YOURS', 'Mails are sent by the product itself.'],
});
