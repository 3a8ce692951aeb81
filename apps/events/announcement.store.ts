import { Injectable } from '@nestjs/common';
import { Announcement } from '#libs/contracts/announcement';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import type { AnnouncementState } from './announcement.js';

@Injectable()
export class AnnouncementStore extends Store<AnnouncementState> {
  constructor(house: House) {
    super(house, Announcement.contract);
  }
}
