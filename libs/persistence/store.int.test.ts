import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FactRecord, Outcome } from '#libs/contracts/message';
import { newId } from '#libs/domain/ids';
import type { Handled, Message } from '#libs/messaging/handle';
import * as counters from '#libs/testing/counters';
import { Add, CounterStore, OpenCounter, Rename } from '#libs/testing/counters';
import { eventually } from '#libs/testing/eventually';
import { Ground } from '#libs/testing/ground';
import { fetched, message } from '#libs/testing/messages';
import type { Stored } from './document.js';
import type { House } from './house.js';

let ground: Ground;
/** Two processes of one service. */
let houses: House[];
let one: CounterStore;
let two: CounterStore;

beforeAll(async () => {
  ground = await Ground.open();
  houses = [await ground.house(), await ground.house()];
  [one, two] = houses.map((house) => new CounterStore(house)) as [CounterStore, CounterStore];
  await one.ensureIndexes();
});

afterAll(() => ground.close());

const add = (key: string, by: number, fields: Partial<Message<typeof Add>> = {}) => message(Add, key, { by }, fields);
const outcome = (handled: Handled) => handled as Outcome;
const take = (store: CounterStore, messages: Message<typeof Add>[]) => messages.map((each) => store.change(each, counters.add));
const stored = async (id: string) => (await one.stored(id)) as unknown as Stored<counters.Counter>;

describe('Commands of one fetch', () => {
  it('are decided and written together, each with its own version', async () => {
    const [a, b] = [newId(), newId()];
    const messages = fetched([add(a, 1), add(b, 5), add(a, 2), add(a, -1), add(b, 0)]);
    const answers = (await Promise.all(take(one, messages))).map(outcome);
    expect(answers.map(({ status, version }) => [status, version])).toEqual([
      ['DONE', 1],
      ['DONE', 1],
      ['DONE', 2],
      ['REFUSED', 2],
      ['DONE', 1],
    ]);
    expect((await stored(a)).rev).toBe(1);
  });

  it('are decided in the order of their topic, though they reach their store in another', async () => {
    const id = newId();
    const [first, second] = fetched([add(id, 1), add(id, 2)]);
    await Promise.all(take(one, [second!, first!]));
    expect((await stored(id)).state?.steps).toEqual([1, 2]);
  });

  it('wait for one that is on its way, also when the store is at work for others', async () => {
    const [id, busy] = [newId(), newId()];
    const [slow, quick] = fetched([add(id, 1), add(id, 2)]);
    const answer = one.change(quick!, counters.add);
    await Promise.all(
      take(
        one,
        Array.from({ length: 5 }, () => add(busy, 1)),
      ),
    );
    await Promise.all([answer, one.change(slow!, counters.add)]);
    expect((await stored(id)).state?.steps).toEqual([1, 2]);
  });

  it('keep their order when there are more than one write takes', async () => {
    const id = newId();
    const messages = fetched(Array.from({ length: 1200 }, (_, step) => add(id, step + 100)));
    await Promise.all(take(one, messages.toReversed()));
    expect((await stored(id)).state?.steps).toEqual(messages.map(({ data }) => data.by));
  });

  it('do not fail with one that meets a bug', async () => {
    const id = newId();
    const results = await Promise.allSettled(take(one, fetched([add(id, 1), add(id, 13), add(id, 2)])));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await stored(id)).toMatchObject({ version: 2, state: { steps: [1, 2] } });
  });

  it('do not fail with one that no database can take', async () => {
    const [huge, fine] = [newId(), newId()];
    const swell: typeof counters.add = () => ({ next: { count: 1, steps: [], name: 'x'.repeat(17_000_000) }, facts: [], verdicts: [] });
    const [a, b, c] = fetched([add(huge, 1), add(huge, 2), add(fine, 3)]);
    const results = await Promise.allSettled([one.change(a!, swell), one.change(b!, counters.add), one.change(c!, counters.add)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect((await stored(huge)).state?.steps).toEqual([2]);
    expect((await stored(fine)).state?.steps).toEqual([3]);
  });
});

describe('A command that is delivered again', () => {
  it('after a crash gets the same answer, and is decided once', async () => {
    const id = newId();
    const messages = [add(id, 4), add(id, -1), add(id, 13), add(id, 0), add(id, 2)];
    const first = await Promise.allSettled(take(one, fetched(messages)));
    const again = await Promise.allSettled(take(two, fetched(messages)));
    expect(again.map(({ status }) => status)).toEqual(first.map(({ status }) => status));
    const verdicts = (results: typeof first) =>
      results.map((result) => result.status === 'fulfilled' && [outcome(result.value).status, outcome(result.value).changed]);
    expect(verdicts(again)).toEqual(verdicts(first));
    expect((await stored(id)).state?.steps).toEqual([4, 2]);
  });

  it('stays refused, though it would be admitted now', async () => {
    const id = newId();
    const early = message(Rename, id, { name: `${id} renamed` });
    expect(outcome(await one.change(early, counters.rename))).toMatchObject({ status: 'REFUSED', refusal: { kind: 'ABSENT' } });
    await one.change(message(OpenCounter, id, {}), counters.open);
    expect(outcome(await two.change(early, counters.rename))).toMatchObject({ status: 'REFUSED', refusal: { kind: 'ABSENT' } });
  });

  it('long after, by the key its client gave, is still known', async () => {
    const id = newId();
    const old = add(id, 7, { keyed: true });
    await one.change(old, counters.add);
    const later = Array.from({ length: 100 }, () => add(id, 1, { keyed: true }));
    await Promise.all(take(one, fetched(later)));
    const house = await ground.house();
    house.committed(0, later.at(-1)!.offset + 1);
    const third = new CounterStore(house);
    await third.change(add(id, 1), counters.add);
    expect((await stored(id)).recent.map((recent) => recent.id)).not.toContain(old.id);
    const again = outcome(await third.change(add(id, 7, { id: old.id, keyed: true }), counters.add));
    expect(again).toMatchObject({ status: 'DONE', version: 1, changed: true });
    expect((await stored(id)).state?.count).toBe(108);
  });
});

describe('The document of an aggregate', () => {
  it('holds what its state holds and no more, whatever comes, goes and stays', async () => {
    const id = newId();
    const states = [
      { count: 0, steps: [], name: 'a', labels: [{ text: `${id} a` }] },
      { count: 1, steps: [1], labels: [{ text: `${id} a` }] },
      { count: 1, steps: [1], name: 'b' },
      { count: 2, steps: [], name: undefined, 'a.b': 1 },
      { count: 2, steps: [], 'a.b': 2, $c: 3 },
      { count: 3, steps: [4] },
    ] as counters.Counter[];
    for (const state of states) {
      await one.change(message(Add, id, { by: 1 }), (before) => {
        const kept = before && { steps: before.steps.length === state.steps.length ? before.steps : state.steps };
        return { next: { ...state, ...kept }, facts: [], verdicts: [] };
      });
      const { name, ...others } = state;
      const [seen] = await houses[0]!.db
        .collection(one.name)
        .find({ _id: id as never })
        .toArray();
      expect(seen?.state).toEqual(name === undefined ? others : state);
    }
  });
});

describe('A state that says itself how it lies in the database', () => {
  class Kept {
    readonly count: number;

    constructor(readonly steps: number[]) {
      this.count = steps.length;
    }

    toBSON() {
      return { count: this.count, text: this.steps.join() };
    }
  }
  const lies = async (id: string) => (await stored(id)).state as unknown as { count: number; text: string };
  /** One more than there is, whether it was written here or read. */
  const longer = (before: unknown) => new Kept([...(before instanceof Kept ? before.steps : Array(lengthOf(before)).fill(0)), 0]);
  const lengthOf = (before: unknown) => (before as { count?: number } | null)?.count ?? 0;
  const lengthen = (store: CounterStore, id: string) =>
    store.change(message(Add, id, { by: 1 }), (before) => ({ next: longer(before) as never, facts: [], verdicts: [] }));

  it('lies so after each write, by who has it at hand and by who reads it', async () => {
    const id = newId();
    for (const [place, store] of [one, one, two, one].entries()) {
      await lengthen(store, id);
      expect(await lies(id)).toEqual({
        count: place + 1,
        text: Array(place + 1)
          .fill(0)
          .join(),
      });
    }
  });
});

describe('An aggregate that was only ever refused', () => {
  it('is nothing to anybody, and may still come into being', async () => {
    const id = newId();
    await one.change(add(id, -1), counters.add);
    expect(await one.get(id)).toBeNull();
    expect(await stored(id)).toMatchObject({ version: 0, state: null, outboxAt: null, emptySince: expect.any(Date) });
    expect(outcome(await one.change(message(OpenCounter, id, {}), counters.open))).toMatchObject({ status: 'DONE', version: 1 });
    expect((await stored(id)).emptySince).toBeNull();
  });
});

describe('Two processes that hold the same commands, as after a rebalance', () => {
  it('decide each once, and tell the same of it', async () => {
    const id = newId();
    const messages = Array.from({ length: 60 }, () => add(id, 1));
    const [ours, theirs] = await Promise.all([one, two].map((store) => Promise.all(take(store, messages))));
    const versions = (answers: Handled[]) => answers.map((answer) => outcome(answer).version);
    expect(versions(ours!)).toEqual(Array.from({ length: 60 }, (_, place) => place + 1));
    expect(versions(theirs!)).toEqual(versions(ours!));
    expect(await stored(id)).toMatchObject({ version: 60, state: { count: 60 } });
  });

  it('bring an aggregate into being once', async () => {
    const id = newId();
    const same = message(OpenCounter, id, {});
    const answers = await Promise.all([one, two].map((store) => store.change(same, counters.open)));
    expect(answers).toMatchObject([
      { status: 'DONE', version: 1, changed: true },
      { status: 'DONE', version: 1, changed: true },
    ]);
  });
});

describe('Five thousand commands on twenty aggregates, held by two processes that race', () => {
  const progress = new Map<CounterStore, number>();

  /** Takes all of them in fetches of its own size, and says what it tells of each; committed is what both are through with. */
  async function process(store: CounterStore, all: Message<typeof Add>[], fetch: number) {
    const told: PromiseSettledResult<Handled>[] = [];
    for (let from = 0; from < all.length; from += fetch) {
      const some = fetched(all.slice(from, from + fetch));
      told.push(...(await Promise.allSettled(take(store, some))));
      progress.set(store, some.at(-1)!.offset + 1);
      for (const house of houses) house.committed(0, Math.min(...progress.values()));
    }
    await store.drain();
    return told;
  }

  it('leave just what a plain fold of them gives, each version told once', async () => {
    const tape = await ground.tape('exchanges.events');
    const ids = Array.from({ length: 20 }, () => newId());
    const random = dice(7);
    const all = Array.from({ length: 5000 }, () => add(ids[random(20)]!, random(15) - 1));
    for (const store of [one, two]) progress.set(store, 0);
    const [ours, theirs] = await Promise.all([process(one, all, 500), process(two, all, 350)]);
    const model = new Map(ids.map((id) => [id, [] as number[]]));
    all.forEach(({ key, data: { by } }, place) => {
      const steps = model.get(key)!;
      const isCounted = by > 0 && by !== 13;
      if (isCounted || (by === 0 && steps.length === 0)) steps.push(by);
      for (const result of [ours[place]!, theirs[place]!]) {
        expect(result.status).toBe(by === 13 ? 'rejected' : 'fulfilled');
        if (result.status === 'fulfilled') expect(outcome(result.value).status).toBe(by < 0 ? 'REFUSED' : 'DONE');
        if (result.status === 'fulfilled' && isCounted) expect(outcome(result.value).version).toBe(steps.length);
      }
    });
    for (const id of ids) expect(await stored(id)).toMatchObject({ version: model.get(id)!.length, state: { steps: model.get(id) } });
    const told = (id: string) =>
      new Set(
        tape.map(({ value }) => JSON.parse(value!) as FactRecord).flatMap((fact) => (fact.subject.endsWith(id) ? fact.sequence : [])),
      );
    await eventually(() => {
      for (const id of ids) expect(told(id).size).toBe(model.get(id)!.length);
    });
  });
});

/** The same numbers in every run. */
function dice(seed: number): (below: number) => number {
  let last = seed;
  return (below) => {
    last = (last * 48_271) % 2_147_483_647;
    return last % below;
  };
}
