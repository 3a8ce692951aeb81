import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Collection, Connection } from 'mongoose';
import { isAway } from '#libs/messaging/away';
import { createLog } from '#libs/service/log';
import { environment } from '#libs/testing/environment';
import { Wire } from '#libs/testing/wire';
import { connectMongo } from './mongo.js';

/** As the client tells it, whatever it is called: each of these kinds of error has been taken for a bug once. */
type Things = Collection<{ _id: string; rev: number }>;

let wire: Wire;
let db: Connection;
let things: Things;

beforeEach(async () => {
  const { MONGO_URL, MONGO_PREFIX } = environment() as { MONGO_URL: string; MONGO_PREFIX: string };
  wire = await Wire.to(MONGO_URL);
  db = await connectMongo(wire.url, `${MONGO_PREFIX}_away`, createLog('worker', 'test', 'silent'));
  things = db.collection('things') as unknown as Things;
});

afterEach(async () => {
  wire.release();
  await db.close();
  await wire.close();
});

const operations: [string, (things: Things, mark: string) => Promise<unknown>][] = [
  ['a query', (all, _id) => all.find({ _id }).toArray()],
  ['an insert', (all, _id) => all.insertOne({ _id, rev: 1 })],
  ['an update', (all, _id) => all.updateOne({ _id }, { $set: { rev: 2 } })],
  ['an update that reads', (all, _id) => all.findOneAndUpdate({ _id }, { $set: { rev: 2 } })],
  ['a bulk', (all, _id) => all.bulkWrite([{ updateOne: { filter: { _id }, update: { $set: { rev: 2 } } } }], { ordered: false })],
  ['a bulk of inserts', (all, _id) => all.bulkWrite([{ insertOne: { document: { _id, rev: 1 } } }], { ordered: false })],
];

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

describe('A database that goes', () => {
  it.each(operations)('is away: for %s that is under way', async (_, operation) => {
    const gone = wire.holdBefore('the one that is cut');
    const cut = failureOf(operation(things, 'the one that is cut'));
    await gone;
    await wire.close();
    expect(isAway(await cut)).toBe(true);
  });

  it('is away for whatever is asked of it then', async () => {
    await wire.close();
    const failures = await Promise.all(operations.map(([, operation]) => failureOf(operation(things, 'the next'))));
    expect(failures.map(isAway)).toEqual(operations.map(() => true));
  });
});
