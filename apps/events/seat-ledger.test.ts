import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Admission, freeOf, noSeats, type Seat, SeatBook, type SeatLedger, termsOf } from './seat-ledger.js';

const NOW = '2027-01-01T00:00:00.000Z';
const rules = (over: Partial<Admission> = {}): Admission => ({
  capacity: 2,
  approval: false,
  confirmFreedSeat: false,
  holdMinutes: 30,
  offerMinutes: 60,
  ...over,
});
const group = (id: string, size = 1) => ({ id, organisation: 'o', persons: Array.from({ length: size }, (_, i) => `${id}-${i}`) });
const minutes = (count: number) => new Date(Date.parse(NOW) + count * 60_000).toISOString();
const states = (book: SeatBook, ...ids: string[]) => ids.map((id) => book.get(id)?.state ?? null);

describe('The seats of an event', () => {
  it('go to who comes first; the others wait in their order', () => {
    const book = new SeatBook(noSeats, rules(), NOW);
    for (const id of ['a', 'b', 'c', 'd']) book.register(group(id));
    expect(states(book, 'a', 'b', 'c', 'd')).toEqual(['APPROVED', 'APPROVED', 'WAITLISTED', 'WAITLISTED']);
    expect([book.positionOf('a'), book.positionOf('c'), book.positionOf('d')]).toEqual([null, 1, 2]);
  });

  it('go on to the next whose group fits, at once', () => {
    const book = new SeatBook(noSeats, rules(), NOW);
    for (const id of ['a', 'b']) book.register(group(id));
    book.register(group('pair', 2));
    book.register(group('c'));
    book.leave('a', 'CANCEL');
    expect(states(book, 'a', 'pair', 'c')).toEqual([null, 'WAITLISTED', 'APPROVED']);
    book.leave('b', 'CANCEL');
    book.leave('c', 'CANCEL');
    expect(states(book, 'pair')).toEqual(['APPROVED']);
  });

  it('are held until they expire, and kept by who registers in time', () => {
    const book = new SeatBook(noSeats, rules(), NOW);
    book.hold(group('a'));
    book.hold(group('b'));
    book.register(group('c'));
    expect([book.free, book.dueAt]).toEqual([0, minutes(30)]);
    book.register(group('a'));
    const later = new SeatBook(book.ledger, rules(), minutes(30));
    expect(states(later, 'a', 'b', 'c')).toEqual(['APPROVED', null, 'APPROVED']);
    expect(later.changed.map(({ by }) => by)).toEqual(['EXPIRE', 'ADMIT_NEXT']);
  });

  it('are offered where that is the rule; an offer that lapses goes to the next, and who let it lapse to the end', () => {
    const admission = rules({ capacity: 1, confirmFreedSeat: true });
    const book = new SeatBook(noSeats, admission, NOW);
    for (const id of ['a', 'b', 'c']) book.register(group(id));
    book.leave('a', 'CANCEL');
    expect(states(book, 'b', 'c')).toEqual(['OFFERED', 'WAITLISTED']);
    const later = new SeatBook(book.ledger, admission, minutes(60));
    expect(states(later, 'b', 'c')).toEqual(['WAITLISTED', 'OFFERED']);
    later.acceptOffer('c');
    expect([later.free, later.positionOf('b'), later.dueAt]).toEqual([0, 1, null]);
  });

  it('are given by the organiser where that is the rule; a held one stays held until then', () => {
    const book = new SeatBook(noSeats, rules({ capacity: 1, approval: true }), NOW);
    book.hold(group('a'));
    book.register(group('a'));
    book.register(group('b'));
    expect([states(book, 'a', 'b'), book.free]).toEqual([['SUBMITTED', 'SUBMITTED'], 0]);
    expect(() => book.approve('b')).toThrow('no free seats');
    book.waitlist('b');
    book.leave('a', 'REJECT');
    expect(states(book, 'b')).toEqual(['APPROVED']);
  });

  it('pass to a colleague without becoming free, also where others wait', () => {
    const book = new SeatBook(noSeats, rules({ capacity: 1 }), NOW);
    book.register(group('a'));
    book.register(group('b'));
    book.transfer('a', 'a-0', 'colleague');
    expect([states(book, 'a', 'b'), book.of('colleague')?.id, book.of('a-0')]).toEqual([['APPROVED', 'WAITLISTED'], 'a', undefined]);
    expect(() => book.transfer('a', 'colleague', 'b-0')).toThrow('no such');
  });

  it('cut below what is taken are given to nobody until enough are free again', () => {
    const book = new SeatBook(noSeats, rules(), NOW);
    for (const id of ['a', 'b', 'c']) book.register(group(id));
    const cut = new SeatBook(book.ledger, rules({ capacity: 1 }), NOW);
    expect(cut.free).toBe(-1);
    cut.leave('a', 'CANCEL');
    expect(states(cut, 'b', 'c')).toEqual(['APPROVED', 'WAITLISTED']);
    expect(states(new SeatBook(cut.ledger, rules({ capacity: 2 }), NOW), 'c')).toEqual(['APPROVED']);
  });
});

/** Counted from the entries alone, not from the movements. */
function counted(seats: readonly Seat[]) {
  const sum = (which: (seat: Seat) => boolean) => seats.filter(which).reduce((all, { persons }) => all + persons.length, 0);
  return {
    held: sum(({ state, keeps }) => state === 'HELD_SEAT' || state === 'OFFERED' || (state === 'SUBMITTED' && keeps)),
    confirmed: sum(({ state }) => ['APPROVED', 'ATTENDED', 'NO_SHOW'].includes(state)),
    waiting: sum(({ state }) => state === 'WAITLISTED'),
  };
}

type Step = [what: number, who: number, size: number];

/** Carries out what is possible of a random step. */
function take(book: SeatBook, [what, who, size]: Step, name: string, mayCome: boolean): void {
  const all = [...book.ledger.seats.values()];
  const seat = all[who % Math.max(all.length, 1)];
  const is = (...which: Seat['state'][]) => seat !== undefined && which.includes(seat.state);
  if (what < 30) return void (mayCome && book.register(group(name, size)));
  if (what < 45) return void (mayCome && book.fits(group(name, size).persons) && book.hold(group(name, size)));
  if (what < 55 && is('HELD_SEAT')) return book.register(seat!);
  if (what < 65 && is('SUBMITTED')) return seat!.keeps || book.fits(seat!.persons) ? book.approve(seat!.id) : book.waitlist(seat!.id);
  if (what < 75 && is('OFFERED')) return book.acceptOffer(seat!.id);
  if (what < 85 && is('APPROVED')) return book.transfer(seat!.id, seat!.persons[0]!, `${name}-colleague`);
  if (is('HELD_SEAT', 'SUBMITTED', 'WAITLISTED', 'OFFERED', 'APPROVED')) book.leave(seat!.id, what < 95 ? 'CANCEL' : 'REJECT');
}

/** Who was admitted from the list was the first whose group fitted: whoever waits before would not have fitted in its place either. */
function demandOrder(before: SeatLedger, { ledger, free, changed }: SeatBook): void {
  const admitted = changed.filter(({ by }) => by === 'ADMIT_NEXT' || by === 'OFFER').flatMap(({ seat }) => seat ?? []);
  const stillWaiting = [...ledger.seats.values()].filter(({ state }) => state === 'WAITLISTED');
  if (stillWaiting.some(({ persons }) => persons.length <= free)) throw new Error('a seat is free that somebody waits for');
  for (const one of admitted) {
    const passedOver = stillWaiting.filter(({ id, order }) => before.seats.get(id)?.order === order && order < one.order);
    const now = ledger.seats.get(one.id);
    const holds = now && now.state !== 'WAITLISTED';
    if (holds && passedOver.some(({ persons }) => persons.length <= one.persons.length + free)) throw new Error('somebody was passed over');
  }
  for (const { id, order, state } of stillWaiting) {
    const was = before.seats.get(id);
    if (was?.state === 'WAITLISTED' && was.order !== order && !changed.some((each) => each.id === id && each.by === 'LAPSE'))
      throw new Error(`${id} has lost its place, ${state}`);
  }
}

describe('Whatever happens to the seats', () => {
  const step = fc.tuple(fc.nat(99), fc.nat(1_000_000), fc.integer({ min: 1, max: 4 }));

  it('free + held + confirmed = capacity at every step of 10,000, the movements sum up to it, nobody stands twice, and the order is kept', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 10_000, maxLength: 10_000, size: 'max' }),
        fc.boolean(),
        fc.boolean(),
        (steps, approval, confirmFreedSeat) => {
          let ledger = noSeats;
          let capacity = 40;
          for (const [i, each] of steps.entries()) {
            if (i % 50 === 49) capacity = 20 + (each[1] % 40);
            const admission = rules({ approval, confirmFreedSeat, capacity, holdMinutes: 20, offerMinutes: 10 });
            // Time and capacity first, then the command: each admits for itself.
            const settled = new SeatBook(ledger, admission, minutes(i));
            demandOrder(ledger, settled);
            ledger = settled.ledger;
            const book = new SeatBook(ledger, admission, minutes(i));
            if (book.changed.length > 0) throw new Error(`step ${i}: not settled`);
            take(book, each, `r${i}`, ledger.seats.size < 150);
            const terms = termsOf(book.ledger);
            const seats = [...book.ledger.seats.values()];
            const from = counted(seats);
            const agrees = terms.held === from.held && terms.confirmed === from.confirmed && terms.waiting === from.waiting;
            if (!agrees || terms.capacity !== capacity || freeOf(terms) + from.held + from.confirmed !== capacity)
              throw new Error(`step ${i}: ${JSON.stringify({ terms, from, capacity })}`);
            const grew =
              from.held + from.confirmed > counted([...ledger.seats.values()]).held + counted([...ledger.seats.values()]).confirmed;
            if (grew && book.free < 0) throw new Error(`step ${i}: a seat was sold twice`);
            const persons = seats.flatMap((seat) => seat.persons);
            if (new Set(persons).size !== persons.length) throw new Error(`step ${i}: somebody stands twice`);
            demandOrder(ledger, book);
            ledger = book.ledger;
          }
          expect(Object.keys(ledger.movements).length).toBeGreaterThan(5);
        },
      ),
      { numRuns: 8, endOnFailure: true },
    );
  });
});
