import { Injectable } from '@nestjs/common';
import { ApiKey } from '#libs/contracts/api-key';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import type { ApiKeyState } from './api-key.js';

@Injectable()
export class ApiKeyStore extends Store<ApiKeyState> {
  constructor(house: House) {
    super(house, ApiKey.contract, { indexes: [{ 'state.sha256': 1 }] });
  }
}
