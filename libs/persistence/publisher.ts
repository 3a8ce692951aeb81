import type { Collection } from 'mongoose';
import type { AggregateContract } from '#libs/contracts/message';
import { isAway } from '#libs/messaging/away';
import { outboxOldestAgeSeconds, outboxPending } from '#libs/service/metrics';
import type { Work } from './decide.js';
import { type Lying, type Stored, taken } from './document.js';
import { before } from './filters.js';
import type { House } from './house.js';
import type { KeptRecords } from './kept-records.js';
import { Patience } from './patience.js';
import type { Pending } from './relay.js';

const SWEEP_AFTER_MS = 2000;
const BATCH = 200;
/** Less than the sweep waits, so that it finds only what was left. */
const CLEAR_MS = 250;
const REMEMBERED = 10_000;
const AGAIN_MS = 5000;
const AGAIN_AT_MOST_MS = 600_000;

/** Publishes the outboxes of one store: at once after a write, and by a sweep what a crash or an outage has left. */
export class Publisher<S extends object> {
  private readonly publishing = new Set<Promise<void>>();
  /** Published up to here, though the document may not say so yet. */
  private readonly published = new Map<string, number>();
  /** Newest version this process is about to publish. */
  private readonly onItsWay = new Map<string, number>();
  private readonly toClear = new Map<string, Pending>();
  private clearing: NodeJS.Timeout | null = null;
  private readonly inVain = new Patience(AGAIN_MS, AGAIN_AT_MOST_MS);

  constructor(
    private readonly house: House,
    private readonly contract: AggregateContract,
    private readonly documents: () => Collection<Lying<S>>,
    private readonly viewOf: (doc: Stored<S>) => unknown,
    private readonly records: Pick<KeptRecords, 'keep'> | null = null,
  ) {}

  /** What is still to be published of an outbox. */
  left({ _id, outbox }: Stored<S>): Stored<S>['outbox'] {
    const published = this.published.get(_id) ?? -1;
    return outbox.filter((entry) => entry.seq > published);
  }

  /** What stays in an outbox: published entries too, until they are worth a rewrite of all of it. */
  kept(doc: Stored<S>): Stored<S>['outbox'] {
    const left = this.left(doc);
    return left.length * 2 > doc.outbox.length ? doc.outbox : left;
  }

  publish(saved: Work<S>[]): void {
    const pending = saved
      .filter(({ dirty, spoilt, entries, doc }) => dirty && !spoilt && entries.length + doc.outbox.length > 0)
      .map(({ doc, entries, sealedView }) => ({
        id: doc._id,
        version: doc.version,
        writer: doc.writer,
        view: sealedView,
        entries: [...this.left(doc), ...entries],
      }));
    if (pending.length === 0) return;
    for (const { id, version } of pending) this.onItsWay.set(id, version);
    const done = this.now(pending).finally(() => {
      this.publishing.delete(done);
      for (const { id, version } of pending) if (this.onItsWay.get(id) === version) this.onItsWay.delete(id);
    });
    this.publishing.add(done);
  }

  async drain(): Promise<void> {
    await Promise.allSettled([...this.publishing]);
    await this.clearNow();
  }

  async sweep(): Promise<void> {
    const found = this.documents().find({ outboxAt: before(new Date(Date.now() - SWEEP_AFTER_MS)) as never });
    const limit = BATCH + this.inVain.size;
    const left = ((await found.sort({ outboxAt: 1 }).limit(limit).toArray()) as unknown as Lying<S>[]).map(taken);
    const oldest = left[0]?.outboxAt;
    const collection = this.contract.resource;
    outboxPending.set({ collection }, left.length);
    outboxOldestAgeSeconds.set({ collection }, oldest ? (Date.now() - oldest.getTime()) / 1000 : 0);
    const pending = left.flatMap((doc) => (this.inVain.waits(doc._id) ? [] : this.pendingOf(doc)));
    if (pending.length === 0) return;
    await this.now(pending);
    await this.clearNow();
  }

  /** A state without a view is a bug; it must not hold up its neighbours. */
  private pendingOf(doc: Stored<S>, entries = doc.outbox): Pending[] {
    if (entries.length === 0) return [];
    try {
      return [{ id: doc._id, version: doc.version, writer: doc.writer, view: this.viewOf(doc), entries }];
    } catch (error) {
      this.inVain.note(doc._id);
      this.house.log.error({ store: this.name, id: doc._id, error: String(error) }, 'A state has no view and is not published');
      return [];
    }
  }

  private async now(pending: Pending[]): Promise<void> {
    const sent = await this.send(pending);
    if (sent.length === 0) return;
    for (const { id, entries } of sent) this.published.set(id, Math.max(this.published.get(id) ?? -1, entries.at(-1)?.seq ?? -1));
    this.clearSoon(sent);
  }

  /** A busy aggregate would be cleared after each of its writes: once for several of them does as well. */
  private clearSoon(sent: Pending[]): void {
    for (const one of sent) this.toClear.set(one.id, one);
    this.clearing ??= setTimeout(() => void this.clearNow(), CLEAR_MS);
  }

  private async clearNow(): Promise<void> {
    if (this.clearing) clearTimeout(this.clearing);
    this.clearing = null;
    const sent = [...this.toClear.values()];
    this.toClear.clear();
    if (sent.length === 0) return;
    await this.clear(sent).catch((error) =>
      this.house.log.warn({ store: this.name, error: String(error) }, 'Outbox not cleared; the sweep does it'),
    );
    if (this.published.size > REMEMBERED && this.toClear.size === 0) this.published.clear();
  }

  /** What the broker took. One it never takes, such as a view beyond its limit, must not hold up its neighbours. */
  private async send(pending: Pending[]): Promise<Pending[]> {
    try {
      await Promise.all([this.house.relay.publish(this.contract, pending), this.records?.keep(pending.flatMap(({ entries }) => entries))]);
      return pending;
    } catch (error) {
      const ids = pending.slice(0, 5).map(({ id }) => id);
      this.house.log.warn({ store: this.name, ids, error: String(error) }, 'Not published; the sweep tries again');
      if (isAway(error)) return [];
    }
    if (pending.length === 1) this.inVain.note(pending[0]!.id);
    if (pending.length <= 1) return [];
    const sent: Pending[] = [];
    for (const one of pending) sent.push(...(await this.send([one])));
    return sent;
  }

  /** Empties an outbox only if nothing was written since; what was written together is emptied together. */
  private async clear(sent: Pending[]): Promise<void> {
    const operations = [...Map.groupBy(sent, ({ writer }) => writer)].map(([writer, together]) => ({
      updateMany: {
        filter: { _id: { $in: together.map(({ id }) => id) }, writer },
        update: { $set: { outbox: [], outboxAt: null } },
      },
    }));
    const { matchedCount } = await this.documents().bulkWrite(operations as never, { ordered: false });
    if (matchedCount < sent.length) await this.lookAgain(sent);
  }

  /**
   * Compaction keeps the last record, so the newest view must stand last, also when another process has published while this
   * one was slow: who finds that it has published an older one publishes the newest after it.
   */
  private async lookAgain(sent: Pending[]): Promise<void> {
    const versions = new Map(sent.map(({ id, version }) => [id, version]));
    const followed = (id: string) => (this.onItsWay.get(id) ?? -1) > versions.get(id)!;
    const ids = [...versions.keys()].filter((id) => !followed(id));
    if (ids.length === 0) return;
    const docs = (await this.documents()
      .find({ _id: { $in: ids as never[] } })
      .toArray()) as unknown as Lying<S>[];
    const newer = docs.map(taken).filter((doc) => doc.version > versions.get(doc._id)! && !followed(doc._id));
    const pending = newer.flatMap((doc) => this.pendingOf(doc, withState(doc)));
    if (pending.length > 0) await this.now(pending);
  }

  private get name(): string {
    return this.contract.resource;
  }
}

const withState = ({ outbox, nextSeq }: Stored<object>): Stored<object>['outbox'] => [...outbox, { seq: nextSeq - 1, kind: 'state' }];
