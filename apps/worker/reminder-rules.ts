/** When to remind of a planned event, and whom: data, so that a change is a new version and not new code. */
export interface ReminderRule {
  readonly code: string;
  readonly version: number;
  readonly source: string;
  /** ISO 8601: how long before the earliest day the event may begin on. */
  readonly offset: string;
  /** Local time of day in the zone of the event; in UTC when none is known. */
  readonly at: string;
  /** Roles. */
  readonly audience: readonly string[];
  /** States of the event in which it is still ahead. */
  readonly states: readonly string[];
}

export const reminderRules: readonly ReminderRule[] = [
  {
    code: 'EVENT_AHEAD',
    version: 1,
    source: 'PROJECT',
    offset: 'P14D',
    at: '08:00',
    audience: ['PARTNERSHIP_COORDINATOR', 'PARTNERSHIP_MANAGER', 'EVENT_ORGANISER'],
    states: ['PLANNED', 'SCHEDULED', 'REGISTRATION_OPEN', 'REGISTRATION_CLOSED'],
  },
];
