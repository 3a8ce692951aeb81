import type { Collection, Connection } from 'mongoose';
import type { Recent } from './document.js';
import { insertNew } from './newest.js';

interface Kept {
  _id: string;
  recent: Recent;
  at: Date;
}

const KEPT_SECONDS = 86_400;

/**
 * What became of commands that clients have keyed: they may come again long after their offset. Outcomes that an aggregate has no room
 * for any more are kept here for a day.
 */
export class HandledOnce {
  constructor(private readonly db: Connection) {}

  async ensureIndexes(): Promise<void> {
    await this.handled.createIndex({ at: 1 }, { expireAfterSeconds: KEPT_SECONDS });
  }

  /** By the ids of their messages. */
  async of(ids: readonly string[]): Promise<Map<string, Recent>> {
    if (ids.length === 0) return new Map();
    const found = await this.handled.find({ _id: { $in: [...ids] } }).toArray();
    return new Map(found.map(({ _id, recent }) => [_id, recent]));
  }

  /** One that is there already had failed, and was decided anew. */
  async keep(entries: readonly Recent[]): Promise<void> {
    const at = new Date();
    const newest = new Map(entries.map((recent) => [recent.id, { _id: recent.id, recent, at }]));
    for (const { _id, ...anew } of await insertNew(this.handled, [...newest.values()]))
      await this.handled.updateOne({ _id }, { $set: anew });
  }

  private get handled(): Collection<Kept> {
    return this.db.collection<Kept>('handled') as unknown as Collection<Kept>;
  }
}
