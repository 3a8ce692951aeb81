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
}
