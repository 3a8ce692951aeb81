import { Injectable } from '@nestjs/common';
import { isAway } from '#libs/messaging/away';
import type { Incoming } from '#libs/messaging/kafka';
import { NotRead, PartitionReader } from '#libs/messaging/partition-reader';
import { Tail } from '#libs/messaging/tail';
import { FEED } from '#libs/messaging/topics';
import { Runtime } from '#libs/service/runtime';
import { type Entry, entryOf, LastTold } from './feed-entry.js';
import { FeedHistory, PIECE, type Stretch } from './feed-history.js';
import { malformed, Problem } from './problem.js';

const WINDOW_ENTRIES = 4000;
const WINDOW_BYTES = 24 * 1024 * 1024;

/** The feed as this gateway has it: its newest part in memory, read once for all who listen, and before that the topic. */
@Injectable()
export class FeedLog {
  private entries: Entry[] = [];
  private bytes = 0;
  /** Offsets: of the window's first record, and behind its last. */
  private start = 0;
  private end = 0;
  /** Bytes that ever passed: by how much somebody is behind. */
  passed = 0;
  private goal = 0;
  private closed = false;
  private tail: Tail | null = null;
  private readonly told = new LastTold();
  private readonly listeners = new Set<() => void>();
  private readonly reader: PartitionReader;
  private readonly history: FeedHistory;

  constructor(private readonly runtime: Runtime) {
    this.reader = new PartitionReader(runtime.kafka, `feed-history.${runtime.instance}`, FEED);
    this.history = new FeedHistory((from, end) => this.reader.read(from, end));
    runtime.before.push(() => this.open());
    runtime.after.push(() => this.stop());
    runtime.health.add('feed', async () => {
      if (!this.tail?.assigned() || this.end < this.goal) throw new Error('still being read');
    });
  }

  /** The cursor of the newest record. */
  get newest(): number {
    return this.end - 1;
  }

  /** Whether this fact has been announced, as far as is known here. */
  has(fact: Pick<Entry, 'subject' | 'sequence'>): boolean {
    return this.told.has(fact);
  }

  /** Calls back whenever there is more, until the function it returns is called. */
  onMore(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Resolves when there is more behind a cursor, when the time is over, or when the gateway closes. */
  async more(after: number, withinMs: number): Promise<void> {
    if (this.newest > after || this.closed) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        forget();
        resolve();
      };
      const forget = this.onMore(done);
      const timer = setTimeout(done, withinMs);
    });
  }

  /** Lets go all who wait: nothing more will be told here. */
  close(): void {
    this.closed = true;
    this.call();
  }

  get isClosed(): boolean {
    return this.closed;
  }

  /** Where to begin after this cursor, null: with the first record there is. Refuses what the feed has not yet reached or no longer has. */
  async place(after: number | null): Promise<number> {
    if (after !== null && after + 1 >= this.start && after < this.end) return after;
    const { low, high } = await this.bounds();
    if (after === null) return low - 1;
    if (after >= high)
      throw malformed('QUERY.CURSOR', 'The feed has not come as far as this cursor.', [
        { pointer: '?after', message: `the newest is ${high - 1}` },
      ]);
    if (after + 1 < low) throw tooOld();
    return after;
  }

  /** Up to `max` facts behind a cursor. */
  async read(after: number, max: number): Promise<Stretch> {
    if (after + 1 < this.start) return this.older(after + 1, max);
    const from = this.firstBehind(after);
    const entries = this.entries.slice(from, from + max);
    const isAll = from + max >= this.entries.length;
    return { entries, reached: isAll ? Math.max(after, this.newest) : entries.at(-1)!.cursor };
  }

  /** The newest cursor by the broker itself: what was announced before is not behind it. */
  async newestNow(): Promise<number> {
    return (await this.bounds()).high - 1;
  }

  private async older(from: number, max: number): Promise<Stretch> {
    const { start } = this;
    const { entries, reached } = await this.asked(async () => {
      const { low } = await this.bounds();
      if (from < low) throw tooOld();
      return this.history.from(from, start, low);
    });
    if (entries.length <= max) return { entries, reached };
    return { entries: entries.slice(0, max), reached: entries[max - 1]!.cursor };
  }

  private async bounds(): Promise<{ low: number; high: number }> {
    const offsets = await this.asked(() => this.runtime.kafka.endOffsets(FEED));
    return offsets.get(0)!;
  }

  private async asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof NotRead) && !isAway(error)) throw error;
      this.runtime.log.warn({ error: String(error) }, 'The feed cannot be read now');
      throw new Problem('unavailable', {
        code: 'SERVICE.UNAVAILABLE',
        detail: 'The older part of the feed cannot be read now.',
        headers: { 'retry-after': '2' },
      });
    }
  }

  private firstBehind(cursor: number): number {
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.entries[middle]!.cursor > cursor) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Begins one piece earlier than the window: what is repeated in it is known by what came before. */
  private async open(): Promise<void> {
    const { low, high } = (await this.runtime.kafka.endOffsets(FEED)).get(0)!;
    this.goal = high;
    this.start = Math.max(low, high - WINDOW_ENTRIES);
    this.end = Math.max(low, this.start - PIECE);
    const { kafka, instance, log } = this.runtime;
    this.tail = new Tail(kafka, `feed.${instance}`, FEED, this.end, (records) => this.take(records), log);
    await this.tail.start();
  }

  private async stop(): Promise<void> {
    await Promise.all([this.tail?.stop(), this.reader.stop()]);
  }

  private take(records: Incoming[]): void {
    for (const record of records) this.add(record);
    this.end = records.at(-1)!.offset + 1;
    this.trim();
    this.call();
  }

  private add(record: Incoming): void {
    const entry = entryOf(record);
    if (!entry) return this.runtime.log.warn({ offset: record.offset }, 'A record of the feed is no fact');
    if (!this.told.isNews(entry) || entry.cursor < this.start) return;
    this.entries.push(entry);
    this.bytes += entry.frame.length;
    this.passed += entry.frame.length;
  }

  private trim(): void {
    let gone = 0;
    while (this.entries.length - gone > WINDOW_ENTRIES || this.bytes > WINDOW_BYTES) {
      this.bytes -= this.entries[gone]!.frame.length;
      gone += 1;
    }
    if (gone === 0) return;
    this.start = this.entries[gone - 1]!.cursor + 1;
    this.entries.splice(0, gone);
  }

  private call(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

const tooOld = () =>
  new Problem('resync', {
    code: 'FEED.RESYNC',
    detail: 'What follows this cursor has left the feed: take GET /v1/snapshot again and go on from its cursor.',
  });
