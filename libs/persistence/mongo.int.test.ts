import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Collection, Connection } from 'mongoose';
import { createLog } from '#libs/service/log';
import { environment } from '#libs/testing/environment';
import { connectMongo } from './mongo.js';

/**
 * What we ask of the database, so that a compatible server is known to do before a service runs on it:
 * just the operators the stores, copies and files use.
 */
interface Thing {
  _id: string;
  rev?: number;
  [field: string]: unknown;
}

let db: Connection;
let things: Collection<Thing>;

beforeAll(async () => {
  const { MONGO_URL, MONGO_PREFIX } = environment() as { MONGO_URL: string; MONGO_PREFIX: string };
  db = await connectMongo(MONGO_URL, `${MONGO_PREFIX}_compatible`, createLog('worker', 'test', 'silent'));
  things = db.collection('things') as unknown as Collection<Thing>;
});

afterEach(() => db.dropDatabase());

afterAll(async () => {
  await db.close();
});

const ids = (found: { _id: unknown }[]) => found.map(({ _id }) => String(_id)).toSorted();

/** What a query goes through: `IXSCAN` with an index. */
async function stages(filter: object): Promise<string> {
  return JSON.stringify(await things.find(filter).explain('executionStats'));
}

describe('An update of many that renames fields', () => {
  it('puts one in the place of another, and holds what is unique', async () => {
    await things.createIndex({ 'state.name': 1 }, { unique: true, partialFilterExpression: { 'state.name': { $type: 'string' } } });
    const prepared = (id: string, name: string) => ({ _id: id, rev: 0, state: null, next_rev: 1, next_state: { name } });
    await things.insertMany([prepared('a', 'A'), prepared('b', 'B'), prepared('other', 'C')]);
    const $rename = { next_rev: 'rev', next_state: 'state', next_gone: 'gone' };
    const { matchedCount } = await things.updateMany({ _id: { $in: ['a', 'b', 'missing'] }, rev: 0 }, { $rename });
    expect(matchedCount).toBe(2);
    expect(await things.findOne({ _id: 'a' })).toEqual({ _id: 'a', rev: 1, state: { name: 'A' } });
    await things.insertOne(prepared('c', 'A'));
    await expect(things.updateMany({ _id: { $in: ['c'] } }, { $rename })).rejects.toMatchObject({ code: 11000 });
    await things.updateOne({ _id: 'a' }, { $set: { 'state.name': 'Z' } });
    expect((await things.updateMany({ _id: { $in: ['c'] } }, { $rename })).matchedCount).toBe(1);
  });
});

describe('A guarded bulk write', () => {
  it('tells in its sums how many guards held', async () => {
    await things.insertMany([
      { _id: 'a', rev: 1 },
      { _id: 'b', rev: 5 },
    ]);
    const guarded = ['a', 'b', 'none'].map((_id) => ({ updateOne: { filter: { _id, rev: 1 }, update: { $set: { rev: 2 } } } }));
    const insert = { insertOne: { document: { _id: 'c', rev: 1 } } };
    const result = await things.bulkWrite([...guarded, insert], { ordered: false });
    expect([result.matchedCount, result.insertedCount]).toEqual([1, 1]);
    expect(await things.findOne({ _id: 'b' })).toEqual({ _id: 'b', rev: 5 });
  });

  it('counts one that changes nothing as held', async () => {
    await things.insertOne({ _id: 'a', rev: 1 });
    const result = await things.bulkWrite([{ updateOne: { filter: { _id: 'a', rev: 1 }, update: { $set: { rev: 1 } } } }], {
      ordered: false,
    });
    expect(result.matchedCount).toBe(1);
  });

  it('goes on behind one that clashes, and names the index of each clash before the values', async () => {
    await things.createIndex({ 'state.slug': 1 }, { unique: true, partialFilterExpression: { 'state.slug': { $type: 'string' } } });
    await things.insertMany([
      { _id: 'a', rev: 1, state: { slug: 'x index: _id_' } },
      { _id: 'b', rev: 1 },
    ]);
    const state = { slug: 'x index: _id_' };
    const write = things.bulkWrite(
      [
        { insertOne: { document: { _id: 'a', rev: 1 } } },
        { insertOne: { document: { _id: 'c', rev: 1, state } } },
        { updateOne: { filter: { _id: 'b', rev: 1 }, update: { $set: { rev: 2, state } } } },
        { insertOne: { document: { _id: 'd', rev: 1 } } },
      ],
      { ordered: false },
    );
    const error = await write.then(
      () => null,
      (refused) => refused,
    );
    const clashes = [error.writeErrors].flat().map(({ index, code, errmsg }) => [index, code, / index: (\S+)/.exec(errmsg)?.[1]]);
    expect(clashes).toEqual([
      [0, 11000, '_id_'],
      [1, 11000, 'state.slug_1'],
      [2, 11000, 'state.slug_1'],
    ]);
    expect([error.result.insertedCount, error.result.matchedCount]).toEqual([1, 0]);
    expect(await things.findOne({ _id: 'b' })).toEqual({ _id: 'b', rev: 1 });
  });

  it('of an upsert whose guard does not hold meets its own id', async () => {
    await things.insertOne({ _id: 'a', version: 7 });
    const write = things.bulkWrite(
      [
        { updateOne: { filter: { _id: 'a', version: { $lt: 5 } }, update: { $set: { version: 5 } }, upsert: true } },
        { replaceOne: { filter: { _id: 'b', version: { $lt: 5 } }, replacement: { version: 5 }, upsert: true } },
      ],
      { ordered: false },
    );
    await expect(write).rejects.toMatchObject({ code: 11000 });
    expect(await things.find().toArray()).toEqual([
      { _id: 'a', version: 7 },
      { _id: 'b', version: 5 },
    ]);
  });

  it('replaces all but the id where it is asked to', async () => {
    await things.insertOne({ _id: 'a', version: 1, words: ['ada'] });
    await things.bulkWrite([{ replaceOne: { filter: { _id: 'a', version: { $lt: 5 } }, replacement: { version: 5, view: null } } }]);
    expect(await things.findOne({ _id: 'a' })).toEqual({ _id: 'a', version: 5, view: null });
  });

  it('keeps whole numbers up to the largest exact one, as an erased version is', async () => {
    await things.insertOne({ _id: 'a', version: Number.MAX_SAFE_INTEGER });
    expect(await things.countDocuments({ version: { $lt: Number.MAX_SAFE_INTEGER } })).toBe(0);
    expect((await things.findOne({ _id: 'a' }))?.version).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('is not torn: of many racing writers of one document one wins each revision', async () => {
    await things.insertOne({ _id: 'a', rev: 0 });
    const races = Array.from({ length: 20 }, () =>
      things.bulkWrite([{ updateOne: { filter: { _id: 'a', rev: 0 }, update: { $set: { rev: 1 } } } }], { ordered: false }),
    );
    const results = await Promise.all(races);
    expect(results.reduce((sum, { matchedCount }) => sum + matchedCount, 0)).toBe(1);
  });
});

describe('A sparse index', () => {
  it('serves what is before a moment, and null is before none', async () => {
    await things.createIndex({ outboxAt: 1 }, { sparse: true });
    await things.insertMany([
      { _id: 'null', outboxAt: null },
      { _id: 'missing' },
      { _id: 'old', outboxAt: new Date(1000) },
      { _id: 'new', outboxAt: new Date() },
    ]);
    const waiting = { outboxAt: { $lt: new Date(2000) } };
    expect(ids(await things.find(waiting).sort({ outboxAt: 1 }).limit(10).toArray())).toEqual(['old']);
    expect(await stages(waiting)).toContain('IXSCAN');
  });
});

describe('A unique index over what is there', () => {
  it('lets many go without, and none share', async () => {
    await things.createIndex({ 'state.name': 1 }, { unique: true, partialFilterExpression: { 'state.name': { $type: 'string' } } });
    await things.insertMany([{ _id: 'a', state: { name: 'x' } }, { _id: 'b', state: {} }, { _id: 'c', state: null }, { _id: 'd' }]);
    await things.insertMany([
      { _id: 'n1', state: { name: null } },
      { _id: 'n2', state: { name: null } },
    ]);
    await expect(things.insertOne({ _id: 'e', state: { name: 'x' } })).rejects.toMatchObject({ code: 11000 });
  });

  it('lets a value go that is changed or taken away, when it came by an update', async () => {
    await things.createIndex({ 'state.name': 1 }, { unique: true, partialFilterExpression: { 'state.name': { $type: 'string' } } });
    const take = (_id: string, state: unknown) => things.updateOne({ _id }, { $set: { state } });
    await things.insertMany([{ _id: 'a' }, { _id: 'b' }, { _id: 'c' }]);
    await take('a', { name: 'x' });
    await take('a', { name: 'y' });
    await take('b', { name: 'x' });
    await take('a', null);
    await take('c', { name: 'y' });
    await expect(take('a', { name: 'y' })).rejects.toMatchObject({ code: 11000 });
  });

  it('gives a value to one of many who ask at once', async () => {
    await things.createIndex({ 'state.name': 1 }, { unique: true, partialFilterExpression: { 'state.name': { $type: 'string' } } });
    await things.insertMany(Array.from({ length: 10 }, (_, i) => ({ _id: `t${i}` })));
    const races = Array.from({ length: 10 }, (_, i) => things.updateOne({ _id: `t${i}` }, { $set: { state: { name: 'x' } } }));
    const won = (await Promise.allSettled(races)).filter(({ status }) => status === 'fulfilled');
    expect(won).toHaveLength(1);
  });

  it('is made twice without complaint', async () => {
    const make = () => things.createIndex({ 'state.name': 1 }, { name: 'state.name_1', unique: true, sparse: true });
    await make();
    await make();
  });
});

describe('An index by time', () => {
  it('says after how long its documents go, and null does not count', async () => {
    await things.createIndex({ emptySince: 1 }, { expireAfterSeconds: 86_400 });
    const indexes = await things.indexes();
    expect(indexes).toContainEqual(expect.objectContaining({ key: { emptySince: 1 }, expireAfterSeconds: 86_400 }));
    await things.insertMany([{ _id: 'null', emptySince: null }, { _id: 'young', emptySince: new Date() }, { _id: 'missing' }]);
    expect(await things.countDocuments()).toBe(3);
  });
});

describe('A query', () => {
  it('finds ranges inside one element of a list', async () => {
    await things.insertMany([
      { _id: 'one', dates: [{ from: 10, to: 20 }] },
      {
        _id: 'two',
        dates: [
          { from: 1, to: 2 },
          { from: 30, to: 40 },
        ],
      }, // prettier-ignore
    ]);
    const overlapping = (from: number, to: number) => ({ dates: { $elemMatch: { from: { $lte: to }, to: { $gte: from } } } });
    expect(ids(await things.find(overlapping(15, 16)).toArray())).toEqual(['one']);
    expect(ids(await things.find(overlapping(3, 9)).toArray())).toEqual([]);
    expect(ids(await things.find(overlapping(2, 35)).toArray())).toEqual(['one', 'two']);
  });

  it('finds by any of several values, in lists too, and through an index', async () => {
    await things.createIndex({ words: 1 });
    await things.insertMany([
      { _id: 'a', words: ['energy', 'water'] },
      { _id: 'b', words: ['textiles'] },
      { _id: 'c', words: [] },
    ]);
    expect(ids(await things.find({ words: { $in: ['water', 'textiles'] } }).toArray())).toEqual(['a', 'b']);
    expect(ids(await things.find({ words: { $all: ['energy', 'water'] } }).toArray())).toEqual(['a']);
  });

  it('finds by the beginning of a word', async () => {
    await things.createIndex({ words: 1 });
    await things.insertMany([
      { _id: 'a', words: ['energie', 'wasser'] },
      { _id: 'b', words: ['energy'] },
      { _id: 'c', words: ['enemy', 'gy'] },
    ]);
    expect(ids(await things.find({ words: { $elemMatch: { $gte: 'energ', $lt: 'energ\uffff' } } }).toArray())).toEqual(['a', 'b']);
  });

  it('gives pages in a stable order', async () => {
    await things.insertMany(Array.from({ length: 25 }, (_, i) => ({ _id: `t${String(i).padStart(2, '0')}`, rank: i % 3 })));
    const page = (after: { rank: number; _id: string } | null) =>
      things
        .find(after ? { $or: [{ rank: { $gt: after.rank } }, { rank: after.rank, _id: { $gt: after._id } }] } : {})
        .sort({ rank: 1, _id: 1 })
        .limit(10)
        .toArray();
    const seen: string[] = [];
    for (let last: { rank: number; _id: string } | null = null; ; ) {
      const found = (await page(last)) as unknown as { rank: number; _id: string }[];
      if (found.length === 0) break;
      seen.push(...found.map(({ _id }) => _id));
      last = found.at(-1)!;
    }
    expect(new Set(seen).size).toBe(25);
  });

  it('tells what different values there are', async () => {
    await things.insertMany([
      { _id: 'a', key: 'x', kind: 'P' },
      { _id: 'b', key: 'x', kind: 'P' },
      { _id: 'c', key: 'y', kind: 'S' },
    ]);
    expect(await things.distinct('key', { kind: 'P' })).toEqual(['x']);
  });

  it('leaves away what is not there, instead of bringing it back as null', async () => {
    await things.insertOne({ _id: 'a', there: 1, gone: undefined });
    expect(await things.findOne({ _id: 'a' })).toEqual({ _id: 'a', there: 1 });
  });
});
