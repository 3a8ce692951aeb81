import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { Outcome, ReplyTo } from '#libs/contracts/message';
import type { Log } from '#libs/service/log';
import { by } from '#libs/testing/actors';
import { Add } from '#libs/testing/counters';
import { CommandConsumer } from './command-consumer.js';
import { encode, Signer } from './envelope.js';
import type { Handled, Message } from './handle.js';
import type { ConsumeOptions, Incoming, Kafka, Offset } from './kafka.js';
import type { Replies } from './replies.js';

const signer = new Signer('a secret of thirty-two letters at least');
const log = { error: () => undefined, warn: () => undefined, debug: () => undefined } as unknown as Log;
const turn = () => new Promise((resolve) => setImmediate(resolve));
const away = Object.assign(new Error('gone'), { name: 'MongoNetworkError' });

const done = ({ id, key }: Message): Handled => ({
  ...{ id, key, status: 'DONE', aggregate: 'counter', version: 1, changed: true },
  ...{ view: null, verdicts: [], refusal: null },
});

function command(offset: number, { key = 'c', partition = 0, headers = {} }: Partial<Incoming> = {}): Incoming {
  const nobody = { within: null, expected: null, dryRun: false, keyed: false, trace: null, due: null };
  const replyTo = { instance: 'asker' };
  const sent = encode({ id: `m${offset}`, type: Add.type, key, by: by('SYSTEM'), data: { by: 1 }, replyTo, ...nobody }, signer);
  return { topic: 't', partition, offset, key, value: sent.value, timestamp: 0, headers: { ...sent.headers, ...headers } };
}

/** A consumer whose broker and shelf are the test. */
async function consumer(handle: (message: Message) => Promise<Handled>) {
  let options: ConsumeOptions | null = null;
  const seen = { answers: [] as { to: ReplyTo; outcome: Outcome }[], shelved: [] as string[], commits: [] as Offset[] };
  const kafka = {
    consume: async (asked: ConsumeOptions) => {
      options = asked;
      return { commit: async (offsets: Offset[]) => void seen.commits.push(...offsets), assigned: () => true, stop: async () => undefined };
    },
  } as unknown as Kafka;
  const replies = { send: async (to: ReplyTo, outcome: Outcome) => void seen.answers.push({ to, outcome }) };
  const shelf = {
    put: async ({ offset }: Incoming, reason: string) => void seen.shelved.push(`${offset}: ${reason}`),
    serves: () => undefined,
  };
  const routes = new Map([[Add.type, { contract: Add, handle }]]);
  const all = [kafka, signer, replies as unknown as Replies, shelf, log, () => undefined] as const;
  const one = new CommandConsumer('exchanges', routes, ...all);
  await one.start();
  const fetch = (...messages: Incoming[]) => options!.onBatch(messages);
  return { one, fetch, seen };
}

afterEach(() => {
  jest.useRealTimers();
});

describe('The commands of one fetch', () => {
  it('are decided when all have arrived, and those of the next fetch after them', async () => {
    const order: string[] = [];
    const { fetch, one } = await consumer(async (message) => {
      // The first of each fetch is slow on its way to its store.
      if (message.offset % 2 === 0) await turn();
      order.push(`${message.offset} arrives`);
      message.arrived();
      await message.together;
      order.push(`${message.offset} is decided`);
      return done(message);
    });
    fetch(command(0), command(1));
    fetch(command(2), command(3));
    await turn();
    await turn();
    await turn();
    await one.stop();
    expect(order).toEqual([
      ...['1 arrives', '0 arrives', '1 is decided', '0 is decided'],
      ...['3 arrives', '2 arrives', '3 is decided', '2 is decided'],
    ]);
  });

  it('do not wait for another partition', async () => {
    let free: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      free = resolve;
    });
    const handled: number[] = [];
    const { fetch, one } = await consumer(async (message) => {
      if (message.partition === 0) await gate;
      handled.push(message.offset);
      return done(message);
    });
    fetch(command(0));
    fetch(command(7, { partition: 1 }));
    await turn();
    expect(handled).toEqual([7]);
    free();
    await one.stop();
  });
});

describe('A command', () => {
  it('is answered, then its offset is committed', async () => {
    const { fetch, one, seen } = await consumer(async (message) => done(message));
    fetch(command(4));
    await turn();
    await one.stop();
    expect(seen.answers).toMatchObject([{ to: { instance: 'asker' }, outcome: { id: 'm4', status: 'DONE' } }]);
    expect(seen.commits).toEqual([expect.objectContaining({ partition: 0, next: 5 })]);
  });

  it.each([
    ['that no handler takes', { headers: { type: 'counter.unknown.v1' } }, /knows no command/],
    ['whose actor is not signed', { headers: { by: 'me.' } }, /not signed/],
    ['whose handler meets a bug', { key: 'bug' }, /TypeError: broken/],
  ])('%s is shelved and answered as failed, and the next goes on', async (_, fields, reason) => {
    const { fetch, one, seen } = await consumer(async (message) => {
      if (message.key === 'bug') throw new TypeError('broken');
      return done(message);
    });
    fetch(command(1, fields), command(2));
    await turn();
    await one.stop();
    expect(seen.shelved).toEqual([expect.stringMatching(reason)]);
    expect(seen.answers.map(({ outcome }) => outcome.status).toSorted()).toEqual(['DONE', 'FAILED']);
    expect(seen.commits.at(-1)?.next).toBe(3);
  });

  it('that does not say readably where its answer goes holds nothing up', async () => {
    const { fetch, one, seen } = await consumer(async (message) => done(message));
    fetch(command(1, { headers: { reply: '{"instance":' } }), command(2));
    await turn();
    await one.stop();
    expect(seen.answers.map(({ outcome }) => outcome.id)).toEqual(['m2']);
    expect(seen.commits.at(-1)?.next).toBe(3);
  });

  it('whose handler hangs is given up: shelved, answered, and too late for its store, while the partition goes on', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
    let wake: () => void = () => undefined;
    const late: unknown[] = [];
    const { fetch, seen } = await consumer(async (message) => {
      if (message.offset !== 1) return done(message);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      try {
        message.arrived();
      } catch (error) {
        late.push(error);
      }
      return done(message);
    });
    fetch(command(1));
    fetch(command(2));
    await turn();
    expect(seen.answers).toEqual([]);
    jest.advanceTimersByTime(15_001);
    await turn();
    expect(seen.shelved).toEqual([expect.stringContaining('within 15000 ms')]);
    expect(seen.answers.map(({ outcome }) => [outcome.id, outcome.status])).toEqual([
      ['m1', 'FAILED'],
      ['m2', 'DONE'],
    ]);
    wake();
    await turn();
    expect(late).toHaveLength(1);
    expect(seen.answers).toHaveLength(2);
  });

  it('waits for an engine that is away as long as it takes, and those behind it wait too', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
    let tries = 0;
    const { fetch, seen } = await consumer(async (message) => {
      if (message.offset === 1) tries += 1;
      if (message.offset === 1 && tries < 100) throw away;
      return done(message);
    });
    fetch(command(1));
    fetch(command(2));
    for (let i = 0; i < 99; i += 1) {
      await turn();
      expect(seen.answers).toEqual([]);
      jest.advanceTimersByTime(250);
    }
    await turn();
    expect(seen.answers.map(({ outcome }) => [outcome.id, outcome.status])).toEqual([
      ['m1', 'DONE'],
      ['m2', 'DONE'],
    ]);
    expect(seen.shelved).toEqual([]);
  });
});

describe('At shutdown', () => {
  it('what has begun ends and is committed; what has not is left to the next owner', async () => {
    let free: () => void = () => undefined;
    const handled: number[] = [];
    const { fetch, one, seen } = await consumer(async (message) => {
      handled.push(message.offset);
      await new Promise<void>((resolve) => {
        free = resolve;
      });
      return done(message);
    });
    fetch(command(1));
    fetch(command(2));
    await turn();
    const stopped = one.stop();
    fetch(command(3));
    await turn();
    free();
    await stopped;
    expect(handled).toEqual([1]);
    expect(seen.commits).toEqual([expect.objectContaining({ next: 2 })]);
  });
});
