import { ReminderDue, type ReminderPlan, type ReminderView, RingReminder } from '#libs/contracts/reminder';
import type { Stamp } from '#libs/contracts/values';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { stated } from '#libs/domain/record';

export type Reminder = Omit<ReminderView, keyof Stamp> & Pick<ReminderPlan, 'until' | 'basis'>;

type Wanted = Omit<ReminderPlan, 'drop'>;

/** What is due and not sent becomes a job again after this: Redis may have lost the one before. */
export const RING_AGAIN_SECONDS = 10;

/** A moved date moves the reminder; one that says nothing new changes nothing. */
export function plan(reminder: Reminder | null, { drop, ...wanted }: ReminderPlan, { at }: Context): Decision<Reminder> {
  if (reminder && wanted.basis < reminder.basis) return unchanged(reminder);
  const reason = drop ?? (isOver(wanted, at) ? pastOf(wanted) : null);
  return reason === null ? planned(reminder, wanted) : dropped(reminder, wanted, reason);
}

/** The timer goes on until the job has done its work: what is due stands here, not in Redis. */
export function ring(reminder: Reminder | null, _: object, { at }: Context): Decision<Reminder> {
  if (reminder?.state !== 'PLANNED') return unchanged(reminder!);
  if (isOver(reminder, at)) return dropped(reminder, reminder, pastOf(reminder));
  const next = at < reminder.dueAt! ? reminder.dueAt! : secondsAfter(at, RING_AGAIN_SECONDS);
  return { ...unchanged(reminder), due: { at: next, command: RingReminder } };
}

/** Told once, however often the job was done. */
export function noteSent(reminder: Reminder | null, { cycle }: { cycle: number }, { id, at }: Context): Decision<Reminder> {
  if (reminder?.state !== 'PLANNED' || reminder.cycle !== cycle) return unchanged(reminder!);
  if (isOver(reminder, at)) return dropped(reminder, reminder, pastOf(reminder));
  const next: Reminder = { ...reminder, state: 'SENT', sentAt: at };
  return { next, facts: [ReminderDue.of({ ...next, id })], verdicts: [], due: null };
}

export const isDue = ({ state, dueAt }: Pick<ReminderView, 'state' | 'dueAt'>, at: string): boolean =>
  state === 'PLANNED' && dueAt !== null && dueAt <= at;

function planned(reminder: Reminder | null, wanted: Wanted): Decision<Reminder> {
  if (reminder && !isMoved(reminder, wanted)) return retold(reminder, wanted);
  const next: Reminder = { ...wanted, state: 'PLANNED', cycle: (reminder?.cycle ?? 0) + 1, reason: null, sentAt: null };
  return { next, facts: [], verdicts: [], due: { at: wanted.dueAt!, command: RingReminder } };
}

/** Nobody is reminded twice of the same day because its hour has become clearer. */
function isMoved(reminder: Reminder, wanted: Wanted): boolean {
  if (reminder.state === 'SENT') return reminder.when?.earliest !== wanted.when?.earliest;
  return reminder.state === 'DROPPED' || reminder.dueAt !== wanted.dueAt;
}

/** The date stands: what else is said of the event is taken over, and a version that says nothing makes none here. */
function retold(reminder: Reminder, wanted: Wanted): Decision<Reminder> {
  const next = stated(reminder, { ...wanted, basis: reminder.basis });
  return next === reminder ? unchanged(reminder) : { next: { ...next, basis: wanted.basis }, facts: [], verdicts: [] };
}

/** What was sent stays sent. */
function dropped(reminder: Reminder | null, wanted: Wanted, reason: string): Decision<Reminder> {
  if (reminder?.state === 'SENT') return unchanged(reminder);
  const before: Reminder = reminder ?? { ...wanted, state: 'DROPPED', cycle: 0, reason, sentAt: null };
  const next = stated(before, { ...wanted, basis: before.basis, state: 'DROPPED', reason });
  if (next === reminder) return unchanged(reminder);
  return { next: { ...next, basis: wanted.basis }, facts: [], verdicts: [], due: null };
}

/** The day it reminds of is over. */
const pastOf = ({ subject }: { subject: string }): string => (subject.startsWith('/v1/agreements/') ? 'AGREEMENT_PAST' : 'EVENT_PAST');

const isOver = ({ until }: { until: string | null }, at: string): boolean => until !== null && until <= at;

const secondsAfter = (at: string, seconds: number): string => new Date(Date.parse(at) + seconds * 1000).toISOString();
