import { Injectable } from '@nestjs/common';
import { type KeptMessageView, keptMessages } from '#libs/contracts/kept-message';
import type { Stamp } from '#libs/contracts/values';
import { House } from './house.js';
import { Store } from './store.js';

export interface KeptMessage extends Omit<KeptMessageView, keyof Stamp> {
  /** The command that waits to hear what came of the replay. */
  asked: string | null;
  replayingSince: string | null;
}

/** What operators know of the messages this service could not handle. */
@Injectable()
export class KeptMessageStore extends Store<KeptMessage> {
  constructor(house: House) {
    super(house, keptMessages[house.service].contract);
  }
}
