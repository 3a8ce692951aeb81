import type { Collection } from 'mongoose';
import type { AggregateContract } from '#libs/contracts/message';
import { outboxOldestAgeSeconds, outboxPending } from '#libs/service/metrics';
import type { Work } from './decide.js';
import type { Stored } from './document.js';
import type { House } from './house.js';
import type { Pending } from './relay.js';

const SWEEP_AFTER_MS = 2000;

/** Publishes the outboxes of one store: at once after a write, and by a sweep what a crash or an outage has left. */
export class Publisher<S extends object> {
  private readonly publishing = new Set<Promise<void>>();
  /** Published up to here, though the document may not say so yet. */
  private readonly published = new Map<string, number>();

  constructor(
    private readonly house: House,
    private readonly contract: AggregateContract,
    private readonly documents: () => Collection<Stored<S>>,
    private readonly viewOf: (doc: Stored<S>) => unknown,
  ) {}

  /** What is still to be published of an outbox. */
  left({ _id, outbox }: Stored<S>): Stored<S>['outbox'] {
    const published = this.published.get(_id) ?? -1;
    return outbox.filter((entry) => entry.seq > published);
  }

  publish(saved: Work<S>[]): void {
    const pending = saved
      .filter(({ dirty, entries, doc }) => dirty && entries.length + doc.outbox.length > 0)
      .map(({ doc, entries, sealedView }) => ({
        id: doc._id,
        version: doc.version,
        view: sealedView,
        entries: [...this.left(doc), ...entries],
      }));
    if (pending.length === 0) return;
    const done = this.now(pending).finally(() => this.publishing.delete(done));
    this.publishing.add(done);
  }

  async drain(): Promise<void> {
    await Promise.allSettled([...this.publishing]);
  }

  async sweep(): Promise<void> {
    const before = new Date(Date.now() - SWEEP_AFTER_MS);
    const found = this.documents().find({ outboxAt: { $lt: before } as never });
    const left = (await found.sort({ outboxAt: 1 }).limit(200).toArray()) as unknown as Stored<S>[];
    const oldest = left[0]?.outboxAt;
    const collection = this.contract.resource;
    outboxPending.set({ collection }, left.length);
    outboxOldestAgeSeconds.set({ collection }, oldest ? (Date.now() - oldest.getTime()) / 1000 : 0);
    const pending = left.flatMap((doc) => this.pendingOf(doc));
    if (pending.length > 0) await this.now(pending);
  }

  /** A state without a view is a bug; it must not hold up its neighbours. */
  private pendingOf(doc: Stored<S>): Pending[] {
    try {
      return doc.outbox.length > 0 ? [{ id: doc._id, version: doc.version, view: this.viewOf(doc), entries: doc.outbox }] : [];
    } catch (error) {
      this.house.log.error(
        { store: this.contract.resource, id: doc._id, error: String(error) },
        'A state has no view and is not published',
      );
      return [];
    }
  }

  private async now(pending: Pending[]): Promise<void> {
    try {
      await this.house.relay.publish(this.contract, pending);
    } catch (error) {
      this.house.log.warn({ store: this.contract.resource, error: String(error) }, 'Not published; the sweep tries again');
      return;
    }
    for (const { id, entries } of pending) this.published.set(id, Math.max(this.published.get(id) ?? -1, entries.at(-1)?.seq ?? -1));
    await this.clear(pending);
  }

  /** Empties an outbox only if nothing was added since. */
  private async clear(pending: Pending[]): Promise<void> {
    const operations = pending.map(({ id, entries }) => ({
      updateOne: {
        filter: { _id: id as never, nextSeq: (entries.at(-1)?.seq ?? -1) + 1 },
        update: { $set: { outbox: [], outboxAt: null } },
      },
    }));
    await this.documents()
      .bulkWrite(operations as never, { ordered: false })
      .catch((error) =>
        this.house.log.warn({ store: this.contract.resource, error: String(error) }, 'Outbox not cleared; the sweep does it'),
      );
    if (this.published.size > 10_000) this.published.clear();
  }
}
