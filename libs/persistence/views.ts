import type { Collection, Connection } from 'mongoose';
import type { ReadState } from '#libs/messaging/state-reader';

const AT_ONCE = 100;

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

  /** `extra` computes fields to index beside the view, such as folded words. */
  async apply(
    records: Pick<ReadState, 'id' | 'version' | 'view'>[],
    extra: (view: V) => Record<string, unknown> = () => ({}),
  ): Promise<void> {
    const newest = new Map<string, (typeof records)[number]>();
    for (const record of records) if ((newest.get(record.id)?.version ?? -1) < record.version) newest.set(record.id, record);
    if (newest.size === 0) return;
    const latest = [...newest.values()];
    // Not too many at once: whoever reads meanwhile waits for each, in the database and here.
    for (let from = 0; from < latest.length; from += AT_ONCE) await this.write(latest.slice(from, from + AT_ONCE), extra);
  }

  private async write(records: Pick<ReadState, 'id' | 'version' | 'view'>[], extra: (view: V) => Record<string, unknown>): Promise<void> {
    const operations = records.map(({ id, version, view }) => {
      const filter = { _id: id, version: { $lt: version } };
      const at = this.stamped ? { $currentDate: { at: true } } : {};
      // Replaced, so that nothing computed from a view that is gone stays behind; its version stays, so that nothing late brings it back.
      if (view === null) return { replaceOne: { filter, replacement: { version, view: null }, upsert: true } };
      return { updateOne: { filter, update: { $set: { ...extra(view as V), version, view }, ...at }, upsert: true } };
    });
    await this.collection.bulkWrite(operations as never, { ordered: false }).catch((error) => {
      if (!onlyOlder(error)) throw error;
    });
  }

  async get(id: string): Promise<Copy<V> | null> {
    const found = (await this.collection.findOne({ _id: id as never })) as Copy<V> | null;
    return found?.view ? found : null;
  }

  async where(filter: Record<string, unknown>): Promise<Copy<V>[]> {
    const found = (await this.collection.find({ ...filter, view: { $ne: null } } as never).toArray()) as unknown as Copy<V>[];
    return found;
  }
}

/** The guard found a newer version and the upsert met its id: just what it is there for. */
const onlyOlder = (error: { code?: number; writeErrors?: { code: number } | { code: number }[] }) => {
  const errors = [error.writeErrors ?? []].flat();
  return errors.length > 0 ? errors.every((e) => e.code === 11000) : error.code === 11000;
};
