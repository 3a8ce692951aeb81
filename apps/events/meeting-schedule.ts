import { NONE } from './meeting-board.js';
import { boundOf } from './meeting-bound.js';
import { type MeetingProblem, numbered, type Standing } from './meeting-problem.js';
import { MeetingSearch } from './meeting-search.js';
import { tabled } from './meeting-tables.js';

/** How many, and what they count together. */
export interface Worth {
  readonly count: number;
  readonly weight: number;
}

export interface MeetingSchedule {
  /** What was given a slot, and where it needs one a table. What stood before is not among them. */
  readonly placed: readonly Standing[];
  readonly wished: Worth;
  readonly met: Worth;
  /** What no schedule that keeps the rules and what stands could have beaten; each for itself. */
  readonly bound: Worth;
}

/** Rounds after which a bound is good enough to see that nothing is left to search for. */
const QUICK = 200;

/** Slots and tables for wishes: nobody and no table twice in a slot, nobody where they are not, no limit exceeded; what stands stays. */
export function* scheduled(problem: MeetingProblem, seed: number): Generator<void, MeetingSchedule> {
  const numbers = numbered(problem);
  const search = new MeetingSearch(numbers, seed);
  yield* search.begin();
  const first = whole(yield* boundOf(numbers, search.value, QUICK));
  yield* search.better(first);
  const { slots } = search;
  const seated = problem.wishes.flatMap((wish, at) => (slots[at] === NONE ? [] : [{ ...wish, slot: slots[at]! }]));
  const met = worthOf(seated);
  const counted = { ...numbers, weight: new Float64Array(numbers.weight.length).fill(1) };
  const bound = {
    count: whole(yield* boundOf(counted, met.count)),
    weight: Math.min(first, whole(yield* boundOf(numbers, met.weight))),
  };
  const placed = tabled(
    problem,
    seated.map(({ id, between, slot }) => ({ id, between, slot })),
  );
  return { placed, wished: worthOf(problem.wishes), met, bound };
}

const worthOf = (wishes: readonly { weight: number }[]): Worth => ({
  count: wishes.length,
  weight: wishes.reduce((sum, { weight }) => sum + weight, 0),
});

/** Weights are whole numbers, so what is beyond the next one below cannot be had. The last digits are those of floating point. */
const whole = (bound: number) => Math.floor(bound + 1e-6);

/** As long as one turn may take before others have theirs. */
const TURN_MS = 8;

/** Goes on in turns, so that who else needs the event loop has it in between. What comes out does not depend on how long each takes. */
export async function inTurns<T>(work: Generator<void, T>): Promise<T> {
  for (;;) {
    const until = performance.now() + TURN_MS;
    do {
      const step = work.next();
      if (step.done) return step.value;
    } while (performance.now() < until);
    await new Promise<void>((go) => setImmediate(go));
  }
}
