import type { Collection, Connection } from 'mongoose';
import type { ReadState } from '#libs/messaging/state-reader';
import { despiteConflicts, parts } from './bulk.js';
import { keepNewest } from './newest.js';

type State = Pick<ReadState, 'id' | 'version' | 'view'>;

/** A copy of an aggregate's newest view, as another service published it. */
export interface Copy<V = Record<string, unknown>> {
  _id: string;
  version: number;
  view: V;
}

/**
 * Copies of one kind of aggregate, kept by version: what is older than what is there is dropped, in any order of arrival. `stamped`:
 * each that is there says when it was written (`at`, by the clock of the database): who keeps a part of them in memory finds what changed.
 */
export class Views<V extends object = Record<string, unknown>> {
  constructor(
    private readonly db: Connection,
    readonly name: string,
    private readonly indexes: Record<string, 1 | -1>[] = [],
    private readonly stamped = false,
  ) {}

  get collection(): Collection<Copy<V>> {
    return this.db.collection<Copy<V>>(this.name) as unknown as Collection<Copy<V>>;
  }

  async ensureIndexes(): Promise<void> {
    for (const index of [...this.indexes, ...(this.stamped ? [{ at: 1 as const }] : [])]) await this.collection.createIndex(index);
  }

  /** `extra` computes fields to index beside the view, such as folded words; `isKnown`: what is surely there. */
  async apply(
    records: State[],
    extra: (view: V) => Record<string, unknown> = () => ({}),
    isKnown?: (id: string) => boolean,
  ): Promise<void> {
    const newest = new Map<string, (typeof records)[number]>();
    for (const record of records) if ((newest.get(record.id)?.version ?? -1) < record.version) newest.set(record.id, record);
    for (const part of parts([...newest.values()])) await this.write(part, extra, isKnown);
  }

  private async write(records: State[], extra: (view: V) => Record<string, unknown>, isKnown?: (id: string) => boolean): Promise<void> {
    // Whole, so that nothing computed from a view that is gone stays behind; its version stays, so that nothing late brings it back.
    const copies = records.map(({ id, version, view }) => ({
      _id: id,
      ...(view === null ? {} : extra(view as V)),
      // By the clock of this process, until the stamp: a copy without any would not be found by who looks for what is new.
      ...(this.stamped ? { at: new Date() } : {}),
      version,
      view: view as V,
    }));
    await despiteConflicts(async () => {
      await keepNewest(this.collection, copies, isKnown);
      if (this.stamped) await this.stamp(records.map(({ id }) => id));
    });
  }

  /** Also what lay there already: whoever wrote it may have ended before stamping it. */
  private async stamp(ids: string[]): Promise<void> {
    await this.collection.updateMany({ _id: { $in: ids } } as never, { $currentDate: { at: true } } as never);
  }

  async get(id: string): Promise<Copy<V> | null> {
    const found = (await this.collection.findOne({ _id: id as never })) as Copy<V> | null;
    return found?.view ? found : null;
  }

  /** Those of many that are there. */
  async byIds(ids: readonly string[]): Promise<Map<string, Copy<V>>> {
    return byId(await this.where({ _id: { $in: ids } }));
  }

  /** Also those of what is gone, whose view is null: their version is known. */
  async knownOf(ids: readonly string[]): Promise<Map<string, Copy<V | null>>> {
    return byId((await this.collection.find({ _id: { $in: ids } } as never).toArray()) as unknown as Copy<V | null>[]);
  }

  async where(filter: Record<string, unknown>): Promise<Copy<V>[]> {
    const found = (await this.collection.find({ ...filter, view: { $ne: null } } as never).toArray()) as unknown as Copy<V>[];
    return found;
  }
}

const byId = <C extends { _id: string }>(copies: readonly C[]) => new Map(copies.map((copy) => [copy._id, copy]));
