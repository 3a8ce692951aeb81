import type { z } from 'zod';
import {
  type Letter,
  type MailAttempt,
  type MailView,
  type NoteMailAttempt,
  type QueueMail,
  RingMail,
  type WithdrawMail,
} from '#libs/contracts/mail';
import type { Stamp } from '#libs/contracts/values';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { judge, rule } from '#libs/domain/verdict';
import { type MailPolicy, mailPolicy } from './policy.js';

export interface Mail extends Omit<MailView, keyof Stamp> {
  /** null: it is sent or given up, and who it was for is forgotten. */
  letter: Letter | null;
}

/** What is due and not sent becomes a job again after this: Redis may have lost the one before. */
export const RING_AGAIN_SECONDS = 10;

const ofTheProduct = rule('MAIL.ACTOR', ({ by }: Context) => by.kind === 'SYSTEM' || 'Mails are sent by the product itself.', {
  kind: 'NOT_YOURS',
});

export const waits = ({ state }: Pick<Mail, 'state'>): boolean => state === 'QUEUED' || state === 'FAILED';

const after = (at: string, seconds: number) => new Date(Date.parse(at) + seconds * 1000).toISOString();

export function queueMail(_: Mail | null, data: z.output<typeof QueueMail.data>, context: Context): Decision<Mail> {
  const verdicts = judge([ofTheProduct], context);
  const { at } = context;
  const next: Mail = { ...data, state: 'QUEUED', reason: null, attempts: [], nextAt: at };
  return { next, facts: [], verdicts, due: { at: after(at, RING_AGAIN_SECONDS), command: RingMail } };
}

/** Nothing of whom it was for stays. */
const over = (mail: Mail, state: 'SENT' | 'DEAD' | 'SUPPRESSED', reason: string | null): Decision<Mail> => ({
  next: { ...mail, state, reason, nextAt: null, letter: null },
  facts: [],
  verdicts: [],
  due: null,
});

const isTooLate = ({ until }: Mail, at: string) => until !== null && until <= at;
const TOO_LATE = 'What it is about is over.';

/** The timer goes on until the job has done its work: what is due stands here, not in Redis. */
export function ringMail(mail: Mail | null, _: object, context: Context): Decision<Mail> {
  judge([ofTheProduct], context);
  const before = mail as Mail;
  const { at } = context;
  if (!waits(before)) return { ...unchanged(before), due: null };
  if (isTooLate(before, at)) return over(before, 'SUPPRESSED', TOO_LATE);
  const next = at < before.nextAt! ? before.nextAt! : after(at, RING_AGAIN_SECONDS);
  return { ...unchanged(before), due: { at: next, command: RingMail } };
}

/** Counted once, however often it is told. */
export const noteMailAttempt =
  (policy: MailPolicy = mailPolicy) =>
  (mail: Mail | null, { number, attempt }: z.output<typeof NoteMailAttempt.data>, context: Context): Decision<Mail> => {
    judge([ofTheProduct], context);
    const before = mail as Mail;
    if (!waits(before) || before.attempts.length !== number) return unchanged(before);
    const tried: Mail = { ...before, attempts: [...before.attempts, attempt] };
    if (taken(attempt)) return over(tried, 'SENT', null);
    if (isRefused(attempt)) return over(tried, 'DEAD', `It was refused for good (${attempt.status}).`);
    const wait = policy.waitSeconds[tried.attempts.length];
    if (wait === undefined) return over(tried, 'DEAD', `No attempt of ${tried.attempts.length} succeeded.`);
    const nextAt = after(attempt.at, wait);
    if (isTooLate(before, nextAt)) return over(tried, 'SUPPRESSED', TOO_LATE);
    return { next: { ...tried, state: 'FAILED', nextAt }, facts: [], verdicts: [], due: { at: nextAt, command: RingMail } };
  };

/** RFC 5321 §4.2.1: 2yz is done, 5yz is not to be tried again; 4yz, and no answer at all, are. */
const taken = ({ status }: MailAttempt) => status !== null && status >= 200 && status < 300;
const isRefused = ({ status }: MailAttempt) => status !== null && status >= 500;

export function withdrawMail(mail: Mail | null, { reason }: z.output<typeof WithdrawMail.data>, context: Context): Decision<Mail> {
  judge([ofTheProduct], context);
  const before = mail as Mail;
  return waits(before) ? over(before, 'SUPPRESSED', reason) : unchanged(before);
}

export function forgetMail(mail: Mail | null, _: object, context: Context): Decision<Mail> {
  judge([ofTheProduct], context);
  const before = mail as Mail;
  return waits(before) ? over(before, 'SUPPRESSED', 'Whom it was for is erased.') : unchanged(before);
}
