import { z } from 'zod';
import { aggregate } from './message.js';
import { Code, EdtfDate, Id, Instant, Text, UpdatedAt, Version } from './values.js';

const fields = {
  subject: z.string().max(200).describe('path of what it reminds of, /v1/events/{id}'),
  partnerships: z.array(Id).max(20),
  rule: Code.describe('which reminder rule'),
  audience: z.array(Code).max(20).describe('reference: roles; whom it is for'),
  title: Text.nullable().describe('of the subject'),
  when: EdtfDate.nullable().describe('of the subject'),
  dueAt: Instant.nullable().describe('null: the subject has no date to count from'),
};

export const ReminderView = z
  .object({
    ...fields,
    id: z.string(),
    version: Version,
    updatedAt: UpdatedAt,
    state: z.enum(['PLANNED', 'SENT', 'DROPPED']),
    cycle: z
      .int()
      .min(0)
      .max(2 ** 31)
      .describe('how often it was planned: once, and once more with each new date'),
    reason: z.string().nullable().describe('why it was dropped'),
    sentAt: Instant.nullable(),
  })
  .meta({ id: 'Reminder' });
export type ReminderView = z.infer<typeof ReminderView>;

export const Reminder = aggregate('reminder', {
  service: 'worker',
  resource: 'reminders',
  view: ReminderView,
  fields: ['subject', 'partnerships', 'state', 'rule'],
});

export const ReminderPlan = z.object({
  ...fields,
  until: Instant.nullable().describe('from then on there is nothing left to remind of; null: no such moment'),
  basis: z.int().min(0).describe('version of the subject this follows from: what follows from an older one comes too late'),
  drop: z.string().nullable().describe('why there is nothing to remind of; null: there is'),
});
export type ReminderPlan = z.infer<typeof ReminderPlan>;

/** Plans, moves or drops the reminder of a subject and rule; sent by the product itself when the subject changes. */
export const PlanReminder = Reminder.command('plan.v1', ReminderPlan, ReminderView, 'UPSERT');
/** The moment has come: a job is made of it, and made again until it is sent. */
export const RingReminder = Reminder.command('ring.v1', z.object({}), ReminderView);
/** The job has found that the reason still stands. */
export const NoteReminderSent = Reminder.command('note-sent.v1', z.object({ cycle: z.int().min(0) }), ReminderView);

/** Version and time are those of the fact itself: its `sequence` and `time`. */
export const ReminderDue = Reminder.fact('due.v1', ReminderView.omit({ version: true, updatedAt: true }));
