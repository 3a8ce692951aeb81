import { randomUUID } from 'node:crypto';
import type { Collection, Connection } from 'mongoose';
import type { AggregateContract } from '#libs/contracts/message';
import type { StoreTally } from '#libs/contracts/stores';
import type { Stamp } from '#libs/contracts/values';
import type { KeptRecord } from '#libs/domain/decision';
import { Tallying } from '#libs/domain/tally';
import { Refusal } from '#libs/domain/verdict';
import { onceBack } from '#libs/messaging/away';
import { decidedOn, type Handled, type Message } from '#libs/messaging/handle';
import { byOffset, onePerLoner, settle, worthwhile } from './batches.js';
import { type Decide, type Item, Work } from './decide.js';
import { fresh, type Lying, type Recent, type Stored, stampOf, taken } from './document.js';
import { HandledOnce } from './handled.js';
import type { House, Sweepable } from './house.js';
import { type Keeping, KeptRecords } from './kept-records.js';
import { Known } from './known.js';
import { Publisher } from './publisher.js';
import { RecordsInWork } from './records-in-work.js';
import { Timers } from './timers.js';
import { type Unique, Uniques } from './uniques.js';
import { type Guarded, writeGuarded } from './write.js';

export type { Unique } from './uniques.js';

export interface StoreOptions<S = unknown> {
  /** Index specifications over the document, `{ 'state.country': 1 }`. */
  indexes?: Record<string, 1 | -1>[];
  uniques?: Unique[];
  /** The records its aggregates keep. */
  keeps?: Keeping<S>;
}

const BATCH = 100;

/**
 * The aggregates of one kind: one document each. What arrives together is loaded together, decided in order,
 * saved by one bulk of guarded updates, and published from the outbox: not too much, since who reads waits for it. A lost race is decided again.
 */
export abstract class Store<S extends object> implements Sweepable {
  readonly name: string;
  private readonly db: Connection;
  private queue: Item<S>[] = [];
  private running: Promise<void> | null = null;
  private readonly publisher: Publisher<S>;
  private readonly timers: Timers<S>;
  private readonly known = new Known<S>();
  private readonly uniques: Uniques<S>;
  private readonly handled: HandledOnce;
  protected readonly records: KeptRecords | null;

  constructor(
    protected readonly house: House,
    readonly contract: AggregateContract,
    private readonly options: StoreOptions<S> = {},
  ) {
    this.name = contract.resource;
    this.db = house.db;
    this.handled = new HandledOnce(house.db);
    this.records = options.keeps ? new KeptRecords(house.db, options.keeps.contract) : null;
    this.publisher = new Publisher(
      house,
      contract,
      () => this.documents,
      (doc: Stored<S>) => doc.state && this.view(doc.state, stampOf(doc)),
      this.records,
    );
    this.uniques = new Uniques(options.uniques ?? [], () => this.documents);
    this.timers = new Timers(house, () => this.documents);
    house.stores.add(this);
    if (this.records) house.stores.add(this.records);
  }

  /** What the service publishes of a state; the contract drops what it does not name. */
  view(state: S, stamp: Stamp): unknown {
    return this.contract.view.parse({ ...state, ...stamp });
  }

  /** Decides a command and answers when it is safely written; a Refusal thrown by `decide` becomes its answer. */
  change<D>(message: Message & { data: D }, decide: Decide<S, D>): Promise<Handled> {
    message.arrived();
    return new Promise((resolve, reject) => {
      // Not before all of its fetch have arrived: one that came earlier in the topic might still be on its way here.
      void message.together.then(() => {
        this.queue.push({ message, decide: decide as Decide<S, never>, resolve, reject });
        this.running ??= this.run();
      });
    });
  }

  /** The state as it is now, for decisions that need another aggregate of the same service. */
  async get(id: string): Promise<{ state: S; version: number } | null> {
    const doc = await this.documents.findOne({ _id: id as never });
    return doc?.state ? { state: doc.state, version: doc.version } : null;
  }

  /** Ids of the aggregates of which a filter over the document holds. */
  protected async idsWhere(filter: Record<string, unknown>): Promise<string[]> {
    const found = await this.documents.find(filter as never, { projection: { _id: 1 } }).toArray();
    return found.map(({ _id }) => String(_id));
  }

  /** The states of many, for decisions that need other aggregates of the same service. */
  async all(ids: readonly string[]): Promise<Map<string, S>> {
    const found = await this.documents.find({ _id: { $in: [...ids] as never[] } }, { projection: { state: 1 } }).toArray();
    return new Map(found.flatMap(({ _id, state }) => (state ? [[String(_id), state as S]] : [])));
  }

  protected get documents(): Collection<Lying<S>> {
    return this.db.collection<Lying<S>>(this.name) as unknown as Collection<Lying<S>>;
  }

  async tally(): Promise<StoreTally> {
    const tallying = new Tallying();
    let unpublished = 0;
    const now = Date.now();
    let oldest = now;
    const found = this.documents.find({ state: { $ne: null } } as never, { projection: { version: 1, outboxAt: 1 } }).sort({ _id: 1 });
    for await (const { _id, version, outboxAt } of found) {
      tallying.add(String(_id), version);
      if (!outboxAt) continue;
      unpublished += 1;
      oldest = Math.min(oldest, outboxAt.getTime());
    }
    return { ...tallying.end(), aggregate: this.contract.name, unpublished, oldestSeconds: (now - oldest) / 1000 };
  }

  async ensureIndexes(): Promise<void> {
    await this.documents.createIndex({ outboxAt: 1 }, { sparse: true });
    await this.documents.createIndex({ dueAt: 1 }, { sparse: true });
    await this.documents.createIndex({ emptySince: 1 }, { expireAfterSeconds: 86_400 });
    for (const index of this.options.indexes ?? []) await this.documents.createIndex(index);
    await this.uniques.ensureIndexes();
  }

  async drain(): Promise<void> {
    await this.running;
    await this.publisher.drain();
  }

  private async run(): Promise<void> {
    // The others of the fetch join the queue in this same turn.
    await null;
    while (this.queue.length > 0) {
      const items = this.queue.sort(byOffset).splice(0, BATCH);
      await this.together(items);
    }
    this.running = null;
  }

  /** Decided again when the database is back: what it had written before it went is known as handled. */
  private together(items: Item<S>[]): Promise<void> {
    return onceBack(this.house.log, () => this.batch(items)).catch((error) => this.apart(items, error));
  }

  /** What no write together could bring in is written aggregate by aggregate, then one by one: only the culprit fails. */
  private async apart(items: Item<S>[], error: Error): Promise<void> {
    if (items.length === 1) return items[0]!.reject(error);
    const groups = Map.groupBy(items, (item) => decidedOn(item.message));
    const parts = groups.size > 1 ? [...groups.values()] : items.map((item) => [item]);
    for (const part of parts) await this.together(part);
  }

  /** Decides again what lost a race, until nothing is left. */
  private async batch(items: Item<S>[]): Promise<void> {
    const alone = new Set<string>();
    const refusals = new Map<string, Refusal>();
    let left = items;
    while (left.length > 0) {
      const { now, next } = onePerLoner(left, alone);
      const works = await this.decide(now, refusals);
      const spoilt = works.filter((work) => work.spoilt && work.failures.length > 1);
      for (const { doc } of spoilt) alone.add(doc._id);
      const { saved, lost, clashes } = await this.save(works.filter((work) => !spoilt.includes(work)));
      this.publisher.publish(saved);
      const refused = await this.notWritable(saved, refusals);
      for (const work of saved) settle(work, refused);
      for (const { work, index } of clashes) this.blame(work, index, alone, refusals);
      const again = [...lost, ...spoilt, ...clashes.map((c) => c.work)].flatMap((work) =>
        [...work.answers, ...work.failures].map(({ item }) => item),
      );
      left = [...again, ...next, ...refused].sort(byOffset);
    }
  }

  /** The one command whose write clashed is refused; where several shared the write, they are tried one by one first. */
  private blame(work: Work<S>, index: string, alone: Set<string>, refusals: Map<string, Refusal>): void {
    alone.add(work.doc._id);
    if (work.answers.length > 1) return;
    refusals.set(work.answers[0]!.item.message.id, this.uniques.refusalBy(index, work.doc.state));
  }

  /** Dry runs of what could not be written, since another aggregate holds a unique value: refused in the next round. */
  private async notWritable(works: Work<S>[], refusals: Map<string, Refusal>): Promise<Item<S>[]> {
    const previews = this.uniques.any ? works.flatMap(({ previews }) => previews) : [];
    const refused = await Promise.all(
      previews.map(async ({ item, next }) => {
        const refusal = await this.uniques.refusalFor(decidedOn(item.message), next);
        if (!refusal) return [];
        refusals.set(item.message.id, refusal);
        return [item];
      }),
    );
    return refused.flat();
  }

  private async decide(items: Item<S>[], refusals: Map<string, Refusal>): Promise<Work<S>[]> {
    const handled = this.handled.of(items.flatMap(({ message }) => (message.keyed ? [message.id] : [])));
    const named = items.filter(({ message: { within, contract } }) => within !== null && contract.creates !== 'NEW');
    const records = new Map<string, KeptRecord | null>();
    let wanted = named.map(({ message }) => message.key).filter((id) => !this.records?.cached(id));
    for (;;) {
      for (const [id, record] of (await this.records?.load(wanted)) ?? []) records.set(id, record);
      const works = await this.decideOn(items, refusals, await handled, records);
      wanted = works.flatMap((work) => [...(work.records?.wanted ?? [])]);
      if (wanted.length === 0) return works;
    }
  }

  private async decideOn(
    items: Item<S>[],
    refusals: Map<string, Refusal>,
    handled: Map<string, Recent>,
    records: Map<string, KeptRecord | null>,
  ): Promise<Work<S>[]> {
    const docs = await this.load([...new Set(items.map((item) => decidedOn(item.message)))]);
    const works = new Map<string, Work<S>>();
    for (const item of items) {
      const { id } = item.message;
      const key = decidedOn(item.message);
      let work = works.get(key);
      if (!work) {
        const doc = docs.get(key) ?? fresh<S>(key);
        const kept = this.records && this.options.keeps ? new RecordsInWork(this.options.keeps, this.records, records, doc) : null;
        work = new Work(this.contract, doc, this.house.service, () => this.house.clock.iso(), this.view.bind(this), handled, kept);
        works.set(key, work);
      }
      work.take(item, refusals.get(id));
    }
    for (const work of works.values()) work.seal();
    return [...works.values()];
  }

  private async load(ids: string[]): Promise<Map<string, Stored<S>>> {
    const known = this.known.of(ids);
    const missing = ids.filter((id) => !known.has(id));
    const docs = missing.length > 0 ? await this.documents.find({ _id: { $in: missing as never[] } }).toArray() : [];
    for (const doc of docs) known.set(String(doc._id), taken(doc as unknown as Lying<S>));
    return known;
  }

  private async save(works: Work<S>[]): Promise<Guarded<Work<S>>> {
    const dirty = works.filter((work) => work.dirty);
    const idle = works.filter((work) => !work.dirty);
    for (const work of dirty) work.trim(this.house.committedBelow(work.partition), worthwhile(work.doc));
    // Unknown until it is known how the write ended.
    this.known.forget(dirty.map(({ doc }) => doc._id));
    await this.handled.keep(dirty.flatMap((work) => work.forgotten));
    const writer = randomUUID();
    for (const { doc } of dirty) doc.writer = writer;
    const writes = dirty.map((work) => ({ of: work, doc: this.sealed(work), stored: work.stored }));
    const result = await writeGuarded(this.documents as never, writes, { writer, uniques: this.uniques.any });
    const saved = new Set(result.saved);
    for (const { of, doc } of writes) if (saved.has(of)) this.known.keep(doc);
    return { ...result, saved: [...result.saved, ...idle] };
  }

  private sealed({ doc, entries }: Work<S>): Stored<S> {
    const outbox = [...this.publisher.kept(doc), ...entries];
    return {
      ...doc,
      rev: doc.rev + 1,
      outbox,
      outboxAt: outbox.length > 0 ? new Date() : null,
      emptySince: doc.state === null && doc.version === 0 ? new Date() : null,
    };
  }

  async sweep(): Promise<void> {
    await this.publisher.sweep();
    await this.timers.sweep();
  }
}
