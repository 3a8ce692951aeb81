import file from './data/reminder-rules.json' with { type: 'json' };
import type { PolicyOwner } from './policies.js';

/** When to remind of a planned event or of the end of an agreement, and whom: data, so that a change is a new version and not new code. */
export interface ReminderRule {
  readonly code: string;
  /** What it reminds of: `events`, `agreements`. */
  readonly resource: string;
  readonly version: number;
  readonly origin: string;
  /** ISO 8601: how long before the earliest day the event may begin on, or the last day of the agreement. */
  readonly offset: string;
  /** Local time of day in the zone of the event; in UTC when none is known. */
  readonly at: string;
  /** Roles. */
  readonly audience: readonly string[];
  /** States in which that day is still ahead. */
  readonly states: readonly string[];
  /** They bound the day a reminder is due, YYYY-MM-DD; null = no bound. */
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly owner: PolicyOwner;
}

export const reminderRules: readonly ReminderRule[] = file.items;

/** Those that remind of records of this resource. */
export const rulesAbout = (resource: string): readonly ReminderRule[] => reminderRules.filter((rule) => rule.resource === resource);

/** Undefined: there is none, or not any more. */
export function reminderRule(code: string): ReminderRule | undefined {
  return reminderRules.find((rule) => rule.code === code);
}

/** Whether reminders that are due on this day (YYYY-MM-DD) follow from the rule. */
export const holdsOn = ({ validFrom, validTo }: Pick<ReminderRule, 'validFrom' | 'validTo'>, day: string): boolean =>
  (validFrom ?? day) <= day && day <= (validTo ?? day);
