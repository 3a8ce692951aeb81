import { z } from 'zod';
import { aggregate, StepDone } from '#libs/contracts/message';
import { type Decision, unchanged } from '#libs/domain/decision';
import { Refusal } from '#libs/domain/verdict';
import type { Decide } from '#libs/persistence/decide';
import { type Lying, taken } from '#libs/persistence/document';
import type { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';

/** The smallest aggregate that does all an aggregate can do: what tests of stores and consumers count by. */
export interface Counter {
  count: number;
  name?: string;
  /** Labels, no one of which two counters may have. */
  labels?: { text: string }[];
  /** Every step that was added, in order. */
  steps: number[];
}

const View = z.object({
  id: z.string(),
  version: z.number(),
  updatedAt: z.string(),
  count: z.number().max(1_000_000),
  name: z.string().optional(),
});
const { contract, command, fact } = aggregate('counter', { service: 'exchanges', resource: 'counters', view: View });

export const counterContract = contract;
export const OpenCounter = command('open.v1', z.object({ name: z.string().optional() }), View, 'NEW');
export const Add = command('add.v1', z.object({ by: z.number() }), View, 'UPSERT');
export const Rename = command('rename.v1', z.object({ name: z.string() }), View);
export const Label = command('label.v1', z.object({ labels: z.array(z.string()) }), View);
export const Remind = command('remind.v1', z.object({ at: z.string() }), View);
export const Ring = command('ring.v1', z.object({}), View);
export const Pour = command('pour.v1', z.object({ into: z.string(), by: z.number() }), View);
export const Poured = command('poured.v1', StepDone, View);
export const Added = fact('added.v1', z.object({ count: z.number() }));

/** What only a bug does. */
export class Bug extends Error {}

const counted = (next: Counter): Decision<Counter> => ({ next, facts: [Added.of(next)], verdicts: [] });
const plus = (counter: Counter | null, by: number): Counter => ({
  ...counter,
  count: (counter?.count ?? 0) + by,
  steps: [...(counter?.steps ?? []), by],
});

export const open: Decide<Counter, { name?: string }> = (_, { name }) => counted({ count: 0, steps: [], name });

/** 0 changes nothing, a negative step is refused, 13 is a bug. */
export const add: Decide<Counter, { by: number }> = (counter, { by }) => {
  if (by === 13) throw new Bug('thirteen');
  if (by < 0) throw Refusal.because('COUNTER.ADD.FORWARD', 'It only counts forward.', { pointer: '/by' });
  return by === 0 && counter ? unchanged(counter) : counted(plus(counter, by));
};

export const rename: Decide<Counter, { name: string }> = (counter, { name }) => counted({ ...counter!, name });

export const label: Decide<Counter, { labels: string[] }> = (counter, { labels }) =>
  counted({ ...counter!, labels: labels.map((text) => ({ text })) });

export const remind: Decide<Counter, { at: string }> = (counter, { at }) => ({ ...unchanged(counter!), due: { at, command: Ring } });

/** Rings as long as it has counted to no more than 100. */
export const ring: Decide<Counter, object> = (counter) => {
  if (counter!.count > 100) throw Refusal.because('COUNTER.RING.LOW', 'It has counted too far.', { kind: 'WRONG_STATE' });
  return counted(plus(counter, 1));
};

/** A process over two aggregates: answered when the other has taken it, or with its refusal. */
export const pour: Decide<Counter, { into: string; by: number }> = (counter, { into, by }, { message }) => ({
  ...counted(plus(counter, -by)),
  sends: [{ command: Add, key: into, data: { by }, step: message, answer: Poured }],
  answer: 'LATER',
});

export const poured: Decide<Counter, StepDone> = (counter, { step, outcome }) => ({
  ...unchanged(counter!),
  settles: [{ message: step, refusal: outcome.refusal }],
});

export class CounterStore extends Store<Counter> {
  constructor(house: House) {
    super(house, contract, {
      uniques: [
        { path: 'name', code: 'COUNTER.NAME.UNIQUE', pointer: '/name', message: (name) => `Another counter is called ${name}.` },
        {
          path: 'labels',
          list: true,
          code: 'COUNTER.LABELS.UNIQUE',
          pointer: '/labels',
          message: () => 'Another counter has one of them.',
        },
      ],
    });
  }

  /** The document as it is. */
  async stored(id: string) {
    const doc = (await this.documents.findOne({ _id: id as never })) as unknown as Lying<Counter> | null;
    return doc && taken(doc);
  }
}
