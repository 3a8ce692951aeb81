import { Injectable } from '@nestjs/common';
import { Person as Contract } from '#libs/contracts/person';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import type { Person } from './person.js';

@Injectable()
export class PersonStore extends Store<Person> {
  constructor(house: House) {
    super(house, Contract.contract, {
      indexes: [{ 'state.organisation': 1 }],
      uniques: [
        {
          path: 'mailbox',
          code: 'PERSON.EMAIL.UNIQUE',
          pointer: '/email',
          message: () => 'Another person of the organisation has this address already.',
        },
        {
          path: 'externalIds',
          list: true,
          code: 'PERSON.EXTERNAL_IDS.UNIQUE',
          pointer: '/externalIds',
          message: () => 'Another person has one of these outside ids already.',
        },
      ],
    });
  }

  /** Ids of the persons of an organisation. */
  of(organisation: string): Promise<string[]> {
    return this.idsWhere({ 'state.organisation': organisation });
  }

  /** Who has the address in its organisation; null: nobody. */
  async ownerOf(mailbox: string): Promise<string | null> {
    const found = await this.documents.findOne({ 'state.mailbox': mailbox } as never, { projection: { _id: 1 } });
    return found ? String(found._id) : null;
  }
}
