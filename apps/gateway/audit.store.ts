import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongoose';
import { newId } from '#libs/domain/ids';
import { Runtime } from '#libs/service/runtime';
import { type Attempt, type AuditEntry, type Broken, type Chainable, chained, firstBroken, ORIGIN, type Place } from './audit.js';
import { AuditLease } from './audit-lease.store.js';
import { AuditSubjects } from './audit-subjects.js';

const BATCH = 500;
const BLOCKS = 50;
const AT_ONCE = 1000;
const LOOK_AGAIN_MS = 200;
/** A gateway that is not the writer asks this often whether it should be. */
const ASK_AGAIN_MS = 2000;

/** The attempts of one turn, noted by one write. */
interface Block {
  _id: string;
  attempts: Attempt[];
}

type Stored = Omit<AuditEntry, 'seq'> & { _id: number };

export interface Verified {
  holds: boolean;
  entries: number;
  end: Place;
  broken: Broken | null;
}

/** The audit log: attempts come in by any gateway, one writer at a time puts them into the chain. */
@Injectable()
export class AuditLog {
  readonly lease: AuditLease;
  private waiting: { attempt: Attempt; done(): void; failed(error: Error): void }[] = [];
  private inserting = false;
  private end: Place | null = null;
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly runtime: Runtime,
    private readonly subjects: AuditSubjects,
  ) {
    this.lease = new AuditLease(() => this.collection('audit_lease'), runtime.instance);
    runtime.before.push(() => this.open());
    runtime.after.push(() => this.close());
  }

  /** Resolves when the attempt is safely noted; those of one turn go together. It is chained soon after. */
  note(attempt: Attempt): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ attempt, done, failed });
      if (!this.inserting) void this.insert();
    });
  }

  /** In the order of the chain, or from its end. */
  async page(filter: Record<string, unknown>, direction: 1 | -1, limit: number): Promise<AuditEntry[]> {
    const found = this.chain.find(filter as never).sort({ _id: direction });
    return ((await found.limit(limit).toArray()) as unknown as Stored[]).map(entryOf);
  }

  /** All of it, in the order of the chain. */
  async *entries(filter: Record<string, unknown>): AsyncGenerator<AuditEntry> {
    const found = this.chain.find(filter as never).sort({ _id: 1 });
    for await (const entry of found.batchSize(AT_ONCE)) yield entryOf(entry as unknown as Stored);
  }

  /** Walks the chain from a place that is known to hold. */
  async verify(from: number): Promise<Verified> {
    let last = { ...ORIGIN, fence: 0, ...(from > 1 ? await this.placeOf(from - 1) : {}) };
    const begin = last.seq;
    for (;;) {
      const found = this.chain.find({ _id: { $gt: last.seq } } as never).sort({ _id: 1 });
      const entries = ((await found.limit(AT_ONCE).toArray()) as unknown as Stored[]).map(entryOf);
      const broken = entries.length > 0 ? firstBroken(last, entries) : await this.cutOff(last);
      if (broken || entries.length === 0) {
        const { seq, hash } = broken ? (entries.findLast((entry) => entry.seq < broken.seq) ?? last) : last;
        return { holds: broken === null, entries: seq - begin, end: { seq, hash }, broken };
      }
      last = entries.at(-1)!;
    }
  }

  /** One round of the writer: what is waiting is put into the chain. Told apart from the timer for tests. */
  async write(): Promise<number> {
    const fence = await this.lease.take();
    if (fence === null) {
      this.end = null;
      return 0;
    }
    const found = (await this.inbox.find({}).sort({ _id: 1 }).limit(BLOCKS).toArray()) as unknown as Block[];
    const blocks = upTo(BATCH, found);
    const attempts = blocks.flatMap((block) => block.attempts);
    if (attempts.length === 0) return 0;
    try {
      await this.append(
        fence,
        attempts,
        blocks.map(({ _id }) => _id),
      );
    } catch (error) {
      // Another writer was faster, or the database is away: begin anew from what is there.
      this.end = null;
      this.lease.lost();
      throw error;
    }
    return attempts.length;
  }

  private async append(fence: number, attempts: Attempt[], blocks: string[]): Promise<void> {
    const ids = attempts.map(({ id }) => id);
    this.end ??= await this.readEnd();
    const there = new Set((await this.chain.find({ id: { $in: ids } } as never, { projection: { id: 1 } }).toArray()).map(({ id }) => id));
    const fresh: Chainable[] = await this.subjects.withPartnerships(attempts.filter(({ id }) => !there.has(id)));
    const entries = chained(this.end, fence, fresh);
    if (entries.length > 0) {
      await this.chain.insertMany(entries.map(({ seq, ...rest }) => ({ _id: seq, ...rest })) as never, { ordered: true });
      const { seq, hash } = entries.at(-1)!;
      this.end = { seq, hash };
      await this.lease.noteEnd(this.end);
    }
    await this.inbox.deleteMany({ _id: { $in: blocks } } as never);
  }

  private async readEnd(): Promise<Place> {
    const [last = ORIGIN] = await this.page({}, -1, 1);
    return { seq: last.seq, hash: last.hash };
  }

  private async placeOf(seq: number): Promise<(Place & { fence: number }) | null> {
    const found = (await this.chain.findOne({ _id: seq } as never)) as unknown as Stored | null;
    return found && { seq, hash: found.hash, fence: found.fence };
  }

  /** What the writer has noted as written must be there. */
  private async cutOff({ seq, hash }: Place): Promise<Broken | null> {
    const end = await this.lease.end();
    if (!end || end.seq < seq) return null;
    if (end.seq > seq && (await this.placeOf(seq + 1)) === null)
      return { seq: seq + 1, reason: `The chain was written up to entry ${end.seq}, and ends at ${seq}.` };
    return end.seq === seq && end.hash !== hash ? { seq, reason: `Entry ${seq} is not the one that was written.` } : null;
  }

  private async insert(): Promise<void> {
    this.inserting = true;
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) {
      const now = this.waiting.splice(0, BATCH);
      try {
        await this.inbox.insertOne({ _id: newId(), attempts: now.map(({ attempt }) => attempt) } as never);
        for (const { done } of now) done();
      } catch (error) {
        for (const { failed } of now) failed(error as Error);
      }
    }
    this.inserting = false;
  }

  private async open(): Promise<void> {
    await this.chain.createIndex({ id: 1 }, { unique: true });
    for (const field of ['by.id', 'subject', 'partnerships', 'at']) await this.chain.createIndex({ [field]: 1, _id: 1 });
    this.turn(0);
  }

  private turn(afterMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.writing = this.round().then((next) => this.turn(next));
    }, afterMs);
  }

  private async round(): Promise<number> {
    try {
      const written = await this.write();
      if (written > 0) return LOOK_AGAIN_MS;
      return (await this.lease.take()) === null ? ASK_AGAIN_MS : LOOK_AGAIN_MS;
    } catch (error) {
      this.runtime.log.warn({ error: String(error) }, 'Nothing added to the audit log; trying again');
      return ASK_AGAIN_MS;
    }
  }

  private async close(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.writing;
    await this.write().catch(() => undefined);
    await this.lease.release().catch(() => undefined);
  }

  private get inbox(): Collection<Block> {
    return this.collection('audit_inbox');
  }

  private get chain(): Collection<AuditEntry> {
    return this.collection('audit');
  }

  private collection<T extends object>(name: string): Collection<T> {
    return this.runtime.house.db.collection<T>(name) as unknown as Collection<T>;
  }
}

/** As it lies there: what somebody has put to it shall show in its hash. */
const entryOf = ({ _id, ...rest }: Stored): AuditEntry => ({ ...rest, seq: _id });

/** The first blocks, as many as hold no more attempts than this, and at least one. */
function upTo(most: number, blocks: Block[]): Block[] {
  let count = 0;
  const over = blocks.findIndex(({ attempts }) => {
    count += attempts.length;
    return count > most;
  });
  return over === -1 ? blocks : blocks.slice(0, Math.max(over, 1));
}
