import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { quantile } from './bench-parts.mjs';

/** What the engines do on their own, through the same clients as the services use. */

const SINGLE = 200;
const BULKS = 40;
const AT_ONCE = 64;

/** @param {string} root @param {string} file */
const built = (root, file) => import(pathToFileURL(path.join(root, 'dist', 'libs', file)).href);

const quiet = { warn() {}, debug() {}, info() {}, trace() {}, error() {} };

/** @param {() => Promise<unknown>} action @param {number} times */
async function median(action, times) {
  const all = [];
  for (let i = 0; i < times; i++) {
    const since = performance.now();
    await action();
    all.push(performance.now() - since);
  }
  return all.sort((a, b) => a - b)[Math.floor(times / 2)];
}

/** Guarded updates of documents as large as an event with its outbox. @param {string} root @param {string} url */
export async function bareDatabase(root, url) {
  const { connectMongo } = await built(root, 'persistence/mongo.js');
  const db = await connectMongo(url, 'bare', quiet);
  const documents = db.collection('bare');
  const filler = 'x'.repeat(2000);
  await documents.insertMany(Array.from({ length: AT_ONCE }, (_, i) => ({ _id: i, rev: 0, filler })));
  let rev = 0;
  const p50 = await median(async () => {
    await documents.updateOne({ _id: 0, rev }, { $set: { rev: ++rev, filler } });
  }, SINGLE);
  await documents.updateOne({ _id: 0 }, { $set: { rev: 0 } });
  const since = performance.now();
  for (let i = 0; i < BULKS; i++) {
    const updates = Array.from({ length: AT_ONCE }, (_, id) => ({
      updateOne: { filter: { _id: id, rev: i }, update: { $set: { rev: i + 1, filler } } },
    }));
    await documents.bulkWrite(updates, { ordered: false });
  }
  const perSecond = (BULKS * AT_ONCE) / ((performance.now() - since) / 1000);
  await db.dropDatabase();
  await db.close();
  return { p50, perSecond };
}

/** One record produced, acknowledged and read back. @param {string} root @param {string} brokers */
export async function bareKafka(root, brokers) {
  const { Kafka } = await built(root, 'messaging/kafka.js');
  const kafka = new Kafka({ brokers: brokers.split(','), clientId: 'bare', prefix: 'bare.', replication: 1, log: quiet });
  await kafka.connect();
  await kafka.ensureTopics([{ name: 'there-and-back', partitions: 1, config: {} }]);
  /** @type {() => void} */
  let heard = () => {};
  const subscription = await kafka.consume({ group: 'bare', topics: ['there-and-back'], fromBeginning: true, onBatch: () => heard() });
  const turn = () =>
    new Promise((resolve, reject) => {
      heard = () => resolve(undefined);
      kafka.send('there-and-back', [{ key: 'k', value: 'v' }]).catch(reject);
    });
  for (let i = 0; i < 20; i++) await turn();
  const p50 = await median(turn, SINGLE);
  await subscription.stop();
  await kafka.close();
  return { p50 };
}

/** Documents with an index of their words, asked by several at once for the first twenty that have words beginning so. @param {string} root @param {string} url @param {string[]} names @param {string[]} queries @param {{ connections: number, seconds: number }} load */
export async function bareSearch(root, url, names, queries, { connections, seconds }) {
  const { connectMongo } = await built(root, 'persistence/mongo.js');
  const db = await connectMongo(url, 'bare', quiet);
  const documents = db.collection('words');
  const rows = names.map((name, _id) => ({ _id, name, words: name.toLowerCase().split(' '), filler: 'x'.repeat(500) }));
  for (let from = 0; from < rows.length; from += 1000) await documents.insertMany(rows.slice(from, from + 1000));
  await documents.createIndex({ words: 1 });
  /** @type {number[]} */
  const times = [];
  const until = performance.now() + seconds * 1000;
  let next = 0;
  const searcher = async () => {
    while (performance.now() < until) {
      const words = (queries[next++ % queries.length] ?? '').split(' ');
      const since = performance.now();
      await documents
        .find({ $and: words.map((word) => ({ words: { $gte: word, $lt: `${word}\uffff` } })) })
        .sort({ _id: 1 })
        .limit(21)
        .toArray();
      times.push(performance.now() - since);
    }
  };
  await Promise.all(Array.from({ length: connections }, searcher));
  await db.dropDatabase();
  await db.close();
  return { p50: quantile(times, 0.5), p95: quantile(times, 0.95), perSecond: times.length / seconds };
}
