import type { Collection, Connection } from 'mongoose';
import type { AggregateContract } from '#libs/contracts/message';
import type { StoreTally } from '#libs/contracts/stores';
import type { KeptRecord } from '#libs/domain/decision';
import { Tallying } from '#libs/domain/tally';
import type { OutboxEntry } from './document.js';
import type { Sweepable } from './house.js';
import { keepNewest } from './newest.js';

type RecordEntry = Extract<OutboxEntry, { kind: 'record' }>;

interface Lying {
  _id: string;
  version: number;
  state: Record<string, unknown>;
}

/** What an aggregate says of the records it keeps, so that they need not be in its document. */
export interface Keeping<S> {
  contract: AggregateContract;
  /** The version that a record has by the word of the aggregate; null: it does not say, since it is done with it. */
  versionOf(state: S | null, id: string): number | null;
}

const CACHED = 5000;

/** The last of each record among the entries of an outbox. */
export function newestRecords(entries: readonly OutboxEntry[]): RecordEntry[] {
  const newest = new Map<string, RecordEntry>();
  for (const entry of entries) if (entry.kind === 'record') newest.set(entry.id, entry);
  return [...newest.values()];
}

/**
 * Records that another aggregate decides: who is admitted to an event can only be said of all who want to come. The aggregate is
 * written first, with what became of each record in its outbox; this collection follows from the outbox, before that is emptied.
 * So a record is what its aggregate's outbox says of it, else what lies here.
 */
export class KeptRecords implements Sweepable {
  private readonly cache = new Map<string, KeptRecord>();

  constructor(
    private readonly db: Connection,
    readonly contract: AggregateContract,
  ) {}

  get name(): string {
    return this.contract.resource;
  }

  /** As this process last saw them. */
  cached(id: string): KeptRecord | undefined {
    return this.cache.get(id);
  }

  /** As they lie in the database; null: there is none. */
  async load(ids: readonly string[]): Promise<Map<string, KeptRecord | null>> {
    const found = new Map<string, KeptRecord | null>(ids.map((id) => [id, null]));
    if (ids.length === 0) return found;
    for (const { _id, version, state } of await this.records.find({ _id: { $in: [...ids] } }).toArray())
      found.set(_id, { version, view: state });
    return found;
  }

  /** Those of which a filter over their view holds; what only the outbox of their aggregate says yet is not among them. */
  async where(filter: Record<string, unknown>): Promise<{ id: string; view: Record<string, unknown> }[]> {
    const found = await this.records.find(filter as never).toArray();
    return found.map(({ _id, state }) => ({ id: _id, view: state }));
  }

  /** What outboxes say of them; older than what lies here is passed over, so it may be said twice. */
  async keep(entries: readonly OutboxEntry[]): Promise<void> {
    const newest = newestRecords(entries);
    if (newest.length === 0) return;
    const known = new Set(newest.flatMap(({ id }) => (this.cache.has(id) ? [id] : [])));
    for (const { id, version, view } of newest) this.remember(id, { version, view });
    const records = newest.map(({ id, version, view }) => ({ _id: id, version, state: view as Record<string, unknown> }));
    await keepNewest(this.records, records, (id) => known.has(id));
  }

  /** Found by their ids alone: an index would cost every write. */
  async ensureIndexes(): Promise<void> {}

  /** They are published with the aggregate that keeps them, and swept with it. */
  async sweep(): Promise<void> {}
  async drain(): Promise<void> {}

  async tally(): Promise<StoreTally> {
    const tallying = new Tallying();
    for await (const { _id, version } of this.records.find({}, { projection: { version: 1 } }).sort({ _id: 1 })) tallying.add(_id, version);
    return { ...tallying.end(), aggregate: this.contract.name, unpublished: 0, oldestSeconds: 0 };
  }

  private remember(id: string, record: KeptRecord): void {
    this.cache.delete(id);
    this.cache.set(id, record);
    if (this.cache.size > CACHED) this.cache.delete(this.cache.keys().next().value as string);
  }

  private get records(): Collection<Lying> {
    return this.db.collection<Lying>(this.name) as unknown as Collection<Lying>;
  }
}
