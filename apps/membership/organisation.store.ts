import { Injectable } from '@nestjs/common';
import { Organisation as Contract } from '#libs/contracts/organisation';
import type { Stamp } from '#libs/contracts/values';
import { type Comparable, signsOf } from '#libs/domain/duplicates';
import { sizeClass } from '#libs/domain/size-class';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import type { Organisation } from './organisation.js';

/** More look alike by a sign than anybody would go through. */
const MOST = 200;

@Injectable()
export class OrganisationStore extends Store<Organisation> {
  constructor(house: House) {
    super(house, Contract.contract, {
      indexes: [{ 'state.signs': 1 }],
      uniques: [
        {
          path: 'externalIds',
          list: true,
          code: 'ORGANISATION.EXTERNAL_IDS.UNIQUE',
          pointer: '/externalIds',
          message: () => 'Another organisation has one of these outside ids already.',
        },
      ],
    });
  }

  override view(state: Organisation, stamp: Stamp): unknown {
    return super.view({ ...state, sizeClass: sizeClass(state.size) } as Organisation, stamp);
  }

  /** Records that share a sign with one that is described so. */
  async likely(described: Omit<Comparable, 'id'>): Promise<Comparable[]> {
    const found = await this.documents
      .find({ 'state.signs': { $in: signsOf({ ...described, id: '' }) } as never })
      .limit(MOST)
      .toArray();
    return found.flatMap(({ _id, state }) => (state ? [{ ...state, id: String(_id) }] : []));
  }
}
