import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Outcome } from '#libs/contracts/message';
import { newId } from '#libs/domain/ids';
import type { Handled, Message } from '#libs/messaging/handle';
import * as counters from '#libs/testing/counters';
import { Add, CounterStore, Label, OpenCounter, Rename } from '#libs/testing/counters';
import { Ground } from '#libs/testing/ground';
import { fetched, message } from '#libs/testing/messages';
import { fresh, lying, type Stored } from './document.js';
import type { House } from './house.js';

let ground: Ground;
let house: House;
let one: CounterStore;
/** Of another process. */
let two: CounterStore;

beforeAll(async () => {
  ground = await Ground.open();
  house = await ground.house();
  one = new CounterStore(house);
  two = new CounterStore(await ground.house());
  await one.ensureIndexes();
});

afterAll(() => ground.close());

const add = (key: string, by: number) => message(Add, key, { by });
const outcome = (handled: Handled) => handled as Outcome;
const stored = async (id: string) => (await one.stored(id)) as unknown as Stored<counters.Counter>;

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

  it('is free again when its holder has none any more', async () => {
    const [a, b] = [newId(), newId()];
    await one.change(named(a, `taken away ${a}`), counters.open);
    await one.change(message(Add, a, { by: 1 }), (counter) => {
      const { name: _, ...next } = counter!;
      return { next, facts: [], verdicts: [] };
    });
    expect(outcome(await one.change(named(b, `taken away ${a}`), counters.open))).toMatchObject({ status: 'DONE' });
  });

  it('may be one of a list: no other aggregate has it, until its holder gives it up', async () => {
    const [a, b] = [newId(), newId()];
    const labelled = async (id: string, ...labels: string[]) => outcome(await one.change(message(Label, id, { labels }), counters.label));
    for (const id of [a, b]) await one.change(message(OpenCounter, id, {}), counters.open);
    expect(await labelled(a, `${a} x`, `${a} y`)).toMatchObject({ status: 'DONE' });
    expect(await labelled(b, `${b} x`, `${a} y`)).toMatchObject({ status: 'REFUSED', refusal: { code: 'COUNTER.LABELS.UNIQUE' } });
    expect(await labelled(a, `${a} x`)).toMatchObject({ status: 'DONE' });
    expect(await labelled(b, `${b} x`, `${a} y`)).toMatchObject({ status: 'DONE' });
    expect(await labelled(b)).toMatchObject({ status: 'DONE' });
  });

  it('is taken by who comes after one that was killed between preparing and beginning', async () => {
    const id = newId();
    const documents = house.db.collection<{ _id: string; [field: string]: unknown }>(one.name);
    const prepared = { next_rev: 1, next_version: 1, next_state: { name: `half ${id}` }, next_writer: 'killed', next_gone: 'x' };
    await documents.insertOne({ ...lying(fresh<counters.Counter>(id)), emptySince: new Date(), ...prepared });
    const [first, second] = fetched([named(id, `whole ${id}`), named(newId(), `half ${id}`)]);
    const answers = await Promise.all([one.change(first!, counters.open), one.change(second!, counters.open)]);
    expect(answers).toMatchObject([
      { status: 'DONE', version: 1 },
      { status: 'DONE', version: 1 },
    ]);
    expect(await stored(id)).toMatchObject({ rev: 1, version: 1, state: { name: `whole ${id}` }, emptySince: null });
    expect(await stored(id)).not.toHaveProperty('next_state');
  });

  it('may be absent from many', async () => {
    const all = [newId(), newId()].map((id) => one.change(message(OpenCounter, id, {}), counters.open));
    expect((await Promise.all(all)).map((answer) => outcome(answer).status)).toEqual(['DONE', 'DONE']);
  });
});
