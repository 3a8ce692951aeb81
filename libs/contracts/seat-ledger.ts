import { z } from 'zod';
import { aggregate } from './message.js';
import { Id, UpdatedAt, Version } from './values.js';

const Seats = z.int().min(-1e6).max(1e6);

/** What seats are used for. */
export const SeatTerms = z
  .object({
    capacity: Seats.describe('seats there are, as the event says; 0 before its registration was opened'),
    held: Seats.describe('kept for a while: held, offered, or held by who waits for the decision of the organiser'),
    confirmed: Seats.describe('given'),
    waiting: Seats.describe('persons on the waiting list; wanted beyond the seats there are'),
  })
  .meta({ id: 'SeatTerms' });

/** How often something happened to the seats, and what it did to each term; the terms are the sums of these. */
export const SeatMovement = SeatTerms.extend({ movement: z.string(), times: z.int().min(1) }).meta({ id: 'SeatMovement' });

/** The seats of an event, under the id of the event. */
export const SeatLedgerView = SeatTerms.extend({
  id: Id,
  version: Version,
  updatedAt: UpdatedAt,
  free: Seats.describe('capacity − held − confirmed; below 0 while the capacity was cut below what is taken'),
  movements: z.array(SeatMovement),
}).meta({ id: 'SeatLedger' });
export type SeatLedgerView = z.infer<typeof SeatLedgerView>;

export const SeatLedger = aggregate('seat-ledger', {
  service: 'events',
  resource: 'seat-ledgers',
  view: SeatLedgerView,
});

/** The event has moved: seats, waiting list and registrations follow. */
export const FollowEvent = SeatLedger.command('follow.v1', z.object({}), SeatLedgerView, 'UPSERT');

/** The product itself: a hold or an offer ends. */
export const SettleSeats = SeatLedger.command('settle.v1', z.object({}), SeatLedgerView);

/** A person is erased: registrations forget what they hold of it, and one of its own is given up. */
export const ForgetRegistrant = SeatLedger.command(
  'forget.v1',
  z.object({ person: Id, account: z.string().nullable().default(null).describe('who it was when it signed in') }),
  SeatLedgerView,
);

SeatLedger.refuses([FollowEvent, SettleSeats, ForgetRegistrant], {
  'SEAT_LEDGER.ACTOR': ['NOT_YOURS', 'The seats follow the event by themselves.'],
});
