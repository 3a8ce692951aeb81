import { Injectable } from '@nestjs/common';
import { Import as Contract } from '#libs/contracts/import';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import type { Import } from './import.js';

@Injectable()
export class ImportStore extends Store<Import> {
  constructor(house: House) {
    super(house, Contract.contract, { indexes: [{ 'state.partnership': 1 }] });
  }
}
