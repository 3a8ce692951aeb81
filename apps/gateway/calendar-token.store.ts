import { Injectable } from '@nestjs/common';
import { CalendarToken } from '#libs/contracts/calendar-token';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import type { CalendarTokenState } from './calendar-token.js';

@Injectable()
export class CalendarTokenStore extends Store<CalendarTokenState> {
  constructor(house: House) {
    super(house, CalendarToken.contract);
  }

  /** Ids of all that open the calendar of this account. */
  async ownedBy(account: string): Promise<string[]> {
    const found = await this.documents.find({ 'state.owner': account } as never, { projection: { _id: 1 } }).toArray();
    return found.map(({ _id }) => String(_id));
  }
}
