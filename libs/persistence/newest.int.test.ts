import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Collection, Connection } from 'mongoose';
import { createLog } from '#libs/service/log';
import { environment } from '#libs/testing/environment';
import { connectMongo } from './mongo.js';
import { keepNewest } from './newest.js';

interface Doc {
  _id: string;
  version: number;
  [field: string]: unknown;
}

let db: Connection;
let made = 0;

beforeAll(async () => {
  const { MONGO_URL, MONGO_PREFIX } = environment() as { MONGO_URL: string; MONGO_PREFIX: string };
  db = await connectMongo(MONGO_URL, `${MONGO_PREFIX}_newest`, createLog('worker', 'test', 'silent'));
});
afterAll(async () => {
  await db.dropDatabase();
  await db.close();
});

function shelf(): Collection<Doc> {
  made += 1;
  return db.collection(`docs${made}`) as unknown as Collection<Doc>;
}

const doc = (id: string, version: number, more: object = {}): Doc => ({ _id: id, version, said: `${id} at ${version}`, ...more });
const lying = async (collection: Collection<Doc>) => (await collection.find().sort({ _id: 1 }).toArray()) as unknown as Doc[];

describe('The newest of each', () => {
  it('is kept whole: what an older version said besides is gone', async () => {
    const docs = shelf();
    await keepNewest(docs, [doc('a', 1, { words: ['old'] }), doc('b', 1)]);
    await keepNewest(docs, [doc('a', 2), doc('c', 7)]);
    expect(await lying(docs)).toEqual([doc('a', 2), doc('b', 1), doc('c', 7)]);
  });

  it('stays when an older one comes late, alone or among others', async () => {
    const docs = shelf();
    await keepNewest(docs, [doc('a', 5)]);
    await keepNewest(docs, [doc('a', 4)]);
    await keepNewest(docs, [doc('a', 3), doc('b', 1)]);
    await keepNewest(docs, [doc('a', 5, { said: 'otherwise' }), doc('b', 1)]);
    expect(await lying(docs)).toEqual([doc('a', 5), doc('b', 1)]);
  });

  it('is found by two who write at once, in whatever order and parts', async () => {
    const documents = fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), version: fc.integer({ min: 1, max: 5 }) }), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(documents, { minLength: 1, maxLength: 5 }), async (batches) => {
        const docs = shelf();
        const once = batches.map((batch) => [...new Map(batch.map(({ id, version }) => [id, doc(id, version)])).values()]);
        await Promise.all(once.map((batch) => keepNewest(docs, batch)));
        const expected = new Map<string, number>();
        for (const { _id, version } of once.flat()) expected.set(_id, Math.max(version, expected.get(_id) ?? 0));
        expect(await lying(docs)).toEqual([...expected].sort().map(([id, version]) => doc(id, version)));
      }),
      { numRuns: 25 },
    );
  });

  it('fails as the database does, rather than pass for an older one', async () => {
    const docs = shelf();
    const toolong = doc('b', 1, { said: 'x'.repeat(17 * 1024 * 1024) });
    await expect(keepNewest(docs, [doc('a', 1), toolong])).rejects.toThrow();
  });
});
