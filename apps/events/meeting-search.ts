import { MeetingBoard, NONE } from './meeting-board.js';
import type { Numbers } from './meeting-problem.js';

/** Looked up once: they are asked some million times. */
const { floor, imul, log } = Math;
const MUCH = Number.POSITIVE_INFINITY;

/** Chance that can be had again: the same seed, the same numbers from 0 to below 1 (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How long the search goes on: rounds per wish. What is found later is little (see ADR 0026). */
const ROUNDS = 200;
/** Loss that is put up with at the beginning, in weights; it falls to none. */
const WARMTH = 0.7;
/** Pairs of slots that are tried to make way for one wish. */
const WAYS = 6;
/** Rounds between two yields: far less than a turn of the event loop may take. */
const EACH = 16;
/** Meetings of a full slot that are looked at for one that may go. */
const SAMPLE = 8;

/** Slots of the wishes as good as they are found: first by weight, then by what gives way for what counts more. Yields now and then. */
export class MeetingSearch {
  readonly board: MeetingBoard;
  private readonly pool: number[];
  private readonly random: () => number;
  private best: Int32Array;
  private bestValue = -1;

  constructor(
    private readonly numbers: Numbers,
    seed: number,
  ) {
    this.board = new MeetingBoard(numbers);
    this.random = chance(seed);
    this.pool = [];
    this.best = this.board.slotOf.slice();
  }

  /** The best slots found. */
  get slots(): Int32Array {
    return this.best;
  }

  get value(): number {
    return this.bestValue;
  }

  /** Places what can be placed at once, what counts most first. */
  *begin(): Generator<void> {
    const { weight } = this.numbers;
    const order = Array.from(weight, (_, wish) => ({ wish, by: weight[wish]! + this.random() }));
    order.sort((one, other) => other.by - one.by);
    for (const [place, { wish }] of order.entries()) {
      if (place % EACH === 0) yield;
      if (this.isPossible(wish) && !this.place(wish)) this.pool.push(wish);
    }
    this.keep();
  }

  /** Betters it until nothing more can be had, or for so many rounds. */
  *better(bound: number, rounds = ROUNDS * this.numbers.weight.length): Generator<void> {
    for (let round = 0; round < rounds && this.pool.length > 0 && this.bestValue < bound; round++) {
      if (round % EACH === 0) yield;
      this.improve(WARMTH * (1 - round / rounds));
      if (this.board.value > this.bestValue) this.keep();
    }
  }

  /** Whether it could be placed if there were no others. */
  private isPossible(wish: number): boolean {
    const { from, to, slots, room } = this.numbers;
    const ends = [from[wish]!, to[wish]!];
    if (!ends.every((person) => this.board.mayEver(person))) return false;
    for (let slot = 0; slot < slots; slot++) if (room[slot]! > 0 && ends.every((person) => this.board.isOpen(person, slot))) return true;
    return false;
  }

  private keep(): void {
    this.best = this.board.slotOf.slice();
    this.bestValue = this.board.value;
  }

  private improve(warmth: number): void {
    const at = this.pick(this.pool.length);
    const wish = this.pool[at]!;
    const placed = this.place(wish) ? [] : this.force(wish, warmth);
    if (placed === null) return;
    this.pool[at] = this.pool.at(-1)!;
    this.pool.pop();
    for (const out of placed) if (!this.place(out)) this.pool.push(out);
  }

  /** Without anybody losing anything. */
  private place(wish: number): boolean {
    const { board } = this;
    const { from, to } = this.numbers;
    if (board.spare === 0) return false;
    if (!board.mayMore(from[wish]!) || !board.mayMore(to[wish]!)) return false;
    const slot = this.fitting(wish);
    if (slot === NONE) return this.makeWay(wish);
    board.put(wish, slot);
    return true;
  }

  private fitting(wish: number): number {
    const { slots } = this.numbers;
    const first = this.pick(slots);
    for (let i = 0; i < slots; i++) {
      const slot = (first + i) % slots;
      if (this.board.fits(wish, slot)) return slot;
    }
    return NONE;
  }

  /** One is free in one slot, the other in another: the meetings of one change places between the two. */
  private makeWay(wish: number): boolean {
    const { board } = this;
    const [one, other] = [this.numbers.from[wish]!, this.numbers.to[wish]!];
    const [free, ways] = [this.freeSlots(one), this.freeSlots(other)];
    if (free.length === 0 || ways.length === 0) return false;
    for (let i = 0; i < WAYS; i++) {
      const [a, b] = [free[this.pick(free.length)]!, ways[this.pick(ways.length)]!];
      const made = a === b ? this.makeRoom(a) : board.wishAt(other, a) !== NONE && board.swap(other, a, b, one);
      if (made && board.fits(wish, a)) {
        board.put(wish, a);
        return true;
      }
    }
    return false;
  }

  /** A full slot gives one of its meetings to one that is not. */
  private makeRoom(slot: number): boolean {
    const { board } = this;
    const { slots, persons } = this.numbers;
    if (board.hasRoom(slot)) return true;
    const other = this.pick(slots);
    if (other === slot || !board.hasRoom(other)) return false;
    const first = this.pick(persons);
    for (let i = 0, tried = 0; i < persons && tried < SAMPLE; i++) {
      const person = (first + i) % persons;
      if (board.wishAt(person, slot) === NONE || !board.isFree(person, other)) continue;
      tried += 1;
      if (board.swap(person, slot, other, NONE)) return true;
    }
    return false;
  }

  private freeSlots(person: number): number[] {
    const free: number[] = [];
    for (let slot = 0; slot < this.numbers.slots; slot++) if (this.board.isFree(person, slot)) free.push(slot);
    return free;
  }

  /** In the slot where it costs least; what had to go, or null where that would be too much. */
  private force(wish: number, warmth: number): number[] | null {
    const { slots, weight, from, to } = this.numbers;
    const [one, other] = [from[wish]!, to[wish]!];
    // Who has no more to give gives another, if not the one of that slot.
    const [last, otherLast] = [this.leastOf(one), this.leastOf(other)];
    const first = this.pick(slots);
    let [least, best] = [MUCH, NONE];
    for (let i = 0; i < slots; i++) {
      const slot = (first + i) % slots;
      if (!this.board.isOpen(one, slot) || !this.board.isOpen(other, slot)) continue;
      const a = this.givenUp(one, slot, last);
      const b = this.givenUp(other, slot, otherLast);
      const loss = (a === NONE ? 0 : weight[a]!) + (b === NONE || b === a ? 0 : weight[b]!);
      if (loss < least) [least, best] = [loss, slot];
    }
    if (best === NONE) return null;
    const out = [this.givenUp(one, best, last), this.givenUp(other, best, otherLast)].filter(
      (each, at, all) => each !== NONE && all.indexOf(each) === at,
    );
    if (!this.board.hasRoom(best) && out.every((each) => this.board.slotOf[each] !== best)) out.push(this.leastIn(best));
    const loss = out.reduce((sum, each) => sum + weight[each]!, 0);
    if (loss > weight[wish]! - warmth * log(1 - this.random())) return null;
    for (const each of out) this.board.remove(each);
    this.board.put(wish, best);
    return out;
  }

  /** What a person gives up to be free in a slot: what they have there, else the least of all where they may have no more. */
  private givenUp(person: number, slot: number, least: number): number {
    const there = this.board.wishAt(person, slot);
    return there === NONE ? least : there;
  }

  /** What counts least of what keeps a person from having one more: their own, or a colleague's where it is the limit of all; none where they may. */
  private leastOf(person: number): number {
    const { slots, weight } = this.numbers;
    if (this.board.mayMore(person)) return NONE;
    const who = this.board.atLimit(person) ? person : this.colleagueOf(person);
    let least = NONE;
    for (let slot = 0; slot < slots; slot++) {
      const wish = this.board.wishAt(who, slot);
      if (wish !== NONE && (least === NONE || weight[wish]! < weight[least]!)) least = wish;
    }
    return least;
  }

  private colleagueOf(person: number): number {
    const with_ = this.numbers.colleagues[this.numbers.organisationOf[person]!]!;
    const first = this.pick(with_.length);
    for (let i = 0; i < with_.length; i++) {
      const colleague = with_[(first + i) % with_.length]!;
      if (this.board.hasAny(colleague)) return colleague;
    }
    return person;
  }

  /** Of some that are looked at. */
  private leastIn(slot: number): number {
    const { persons, weight } = this.numbers;
    const first = this.pick(persons);
    let [least, seen] = [NONE, 0];
    for (let i = 0; i < persons && seen < SAMPLE; i++) {
      const wish = this.board.wishAt((first + i) % persons, slot);
      if (wish === NONE) continue;
      seen += 1;
      if (least === NONE || weight[wish]! < weight[least]!) least = wish;
    }
    return least;
  }

  private pick(count: number): number {
    return floor(this.random() * count);
  }
}
