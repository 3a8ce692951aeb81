import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongoose';
import { newId } from '#libs/domain/ids';
import { portions } from '#libs/domain/portions';
import { allOf } from '#libs/persistence/filters';
import { Gathering } from '#libs/service/gathering';
import { Runtime } from '#libs/service/runtime';
import { type Attempt, type AuditEntry, type Broken, chained, firstBroken, ORIGIN, type Place } from './audit.js';
import { AuditLease } from './audit-lease.store.js';
import { type AuditAsked, auditBlocks, isAsked } from './audit-query.js';
import { AuditSubjects } from './audit-subjects.js';

const BATCH = 500;
const BLOCKS = 50;
const LINKS_AT_ONCE = 20;
const LOOK_AGAIN_MS = 250;
/** A gateway that is not the writer asks this often whether it should be. */
const ASK_AGAIN_MS = 2000;

/** The attempts of one turn, noted by one write. */
interface Block {
  _id: string;
  attempts: Attempt[];
}

/** Only ever read whole, so it lies there as a text: a fraction of what a document costs. */
type Lying = Omit<Block, 'attempts'> & { attempts: string };

/** A stretch of the chain, written by one write: an entry alone would cost as much as all of them. */
interface Link {
  /** Number of its first entry: two writers that go on from the same place meet here. */
  _id: number;
  /** The blocks it was made of, each of them whole: one that comes again is known by it. */
  blocks: string[];
  entries: AuditEntry[];
}

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
  private readonly noting = new Gathering<Attempt>((attempts) => this.insert(attempts));
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

  /** Resolves when the attempts are safely noted; those of one turn go together. They are chained soon after. */
  note(...attempts: Attempt[]): Promise<void> {
    return this.noting.add(attempts);
  }

  /** In the order of the chain, or from its end; `after`: the number of the entry where the page before ended. */
  async page(asked: AuditAsked, { direction, after, limit }: { direction: 1 | -1; after: number | null; limit: number }) {
    const page: AuditEntry[] = [];
    for await (const entry of this.walk(asked, direction, after)) if (page.push(entry) === limit) break;
    return page;
  }

  /** All of it, in the order of the chain. */
  entries(asked: AuditAsked): AsyncGenerator<AuditEntry> {
    return this.walk(asked, 1, null);
  }

  /** Walks the chain from a place that is known to hold. */
  async verify(from: number): Promise<Verified> {
    let last = { ...ORIGIN, fence: 0, ...(from > 1 ? await this.placeOf(from - 1) : {}) };
    const begin = last.seq;
    const links = this.chain.find((await this.since(begin + 1)) as never).sort({ _id: 1 });
    for await (const link of links.batchSize(LINKS_AT_ONCE)) {
      const { seq } = last;
      const entries = (link as unknown as Link).entries.filter((entry) => entry.seq > seq);
      const broken = firstBroken(last, entries);
      last = (broken ? entries.findLast((entry) => entry.seq < broken.seq) : entries.at(-1)) ?? last;
      if (broken) return told(begin, last, broken);
    }
    return told(begin, last, await this.cutOff(last));
  }

  /** One round of the writer: what is waiting is put into the chain. Told apart from the timer for tests. */
  async write(): Promise<number> {
    const fence = await this.lease.take();
    if (fence === null) {
      this.end = null;
      return 0;
    }
    const found = (await this.inbox.find({}).sort({ _id: 1 }).limit(BLOCKS).toArray()) as unknown as Lying[];
    const blocks = upTo(
      BATCH,
      found.map(({ _id, attempts }): Block => ({ _id, attempts: JSON.parse(attempts) })),
    );
    if (blocks.length === 0) return 0;
    try {
      await this.append(fence, blocks);
    } catch (error) {
      // Another writer was faster, or the database is away: begin anew from what is there.
      this.end = null;
      this.lease.lost();
      throw error;
    }
    return blocks.length;
  }

  private async append(fence: number, found: Block[]): Promise<void> {
    // Known before it is asked what is there already: who writes meanwhile takes this place, and the two meet.
    const end = this.end ?? (await this.readEnd());
    const ids = found.map(({ _id }) => _id);
    const there = (await this.chain.find({ blocks: { $in: ids } } as never, { projection: { blocks: 1 } }).toArray()) as unknown as Link[];
    const known = new Set(there.flatMap(({ blocks }) => blocks));
    const blocks = found.filter(({ _id }) => !known.has(_id));
    const fresh = await this.subjects.withPartnerships(blocks.flatMap(({ attempts }) => attempts));
    const entries = chained(end, fence, fresh);
    const [first] = entries;
    if (first) {
      const link: Link = { _id: first.seq, blocks: blocks.map(({ _id }) => _id), entries };
      await this.chain.insertOne(link as never);
      const { seq, hash } = entries.at(-1)!;
      this.end = { seq, hash };
      await this.lease.noteEnd(this.end);
    }
    await this.inbox.deleteMany({ _id: { $in: ids } } as never);
  }

  private async *walk(asked: AuditAsked, direction: 1 | -1, after: number | null): AsyncGenerator<AuditEntry> {
    const beyond = after === null ? {} : direction === 1 ? await this.since(after + 1) : { _id: { $lt: after } };
    const links = this.chain.find(allOf([beyond, auditBlocks(asked)]) as never).sort({ _id: direction });
    for await (const link of links.batchSize(LINKS_AT_ONCE)) {
      const { entries } = link as unknown as Link;
      for (const entry of direction === 1 ? entries : entries.toReversed())
        if ((after === null || (entry.seq - after) * direction > 0) && isAsked(asked, entry)) yield entry;
    }
  }

  private async readEnd(): Promise<Place> {
    const { seq, hash } = (await this.lastUpTo(Number.MAX_SAFE_INTEGER)) ?? ORIGIN;
    return { seq, hash };
  }

  private async placeOf(seq: number): Promise<(Place & { fence: number }) | null> {
    const entry = await this.lastUpTo(seq);
    return entry?.seq === seq ? { seq, hash: entry.hash, fence: entry.fence } : null;
  }

  private async lastUpTo(seq: number): Promise<AuditEntry | null> {
    return (await this.linkOf(seq))?.entries.findLast((entry) => entry.seq <= seq) ?? null;
  }

  /** The links from the one on that holds this entry, or would. */
  private async since(seq: number) {
    return { _id: { $gte: (await this.linkOf(seq))?._id ?? 0 } };
  }

  private async linkOf(seq: number): Promise<Link | null> {
    const found = this.chain.find({ _id: { $lte: seq } } as never).sort({ _id: -1 });
    const [link = null] = (await found.limit(1).toArray()) as unknown as Link[];
    return link;
  }

  /** What the writer has noted as written must be there. */
  private async cutOff({ seq, hash }: Place): Promise<Broken | null> {
    const end = await this.lease.end();
    if (!end || end.seq < seq) return null;
    if (end.seq > seq && (await this.placeOf(seq + 1)) === null)
      return { seq: seq + 1, reason: `The chain was written up to entry ${end.seq}, and ends at ${seq}.` };
    return end.seq === seq && end.hash !== hash ? { seq, reason: `Entry ${seq} is not the one that was written.` } : null;
  }

  private async insert(attempts: Attempt[]): Promise<void> {
    for (const block of portions(attempts, BATCH)) await this.inbox.insertOne({ _id: newId(), attempts: JSON.stringify(block) } as never);
  }

  private async open(): Promise<void> {
    await this.chain.createIndex({ blocks: 1 });
    for (const field of ['by.id', 'subject', 'partnerships', 'at']) await this.chain.createIndex({ [`entries.${field}`]: 1 });
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

  private get inbox(): Collection<Lying> {
    return this.collection('audit_inbox');
  }

  private get chain(): Collection<Link> {
    return this.collection('audit');
  }

  private collection<T extends object>(name: string): Collection<T> {
    return this.runtime.house.db.collection<T>(name) as unknown as Collection<T>;
  }
}

const told = (begin: number, { seq, hash }: Place, broken: Broken | null): Verified => ({
  holds: broken === null,
  entries: seq - begin,
  end: { seq, hash },
  broken,
});

/** The first blocks, as many as hold no more attempts than this, and at least one. */
function upTo(most: number, blocks: Block[]): Block[] {
  let count = 0;
  const over = blocks.findIndex(({ attempts }) => {
    count += attempts.length;
    return count > most;
  });
  return over === -1 ? blocks : blocks.slice(0, Math.max(over, 1));
}
