import { Injectable } from '@nestjs/common';
import { Subscription as Contract } from '#libs/contracts/subscription';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import { oncePerTurn } from './per-turn.js';
import type { Subscription } from './subscription.js';

/** Also while a subscription is paused or disabled its facts wait for it. */
const LIVE = ['ACTIVE', 'PAUSED', 'DISABLED'];

interface Live {
  id: string;
  state: Subscription;
}

@Injectable()
export class SubscriptionStore extends Store<Subscription> {
  private read: { at: string; subscriptions: Live[] } | null = null;

  constructor(house: House) {
    super(house, Contract.contract, { indexes: [{ 'state.state': 1 }] });
  }

  /** Those that facts told up to `since` are kept for; a list read later than that holds for all of them. */
  async live(since: string): Promise<Live[]> {
    if (this.read && this.read.at >= since) return this.read.subscriptions;
    return this.readLive();
  }

  private readonly readLive = oncePerTurn(async (): Promise<Live[]> => {
    // Before the question, not after the answer: who subscribes meanwhile is in a later list.
    const at = this.house.clock.iso();
    const found = await this.documents.find({ 'state.state': { $in: LIVE } as never }, { projection: { state: 1 } }).toArray();
    const subscriptions = found.map(({ _id, state }) => ({ id: String(_id), state: state! }));
    this.read = { at, subscriptions };
    return subscriptions;
  });
}
