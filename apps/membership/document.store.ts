import { Injectable } from '@nestjs/common';
import { Document as Contract } from '#libs/contracts/document';
import type { Stamp } from '#libs/contracts/values';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import { type Document, readable } from './document.js';

@Injectable()
export class DocumentStore extends Store<Document> {
  constructor(house: House) {
    super(house, Contract.contract, {
      uniques: [
        {
          path: 'externalIds',
          list: true,
          code: 'DOCUMENT.EXTERNAL_IDS.UNIQUE',
          pointer: '/externalIds',
          message: () => 'Another document has one of these outside ids already.',
        },
      ],
    });
  }

  override view(document: Document, stamp: Stamp): unknown {
    return this.contract.view.parse({ ...readable(document), ...stamp });
  }
}
