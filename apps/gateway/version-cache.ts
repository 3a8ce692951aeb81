import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { Collection } from 'mongoose';
import { Runtime } from '#libs/service/runtime';

interface Stamp {
  _id: string;
  token: string;
}

interface Lookup {
  tags: string[];
  resolve(tokens: string[]): void;
  reject(error: Error): void;
}

const EPOCH = 'epoch';
const mint = () => randomBytes(9).toString('base64url');

/**
 * Tells whether what was rendered before still holds. A tag stands for what an answer was read from; its token changes with
 * each write. Look-ups of one event-loop turn go together, and start after the request came in. Redis holds the tokens while it is
 * there; without it they are looked up in MongoDB, where every token is written as well.
 */
@Injectable()
export class Versions {
  private readonly redis: Redis;
  private readonly prefix: string;
  private pending: Lookup[] = [];
  /** Redis has missed a token while it was away: it is not believed until all of its tokens are void. */
  private trusted = false;

  constructor(private readonly runtime: Runtime) {
    const { REDIS_URL, MONGO_PREFIX } = runtime.config;
    this.prefix = `${MONGO_PREFIX}:version:`;
    this.redis = new Redis(REDIS_URL, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: 500,
      retryStrategy: (tries) => Math.min(tries * 100, 2000),
    });
    this.redis.on('error', (error) => runtime.log.debug({ error: String(error) }, 'Redis is away; versions are looked up in MongoDB'));
    this.redis.on('close', () => {
      this.trusted = false;
    });
    this.redis.on('ready', () => void this.renew());
    runtime.health.add('redis', async () => void (await this.redis.ping()));
    runtime.after.push(async () => this.redis.disconnect());
  }

  /** The tokens of these tags, and the epoch's as the last. */
  lookup(tags: string[]): Promise<string[]> {
    return new Promise((resolve, reject) => {
      this.pending.push({ tags: [...tags, EPOCH], resolve, reject });
      if (this.pending.length === 1) setImmediate(() => void this.flush());
    });
  }

  /** Voids what was rendered from these tags; resolves when every gateway sees it. */
  async raise(tags: string[]): Promise<void> {
    if (tags.length === 0) return;
    const token = mint();
    await this.stamps.bulkWrite(
      tags.map((tag) => ({ updateOne: { filter: { _id: tag }, update: { $set: { token } }, upsert: true } })) as never,
      { ordered: false },
    );
    await this.raiseInRedis(tags, token);
  }

  private async raiseInRedis(tags: string[], token: string): Promise<void> {
    try {
      await this.redis.mset(...tags.flatMap((tag) => [this.prefix + tag, token]));
    } catch {
      this.trusted = false;
      void this.renew();
    }
  }

  /** After an outage every token in Redis may be old: a new epoch voids all that was rendered under them. */
  private async renew(): Promise<void> {
    try {
      await this.redis.set(this.prefix + EPOCH, mint());
      this.trusted = true;
    } catch {
      this.trusted = false;
    }
  }

  private async flush(): Promise<void> {
    const lookups = this.pending;
    this.pending = [];
    const tags = [...new Set(lookups.flatMap((l) => l.tags))];
    try {
      const tokens = await this.read(tags);
      for (const { tags: wanted, resolve } of lookups) resolve(wanted.map((tag) => tokens.get(tag)!));
    } catch (error) {
      for (const { reject } of lookups) reject(error as Error);
    }
  }

  private async read(tags: string[]): Promise<Map<string, string>> {
    if (this.trusted) {
      try {
        return await this.readRedis(tags);
      } catch {
        this.trusted = false;
        void this.renew();
      }
    }
    return this.readMongo(tags);
  }

  private async readRedis(tags: string[]): Promise<Map<string, string>> {
    const found = await this.redis.mget(tags.map((tag) => this.prefix + tag));
    const tokens = new Map<string, string>();
    for (const [i, tag] of tags.entries()) tokens.set(tag, found[i] ?? (await this.first(tag)));
    return tokens;
  }

  /** A tag nobody has raised yet, or that Redis has forgotten, gets a token of its own. */
  private async first(tag: string): Promise<string> {
    await this.redis.set(this.prefix + tag, mint(), 'NX');
    return (await this.redis.get(this.prefix + tag)) ?? mint();
  }

  private async readMongo(tags: string[]): Promise<Map<string, string>> {
    const found = await this.stamps.find({ _id: { $in: tags as never[] } }).toArray();
    const known = new Map(found.map((stamp) => [String(stamp._id), stamp.token]));
    return new Map(tags.map((tag) => [tag, `mongo:${known.get(tag) ?? 'none'}`]));
  }

  private get stamps(): Collection<Stamp> {
    return this.runtime.house.db.collection<Stamp>('stamps') as unknown as Collection<Stamp>;
  }
}
