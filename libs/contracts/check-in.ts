import { z } from 'zod';
import { aggregate } from './message.js';
import { Id, Instant, UpdatedAt, Version } from './values.js';

/** Somebody came: one record per event and person, however often they are checked in. */
export const CheckInView = z
  .object({
    id: Id.describe('follows from event and person'),
    version: Version,
    updatedAt: UpdatedAt,
    event: Id,
    partnerships: z.array(Id).describe('of the event'),
    registration: Id,
    organisation: Id,
    person: Id,
    via: z.enum(['CODE', 'LIST']).describe('the code of their badge was read, or they were found on the list'),
    at: Instant.describe('when they first came'),
  })
  .meta({ id: 'CheckIn' });
export type CheckInView = z.infer<typeof CheckInView>;

export const CheckIn = aggregate('check-in', {
  service: 'events',
  resource: 'check-ins',
  view: CheckInView,
  fields: ['event'],
  personal: ['person'],
});

const { event, registration, organisation, person, via } = CheckInView.shape;

export const EnterCheckIn = CheckIn.command(
  'enter.v1',
  z.object({ event, registration, organisation, person, via }),
  CheckInView,
  'UPSERT',
);
/** Facts say that somebody came from an organisation, never who. */
export const CheckInEntered = CheckIn.fact(
  'entered.v1',
  CheckInView.pick({ id: true, event: true, partnerships: true, organisation: true, at: true }),
);

/** The record of a person is erased: when they came is forgotten; that somebody came, the registration and the facts say. */
export const ForgetCheckIn = CheckIn.command('forget.v1', z.object({ person: Id }), CheckInView);
export const CheckInForgotten = CheckIn.fact('forgotten.v1', CheckInView.pick({ id: true, event: true, partnerships: true }));

CheckIn.refuses([ForgetCheckIn], {
  'CHECK_IN.FORGET.ACTOR': ['NOT_YOURS', 'A check-in is forgotten with its person.'],
});

CheckIn.refuses([EnterCheckIn], {
  'CHECK_IN.ENTER.ACTOR': ['NOT_YOURS', 'Who comes is noted by the organiser or those who run one of the partnerships of the event.'],
  'CHECK_IN.ENTER.STATE': ['WRONG_STATE', 'The event neither runs nor was held.'],
  'CHECK_IN.ENTER.ADMITTED': ['RULE', 'The code is nobody’s at this event, or the person has no seat.'],
});
