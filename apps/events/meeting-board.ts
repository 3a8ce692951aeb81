import type { Numbers } from './meeting-problem.js';

/** Nobody, no slot. */
export const NONE = -1;

/** Wishes in slots: a colouring of edges in which nobody and no table stands twice. Every change keeps it so. */
export class MeetingBoard {
  /** Slot of each wish. */
  readonly slotOf: Int32Array;
  /** What all that is placed counts. */
  value = 0;
  placed = 0;
  /** Tables left in all slots together. */
  spare: number;
  /** `person * slots + slot`: the wish placed there. */
  private readonly at: Int32Array;
  private readonly room: Int32Array;
  private readonly personLeft: Int32Array;
  private readonly organisationLeft: Int32Array;
  private readonly chain: number[] = [];

  constructor(readonly numbers: Numbers) {
    this.slotOf = new Int32Array(numbers.weight.length).fill(NONE);
    this.at = new Int32Array(numbers.persons * numbers.slots).fill(NONE);
    this.room = numbers.room.slice();
    this.spare = numbers.room.reduce((sum, each) => sum + each, 0);
    this.personLeft = numbers.personLimit.slice();
    this.organisationLeft = numbers.organisationLimit.slice();
  }

  /** The wish of a person in a slot. */
  wishAt(person: number, slot: number): number {
    return this.at[person * this.numbers.slots + slot]!;
  }

  isOpen(person: number, slot: number): boolean {
    return this.numbers.open[person * this.numbers.slots + slot] === 1;
  }

  isFree(person: number, slot: number): boolean {
    return this.isOpen(person, slot) && this.wishAt(person, slot) === NONE;
  }

  hasRoom(slot: number): boolean {
    return this.room[slot]! > 0;
  }

  /** Whether person and organisation may have one more. */
  mayMore(person: number): boolean {
    return this.personLeft[person]! > 0 && this.organisationLeft[this.numbers.organisationOf[person]!]! > 0;
  }

  /** Whether they might, if nothing were placed. */
  mayEver(person: number): boolean {
    const { personLimit, organisationLimit, organisationOf } = this.numbers;
    return personLimit[person]! > 0 && organisationLimit[organisationOf[person]!]! > 0;
  }

  /** Whether it is the person's own limit that is reached. */
  atLimit(person: number): boolean {
    return this.personLeft[person]! <= 0;
  }

  hasAny(person: number): boolean {
    return this.personLeft[person]! < this.numbers.personLimit[person]!;
  }

  /** Whether a wish may be placed in a slot as things stand. */
  fits(wish: number, slot: number): boolean {
    const { from, to } = this.numbers;
    return this.room[slot]! > 0 && this.isFree(from[wish]!, slot) && this.isFree(to[wish]!, slot);
  }

  put(wish: number, slot: number): void {
    this.take(wish, slot, 1);
    this.slotOf[wish] = slot;
    this.occupy(wish, slot, wish);
  }

  remove(wish: number): void {
    const slot = this.slotOf[wish]!;
    this.take(wish, slot, -1);
    this.slotOf[wish] = NONE;
    this.occupy(wish, slot, NONE);
  }

  /**
   * Frees a person in slot `a`: the wishes that alternate between `a` and `b` from there on change places. `not` is whom the change
   * may not reach, being free in `a`. False, and nothing changed, where somebody is not there or tables are wanting.
   */
  swap(person: number, a: number, b: number, not: number): boolean {
    const { chain } = this;
    chain.length = 0;
    let [who, now] = [person, a];
    for (let wish = this.wishAt(who, now); wish !== NONE; wish = this.wishAt(who, now)) {
      chain.push(wish);
      who = this.otherOf(wish, who);
      now = now === a ? b : a;
    }
    // The last one takes part in one of the two alone, and has to be there in the other; so has the first in `b`.
    if (who === not || !this.isOpen(who, now) || !this.isOpen(person, b)) return false;
    const shifts = chain.length % 2 === 1;
    if (shifts ? this.room[b]! < 1 : this.room[a]! < 1) return false;
    for (const wish of chain) this.occupy(wish, this.slotOf[wish]!, NONE);
    for (const wish of chain) {
      const slot = this.slotOf[wish] === a ? b : a;
      this.slotOf[wish] = slot;
      this.occupy(wish, slot, wish);
    }
    if (shifts) {
      this.room[a]! += 1;
      this.room[b]! -= 1;
    }
    return true;
  }

  private otherOf(wish: number, person: number): number {
    const { from, to } = this.numbers;
    return from[wish] === person ? to[wish]! : from[wish]!;
  }

  private occupy(wish: number, slot: number, by: number): void {
    const { from, to, slots } = this.numbers;
    this.at[from[wish]! * slots + slot] = by;
    this.at[to[wish]! * slots + slot] = by;
  }

  private take(wish: number, slot: number, count: 1 | -1): void {
    const { from, to, weight, organisationOf } = this.numbers;
    this.room[slot]! -= count;
    this.spare -= count;
    for (const person of [from[wish]!, to[wish]!]) {
      this.personLeft[person]! -= count;
      this.organisationLeft[organisationOf[person]!]! -= count;
    }
    this.value += count * weight[wish]!;
    this.placed += count;
  }
}
