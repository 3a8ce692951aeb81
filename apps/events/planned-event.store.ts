import { Injectable } from '@nestjs/common';
import { PlannedEvent as Contract } from '#libs/contracts/planned-event';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import type { PlannedEvent } from './planned-event.js';

@Injectable()
export class PlannedEventStore extends Store<PlannedEvent> {
  constructor(house: House) {
    super(house, Contract.contract, {
      uniques: [
        {
          path: 'externalIds',
          list: true,
          code: 'EVENT.EXTERNAL_IDS.UNIQUE',
          pointer: '/externalIds',
          message: () => 'Another event has one of these outside ids already.',
        },
      ],
    });
  }
}
