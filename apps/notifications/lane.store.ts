import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongoose';
import { upTo } from '#libs/persistence/filters';
import { House, type Sweepable } from '#libs/persistence/house';

/** The way to one endpoint: when it has work, and who is at it. Jobs may be lost or doubled; what stands here is not. */
interface LaneDocument {
  _id: string;
  /** When something is to be delivered; null: nothing is known to wait. */
  dueAt: Date | null;
  /** Raised whenever work comes, so that who leaves does not forget what came meanwhile. */
  rev: number;
  /** The endpoint asked for patience, or has just shown that it is gone. */
  restUntil: Date | null;
  holder: string | null;
  heldUntil: Date | null;
}

/** A lane in the hand of one worker. */
export interface Hold {
  id: string;
  holder: string;
  rev: number;
  heldUntil: number;
}

export interface Rest {
  dueAt: Date | null;
  restUntil: Date | null;
}

/** Longer than one attempt may take: a worker that was killed leaves its lane to others after that. Machine time, for it guards machines. */
const HOLD_MS = 20_000;
const SWEEP_AT_ONCE = 500;

@Injectable()
export class LaneStore implements Sweepable {
  readonly name = 'lanes';
  /** Told of the lanes that have work. */
  onDue: (ids: string[]) => Promise<void> = async () => undefined;

  constructor(private readonly house: House) {
    house.stores.add(this);
  }

  async ensureIndexes(): Promise<void> {
    await this.lanes.createIndex({ dueAt: 1 });
  }

  /** Work has come for these. */
  async touch(ids: readonly string[]): Promise<void> {
    const dueAt = this.house.clock.now();
    const operations = ids.map((id) => ({
      updateOne: { filter: { _id: id }, update: { $set: { dueAt }, $inc: { rev: 1 } }, upsert: true },
    }));
    await this.lanes.bulkWrite(operations, { ordered: false });
  }

  /** Null while another worker is at it. */
  async take(id: string, holder: string): Promise<Hold | null> {
    const now = Date.now();
    const heldUntil = new Date(now + HOLD_MS);
    const free = { _id: id, $or: [{ holder: null }, { heldUntil: { $lt: new Date(now) } }] };
    const lane = await this.lanes.findOneAndUpdate(free, { $set: { holder, heldUntil } }, { returnDocument: 'after' });
    return lane && { id, holder, rev: lane.rev, heldUntil: heldUntil.getTime() };
  }

  /** Throws when the lane went to another worker: ours was too slow. */
  async keep(hold: Hold): Promise<void> {
    if (hold.heldUntil - Date.now() > HOLD_MS * 0.9) return;
    const heldUntil = new Date(Date.now() + HOLD_MS);
    const { matchedCount } = await this.lanes.updateOne({ _id: hold.id, holder: hold.holder }, { $set: { heldUntil } });
    if (matchedCount === 0) throw new Error(`lane ${hold.id} went to another worker`);
    hold.heldUntil = heldUntil.getTime();
  }

  /** Work that came while the lane was held keeps it due. */
  async leave({ id, holder, rev }: Hold, { dueAt, restUntil }: Rest): Promise<void> {
    const free = { holder: null, heldUntil: null, restUntil };
    const { matchedCount } = await this.lanes.updateOne({ _id: id, holder, rev }, { $set: { ...free, dueAt } });
    if (matchedCount === 0) await this.lanes.updateOne({ _id: id, holder }, { $set: free });
  }

  /** Whatever became of its jobs: a lane that is due is told of until somebody has seen to it. */
  async sweep(): Promise<void> {
    const now = this.house.clock.now();
    const rested = { $or: [{ restUntil: null }, { restUntil: { $lte: now } }] };
    const unheld = { $or: [{ holder: null }, { heldUntil: { $lt: new Date() } }] };
    const due = await this.lanes
      .find({ dueAt: upTo(now), $and: [rested, unheld] }, { projection: { _id: 1 } })
      .sort({ dueAt: 1 })
      .limit(SWEEP_AT_ONCE)
      .toArray();
    if (due.length > 0) await this.onDue(due.map(({ _id }) => _id));
  }

  async drain(): Promise<void> {}

  private get lanes(): Collection<LaneDocument> {
    return this.house.db.collection<LaneDocument>(this.name) as unknown as Collection<LaneDocument>;
  }
}
