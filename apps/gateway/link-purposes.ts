import type { BoundRole } from '#libs/contracts/actor';
import type { MailLink } from '#libs/contracts/mail';
import { AcceptMeeting, DeclineMeeting, type MeetingView } from '#libs/contracts/meeting';
import { AcceptByLink, DeclineByLink, type MembershipView } from '#libs/contracts/membership';
import type { CommandContract } from '#libs/contracts/message';
import { AcceptOffer, CancelRegistration, type RegistrationView } from '#libs/contracts/registration';
import type { Values } from '#libs/reference/mail-texts';
import type { Link } from '#libs/service/link';
import { codesOf } from './codes.js';
import type { View } from './resources.js';

export type LinkAnswer = 'accept' | 'decline';

/** What links of a purpose let whoever holds them do. */
export interface Purpose {
  resource: string;
  /** The commands that its answers are. */
  answers: Readonly<Record<LinkAnswer, CommandContract>>;
  /** What they take beside a reason. */
  data(link: Link): Record<string, unknown>;
  /** For whom the holder stands: whoever the mail was for. Null: the record itself knows which link it has given. */
  standsFor(view: View): BoundRole | null;
  /** Whether the record waits for the answer of this very link. */
  waitsFor(view: View, link: Link): boolean;
  /** Resources whose names tell what it is about, by the field that names them. */
  names: Readonly<Record<string, string>>;
  /** The same for the sentence that asks. */
  values(names: Values): Values;
}

/** As the representative of an organisation: a link reaches one record, and no other of it. */
const representing = (organisation: string): BoundRole => ({
  role: 'ORGANISATION_REPRESENTATIVE',
  binding: { kind: 'ORGANISATION', id: organisation },
});

export const purposes: Record<MailLink['purpose'], Purpose> = {
  MEMBERSHIP_INVITATION: {
    resource: 'memberships',
    answers: { accept: AcceptByLink, decline: DeclineByLink },
    data: ({ mail }) => ({ link: mail }),
    standsFor: () => null,
    waitsFor: (view, { mail }) => {
      const { state, invitation } = view as unknown as MembershipView;
      return state === 'INVITED' && invitation?.mail === mail;
    },
    names: { partnership: 'partnerships', cluster: 'clusters', organisation: 'organisations' },
    values: ({ partnership, cluster, organisation }) =>
      partnership ? { joining: cluster, joined: partnership } : { joining: organisation, joined: cluster },
  },
  SEAT_OFFER: {
    resource: 'registrations',
    answers: { accept: AcceptOffer, decline: CancelRegistration },
    data: () => ({}),
    standsFor: (view) => representing((view as unknown as RegistrationView).organisation),
    // An offer that comes again has another end.
    waitsFor: (view, { expiresAt }) => {
      const { state, until } = view as unknown as RegistrationView;
      return state === 'OFFERED' && until !== null && toSeconds(until) === toSeconds(expiresAt);
    },
    names: { event: 'events' },
    values: ({ event }) => ({ event }),
  },
  MEETING_REQUEST: {
    resource: 'meetings',
    answers: { accept: AcceptMeeting, decline: DeclineMeeting },
    data: () => ({}),
    standsFor: (view) => representing((view as unknown as MeetingView).guest.organisation),
    waitsFor: (view) => view.state === 'PENDING',
    names: { event: 'events' },
    values: ({ event }) => ({ event }),
  },
};

/** Links are kept to the second. */
const toSeconds = (at: string) => Math.floor(Date.parse(at) / 1000);

/** What answers may be refused with, whatever they are about. */
export const linkRefusals: readonly string[] = [
  'LINK.HOLDS',
  'MEMBERSHIP.ACCEPT.STATE',
  'MEMBERSHIP.DECLINE.STATE',
  ...Object.values(purposes).flatMap(({ answers }) => Object.values(answers).flatMap(({ type }) => codesOf(type))),
];
