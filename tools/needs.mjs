import { existsSync } from 'node:fs';
import { isWhole, jarsOf, venvOf } from './fetch.mjs';
import { foundMongo } from './mongo.mjs';
import { java, maven, python } from './programs.mjs';
import { redisOnPath } from './redis.mjs';
import { Trouble } from './trouble.mjs';

/**
 * The programs that fetch and run the engines, looked for before anything is fetched: all that are missing are told at once.
 * @param {{ root: string, given?: Record<string, string | undefined> }} options given: engines of one's own, by URL
 */
export async function demandPrograms({ root, given = process.env }) {
  const demands = [];
  if (!given.KAFKA_BROKERS) {
    demands.push(java());
    if (!existsSync(jarsOf(root))) demands.push(maven());
  }
  if (!isWhole(venvOf(root)) && !((given.MONGO_URL || (await foundMongo(root))) && (given.REDIS_URL || (await redisOnPath()))))
    demands.push(python());
  const missing = (await Promise.allSettled(demands)).flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  const fault = missing.find((reason) => !(reason instanceof Trouble));
  if (fault) throw fault;
  if (missing.length > 0) throw new Trouble(missing.map(({ message }) => message).join('\n'));
}
