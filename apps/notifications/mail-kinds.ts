import { AnnouncementPublished } from '#libs/contracts/announcement';
import type { MailLink } from '#libs/contracts/mail';
import * as meeting from '#libs/contracts/meeting';
import type { FactContract } from '#libs/contracts/message';
import { EventCancelled, EventPostponed, EventScheduled } from '#libs/contracts/planned-event';
import * as registration from '#libs/contracts/registration';

/** To whom: the persons of a registration, those of all open registrations of the event, or a side of a meeting. */
export type Audience = 'REGISTRANTS' | 'ALL_REGISTRANTS' | 'ORGANISERS' | 'REQUESTER' | 'GUEST' | 'BOTH_SIDES';

/** A mail that follows from a fact of the events service. */
export interface Kind {
  /** Of its text (mail-texts). */
  readonly code: string;
  readonly on: readonly FactContract[];
  readonly to: Audience;
  /** It is so as long as its record is in one of these states; what has gone on meanwhile is not told any more. */
  readonly states: readonly string[];
  /** … and its event in none of these: then the event itself is what there is to tell. */
  readonly unlessEvent?: readonly string[];
  /** It may follow from what has just become of its event: that is to be known first. */
  readonly follows?: true;
  /** What it can be answered with, without a token. */
  readonly link?: MailLink['purpose'];
  /** The event goes with it as a calendar. */
  readonly calendar?: true;
  /** Not sent to who has withdrawn this consent; without it nobody can be spared the mail. */
  readonly consent?: string;
}

const OFF = ['CANCELLED'];
const MOVED = ['POSTPONED', ...OFF];
const ANNOUNCED = ['SCHEDULED', 'REGISTRATION_OPEN', 'REGISTRATION_CLOSED', 'RUNNING'];

/** One mail, one row. */
export const mailKinds: readonly Kind[] = [
  {
    code: 'REGISTRATION_CONFIRMED',
    on: [registration.Registered, registration.RegistrationApproved, registration.OfferAccepted, registration.SeatTransferred],
    to: 'REGISTRANTS',
    states: ['APPROVED'],
    unlessEvent: OFF,
    calendar: true,
  },
  { code: 'REGISTRATION_SUBMITTED', on: [registration.Registered], to: 'REGISTRANTS', states: ['SUBMITTED'], unlessEvent: OFF },
  { code: 'REGISTRATION_TO_DECIDE', on: [registration.Registered], to: 'ORGANISERS', states: ['SUBMITTED'], unlessEvent: OFF },
  {
    code: 'REGISTRATION_WAITING',
    on: [registration.Registered, registration.RegistrationWaitlisted],
    to: 'REGISTRANTS',
    states: ['WAITLISTED'],
    unlessEvent: OFF,
  },
  {
    code: 'SEAT_OFFERED',
    on: [registration.SeatOffered],
    to: 'REGISTRANTS',
    states: ['OFFERED'],
    unlessEvent: OFF,
    link: 'SEAT_OFFER',
  },
  { code: 'OFFER_LAPSED', on: [registration.OfferLapsed], to: 'REGISTRANTS', states: ['WAITLISTED'], unlessEvent: OFF },
  { code: 'REGISTRATION_REJECTED', on: [registration.RegistrationRejected], to: 'REGISTRANTS', states: ['REJECTED'], unlessEvent: OFF },
  {
    code: 'REGISTRATION_CANCELLED',
    on: [registration.RegistrationCancelled],
    to: 'REGISTRANTS',
    states: OFF,
    unlessEvent: OFF,
    follows: true,
  },
  { code: 'EVENT_POSTPONED', on: [EventPostponed], to: 'ALL_REGISTRANTS', states: ['POSTPONED'], calendar: true },
  { code: 'EVENT_RESCHEDULED', on: [EventScheduled], to: 'ALL_REGISTRANTS', states: ANNOUNCED, calendar: true },
  { code: 'EVENT_CANCELLED', on: [EventCancelled], to: 'ALL_REGISTRANTS', states: OFF, calendar: true },
  {
    code: 'ANNOUNCEMENT',
    on: [AnnouncementPublished],
    to: 'ALL_REGISTRANTS',
    states: ['PUBLISHED'],
    consent: 'EVENT_ANNOUNCEMENTS',
  },
  { code: 'MEETING_REQUESTED', on: [meeting.MeetingRequested], to: 'GUEST', states: ['PENDING'], link: 'MEETING_REQUEST' },
  { code: 'MEETING_ACCEPTED', on: [meeting.MeetingAccepted], to: 'REQUESTER', states: ['ACCEPTED', 'SCHEDULED'] },
  { code: 'MEETING_DECLINED', on: [meeting.MeetingDeclined], to: 'REQUESTER', states: ['DECLINED'] },
  { code: 'MEETING_EXPIRED', on: [meeting.MeetingExpired], to: 'REQUESTER', states: ['EXPIRED'] },
  { code: 'MEETING_SCHEDULED', on: [meeting.MeetingScheduled], to: 'BOTH_SIDES', states: ['SCHEDULED'] },
  {
    code: 'MEETING_UNSCHEDULED',
    on: [meeting.MeetingUnscheduled],
    to: 'BOTH_SIDES',
    states: ['ACCEPTED'],
    unlessEvent: MOVED,
    follows: true,
  },
  {
    code: 'MEETING_CANCELLED',
    on: [meeting.MeetingCancelled],
    to: 'BOTH_SIDES',
    states: OFF,
    unlessEvent: MOVED,
    follows: true,
  },
];

export const kindOf = (code: string): Kind | undefined => mailKinds.find((kind) => kind.code === code);

/** Those that follow from a fact of this type. */
export const kindsOn = (type: string): readonly Kind[] => mailKinds.filter(({ on }) => on.some((fact) => fact.type === type));
