import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { Answer } from './answer.js';
import { Idempotency } from './idempotency.store.js';

interface Kept {
  _id: string;
  answer: unknown;
  openUntil: Date;
}

/** As much of a collection as is asked for here, in memory. */
class Entries {
  readonly all = new Map<string, Kept>();

  async insertOne(entry: Kept) {
    if (this.all.has(entry._id)) throw Object.assign(new Error('duplicate'), { code: 11000 });
    this.all.set(entry._id, { ...entry });
  }

  async updateOne(
    { _id, openUntil, ...asked }: { _id: string; answer?: null; openUntil?: { $lt: Date } },
    { $set }: { $set: Partial<Kept> },
  ) {
    const entry = this.all.get(_id);
    const isMeant = entry && !('answer' in asked && entry.answer) && !(openUntil && entry.openUntil >= openUntil.$lt);
    if (isMeant) Object.assign(entry, $set);
    return { modifiedCount: isMeant ? 1 : 0 };
  }

  async findOne({ _id }: { _id: string }) {
    return this.all.get(_id) ?? null;
  }
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const idempotency = (entries: Entries) =>
  new Idempotency({ db: { collection: () => entries } } as never, { config: { SECRETS_KEY: 'k'.repeat(32) }, before: [] } as never);

it('keeps a key in hand for as long as it is answered, and frees that of who has died', async () => {
  const entries = new Entries();
  let end: (answer: Answer) => void = () => undefined;
  const first = idempotency(entries).once('m', { a: 1 }, () => new Promise((resolve) => (end = resolve)));
  await jest.advanceTimersByTimeAsync(59_000);
  const write = jest.fn(async () => new Answer(201, { second: true }));
  await expect(idempotency(entries).once('m', { a: 1 }, write)).rejects.toMatchObject({ details: { code: 'IDEMPOTENCY.IN_PROGRESS' } });
  expect(write).not.toHaveBeenCalled();
  end(new Answer(201, { first: true }));
  expect((await first).body).toEqual({ first: true });

  entries.all.set('dead', { ...entries.all.get('m')!, _id: 'dead', answer: null, openUntil: new Date(Date.now() + 15_000) });
  await jest.advanceTimersByTimeAsync(16_000);
  expect((await idempotency(entries).once('dead', { a: 1 }, write)).body).toEqual({ second: true });
});

it('goes on where one was broken off: what it would have created is not created beside it', async () => {
  const entries = new Entries();
  const asked: string[] = [];
  const broken = idempotency(entries).once('m', { a: 1 }, async (aggregate) => {
    asked.push(aggregate);
    throw new Error('the database went away');
  });
  await expect(broken).rejects.toThrow('went away');
  await jest.advanceTimersByTimeAsync(1);
  const again = await idempotency(entries).once('m', { a: 1 }, async (aggregate) => {
    asked.push(aggregate);
    return new Answer(201, { done: true });
  });
  expect(again.body).toEqual({ done: true });
  expect(new Set(asked).size).toBe(1);
});
