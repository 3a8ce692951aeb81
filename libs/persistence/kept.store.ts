import type { Collection, Connection } from 'mongoose';
import { messageId } from '#libs/domain/ids';
import { isAway } from '#libs/messaging/away';
import type { Incoming } from '#libs/messaging/kafka';
import type { Clock } from '#libs/service/clock';

/** What could not be handled, as it came, with the reason: until an operator has it replayed or discards it. */
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
  /** The operators know of it. */
  told: boolean;
}

/** Makes known what was kept; what it cannot make known now is told at the next start. */
export type Tell = (kept: Kept) => Promise<void>;

const LONGEST_REASON = 4000;

/** What a service could not handle, in the collection `kept`, until somebody has seen to it; its service is told of each. */
export class KeptMessages {
  constructor(
    private readonly db: Connection,
    private readonly clock: Clock,
    private readonly tell: Tell,
  ) {}

  async add(kind: Kept['kind'], group: string, message: Incoming, reason: string): Promise<void> {
    const { topic, partition, offset, key, headers, value } = message;
    const id = messageId(kind, group, topic, partition, offset);
    const entry = { kind, group, key, topic, partition, offset, headers, value, at: this.clock.iso(), told: false };
    await this.all.updateOne({ _id: id }, { $setOnInsert: { ...entry, reason: reason.slice(0, LONGEST_REASON) } }, { upsert: true });
    const kept = await this.get(id);
    if (kept && !kept.told) await this.makeKnown(kept);
  }

  async get(id: string): Promise<Kept | null> {
    return (await this.all.findOne({ _id: id })) as Kept | null;
  }

  /** All that waits of a key, in the order in which it came. */
  async line(group: string, key: string): Promise<Kept[]> {
    const found = this.all.find({ kind: 'PARKED', group, key });
    return (await found.sort({ topic: 1, partition: 1, offset: 1 }).toArray()) as Kept[];
  }

  parkedKeys(group: string): Promise<string[]> {
    return this.all.distinct('key', { kind: 'PARKED', group });
  }

  shelved(): Promise<number> {
    return this.all.countDocuments({ kind: 'SHELVED' });
  }

  async remove(id: string): Promise<void> {
    await this.all.deleteOne({ _id: id });
  }

  /** Whatever is kept about an aggregate: how much it was. */
  async forget(key: string): Promise<number> {
    return (await this.all.deleteMany({ key })).deletedCount;
  }

  /** Indexes, and word of what was kept before the service could tell of it. */
  async open(): Promise<void> {
    await this.all.createIndex({ kind: 1, group: 1, key: 1 });
    for (const kept of (await this.all.find({ told: { $ne: true } }).toArray()) as Kept[]) await this.makeKnown(kept);
  }

  private async makeKnown(kept: Kept): Promise<void> {
    try {
      await this.tell(kept);
      await this.all.updateOne({ _id: kept._id }, { $set: { told: true } });
    } catch (error) {
      // It is safely kept; only an engine that is away is waited for.
      if (isAway(error)) throw error;
    }
  }

  private get all(): Collection<Kept> {
    return this.db.collection<Kept>('kept') as unknown as Collection<Kept>;
  }
}
