import { Injectable } from '@nestjs/common';
import { Agreement as Contract } from '#libs/contracts/agreement';
import type { Stamp } from '#libs/contracts/values';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import { type Agreement, readable } from './agreement.js';

@Injectable()
export class AgreementStore extends Store<Agreement> {
  constructor(house: House) {
    super(house, Contract.contract, {
      uniques: [
        {
          path: 'externalIds',
          list: true,
          code: 'AGREEMENT.EXTERNAL_IDS.UNIQUE',
          pointer: '/externalIds',
          message: () => 'Another agreement has one of these outside ids already.',
        },
      ],
    });
  }

  /** Agreements in which a party has named this person, and its name still stands. */
  naming(person: string): Promise<string[]> {
    return this.idsWhere({ 'state.signatories': { $elemMatch: { person, name: { $ne: null } } } });
  }

  /** Agreements of which a version names this record as a party, or as what a party has become part of. */
  withParty(id: string): Promise<string[]> {
    return this.idsWhere({ $or: [{ 'state.versions.parties.id': id }, { 'state.versions.parties.mergedInto': id }] });
  }

  /** Whether an agreement of this kind that the partnership looks after is in force. */
  async isInForce(partnership: string, kind: string): Promise<boolean> {
    const filter = { 'state.partnership': partnership, 'state.kind': kind, 'state.versions.state': 'IN_FORCE' };
    return (await this.idsWhere(filter)).length > 0;
  }

  override view(agreement: Agreement, stamp: Stamp): unknown {
    return this.contract.view.parse({ ...readable(agreement), ...stamp });
  }
}
