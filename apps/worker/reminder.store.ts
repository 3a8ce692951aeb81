import { Injectable } from '@nestjs/common';
import { Reminder as Contract } from '#libs/contracts/reminder';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import type { Reminder } from './reminder.js';

@Injectable()
export class ReminderStore extends Store<Reminder> {
  constructor(house: House) {
    super(house, Contract.contract);
  }
}
