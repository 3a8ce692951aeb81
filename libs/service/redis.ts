import { Redis } from 'ioredis';
import type { Runtime } from './runtime.js';

export type { Redis } from 'ioredis';

/** For what can do without Redis for a while: a command fails at once while it is away, and comes back by itself. */
export function connectRedis({ config, log, after }: Pick<Runtime, 'config' | 'log' | 'after'>, missing: string): Redis {
  const redis = new Redis(config.REDIS_URL, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 500,
    retryStrategy: (tries) => Math.min(tries * 100, 2000),
  });
  redis.on('error', (error) => log.debug({ error: String(error) }, missing));
  after.push(async () => redis.disconnect());
  return redis;
}
