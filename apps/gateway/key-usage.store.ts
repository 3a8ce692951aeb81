import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongoose';
import { House } from '#libs/persistence/house';
import { Runtime } from '#libs/service/runtime';
import { reading } from './reading.js';

interface Used {
  _id: string;
  at: Date;
}

const FLUSH_MS = 5000;
const AT_MOST_EVERY_MS = 60_000;
const KNOWN = 50_000;

/**
 * When each API key was used last, to the minute. Noted in memory and written beside the requests, many keys at once;
 * it is no part of the key, so neither version nor ETag nor kept answers change with it.
 */
@Injectable()
export class KeyUsage {
  private readonly noted = new Map<string, number>();
  private waiting = new Map<string, Date>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly house: House,
    private readonly runtime: Runtime,
  ) {
    runtime.before.push(async () => this.begin());
    runtime.after.push(() => this.end());
  }

  note(key: string): void {
    const now = this.runtime.clock.now();
    if (now.getTime() - (this.noted.get(key) ?? 0) < AT_MOST_EVERY_MS) return;
    if (this.noted.size >= KNOWN) this.noted.clear();
    this.noted.set(key, now.getTime());
    this.waiting.set(key, now);
  }

  /** Of those that have ever been used. */
  async of(keys: string[]): Promise<Map<string, string>> {
    const answer = reading.getStore();
    if (answer) answer.once = true;
    const found = await this.used.find({ _id: { $in: keys } }).toArray();
    return new Map(found.map(({ _id, at }) => [_id, at.toISOString()]));
  }

  async flush(): Promise<void> {
    if (this.waiting.size === 0) return;
    const now = this.waiting;
    this.waiting = new Map();
    const operations = [...now].map(([_id, at]) => ({ updateOne: { filter: { _id }, update: { $max: { at } }, upsert: true } }));
    try {
      await this.used.bulkWrite(operations, { ordered: false });
    } catch (error) {
      for (const [key, at] of now) if (!this.waiting.has(key)) this.waiting.set(key, at);
      this.runtime.log.debug({ error: String(error) }, 'The use of keys is not noted yet');
    }
  }

  private begin(): void {
    this.timer = setInterval(() => void this.flush(), FLUSH_MS);
  }

  private async end(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.flush();
  }

  private get used(): Collection<Used> {
    return this.house.db.collection<Used>('key-usage') as unknown as Collection<Used>;
  }
}
