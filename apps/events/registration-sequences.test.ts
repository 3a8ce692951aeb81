import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Outcome } from '#libs/contracts/message';
import * as contract from '#libs/contracts/registration';
import * as decisions from './registration.js';
import { Desk, desk, firm, minutes, person, uuid } from './registration-desk.js';
import { freeOf, termsOf } from './seat-ledger.js';
import { ledgerIn } from './seat-text.js';

type Step = [what: number, who: number, size: number];

/** Tries whatever a step says, possible or not: what is refused must change nothing. */
function take(all: Desk, [what, who, size]: Step, place: number): Outcome {
  const known = [...all.records.keys()];
  const id = known[who % Math.max(known.length, 1)] ?? uuid(999_999);
  const group = Array.from({ length: size }, (_, n) => (who + n) % 2000);
  if (what < 30) return all.register(100_000 + place, group);
  if (what < 42) return all.hold(100_000 + place, group);
  if (what < 50) return all.move(contract.CompleteRegistration, id, {}, decisions.completeRegistration, firm);
  if (what < 58) return all.move(contract.ApproveRegistration, id, {}, decisions.approveRegistration);
  if (what < 63) return all.move(contract.WaitlistRegistration, id, {}, decisions.waitlistRegistration);
  if (what < 71) return all.move(contract.AcceptOffer, id, {}, decisions.acceptOffer, firm);
  if (what < 80) {
    const from = (all.records.get(id)?.view as contract.RegistrationView | undefined)?.persons[0] ?? person(0);
    return all.move(contract.TransferSeat, id, { from, to: person(who % 2000) }, decisions.transferSeat, firm);
  }
  if (what < 84) return all.move(contract.RejectRegistration, id, { reason: 'Full.' }, decisions.rejectRegistration);
  if (what < 97) return all.move(contract.CancelRegistration, id, {}, decisions.cancelRegistration, firm);
  all.said = { ...all.said, capacity: 20 + (who % 40) };
  return all.follow();
}

const OPEN = ['HELD_SEAT', 'SUBMITTED', 'WAITLISTED', 'OFFERED', 'APPROVED'];

/** What the registrations say, against what the seats say. */
function demandAlike(all: Desk, capacity: number): void {
  const ledger = ledgerIn(all.doc.state!);
  const terms = termsOf(ledger);
  const views = [...all.records.values()].map(({ view }) => view as contract.RegistrationView);
  const open = views.filter(({ state }) => OPEN.includes(state));
  const sum = (states: string[]) =>
    open.filter(({ state }) => states.includes(state)).reduce((all, { persons }) => all + persons.length, 0);
  const keeping = [...ledger.seats.values()].filter(({ keeps }) => keeps).reduce((all, { persons }) => all + persons.length, 0);
  const held = sum(['HELD_SEAT', 'OFFERED']) + keeping;
  const from = { held, confirmed: sum(['APPROVED']), waiting: sum(['WAITLISTED']), capacity };
  if (JSON.stringify({ ...terms }) !== JSON.stringify({ capacity, held: from.held, confirmed: from.confirmed, waiting: from.waiting }))
    throw new Error(JSON.stringify({ terms, from }));
  if (freeOf(terms) + from.held + from.confirmed !== capacity) throw new Error('the terms do not sum up');
  if (open.length !== ledger.seats.size) throw new Error(`${open.length} open registrations, ${ledger.seats.size} entries`);
  for (const view of open) {
    const seat = ledger.seats.get(view.id);
    if (seat?.state !== view.state || seat.version !== view.version || seat.order !== view.order) throw new Error(`${view.id} differs`);
  }
  const persons = open.flatMap(({ persons }) => persons);
  if (new Set(persons).size !== persons.length) throw new Error('somebody stands twice');
  const smallest = open.filter(({ state }) => state === 'WAITLISTED').map(({ persons }) => persons.length);
  if (Math.min(...smallest, Number.POSITIVE_INFINITY) <= freeOf(terms)) throw new Error('a seat is free that somebody waits for');
}

describe('Whatever is asked of an event', () => {
  const step = fc.tuple(fc.nat(99), fc.nat(1_000_000), fc.integer({ min: 1, max: 4 }));

  it('registrations and seats say the same, free + held + confirmed = capacity, and what is refused changes nothing', () => {
    const done = new Map<string, number>();
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 400, maxLength: 400, size: 'max' }),
        fc.boolean(),
        fc.boolean(),
        (steps, approval, confirmFreedSeat) => {
          const all = desk({ capacity: 40, admission: { approval, confirmFreedSeat, holdMinutes: 20, offerMinutes: 10 } });
          all.follow();
          for (const [place, each] of steps.entries()) {
            all.at = minutes(place);
            // By itself, when a hold or an offer ends.
            if (all.doc.dueAt && all.doc.dueAt.toISOString() <= all.at) all.follow();
            const before = JSON.stringify([all.doc.state, [...all.records]]);
            const { status, aggregate } = take(all, each, place);
            if (status === 'REFUSED' && before !== JSON.stringify([all.doc.state, [...all.records]]))
              throw new Error('a refusal has changed something');
            if (status === 'DONE') done.set(aggregate, (done.get(aggregate) ?? 0) + 1);
            demandAlike(all, all.said.capacity!);
          }
        },
      ),
      { numRuns: 6, endOnFailure: true },
    );
    expect(done.get('registration')).toBeGreaterThan(500);
  });
});
