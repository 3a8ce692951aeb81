import { Injectable } from '@nestjs/common';
import { Erasure as Contract } from '#libs/contracts/erasure';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import type { Erasure } from './erasure.js';

@Injectable()
export class ErasureStore extends Store<Erasure> {
  constructor(house: House) {
    super(house, Contract.contract);
  }
}
