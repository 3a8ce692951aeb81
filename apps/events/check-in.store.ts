import { Injectable } from '@nestjs/common';
import { CheckIn } from '#libs/contracts/check-in';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import type { CheckInState } from './check-in.js';

@Injectable()
export class CheckInStore extends Store<CheckInState> {
  constructor(house: House) {
    super(house, CheckIn.contract);
  }
}
