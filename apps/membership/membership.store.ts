import { Injectable } from '@nestjs/common';
import { Membership as Contract } from '#libs/contracts/membership';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import type { Membership } from './membership.js';

@Injectable()
export class MembershipStore extends Store<Membership> {
  constructor(house: House) {
    super(house, Contract.contract, { indexes: [{ 'state.partnership': 1 }, { 'state.cluster': 1 }] });
  }
}
