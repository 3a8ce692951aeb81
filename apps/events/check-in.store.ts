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

  /** Ids of all that a person has. */
  async of(person: string): Promise<string[]> {
    const found = await this.documents.find({ 'state.person': person } as never, { projection: { _id: 1 } }).toArray();
    return found.map(({ _id }) => String(_id));
  }
}
