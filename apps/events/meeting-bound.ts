import type { Numbers } from './meeting-problem.js';

const { floor, max, min } = Math;

/** Rounds of the descent; what later ones gain is less than a meeting in a thousand. */
const ROUNDS = 3000;
/** Slots whose worth for a wish is this near to the best, as a part of the greatest weight, share it: a single choice would leap to and fro. */
const NEAR = 0.015;
/** How much of the way before is kept. */
const MOMENTUM = 0.7;
/** The first step, as a part of what Polyak's rule says. */
const AGILITY = 0.5;
/** Steps smaller than this lead nowhere. */
const SMALLEST = 0.001;
/** The part of NEAR that is left when the steps have become small. */
const LEAST = 0.5;
/** Half the step is taken after so many rounds without a better bound. */
const PATIENCE = 60;

/** Prices of what is scarce, none below 0. */
interface Prices {
  readonly seat: Float64Array;
  readonly table: Float64Array;
  readonly person: Float64Array;
  readonly organisation: Float64Array;
}

/**
 * What no plan can beat. Every hour of a person, table and limit is given a price; what all of it costs, and what wishes are worth
 * beyond the price of their cheapest slot, is at least the value of any plan (weak duality), whatever the prices. The prices are
 * then made as good as a descent can; the bound is reckoned from them anew each time, so that it holds however far it came. Yields.
 */
export function* boundOf(numbers: Numbers, reached: number, rounds = ROUNDS): Generator<void, number> {
  const { slots, persons, organisations, weight } = numbers;
  const of = (): Prices => ({
    seat: new Float64Array(persons * slots),
    table: new Float64Array(slots),
    person: new Float64Array(persons),
    organisation: new Float64Array(organisations),
  });
  const [prices, slope, way] = [of(), of(), of()];
  const greatest = weight.reduce((most, each) => max(most, each), 0);
  let best = weight.reduce((sum, each) => sum + each, 0);
  let [agility, idle] = [AGILITY, 0];
  for (let round = 0; round < rounds && floor(best + 1e-6) > reached && agility > SMALLEST; round++) {
    if (round % 2 === 0) yield;
    for (const name of names) slope[name].fill(0);
    const near = NEAR * greatest * max(LEAST, agility / AGILITY);
    const cost = reckon(numbers, prices, slope, near);
    if (cost < best * (1 - 1e-5)) idle = 0;
    else if (++idle % PATIENCE === 0) agility /= 2;
    best = min(best, cost);
    turn(way, slope, prices);
    descend(prices, way, agility * (cost - reached));
  }
  return best;
}

const names = ['seat', 'table', 'person', 'organisation'] as const;

/** What the prices prove; `slope` becomes what is left of each thing at these prices (below 0: what is wanted too much). */
function reckon(numbers: Numbers, { seat, table, person, organisation }: Prices, slope: Prices, near: number): number {
  const { slots, persons, organisations, open, room, personLimit, organisationLimit, organisationOf, from, to, weight } = numbers;
  let cost = 0;
  const supply = (left: Float64Array, at: number, count: number, price: number) => {
    left[at]! += count;
    cost += count * price;
  };
  for (let i = 0; i < persons * slots; i++) if (open[i]) supply(slope.seat, i, 1, seat[i]!);
  for (let s = 0; s < slots; s++) supply(slope.table, s, room[s]!, table[s]!);
  for (let p = 0; p < persons; p++) supply(slope.person, p, personLimit[p]!, person[p]!);
  for (let o = 0; o < organisations; o++) supply(slope.organisation, o, organisationLimit[o]!, organisation[o]!);

  const worth = new Float64Array(slots);
  for (let wish = 0; wish < weight.length; wish++) {
    const [one, other] = [from[wish]!, to[wish]!];
    const [ours, theirs] = [organisationOf[one]!, organisationOf[other]!];
    const left = weight[wish]! - person[one]! - person[other]! - organisation[ours]! - organisation[theirs]!;
    let best = 0;
    for (let s = 0; s < slots; s++) {
      const [i, j] = [one * slots + s, other * slots + s];
      worth[s] = open[i] && open[j] && room[s]! > 0 ? left - seat[i]! - seat[j]! - table[s]! : -1;
      if (worth[s]! > best) best = worth[s]!;
    }
    if (best <= 0) continue;
    cost += best;
    let choices = 0;
    for (let s = 0; s < slots; s++) if (worth[s]! > best - near) choices += 1;
    // A wish that is worth hardly anything is wanted in part only, for the same reason.
    const wanted = min(1, best / near);
    const share = wanted / choices;
    for (let s = 0; s < slots; s++) {
      if (worth[s]! <= best - near) continue;
      slope.seat[one * slots + s]! -= share;
      slope.seat[other * slots + s]! -= share;
      slope.table[s]! -= share;
    }
    slope.person[one]! -= wanted;
    slope.person[other]! -= wanted;
    slope.organisation[ours]! -= wanted;
    slope.organisation[theirs]! -= wanted;
  }
  return cost;
}

/** The way down keeps something of the one before: the slope alone leads from one side of a valley to the other. */
function turn(way: Prices, slope: Prices, prices: Prices): void {
  for (const name of names) {
    const [before, now, price] = [way[name], slope[name], prices[name]];
    for (let i = 0; i < now.length; i++) {
      const next = now[i]! + MOMENTUM * before[i]!;
      // What is plentiful and free already stays free.
      before[i] = price[i]! > 0 || next < 0 ? next : 0;
    }
  }
}

/** By what is still between the bound and what was reached, divided by the square of the way (Polyak). */
function descend(prices: Prices, way: Prices, gap: number): void {
  let square = 0;
  for (const name of names) for (const each of way[name]) square += each * each;
  if (square === 0) return;
  const step = gap / square;
  for (const name of names) {
    const [price, down] = [prices[name], way[name]];
    for (let i = 0; i < down.length; i++) price[i] = max(0, price[i]! - step * down[i]!);
  }
}
