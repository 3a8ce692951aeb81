import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FactRecord, Outcome, StateRecord } from '#libs/contracts/message';
import { newId } from '#libs/domain/ids';
import type { Incoming, Kafka, Outgoing } from '#libs/messaging/kafka';
import * as counters from '#libs/testing/counters';
import { Add, CounterStore, OpenCounter, Pour } from '#libs/testing/counters';
import { eventually } from '#libs/testing/eventually';
import { Ground } from '#libs/testing/ground';
import { fetched, message } from '#libs/testing/messages';
import type { Stored } from './document.js';

let ground: Ground;
let kafka: Kafka;
let events: Incoming[];
let states: Incoming[];
let commands: Incoming[];

beforeAll(async () => {
  ground = await Ground.open();
  kafka = await ground.kafka();
  [events, states, commands] = (await Promise.all(['events', 'state', 'commands'].map((kind) => ground.tape(`exchanges.${kind}`)))) as [
    Incoming[],
    Incoming[],
    Incoming[],
  ];
  await (await process()).ensureIndexes();
});

afterAll(() => ground.close());

/** A store whose messages to the broker pass through the hands of the test. */
async function process(send: Kafka['send'] = (topic, messages) => kafka.send(topic, messages)): Promise<CounterStore> {
  return new CounterStore(await ground.house({ kafka: { send } as unknown as Kafka }));
}

const refusing = async (_topic: string, messages: Outgoing[]) => {
  if (messages.length > 0) throw Object.assign(new Error('no broker'), { name: 'KafkaJSConnectionError' });
};

const add = (store: CounterStore, id: string, by: number) => store.change(message(Add, id, { by }), counters.add) as Promise<Outcome>;
const stored = async (store: CounterStore, id: string) => (await store.stored(id)) as unknown as Stored<counters.Counter>;
const sequences = (id: string) => events.filter(({ key }) => key === id).map(({ value }) => (JSON.parse(value!) as FactRecord).sequence);
const versions = (id: string) => states.filter(({ key }) => key === id).map(({ value }) => (JSON.parse(value!) as StateRecord).version);

describe('What was decided', () => {
  it('is published at once: its facts, and its last view; then nothing waits', async () => {
    const store = await process();
    const id = newId();
    const messages = fetched([1, 2, 3].map((by) => message(Add, id, { by })));
    await Promise.all(messages.map((each) => store.change(each, counters.add)));
    await store.drain();
    // A slow machine may see them told twice, never in another order.
    await eventually(() => expect([...new Set(sequences(id))]).toEqual(['0000000001.000', '0000000002.000', '0000000003.000']));
    await eventually(() => expect(new Set(versions(id))).toEqual(new Set([3])));
    expect(await stored(store, id)).toMatchObject({ outbox: [], outboxAt: null });
  });

  it('is published as facts are on the wire: CloudEvents, each with its own id', async () => {
    const store = await process();
    const id = newId();
    await add(store, id, 5);
    const [record] = await eventually(() => {
      const found = events.filter(({ key }) => key === id);
      expect(found).toHaveLength(1);
      return found;
    });
    const fact = JSON.parse(record!.value!) as FactRecord;
    expect(fact).toMatchObject({
      specversion: '1.0',
      type: 'counter.added.v1',
      source: '/exchanges',
      subject: `/v1/counters/${id}`,
      data: { count: 5 },
    });
    expect(record!.headers).toMatchObject({
      ce_id: fact.id,
      ce_type: fact.type,
      ce_subject: fact.subject,
      'content-type': 'application/cloudevents+json',
    });
  });

  it('by a process that died before it could publish is published by the sweep of another, once', async () => {
    const dead = await process(refusing);
    const id = newId();
    expect(await add(dead, id, 1)).toMatchObject({ status: 'DONE', version: 1 });
    await add(dead, id, 2);
    await dead.drain();
    expect((await stored(dead, id)).outbox.length).toBeGreaterThanOrEqual(4);
    const alive = await process();
    await eventually(async () => {
      await alive.sweep();
      expect(sequences(id)).toEqual(['0000000001.000', '0000000002.000']);
    });
    await alive.sweep();
    expect(await stored(alive, id)).toMatchObject({ outbox: [], outboxAt: null });
    expect(versions(id).at(-1)).toBe(2);
    expect(sequences(id)).toHaveLength(2);
  });

  it('goes out with the next write when the broker did not take it', async () => {
    let isAway = true;
    const store = await process((topic, messages) => (isAway ? refusing(topic, messages) : kafka.send(topic, messages)));
    const id = newId();
    await add(store, id, 1);
    await store.drain();
    isAway = false;
    await add(store, id, 2);
    await eventually(() => expect(sequences(id)).toEqual(['0000000001.000', '0000000002.000']));
  });

  it('sends its commands to other aggregates with an id that follows from it', async () => {
    const store = await process();
    const [id, into] = [newId(), newId()];
    await store.change(message(OpenCounter, id, {}), counters.open);
    const pour = message(Pour, id, { into, by: 3 });
    await store.change(pour, counters.pour);
    await eventually(() => expect(commands.filter(({ key }) => key === into)).toHaveLength(1));
    await store.drain();
    const [sent] = commands.filter(({ key }) => key === into);
    expect(sent).toMatchObject({ value: '{"by":3}', headers: { type: Add.type, keyed: '1' } });
    expect(ground.signer.verify(sent!.headers.id!, Add.type, into, sent!.headers.by!)).toMatchObject({ kind: 'SYSTEM', id: 'exchanges' });
  });
});

describe('A process that is slow to publish', () => {
  const held = async () => {
    const { promise: gate, resolve: letGo } = Promise.withResolvers<void>();
    const slow = await process(async (topic, messages) => {
      if (messages.length > 0) await gate;
      return kafka.send(topic, messages);
    });
    return { slow, letGo };
  };

  it('does not leave an older view as the last one, when another has published a newer', async () => {
    const { slow, letGo } = await held();
    const quick = await process();
    const id = newId();
    await add(slow, id, 1);
    await add(quick, id, 2);
    await quick.drain();
    await eventually(() => expect(versions(id)).toEqual([2]));
    letGo();
    await slow.drain();
    await eventually(() => expect(versions(id)).toHaveLength(3));
    expect(versions(id)).toEqual([2, 1, 2]);
  });

  it('does not clear what was added meanwhile', async () => {
    const { slow, letGo } = await held();
    const dead = await process(refusing);
    const id = newId();
    await add(slow, id, 1);
    await add(dead, id, 2);
    await dead.drain();
    letGo();
    await slow.drain();
    // It has found what the dead one left, and published that as well.
    await eventually(() => expect(new Set(sequences(id))).toEqual(new Set(['0000000001.000', '0000000002.000'])));
    await eventually(async () => expect(await stored(slow, id)).toMatchObject({ outbox: [], outboxAt: null }));
    expect(versions(id).at(-1)).toBe(2);
  });

  it('publishes the versions of one aggregate in their order', async () => {
    const store = await process(async (topic, messages) => {
      await new Promise((resolve) => setImmediate(resolve));
      return kafka.send(topic, messages);
    });
    const id = newId();
    for (let step = 1; step <= 30; step += 1) await add(store, id, 1);
    await store.drain();
    await eventually(() => expect(versions(id).at(-1)).toBe(30));
    // Facts come by a topic of their own.
    await eventually(() => expect(new Set(sequences(id)).size).toBe(30));
    const all = [...new Set(sequences(id))];
    expect(all).toEqual(all.toSorted());
  });
});

describe('A view that no broker takes', () => {
  const swollen: typeof counters.add = (_, __, { id }) => ({
    next: { count: 1, steps: [], name: id.repeat(50_000) },
    facts: [],
    verdicts: [],
  });

  it('holds up no other, neither in its write nor in the sweep', async () => {
    const store = await process();
    const [huge, fine, later] = [newId(), newId(), newId()];
    const [a, b] = fetched([message(Add, huge, { by: 1 }), message(Add, fine, { by: 2 })]);
    await Promise.all([store.change(a!, swollen), store.change(b!, counters.add)]);
    await store.drain();
    // What was on its way with it may be told twice.
    await eventually(() => expect(new Set(versions(fine))).toEqual(new Set([1])));
    expect(await stored(store, fine)).toMatchObject({ outbox: [] });
    expect((await stored(store, huge)).outbox.length).toBeGreaterThan(0);
    const dead = await process(refusing);
    await add(dead, later, 3);
    await dead.drain();
    await eventually(async () => {
      await store.sweep();
      expect(versions(later)).toEqual([1]);
    });
    expect(versions(huge)).toEqual([]);
  });

  it('goes out when it has shrunk', async () => {
    const store = await process();
    const id = newId();
    await store.change(message(Add, id, { by: 1 }), swollen);
    await store.drain();
    await store.change(message(Add, id, { by: 1 }), () => ({ next: { count: 2, steps: [] }, facts: [], verdicts: [] }));
    await store.drain();
    await eventually(() => expect(versions(id)).toEqual([2]));
    expect(await stored(store, id)).toMatchObject({ outbox: [] });
  });
});
