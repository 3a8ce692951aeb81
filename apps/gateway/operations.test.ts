import { describe, expect, it, jest } from '@jest/globals';
import type { Incoming } from '#libs/messaging/kafka';
import { eventually } from '#libs/testing/eventually';
import { Operations } from './operations.store.js';

const away = () => Object.assign(new Error('connection lost'), { name: 'MongoNetworkError' });
const outcome = (id: string) => ({
  id,
  status: 'DONE',
  aggregate: 'event',
  key: 'e',
  version: 2,
  changed: true,
  view: { id: 'e' },
  verdicts: [],
  refusal: null,
});

/** The operations of one gateway whose database, read models and broker do as told. */
async function opened({ find = async (): Promise<void> => undefined, show = async (): Promise<void> => undefined } = {}) {
  const pending = new Map<string, unknown>([
    ['a', null],
    ['b', null],
  ]);
  const operations = {
    createIndex: async () => undefined,
    find: ({ _id }: { _id: { $in: string[] } }) => ({
      toArray: async () => {
        await find();
        return _id.$in.filter((id) => pending.get(id) === null).map((id) => ({ _id: id }));
      },
    }),
    updateOne: async ({ _id }: { _id: string }, { $set }: { $set: { state: string } }) => void pending.set(_id, $set.state),
  };
  let hear: (messages: Incoming[]) => void = () => undefined;
  const commit = jest.fn(async (_: { next: number }[]) => undefined);
  const log = { warn: jest.fn(), error: jest.fn(), debug: jest.fn() };
  const kafka = {
    consume: async ({ onBatch }: { onBatch: typeof hear }) => {
      hear = onBatch;
      return { commit, pause: () => undefined, resume: () => undefined, stop: async () => undefined };
    },
  };
  const steps: Record<'before' | 'after', (() => Promise<void>)[]> = { before: [], after: [] };
  const runtime = { ...steps, kafka, log, clock: { now: () => new Date() } };
  new Operations({ db: { collection: () => operations } } as never, {} as never, { show } as never, runtime as never);
  await steps.before[0]?.();
  const message = (key: string, offset: number, value = JSON.stringify(outcome(key))): Incoming => ({
    topic: 'replies',
    partition: 0,
    offset,
    key,
    value,
    headers: { instance: 'g1' },
    timestamp: 0,
  });
  const committed = () => Math.max(-1, ...commit.mock.calls.flatMap(([due]) => due.map(({ next }) => next)));
  return { pending, committed, hear: (...messages: Incoming[]) => hear(messages), message, close: () => steps.after[0]!() };
}

describe('Operations', () => {
  it('hold an answer in hand while the database is away, and note it when it is back', async () => {
    let isBack = false;
    let asked = 0;
    const gateway = await opened({
      find: async () => {
        asked += 1;
        if (!isBack) throw away();
      },
    });
    gateway.hear(gateway.message('a', 7));
    // Asked in vain for longer than offsets wait to be committed.
    await eventually(() => expect(asked).toBeGreaterThan(4));
    expect({ committed: gateway.committed(), state: gateway.pending.get('a') }).toEqual({ committed: -1, state: null });
    isBack = true;
    await eventually(() =>
      expect({ committed: gateway.committed(), state: gateway.pending.get('a') }).toEqual({ committed: 8, state: 'SUCCEEDED' }),
    );
    await gateway.close();
  });

  it('note an answer beside one that cannot be read', async () => {
    const gateway = await opened();
    gateway.hear(gateway.message('b', 1, '{ this is no JSON'), gateway.message('x', 2, '{}'), gateway.message('a', 3));
    await eventually(() => expect(gateway.committed()).toBe(4));
    expect([...gateway.pending]).toEqual([
      ['a', 'SUCCEEDED'],
      ['b', null],
    ]);
    await gateway.close();
  });

  it('tell who asked though the view could not be shown', async () => {
    const gateway = await opened({ show: () => Promise.reject(new Error('a view no model takes')) });
    gateway.hear(gateway.message('a', 1));
    await eventually(() => expect(gateway.pending.get('a')).toBe('SUCCEEDED'));
    await gateway.close();
  });
});
