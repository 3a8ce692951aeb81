import { Redis } from 'ioredis';

/** Everything under a prefix is gone, as after FLUSHALL, while other houses on the same Redis keep theirs. */
export async function wipeRedis(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url);
  try {
    const keys = (await redis.keys('*')).filter((key) => key.startsWith(prefix));
    if (keys.length > 0) await redis.del(...keys);
  } finally {
    redis.disconnect();
  }
}
