import { Injectable } from '@nestjs/common';
import { ExchangeProfile as Contract } from '#libs/contracts/exchange-profile';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import type { ExchangeProfile } from './exchange-profile.js';

@Injectable()
export class ExchangeProfileStore extends Store<ExchangeProfile> {
  constructor(house: House) {
    super(house, Contract.contract, { indexes: [{ 'state.partnership': 1 }] });
  }
}
