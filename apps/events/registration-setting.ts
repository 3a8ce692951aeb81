import type { MembershipView } from '#libs/contracts/membership';
import type { Applicant, ForWhom } from '#libs/domain/eligibility';
import type { Standing } from '#libs/service/policy-copies';
import type { Form } from './form.js';
import type { WholeEvent } from './planned-event.js';
import type { Admission } from './seat-ledger.js';
import { type SetBy, usually } from './usual.js';

/** Rules in force that an event may say otherwise by itself. */
const SEATS = {
  approval: 'EVENT_SEATS_APPROVAL',
  waitingList: 'EVENT_SEATS_WAITING_LIST',
  confirmFreedSeat: 'EVENT_SEATS_CONFIRM_FREED',
  holdMinutes: 'EVENT_SEATS_HOLD_MINUTES',
  offerMinutes: 'EVENT_SEATS_OFFER_MINUTES',
  perOrganisation: 'EVENT_SEATS_PER_ORGANISATION',
} as const;

export interface KnownPerson {
  organisation: string;
  /** Who it is when it signs in. */
  account: string | null;
}

/** What has to be known, beside the seats, to decide on the registrations of an event. */
export interface Setting {
  event: ForWhom;
  startsAt: string | null;
  admission: Admission & { waitingList: boolean; perOrganisation: number | null };
  /** By which rules in force: of what the event does not say itself. */
  setBy: SetBy<keyof typeof SEATS>;
  form: Form | null;
  organisation: Applicant | null;
  memberships: readonly MembershipView[];
  persons: ReadonlyMap<string, KnownPerson>;
}

/** What is known of those who want to come. */
export type Applicants = Pick<Setting, 'organisation' | 'memberships' | 'persons'>;

export const nobody: Applicants = { organisation: null, memberships: [], persons: new Map() };

/** No seats are given any more once it runs, or will not take place. */
const OVER = ['RUNNING', 'HELD', 'EVALUATED', 'CANCELLED'];

const UNKNOWN: ForWhom = {
  state: 'CANCELLED',
  partnerships: [],
  targetGroups: null,
  openToSmes: null,
  day: null,
  deadlineAt: null,
  admission: null,
};

/** Of an event that is gone nothing is left to give. `at`: when it is decided. */
export function settingOf(event: WholeEvent | null, form: Form | null, applicants: Applicants, at: string, standing: Standing): Setting {
  const { values, setBy } = usually(SEATS, event?.admission ?? {}, at, standing);
  const over = event === null || OVER.includes(event.state);
  return {
    ...applicants,
    event: event ? { ...event, day: event.start?.slice(0, 10) ?? event.when?.earliest ?? null } : UNKNOWN,
    startsAt: event?.startsAt ?? null,
    admission: { ...(values as Omit<Setting['admission'], 'capacity' | 'over'>), capacity: event?.capacity ?? 0, over },
    setBy,
    form,
  };
}
