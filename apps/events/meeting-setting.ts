import type { MeetingRules } from '#libs/contracts/event-meetings';
import { usualPause } from '#libs/reference/event-meetings';
import type { Standing } from '#libs/service/policy-copies';
import { type Slot, type Span, slotsOf } from './meeting-slots.js';
import type { WholeEvent } from './planned-event.js';
import { type SetBy, usually } from './usual.js';

/** Rules in force that an event may say otherwise by itself. */
const MEETINGS = {
  scheduledBy: 'EVENT_MEETINGS_SCHEDULED_BY',
  requests: 'EVENT_MEETINGS_REQUESTS',
  perPerson: 'EVENT_MEETINGS_PER_PERSON',
  perOrganisation: 'EVENT_MEETINGS_PER_ORGANISATION',
  answerHours: 'EVENT_MEETINGS_ANSWER_HOURS',
} as const;

/** An admitted participant. */
export interface Attendee {
  readonly person: string;
  readonly organisation: string;
  readonly registration: string;
}

/** What somebody says of their meetings at the event. */
export interface Wanting {
  readonly away: readonly Span[];
  /** null: not said. */
  readonly takesRequests: boolean | null;
}

/** All that has to be known, beside the meetings themselves, to decide on meetings of an event. */
export interface Setting {
  readonly event: WholeEvent & { readonly id: string };
  readonly rules: Required<Pick<MeetingRules, keyof typeof MEETINGS>>;
  /** By which rules in force: of what the event does not say itself. */
  readonly setBy: SetBy<keyof typeof MEETINGS>;
  readonly slots: readonly Slot[];
  /** By name; null: they meet online, and need none. */
  readonly tables: readonly string[] | null;
  /** By person. */
  readonly attendees: ReadonlyMap<string, Attendee>;
  /** By person. */
  readonly wanting: ReadonlyMap<string, Wanting>;
  /** Of organisations, as far as they are known. */
  readonly organisationTypes: ReadonlyMap<string, string>;
  /** Who persons are when they sign in, as far as that is known. */
  readonly accounts: ReadonlyMap<string, string>;
}

export type Known = Pick<Setting, 'attendees' | 'wanting' | 'organisationTypes' | 'accounts'>;

/** Slots of an event; none where it has no meetings or no zone. */
export function slotsOfEvent({ meetings, zone }: Pick<WholeEvent, 'meetings' | 'zone'>): Slot[] {
  if (!meetings || !zone) return [];
  const { hours, breaks = [], slotMinutes, pauseMinutes = usualPause } = meetings;
  return slotsOf({ hours, breaks, slotMinutes, pauseMinutes }, zone);
}

export const needsTables = ({ mode }: Pick<WholeEvent, 'mode'>): boolean => mode !== 'ONLINE';

/** `at`: when it is decided. */
export function settingOf(id: string, event: WholeEvent, known: Known, at: string, standing: Standing): Setting {
  const { tables = [], ...said } = event.meetings ?? {};
  const { values, setBy } = usually(MEETINGS, said, at, standing);
  const online = !needsTables(event) && tables.length === 0;
  return {
    ...known,
    event: { ...event, id },
    rules: values as Setting['rules'],
    setBy,
    slots: slotsOfEvent(event),
    tables: online ? null : tables,
  };
}
