import type { Connection } from 'mongoose';
import { messageId } from '#libs/domain/ids';
import type { Incoming } from '#libs/messaging/kafka';
import type { Park, Shelf } from '#libs/messaging/shelf';
import type { Clock } from '#libs/service/clock';
import { parkedKeys, shelvedMessages } from '#libs/service/metrics';

/** What could not be handled, with its reason, until an operator replays or discards it. */
export interface Kept {
  _id: string;
  kind: 'SHELVED' | 'PARKED';
  group: string;
  key: string;
  topic: string;
  partition: number;
  offset: number;
  headers: Record<string, string>;
  value: string | null;
  reason: string;
  at: string;
}

const kept = (kind: Kept['kind'], group: string, message: Incoming, reason: string, at: string): Kept => {
  const { topic, partition, offset, key, headers, value } = message;
  return {
    _id: messageId(kind, group, topic, partition, offset),
    kind,
    group,
    key,
    topic,
    partition,
    offset,
    headers,
    value,
    reason: reason.slice(0, 4000),
    at,
  };
};

const add = async (db: Connection, entry: Kept) => {
  const { _id, ...rest } = entry;
  await db.collection<Kept>('kept').updateOne({ _id }, { $setOnInsert: rest }, { upsert: true });
};

export class MongoShelf implements Shelf {
  constructor(
    private readonly db: Connection,
    private readonly service: string,
    private readonly clock: Clock,
  ) {}

  async put(message: Incoming, reason: string): Promise<void> {
    await add(this.db, kept('SHELVED', this.service, message, reason, this.clock.iso()));
    shelvedMessages.set({ service: this.service }, await this.db.collection('kept').countDocuments({ kind: 'SHELVED' }));
  }
}

export class MongoPark implements Park {
  private readonly parked = new Map<string, Set<string>>();

  constructor(
    private readonly db: Connection,
    private readonly clock: Clock,
  ) {}

  has(group: string, key: string): boolean {
    return this.parked.get(group)?.has(key) ?? false;
  }

  async put(group: string, message: Incoming, reason: string): Promise<void> {
    await add(this.db, kept('PARKED', group, message, reason, this.clock.iso()));
    const keys = this.parked.get(group) ?? new Set();
    this.parked.set(group, keys.add(message.key));
    parkedKeys.set({ group }, keys.size);
  }

  async load(group: string): Promise<void> {
    const found = await this.db.collection<Kept>('kept').distinct('key', { kind: 'PARKED', group });
    // One may have been parked while this was read.
    const keys = new Set([...found, ...(this.parked.get(group) ?? [])]);
    this.parked.set(group, keys);
    parkedKeys.set({ group }, keys.size);
  }
}
