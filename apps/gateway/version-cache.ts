import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { connectRedis, type Redis } from '#libs/service/redis';
import { Runtime } from '#libs/service/runtime';

/** What was read before, and the tokens its tags had then; the last token is the epoch's. */
export interface Checked {
  tags: string[];
  tokens: string[];
}

/** New tokens by tag. */
export type Marks = ReadonlyMap<string, string>;

/** Null when the tokens cannot be looked up. */
type Told = (tokens: string[] | null) => void;

const EPOCH = 'epoch';
const RENEW_MS = 250;
/** A Redis that one gateway has missed for so long is missed by the others too, and believed by none. */
const GONE_MS = 1000;
/**
 * Compares the first keys, as many as is said first, with the values that follow; then sets all keys at once: to the next values if all
 * were alike, else to those after them.
 */
const REPLACE = `
local compared = tonumber(ARGV[1])
local behind = 1 + compared
for i = 1, compared do
  if redis.call('GET', KEYS[i]) ~= ARGV[1 + i] then
    behind = behind + #KEYS
    break
  end
end
for i = 1, #KEYS do redis.call('SET', KEYS[i], ARGV[behind + i]) end`;

/** What many ask together belongs to none of them. */
const outside = AsyncLocalStorage.snapshot();

/** A token of its own; that of a record says which version of it is told. */
export const mint = (version?: number): string => `${version === undefined ? '' : `${version}.`}${randomBytes(9).toString('base64url')}`;

/** 0: it says none. */
const versionIn = (token: string | null): number => Number(/^(\d+)\./.exec(token ?? '')?.[1] ?? 0);

/** Tokens that tell the same, and with which nothing stands. */
const others = (marks: Marks): Marks => new Map([...marks].map(([tag, token]) => [tag, mint(versionIn(token) || undefined)]));

/**
 * Tells whether what was rendered before still holds. A tag stands for what an answer was read from; its token changes with
 * each write. Look-ups go together, one after the other, and each starts after its requests came in: who comes while one is
 * under way waits for the next. While Redis is away nothing holds: every answer is read from MongoDB anew, slower and never stale.
 */
@Injectable()
export class Versions {
  private readonly redis: Redis;
  private readonly prefix: string;
  private pending = new Map<Pick<Checked, 'tags'>, Told[]>();
  /** A look-up is about to start or under way. */
  private looking = false;
  /** False while Redis may have missed a token: it is believed again once a new epoch has voided all of them. */
  private trusted = false;
  private renewing: Promise<void> | null = null;
  private stopped = false;

  constructor(runtime: Runtime) {
    this.prefix = `${runtime.config.MONGO_PREFIX}:version:`;
    this.redis = connectRedis(runtime, 'Redis is away; answers are read from MongoDB');
    this.redis.on('close', () => {
      this.trusted = false;
    });
    this.redis.on('ready', () => this.distrust());
    runtime.health.add('redis', async () => void (await this.redis.ping()));
    runtime.after.push(async () => {
      this.stopped = true;
    });
  }

  /** The tokens of these tags, and the epoch's as the last; null while they cannot be known. */
  lookup(tags: string[]): Promise<string[] | null> {
    return new Promise((resolve) => this.ask({ tags }, resolve));
  }

  /** Whether nothing has changed since. Many may ask about the same at once: it is looked up and compared once. */
  holds(checked: Checked, told: (holds: boolean) => void): void {
    this.ask(checked, (tokens) => told(tokens?.every((token, i) => token === checked.tokens[i]) ?? false));
  }

  /** Which version of each of these records is told to all readers, 0 where that is not known; null while nothing is. */
  async versionsTold(tags: readonly string[]): Promise<number[] | null> {
    if (!this.trusted) return null;
    if (tags.length === 0) return [];
    try {
      const found = await this.redis.mget(tags.map((tag) => this.prefix + tag));
      return found.map(versionIn);
    } catch {
      this.distrust();
      return null;
    }
  }

  /** Voids what was rendered from these tags; resolves when every gateway sees it. */
  async raise(marks: Marks): Promise<void> {
    const pairs = [...marks].flatMap(([tag, token]) => [this.prefix + tag, token]);
    if (pairs.length > 0) await this.surely(() => this.redis.mset(...pairs));
  }

  /**
   * The same for what was read before: it stands with the new tokens if those it was read with have not been replaced since; else others
   * are raised. All at once: nothing counts as told while something that was written with it does not.
   */
  async raiseIf(before: ReadonlyMap<string, string>, marks: Marks): Promise<void> {
    const compared = [...before.keys()];
    const tags = [...compared, ...[...marks.keys()].filter((tag) => !before.has(tag))];
    const tokens = [marks, others(marks)].flatMap((map) => tags.map((tag) => map.get(tag)!));
    const keys = tags.map((tag) => this.prefix + tag);
    await this.surely(() => this.redis.eval(REPLACE, keys.length, ...keys, compared.length, ...before.values(), ...tokens));
  }

  private async surely(raise: () => Promise<unknown>): Promise<void> {
    try {
      await raise();
    } catch {
      // Answered once a new epoch has voided all of it everywhere, or Redis is gone for everybody.
      this.distrust();
      await Promise.race([this.renewing, new Promise((resolve) => setTimeout(resolve, GONE_MS))]);
    }
  }

  private ask(about: Pick<Checked, 'tags'>, told: Told): void {
    const askers = this.pending.get(about);
    if (askers) askers.push(told);
    else this.pending.set(about, [told]);
    if (!this.looking) this.lookNext();
  }

  /** What else this event-loop turn asks for goes along. */
  private lookNext(): void {
    this.looking = true;
    outside(() => setImmediate(() => void this.look()));
  }

  private async look(): Promise<void> {
    const pending = this.pending;
    this.pending = new Map();
    const tags = new Set([EPOCH]);
    for (const about of pending.keys()) for (const tag of about.tags) tags.add(tag);
    const tokens = await this.read([...tags]);
    this.looking = this.pending.size > 0;
    if (this.looking) this.lookNext();
    for (const [about, askers] of pending) {
      const found = tokens && [...about.tags, EPOCH].map((tag) => tokens.get(tag) as string);
      for (const told of askers) told(found);
    }
  }

  private async read(tags: string[]): Promise<Map<string, string> | null> {
    if (!this.trusted) return null;
    try {
      const found = await this.redis.mget(tags.map((tag) => this.prefix + tag));
      const tokens = new Map<string, string>();
      for (const [i, tag] of tags.entries()) tokens.set(tag, found[i] ?? (await this.first(tag)));
      return tokens;
    } catch {
      this.distrust();
      return null;
    }
  }

  /** A tag nobody has raised yet, or that Redis has forgotten, gets a token of its own. */
  private async first(tag: string): Promise<string> {
    await this.redis.set(this.prefix + tag, mint(), 'NX');
    return (await this.redis.get(this.prefix + tag)) ?? mint();
  }

  private distrust(): void {
    this.trusted = false;
    this.renewing ??= this.renew().finally(() => {
      this.renewing = null;
    });
  }

  /** Every token in Redis may be old: a new epoch voids all that was rendered under them, on every gateway. */
  private async renew(): Promise<void> {
    while (!this.trusted && !this.stopped) {
      try {
        await this.redis.set(this.prefix + EPOCH, mint());
        this.trusted = true;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RENEW_MS));
      }
    }
  }
}
