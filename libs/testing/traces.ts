import { Redis } from 'ioredis';
import type { Incoming, Kafka } from '#libs/messaging/kafka';

const QUIET_MS = 1500;

/** Everything that can be read of these topics now, from their beginnings. */
export async function readAll(kafka: Kafka, topics: string[], group: string): Promise<Incoming[]> {
  const found: Incoming[] = [];
  let heard = Date.now();
  const subscription = await kafka.consume({
    group,
    topics,
    fromBeginning: true,
    onBatch: (messages) => {
      found.push(...messages);
      heard = Date.now();
    },
  });
  try {
    while (!subscription.assigned()) await new Promise((resolve) => setTimeout(resolve, 50));
    heard = Date.now();
    // The last record may have been compacted or cut off: an end that is told is not always reached.
    while (Date.now() - heard < QUIET_MS) await new Promise((resolve) => setTimeout(resolve, 50));
  } finally {
    await subscription.stop();
  }
  return found;
}

const hasText = ({ key, value, headers }: Incoming, text: string) => JSON.stringify([key, value, headers]).includes(text);

/** Places of records that hold a text. */
export const holding = (messages: readonly Incoming[], text: string): string[] =>
  messages.filter((message) => hasText(message, text)).map(({ topic, partition, offset }) => `${topic}/${partition}@${offset}`);

/** What compaction leaves of a topic: the last record of each key, and none where that is a tombstone. */
export function compacted(messages: readonly Incoming[]): Incoming[] {
  const last = new Map<string, Incoming>();
  for (const message of messages) {
    const name = `${message.topic} ${message.key}`;
    const known = last.get(name);
    if (!known || known.offset < message.offset) last.set(name, message);
  }
  return [...last.values()].filter(({ value }) => value !== null);
}

/** Keys of a Redis that hold a text, or are called so. */
export async function keysHolding(url: string, text: string): Promise<string[]> {
  const redis = new Redis(url);
  try {
    const keys = await redis.keys('*');
    const found = await Promise.all(keys.map(async (key) => ({ key, said: JSON.stringify(await contentOf(redis, key)) })));
    return found.filter(({ key, said }) => key.includes(text) || said.includes(text)).map(({ key }) => key);
  } finally {
    redis.disconnect();
  }
}

async function contentOf(redis: Redis, key: string): Promise<unknown> {
  const type = await redis.type(key);
  if (type === 'string') return redis.get(key);
  if (type === 'hash') return redis.hgetall(key);
  if (type === 'list') return redis.lrange(key, 0, -1);
  if (type === 'set') return redis.smembers(key);
  if (type === 'zset') return redis.zrange(key, '0', '-1');
  if (type === 'stream') return redis.xrange(key, '-', '+');
  return null;
}
