import { z } from 'zod';
import { aggregate } from './message.js';
import { Code, Id, Instant, Reason, Ref, UpdatedAt, Verdict, Version } from './values.js';

/** What the form of an event asks for, by the names of its schema. */
export const Answers = z
  .record(z.string().max(100), z.unknown())
  .meta({ id: 'RegistrationAnswers', example: { diet: 'VEGETARIAN', firstVisit: true } });

export const RegistrationView = z
  .object({
    id: Id,
    version: Version,
    updatedAt: UpdatedAt,
    event: Id,
    partnerships: z.array(Id).max(20).describe('of the event'),
    organisation: Id.describe('whose persons they are'),
    persons: z.array(Id).min(1).describe('who comes; a group is admitted whole or not at all'),
    state: Code.describe('state-machines: REGISTRATION'),
    order: z.int().min(1).describe('place in the order of all of the event: who waits is admitted by it'),
    position: z
      .int()
      .min(1)
      .nullable()
      .describe('WAITLISTED: place on the waiting list, from 1 on, as it is now; in the answer to a command as it was decided'),
    waitsFor: z
      .enum(['SEATS', 'SEATS_TOGETHER'])
      .nullable()
      .describe('WAITLISTED: no seat is free, or fewer than the whole group needs; as it is now, as position'),
    until: Instant.nullable().describe('HELD_SEAT, OFFERED: when the hold or the offer ends'),
    answers: Answers.nullable().describe('to the form of the event; null: it has none, or they are not given yet'),
    formVersion: z.int().min(1).nullable().describe('version of the form that was answered'),
    eligibility: z.array(Verdict).describe('as it was judged when they registered'),
    reason: z.string().nullable().describe('why it was rejected, cancelled or corrected; told to those it concerns'),
    registeredAt: Instant.nullable().describe('null: seats are held, it is not complete'),
    owner: z.string().describe('who registered them'),
    accounts: z.array(z.string()).describe('who they are when they sign in, as far as that is known'),
  })
  .meta({ id: 'Registration' });
export type RegistrationView = z.infer<typeof RegistrationView>;

/** It is kept and decided by the seat ledger of its event: who is admitted can only be said of all of them together. */
export const Registration = aggregate('registration', {
  service: 'events',
  resource: 'registrations',
  within: 'event',
  view: RegistrationView,
  fields: ['event', 'organisation', 'state'],
  machines: [{ machine: 'REGISTRATION', field: 'state' }],
  personal: ['persons', 'answers', 'eligibility', 'reason', 'owner', 'accounts'],
});

/** Public facts say how many come, never who. */
const Told = RegistrationView.pick({ id: true, event: true, organisation: true, state: true, order: true, until: true }).extend({
  seats: z.int().min(1).describe('persons of the group'),
});

/** Organisers do not see persons who are not registered yet: that one belongs to the organisation is judged, whoever names it. */
const Somebody = z.string().min(1).max(100);

const group = {
  organisation: Ref('organisations').describe('whose persons they are'),
  persons: z
    .array(Somebody)
    .min(1)
    .max(50)
    .refine((persons) => new Set(persons).size === persons.length, 'nobody stands twice')
    .describe('who comes; a group is admitted whole or not at all'),
};

/** Who comes, and what the form of the event asks of them. */
export const RegistrationDraft = z.strictObject({ ...group, answers: Answers.optional() }).meta({
  id: 'RegistrationDraft',
  example: { organisation: '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f', persons: ['0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e60'] },
});
export type RegistrationDraft = z.infer<typeof RegistrationDraft>;

/** Seats are kept for a while; they are lost unless the registration is completed in time. */
export const HoldSeats = Registration.command('hold.v1', z.strictObject(group), RegistrationView, 'NEW');
export const SeatsHeld = Registration.fact('held.v1', Told);

export const Register = Registration.command('register.v1', RegistrationDraft, RegistrationView, 'NEW');
/** What is told of a registration: it was admitted, waits for a seat, or waits for the decision of the organiser. */
export const Registered = Registration.fact('registered.v1', Told);

/** The same on seats that were held before. */
export const CompleteRegistration = Registration.command('complete.v1', z.strictObject({ answers: Answers.optional() }), RegistrationView);

export const ApproveRegistration = Registration.command('approve.v1', z.strictObject({}), RegistrationView);
export const RegistrationApproved = Registration.fact('approved.v1', Told);

export const WaitlistRegistration = Registration.command('waitlist.v1', z.strictObject({}), RegistrationView);
export const RegistrationWaitlisted = Registration.fact('waitlisted.v1', Told);

export const SeatOffered = Registration.fact('offered.v1', Told);

export const AcceptOffer = Registration.command('accept-offer.v1', z.strictObject({}), RegistrationView);
export const OfferAccepted = Registration.fact('offer-accepted.v1', Told);

/** The product itself: nobody accepted in time, and the seat goes to the next in order. */
export const OfferLapsed = Registration.fact('offer-lapsed.v1', Told);

export const RejectRegistration = Registration.command('reject.v1', z.strictObject({ reason: Reason }), RegistrationView);
export const RegistrationRejected = Registration.fact('rejected.v1', Told);

/** To a colleague: the seat never becomes free, also where others wait for one. */
export const TransferSeat = Registration.command(
  'transfer.v1',
  z.strictObject({ from: Somebody.describe('who does not come'), to: Somebody.describe('who comes instead') }),
  RegistrationView,
);
export const SeatTransferred = Registration.fact('transferred.v1', Told);

export const CancelRegistration = Registration.command('cancel.v1', z.strictObject({ reason: Reason.optional() }), RegistrationView);
export const RegistrationCancelled = Registration.fact('cancelled.v1', Told);

const mark = z.strictObject({ reason: Reason.optional().describe('needed for a correction') });

export const MarkAttended = Registration.command('mark-attended.v1', mark, RegistrationView);
export const Attended = Registration.fact('attended.v1', Told);

export const MarkNoShow = Registration.command('mark-no-show.v1', mark, RegistrationView);
export const NotShown = Registration.fact('no-show.v1', Told);

/** The record of a person is erased: who it was, and what was answered, is forgotten. */
export const RegistrationForgotten = Registration.fact('forgotten.v1', Told);

Registration.refuses([HoldSeats, Register, CompleteRegistration], {
  'REGISTRATION.EVENT.OPEN': ['WRONG_STATE', 'Registration is not open: not yet, not any more, or the event is cancelled.'],
  'REGISTRATION.EVENT.DEADLINE': ['RULE', 'The deadline of registration is past.'],
  'REGISTRATION.ELIGIBLE.KNOWN': ['RULE', 'The organisation is not known.'],
  'REGISTRATION.ELIGIBLE.TARGET_GROUP': [
    'RULE',
    'The event is for others: the organisation is in none of its target groups, nor an SME it is open to.',
  ],
  'REGISTRATION.ELIGIBLE.MEMBER': ['RULE', 'The event is for members of the clusters of its partnerships, on its day.'],
  'REGISTRATION.ELIGIBLE.COUNTRY': ['RULE', 'The event is for organisations of other countries.'],
});

Registration.refuses([CompleteRegistration], {
  'REGISTRATION.REGISTER.STATE': ['WRONG_STATE', '`register` is not possible from the state it is in.'],
  'REGISTRATION.REGISTER.ACTOR': ['NOT_YOURS', '`register` is for others to do.'],
});

Registration.refuses([HoldSeats, Register], {
  'REGISTRATION.PERSONS.OWN': ['RULE', 'A person does not belong to the organisation.'],
  'REGISTRATION.PERSONS.ONCE': ['RULE', 'A person has an open registration of this event already.'],
  'REGISTRATION.SEATS.WHOLE': ['RULE', 'The group is larger than the event has seats.'],
  'REGISTRATION.LIMITS.ORGANISATION': ['RULE', 'More persons of the organisation would come than the event allows.'],
});

Registration.refuses([HoldSeats], {
  'REGISTRATION.HOLD.FREE': ['RULE', 'There are not enough free seats to hold.'],
});

Registration.refuses([Register], {
  'REGISTRATION.SEATS.LISTED': ['RULE', 'It is full, and the event has no waiting list.'],
});

Registration.refuses([Register, CompleteRegistration], {
  'REGISTRATION.ANSWERS.FORM': ['RULE', 'The answers break the form of the event; `errors` says where.'],
});

Registration.refuses([Register, CompleteRegistration, AcceptOffer], {
  'REGISTRATION.UNTIL.AHEAD': ['WRONG_STATE', 'The hold or the offer has ended.'],
});

Registration.refuses([ApproveRegistration], {
  'REGISTRATION.APPROVE.FREE': ['RULE', 'There are not enough free seats for the whole group.'],
});

Registration.refuses([WaitlistRegistration], {
  'REGISTRATION.WAITLIST.FULL': ['RULE', 'There are seats for it.'],
});

Registration.refuses([TransferSeat], {
  'REGISTRATION.TRANSFER.SEATED': ['RULE', 'Who is to give the seat does not stand in this registration.'],
  'REGISTRATION.PERSONS.OWN': ['RULE', 'A person does not belong to the organisation.'],
  'REGISTRATION.PERSONS.ONCE': ['RULE', 'A person has an open registration of this event already.'],
  'REGISTRATION.EVENT.AHEAD': ['WRONG_STATE', 'The event is over, or cancelled.'],
});

Registration.refuses([CancelRegistration], {
  'REGISTRATION.EVENT.BEGUN': ['WRONG_STATE', 'The event has begun.'],
});

Registration.refuses([MarkAttended, MarkNoShow], {
  'REGISTRATION.MARK.EVENT': ['WRONG_STATE', 'Presence is marked when the event runs or was held, absence when it was held.'],
  'REGISTRATION.MARK.REASON': ['RULE', 'A correction says why.'],
});
