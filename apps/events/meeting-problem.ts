/** Who may meet: by place in the list of persons everything else speaks of. */
export interface Participant {
  readonly id: string;
  readonly organisation: string;
  /** Slots (by place) at which this person is there; all others are never given. */
  readonly free: readonly number[];
  /** Meetings of this person in all, with those that stand. */
  readonly limit: number;
}

/** Two who would meet. What counts most is met first. */
export interface Wish {
  readonly id: string;
  readonly between: readonly [string, string];
  /** How much it counts, from 1 on. */
  readonly weight: number;
}

/** A meeting that stands: nothing moves it. */
export interface Standing extends Pick<Wish, 'id' | 'between'> {
  readonly slot: number;
  /** By place; null: it needs none. */
  readonly table: number | null;
}

export interface MeetingProblem {
  /** How many slots there are; breaks and closed hours are none. */
  readonly slots: number;
  /** How many tables there are; null: meetings need none (online). */
  readonly tables: number | null;
  readonly participants: readonly Participant[];
  /** Meetings of one organisation in all, with those that stand. */
  readonly organisationLimit: number;
  readonly wishes: readonly Wish[];
  readonly standing: readonly Standing[];
}

/** The same in numbers, as search and bound use it: what stands is taken off already. */
export interface Numbers {
  readonly slots: number;
  readonly persons: number;
  readonly organisations: number;
  /** `person * slots + slot`: 1 where the person may still be given a meeting. */
  readonly open: Uint8Array;
  /** Tables left in each slot. */
  readonly room: Int32Array;
  readonly personLimit: Int32Array;
  readonly organisationLimit: Int32Array;
  readonly organisationOf: Int32Array;
  /** The persons of each organisation. */
  readonly colleagues: readonly (readonly number[])[];
  /** Ends and weight of each wish, in the order of the wishes. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly weight: Float64Array;
}

const indexed = (values: Iterable<string>) => new Map([...new Set(values)].map((value, at) => [value, at]));

/** A number that no sum of meetings reaches, and that fits into what is reckoned with. */
const ANY = 1_000_000;

export function numbered({ slots, tables, participants, organisationLimit, wishes, standing }: MeetingProblem): Numbers {
  const person = indexed(participants.map(({ id }) => id));
  const organisation = indexed(participants.map((each) => each.organisation));
  const at = (id: string) => {
    const found = person.get(id);
    if (found === undefined) throw new Error(`${id} is no participant`);
    return found;
  };
  const organisationOf = Int32Array.from(participants, (each) => organisation.get(each.organisation)!);
  const colleagues: number[][] = Array.from(organisation, () => []);
  organisationOf.forEach((o, p) => {
    colleagues[o]!.push(p);
  });
  const numbers = {
    slots,
    persons: participants.length,
    organisations: organisation.size,
    open: new Uint8Array(participants.length * slots),
    room: new Int32Array(slots).fill(tables ?? ANY),
    personLimit: Int32Array.from(participants, ({ limit }) => Math.min(limit, ANY)),
    organisationLimit: new Int32Array(organisation.size).fill(Math.min(organisationLimit, ANY)),
    organisationOf,
    colleagues,
    from: Int32Array.from(wishes, ({ between: [one] }) => at(one)),
    to: Int32Array.from(wishes, ({ between: [, other] }) => at(other)),
    weight: Float64Array.from(wishes, ({ weight }) => weight),
  };
  participants.forEach(({ free }, p) => {
    for (const slot of free) numbers.open[p * slots + slot] = 1;
  });
  for (const { between, slot, table } of standing) {
    if (table !== null) numbers.room[slot]! -= 1;
    for (const id of between) {
      // Who has left since is no participant any more; what stood with them takes the table alone.
      const p = person.get(id);
      if (p === undefined) continue;
      numbers.open[p * slots + slot] = 0;
      numbers.personLimit[p]! -= 1;
      numbers.organisationLimit[numbers.organisationOf[p]!]! -= 1;
    }
  }
  // More may stand than the rules of today allow: nothing is left then, not less than nothing.
  for (const left of [numbers.room, numbers.personLimit, numbers.organisationLimit])
    for (let i = 0; i < left.length; i++) if (left[i]! < 0) left[i] = 0;
  return numbers;
}
