import { Injectable } from '@nestjs/common';
import { Subscription as Contract } from '#libs/contracts/subscription';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import { oncePerTurn } from './per-turn.js';
import type { Subscription } from './subscription.js';

/** Also while a subscription is paused or disabled its facts wait for it. */
const LIVE = ['ACTIVE', 'PAUSED', 'DISABLED'];

@Injectable()
export class SubscriptionStore extends Store<Subscription> {
  constructor(house: House) {
    super(house, Contract.contract, { indexes: [{ 'state.state': 1 }] });
  }

  /** Those that facts are kept for, as they stand when it is asked. */
  readonly live = oncePerTurn(async (): Promise<{ id: string; state: Subscription }[]> => {
    const found = await this.documents.find({ 'state.state': { $in: LIVE } as never }, { projection: { state: 1 } }).toArray();
    return found.map(({ _id, state }) => ({ id: String(_id), state: state! }));
  });
}
