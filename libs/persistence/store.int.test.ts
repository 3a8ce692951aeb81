import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { FactRecord, Outcome } from '#libs/contracts/message';
import { newId } from '#libs/domain/ids';
import type { Handled, Message } from '#libs/messaging/handle';
import * as counters from '#libs/testing/counters';
import { Add, CounterStore, OpenCounter, Rename } from '#libs/testing/counters';
import { Ground } from '#libs/testing/ground';
import { fetched, message } from '#libs/testing/messages';
import type { Stored } from './document.js';

jest.setTimeout(60_000);

let ground: Ground;
/** Two processes of one service. */
let one: CounterStore;
let two: CounterStore;

beforeAll(async () => {
  ground = await Ground.open();
  one = new CounterStore(await ground.house());
  two = new CounterStore(await ground.house());
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
    const messages = fetched(Array.from({ length: 1200 }, (_, step) => add(id, step + 1)));
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
      results.map((result) => result.status === 'fulfilled' && [outcome(result.value).status, outcome(result.value).version]);
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
    const later = Array.from({ length: 70 }, () => add(id, 1, { keyed: true }));
    await Promise.all(take(one, fetched(later)));
    const house = await ground.house();
    house.committed(0, later.at(-1)!.offset + 1);
    const third = new CounterStore(house);
    await third.change(add(id, 1), counters.add);
    expect((await stored(id)).recent.map((recent) => recent.id)).not.toContain(old.id);
    const again = outcome(await third.change(add(id, 7, { id: old.id, keyed: true }), counters.add));
    expect(again).toMatchObject({ status: 'DONE', version: 1, changed: true });
    expect((await stored(id)).state?.count).toBe(78);
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

describe('A value that must be unique', () => {
  const named = (id: string, name: string) => message(OpenCounter, id, { name });

  it('is refused to the second, with the place where it stood, while its neighbours go on', async () => {
    const [a, b, c] = [newId(), newId(), newId()];
    const name = `unique ${a}`;
    await one.change(named(a, name), counters.open);
    const [second, neighbour] = fetched([named(b, name), named(c, `other ${c}`)]);
    const answers = await Promise.all([one.change(second!, counters.open), one.change(neighbour!, counters.open)]);
    expect(answers).toMatchObject([
      {
        status: 'REFUSED',
        refusal: { code: 'COUNTER.NAME.UNIQUE', errors: [{ pointer: '/name', message: `Another counter is called ${name}.` }] },
      },
      { status: 'DONE', version: 1 },
    ]);
    expect(outcome(await two.change(second!, counters.open))).toMatchObject({ status: 'REFUSED' });
  });

  it('that two want in one fetch goes to one of them', async () => {
    const [a, b] = [newId(), newId()];
    const messages = fetched([named(a, `wanted ${a}`), named(b, `wanted ${a}`)]);
    const answers = await Promise.all(messages.map((each) => one.change(each, counters.open)));
    expect(answers.map((answer) => outcome(answer).status).toSorted()).toEqual(['DONE', 'REFUSED']);
  });

  it('costs only the command that wants it, where several of its aggregate share the write', async () => {
    const [a, b] = [newId(), newId()];
    const name = `taken ${a}`;
    await one.change(named(a, name), counters.open);
    const all = fetched<typeof OpenCounter | typeof Add | typeof Rename>([
      message(OpenCounter, b, {}),
      add(b, 1),
      message(Rename, b, { name }),
      add(b, 2),
    ] as never);
    const decides = [counters.open, counters.add, counters.rename, counters.add] as (typeof counters.add)[];
    const answers = await Promise.all(all.map((each, place) => one.change(each as Message<typeof Add>, decides[place]!)));
    expect(answers.map((answer) => [outcome(answer).status, outcome(answer).version])).toEqual([
      ['DONE', 1],
      ['DONE', 2],
      ['REFUSED', 2],
      ['DONE', 3],
    ]);
    expect(await stored(b)).toMatchObject({ version: 3, state: { count: 3, steps: [1, 2] } });
  });

  it('is free again when its holder gives it up', async () => {
    const [a, b] = [newId(), newId()];
    await one.change(named(a, `given up ${a}`), counters.open);
    await one.change(message(Rename, a, { name: `new ${a}` }), counters.rename);
    expect(outcome(await one.change(named(b, `given up ${a}`), counters.open))).toMatchObject({ status: 'DONE' });
  });

  it('may be absent from many', async () => {
    const all = [newId(), newId()].map((id) => one.change(message(OpenCounter, id, {}), counters.open));
    expect((await Promise.all(all)).map((answer) => outcome(answer).status)).toEqual(['DONE', 'DONE']);
  });
});

describe('Two processes on one aggregate', () => {
  it('lose nothing: each command has a version of its own, without a gap', async () => {
    const id = newId();
    const versions = await Promise.all(
      Array.from({ length: 60 }, async (_, turn) => outcome(await (turn % 2 ? one : two).change(add(id, 1), counters.add)).version),
    );
    expect(versions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, place) => place + 1));
    expect(await stored(id)).toMatchObject({ version: 60, state: { count: 60 } });
  });

  it('bring it into being once', async () => {
    const id = newId();
    const answers = await Promise.all([one, two].map((store) => store.change(message(OpenCounter, id, {}), counters.open)));
    expect(answers.map((answer) => outcome(answer).status).toSorted()).toEqual(['DONE', 'REFUSED']);
  });

  it('that both hold the same command decide it once', async () => {
    const id = newId();
    await one.change(message(OpenCounter, id, {}), counters.open);
    for (let round = 0; round < 20; round += 1) {
      const same = add(id, 1);
      const answers = await Promise.all([one.change(same, counters.add), two.change(same, counters.add)]);
      expect(answers.map((answer) => outcome(answer).version)).toEqual([round + 2, round + 2]);
    }
    expect((await stored(id)).state?.count).toBe(20);
  });
});

describe('Five thousand commands on twenty aggregates, by two processes that race', () => {
  it('leave just what a plain fold of the accepted ones gives', async () => {
    const tape = await ground.tape('exchanges.events');
    const ids = Array.from({ length: 20 }, () => newId());
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    const all = Array.from({ length: 5000 }, () => add(ids[random(20)]!, random(15) - 1));
    const accepted = new Map(ids.map((id) => [id, [] as { version: number; by: number }[]]));
    const tally = { failed: 0, refused: 0 };
    const answered = (each: Message<typeof Add>, result: PromiseSettledResult<Handled>) => {
      if (result.status === 'rejected') tally.failed += 1;
      else if (outcome(result.value).status === 'REFUSED') tally.refused += 1;
      else if (outcome(result.value).changed) accepted.get(each.key)!.push({ version: outcome(result.value).version, by: each.data.by });
    };
    const work = async (store: CounterStore, mine: Message<typeof Add>[]) => {
      for (let from = 0; from < mine.length; from += 100) {
        const batch = fetched(mine.slice(from, from + 100));
        const results = await Promise.allSettled(take(store, batch));
        results.forEach((result, place) => {
          answered(batch[place]!, result);
        });
      }
    };
    // As after a rebalance that has moved every aggregate half-way: each has its share of all keys.
    await Promise.all([
      work(
        one,
        all.filter((_, place) => place % 2 === 0),
      ),
      work(
        two,
        all.filter((_, place) => place % 2 === 1),
      ),
    ]);
    await Promise.all([one.drain(), two.drain()]);
    const overtaken = 5000 - tally.failed - tally.refused;
    expect(overtaken).toBeGreaterThan(0);
    for (const id of ids) {
      const inOrder = accepted.get(id)!.toSorted((a, b) => a.version - b.version);
      const doc = await stored(id);
      expect(inOrder.map(({ version }) => version)).toEqual(inOrder.map((_, place) => place + 1));
      expect(doc.state?.steps).toEqual(inOrder.map(({ by }) => by));
      expect(doc.version).toBe(inOrder.length);
    }
    const facts = () => tape.map(({ value }) => JSON.parse(value!) as FactRecord);
    const sequences = (id: string) => new Set(facts().flatMap(({ subject, sequence }) => (subject.endsWith(id) ? [sequence] : [])));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    for (const id of ids) expect(sequences(id).size).toBe(accepted.get(id)!.length);
  });
});
