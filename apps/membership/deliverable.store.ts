import { Injectable } from '@nestjs/common';
import { Deliverable as Contract } from '#libs/contracts/deliverable';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import type { Deliverable } from './deliverable.js';

@Injectable()
export class DeliverableStore extends Store<Deliverable> {
  constructor(house: House) {
    super(house, Contract.contract, {
      uniques: [
        {
          path: 'externalIds',
          list: true,
          code: 'DELIVERABLE.EXTERNAL_IDS.UNIQUE',
          pointer: '/externalIds',
          message: () => 'Another deliverable has one of these outside ids already.',
        },
      ],
    });
  }
}
