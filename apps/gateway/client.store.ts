import { Injectable } from '@nestjs/common';
import { Client } from '#libs/contracts/client';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import type { ClientState } from './client.js';

@Injectable()
export class ClientStore extends Store<ClientState> {
  constructor(house: House) {
    super(house, Client.contract);
  }
}
