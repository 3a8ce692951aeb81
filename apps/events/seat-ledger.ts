/** Who has or waits for seats of an event; a group is one entry, and is admitted whole or not at all. */
export interface Seat {
  /** Id of the registration: what else it says stands there. */
  readonly id: string;
  readonly organisation: string;
  readonly persons: readonly string[];
  readonly state: 'HELD_SEAT' | 'SUBMITTED' | 'WAITLISTED' | 'OFFERED' | 'APPROVED' | 'ATTENDED' | 'NO_SHOW';
  /** SUBMITTED from a held seat, which stays held until the decision. */
  readonly keeps: boolean;
  /** Place in the order of all; a lapsed offer goes to its end. */
  readonly order: number;
  /** When a hold or an offer ends, ISO 8601 UTC. */
  readonly until: string | null;
  /** How often it has changed: the version of the registration. */
  readonly version: number;
}

/** Who is in one of these can still leave. */
export const OPEN: readonly Seat['state'][] = ['HELD_SEAT', 'SUBMITTED', 'WAITLISTED', 'OFFERED', 'APPROVED'];

/** A seat that is about to change; its version follows. */
type Moved = Omit<Seat, 'version'>;

/** Seats by what they are used for; `waiting` are wanted beyond them. */
export interface Terms {
  readonly capacity: number;
  readonly held: number;
  readonly confirmed: number;
  readonly waiting: number;
}

/** How often something happened, and what it did to each term. */
export interface Movement extends Terms {
  readonly times: number;
}

export interface SeatLedger {
  readonly capacity: number;
  readonly nextOrder: number;
  /** In order of coming; who has left stands only in the movements. */
  readonly seats: ReadonlyMap<string, Seat>;
  readonly movements: Readonly<Record<string, Movement>>;
}

/** As the event says. */
export interface Admission {
  readonly capacity: number;
  /** The organiser decides on each. */
  readonly approval: boolean;
  /** A freed seat is offered, and taken by who accepts in time. */
  readonly confirmFreedSeat: boolean;
  readonly holdMinutes: number;
  readonly offerMinutes: number;
  /** Nobody is admitted any more: it has begun, or will not be. */
  readonly over?: boolean;
}

/** An entry that changed: `by` what, and as it became; null: it has left. */
export interface SeatChange {
  readonly id: string;
  readonly by: string;
  readonly seat: Seat | null;
  readonly before: Seat | null;
  readonly version: number;
}

export const noSeats: SeatLedger = { capacity: 0, nextOrder: 1, seats: new Map(), movements: {} };

type Group = Pick<Seat, 'id' | 'organisation' | 'persons'>;

const nothing: Terms = { capacity: 0, held: 0, confirmed: 0, waiting: 0 };
const names = ['capacity', 'held', 'confirmed', 'waiting'] as const;

const summed = (a: Terms, b: Terms, sign: 1 | -1 = 1): Terms =>
  Object.fromEntries(names.map((name) => [name, a[name] + sign * b[name]])) as unknown as Terms;

/** What one entry takes of which term; null: it is not there. */
function taken(seat: Moved | null): Terms {
  const count = seat?.persons.length ?? 0;
  switch (seat?.state) {
    case 'HELD_SEAT':
    case 'OFFERED':
      return { ...nothing, held: count };
    case 'SUBMITTED':
      return { ...nothing, held: seat.keeps ? count : 0 };
    case 'WAITLISTED':
      return { ...nothing, waiting: count };
    case undefined:
      return nothing;
    default:
      return { ...nothing, confirmed: count };
  }
}

/** The sum of all movements: that it is what the entries take is what a test demands of every sequence. */
export const termsOf = ({ movements }: SeatLedger): Terms =>
  Object.values(movements).reduce<Terms>((sum, each) => summed(sum, each), nothing);

/** Below 0 while the capacity was cut below what is taken: then nobody is admitted. */
export const freeOf = ({ capacity, held, confirmed }: Terms): number => capacity - held - confirmed;

/** What a ledger is while one command is carried out on it. */
export class SeatBook {
  /** Entries that changed, in the order they did. */
  readonly changed: SeatChange[] = [];
  private readonly seats: Map<string, Seat>;
  private readonly movements: Record<string, Movement>;
  private terms: Terms;
  private nextOrder: number;

  /** Begins with what time and event have brought about since: capacity, ended holds and offers. */
  constructor(
    ledger: SeatLedger,
    private readonly admission: Admission,
    private readonly at: string,
  ) {
    this.seats = new Map(ledger.seats);
    this.movements = { ...ledger.movements };
    this.terms = termsOf(ledger);
    this.nextOrder = ledger.nextOrder;
    const { capacity } = admission;
    if (capacity !== this.terms.capacity) this.count('CAPACITY', { ...nothing, capacity: capacity - this.terms.capacity });
    for (const seat of ledger.seats.values()) if (seat.until !== null && seat.until <= at) this.end(seat);
    this.admit();
  }

  get ledger(): SeatLedger {
    const { seats, movements, nextOrder } = this;
    return { capacity: this.terms.capacity, nextOrder, seats, movements };
  }

  get free(): number {
    return freeOf(this.terms);
  }

  /** When something ends by itself next; null: nothing does. */
  get dueAt(): string | null {
    return [...this.seats.values()].reduce<string | null>((least, { until }) => (until && (!least || until < least) ? until : least), null);
  }

  get(id: string): Seat | undefined {
    return this.seats.get(id);
  }

  /** The open entry a person stands in; nobody stands in two. */
  of(person: string): Seat | undefined {
    for (const seat of this.seats.values()) if (seat.persons.includes(person)) return seat;
    return undefined;
  }

  /** Persons of an organisation that have seats or wait for them, also those who were there or did not come. */
  personsOf(organisation: string): number {
    return [...this.seats.values()].reduce((sum, seat) => sum + (seat.organisation === organisation ? seat.persons.length : 0), 0);
  }

  /** Place on the waiting list, from 1 on; null: it does not wait. */
  positionOf(id: string): number | null {
    const seat = this.seats.get(id);
    if (seat?.state !== 'WAITLISTED') return null;
    let ahead = 0;
    for (const { state, order } of this.seats.values()) if (state === 'WAITLISTED' && order < seat.order) ahead += 1;
    return ahead + 1;
  }

  /** Keeps seats for a while; there have to be some. */
  hold(group: Group): void {
    this.demand(this.fits(group.persons), 'no free seats to hold');
    this.put('HOLD', { ...group, state: 'HELD_SEAT', keeps: false, order: this.next(), until: this.after(this.admission.holdMinutes) });
  }

  /** Admitted at once, put on the list, or left to the organiser; with seats held before, on these. */
  register(group: Group): void {
    const before = this.seats.get(group.id);
    const keeps = before?.state === 'HELD_SEAT';
    this.demand(!before || keeps, 'registered already');
    const seat: Moved = { ...group, state: 'SUBMITTED', keeps, order: before?.order ?? this.next(), until: null };
    if (this.admission.approval) this.put('SUBMIT', seat);
    else if (keeps || this.fits(group.persons)) this.put('ADMIT', { ...seat, keeps: false, state: 'APPROVED' });
    else this.put('WAIT', { ...seat, state: 'WAITLISTED' });
  }

  /** By the organiser. Out of turn nobody is approved: of the waiting only the next in order fits, and it was admitted. */
  approve(id: string): void {
    const seat = this.demanded(id, ['SUBMITTED']);
    this.demand(seat.keeps || this.fits(seat.persons), 'no free seats');
    this.put('APPROVE', { ...seat, state: 'APPROVED', keeps: false });
  }

  /** By the organiser, where it is full. */
  waitlist(id: string): void {
    const seat = this.demanded(id, ['SUBMITTED']);
    this.demand(!seat.keeps && !this.fits(seat.persons), 'there is a seat for it');
    this.put('WAITLIST', { ...seat, state: 'WAITLISTED' });
  }

  acceptOffer(id: string): void {
    this.put('ACCEPT', { ...this.demanded(id, ['OFFERED']), state: 'APPROVED', until: null });
  }

  /** Cancelled or rejected; what it leaves goes to the next in order at once. */
  leave(id: string, by: 'CANCEL' | 'REJECT'): void {
    this.remove(by, this.demanded(id, OPEN));
    this.admit();
  }

  /** The event will not take place, or begins: entries in these states leave, and nobody comes in their place. */
  clear(states: readonly Seat['state'][]): void {
    for (const seat of [...this.seats.values()]) if (states.includes(seat.state)) this.remove('CANCEL', seat);
  }

  /** Something of the registration changes that is nothing to its seat. */
  touch(id: string): void {
    const seat = this.seats.get(id);
    if (seat) this.put('TOUCH', seat);
  }

  /** To a colleague: the seat never becomes free. */
  transfer(id: string, from: string, to: string): void {
    const seat = this.demanded(id, ['APPROVED']);
    this.demand(seat.persons.includes(from) && this.of(to) === undefined, 'no such seat, or no such colleague');
    this.put('TRANSFER', { ...seat, persons: seat.persons.map((person) => (person === from ? to : person)) });
  }

  mark(id: string, state: 'ATTENDED' | 'NO_SHOW'): void {
    this.put(state, { ...this.demanded(id, ['APPROVED', 'ATTENDED', 'NO_SHOW']), state });
  }

  fits({ length }: readonly string[]): boolean {
    return length <= this.free;
  }

  /** In order, whoever fits: who comes later takes no seat that somebody before could have had. */
  private admit(): void {
    // Of a full event the list is not looked at: it is long where it matters how soon everybody is answered.
    if (this.admission.over || this.free <= 0) return;
    for (const seat of this.waiting()) {
      if (this.free <= 0) return;
      if (!this.fits(seat.persons)) continue;
      if (this.admission.confirmFreedSeat) this.put('OFFER', { ...seat, state: 'OFFERED', until: this.after(this.admission.offerMinutes) });
      else this.put('ADMIT_NEXT', { ...seat, state: 'APPROVED' });
    }
  }

  private end(seat: Seat): void {
    if (seat.state === 'HELD_SEAT') this.remove('EXPIRE', seat);
    else this.put('LAPSE', { ...seat, state: 'WAITLISTED', order: this.next(), until: null });
  }

  private waiting(): Seat[] {
    return [...this.seats.values()].filter(({ state }) => state === 'WAITLISTED').sort((a, b) => a.order - b.order);
  }

  private put(by: string, moved: Moved): void {
    const before = this.seats.get(moved.id) ?? null;
    const version = (before?.version ?? 0) + 1;
    const { id, organisation, persons, state, keeps, order, until } = moved;
    const seat = { id, organisation, persons, state, keeps, order, until, version };
    this.count(by, summed(taken(seat), taken(before), -1));
    this.seats.set(id, seat);
    this.changed.push({ id, by, seat, before, version });
  }

  private remove(by: string, seat: Seat): void {
    this.count(by, summed(nothing, taken(seat), -1));
    this.seats.delete(seat.id);
    this.changed.push({ id: seat.id, by, seat: null, before: seat, version: seat.version + 1 });
  }

  private count(by: string, change: Terms): void {
    const before = this.movements[by] ?? { ...nothing, times: 0 };
    this.movements[by] = { ...summed(before, change), times: before.times + 1 };
    this.terms = summed(this.terms, change);
  }

  private demanded(id: string, states: readonly Seat['state'][]): Seat {
    const seat = this.seats.get(id);
    this.demand(seat && states.includes(seat.state), `${id} is ${seat?.state ?? 'not there'}`);
    return seat as Seat;
  }

  /** Rules are judged before: who comes here against them is a bug. */
  private demand(holds: unknown, otherwise: string): void {
    if (!holds) throw new Error(otherwise);
  }

  private next(): number {
    this.nextOrder += 1;
    return this.nextOrder - 1;
  }

  private after(minutes: number): string {
    return new Date(Date.parse(this.at) + minutes * 60_000).toISOString();
  }
}
