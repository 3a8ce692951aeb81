import { Injectable } from '@nestjs/common';
import { Delivery as Contract } from '#libs/contracts/subscription';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import type { Delivery } from './delivery.js';

export interface DueDelivery {
  id: string;
  version: number;
  delivery: Delivery;
}

const WAITING = ['QUEUED', 'FAILED'];

@Injectable()
export class DeliveryStore extends Store<Delivery> {
  constructor(house: House) {
    super(house, Contract.contract, { indexes: [{ 'state.subscription': 1, 'state.state': 1, 'state.cursor': 1 }] });
  }

  /**
   * What may be sent now, in the order of the feed, and when the next is due of what may not. A fact waits for the one before it
   * of its subject: only the first of a subject can have failed, and what failed holds back the rest until its time has come.
   */
  async due(subscription: string, now: Date, limit: number): Promise<{ due: DueDelivery[]; next: Date | null }> {
    const failed = await this.find(
      { 'state.subscription': subscription, 'state.state': 'FAILED', 'state.nextAt': { $gt: now.toISOString() } },
      { 'state.subject': 1, 'state.nextAt': 1 },
    ).toArray();
    const held = failed.map(({ state }) => state!.subject);
    const free = { 'state.subscription': subscription, 'state.state': { $in: WAITING }, 'state.subject': { $nin: held } };
    const due = await this.find(free, { version: 1, state: 1 }).sort({ 'state.cursor': 1 }).limit(limit).toArray();
    const [next] = failed.map(({ state }) => state!.nextAt!).sort();
    return {
      due: due.map(({ _id, version, state }) => ({ id: String(_id), version, delivery: state! })),
      next: next ? new Date(next) : null,
    };
  }

  /** Those of a subscription that are still to be delivered. */
  async waiting(subscription: string, limit: number): Promise<{ id: string; version: number }[]> {
    const found = await this.find({ 'state.subscription': subscription, 'state.state': { $in: WAITING } }, { version: 1 })
      .limit(limit)
      .toArray();
    return found.map(({ _id, version }) => ({ id: String(_id), version }));
  }

  /** How many of them are still as they were when they were read. */
  async unmoved(read: readonly { id: string; version: number }[]): Promise<number> {
    const found = await this.find({ _id: { $in: read.map(({ id }) => id) } }, { version: 1 }).toArray();
    const versions = new Map(found.map(({ _id, version }) => [String(_id), version]));
    return read.filter(({ id, version }) => versions.get(id) === version).length;
  }

  private find(filter: object, projection: object) {
    return this.documents.find(filter as never, { projection });
  }
}
