import { DateTime, Duration, IANAZone } from 'luxon';
import type { PlannedEventView } from '#libs/contracts/planned-event';
import type { ReminderPlan } from '#libs/contracts/reminder';
import { firstDay, lastDay } from '#libs/domain/edtf-date';
import { sourceId } from '#libs/domain/ids';
import { holdsOn, type ReminderRule } from '#libs/reference/reminder-rules';

export type Event = Pick<PlannedEventView, 'id' | 'version' | 'partnerships' | 'title' | 'when' | 'zone' | 'state'>;

/** What a reminder is about. */
export interface Subject {
  resource: string;
  id: string;
}

const pathOf = ({ resource, id }: Subject) => `/v1/${resource}/${id}`;

/** Of `/v1/events/{id}`. */
export function subjectAt(path: string): Subject {
  const [resource = '', id = ''] = path.split('/').slice(2);
  return { resource, id };
}

/** One reminder per record and rule, found again without asking. */
export const reminderId = (id: string, rule: string): string => sourceId(`reminder:${id}:${rule}`);

/** What a rule makes of an event as it is; the clock is no part of it. */
export function planFor(rule: ReminderRule, event: Event): ReminderPlan {
  const { dueAt, until } = moments(rule, event);
  return {
    subject: pathOf({ resource: 'events', id: event.id }),
    partnerships: event.partnerships,
    rule: rule.code,
    audience: [...rule.audience],
    title: event.title,
    when: event.when,
    dueAt,
    until,
    basis: event.version,
    drop: reasonAgainst(rule, event, dueAt),
  };
}

/** The record is gone, or the rule is: nothing of it is kept but that it was. */
export function planWithout(of: Subject, rule: string, basis: number, reason: string): ReminderPlan {
  const subject = pathOf(of);
  return { subject, partnerships: [], rule, audience: [], title: null, when: null, dueAt: null, until: null, basis, drop: reason };
}

function reasonAgainst(rule: ReminderRule, { state }: Event, dueAt: string | null): string | null {
  if (!rule.states.includes(state)) return `EVENT_${state}`;
  if (dueAt === null) return 'DATE_OPEN';
  return holdsOn(rule, dueAt.slice(0, 10)) ? null : 'RULE_NOT_IN_FORCE';
}

/** Days are counted on the local calendar, so that summer time never moves the hour. */
function moments(rule: ReminderRule, { when, zone }: Event): { dueAt: string | null; until: string | null } {
  const local = { zone: zone !== null && IANAZone.isValidZone(zone) ? zone : 'utc' };
  const { earliest = null, latest = null } = when ?? {};
  const due = isOpen(earliest) ? null : DateTime.fromISO(`${earliest}T${rule.at}`, local).minus(Duration.fromISO(rule.offset));
  const end = isOpen(latest) ? null : DateTime.fromISO(latest, local).plus({ days: 1 });
  return { dueAt: instant(due), until: instant(end) };
}

const isOpen = (day: string | null): day is null => day === null || day === firstDay || day === lastDay;

const instant = (moment: DateTime | null): string | null => moment?.toUTC().toISO() ?? null;
