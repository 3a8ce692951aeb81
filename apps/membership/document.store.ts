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

  /** Documents that belong to a cluster, or are its to read. */
  ofCluster(cluster: string): Promise<string[]> {
    return this.idsWhere({ $or: [{ 'state.cluster': cluster }, { 'state.partners': cluster }] });
  }

  /** Those of partnerships that have been approved, one by one. */
  async *approved(): AsyncGenerator<Document & { id: string }> {
    const filter = { 'state.partnership': { $ne: null }, 'state.versions.state': 'APPROVED' };
    for await (const { _id, state } of this.documents.find(filter as never)) if (state) yield { ...state, id: String(_id) };
  }

  /** Kinds of the partnership's documents of which a version is approved. */
  async approvedKinds(partnership: string): Promise<string[]> {
    const filter = { 'state.partnership': partnership, 'state.versions.state': 'APPROVED' };
    const found = await this.all(await this.idsWhere(filter));
    return [...new Set([...found.values()].map(({ kind }) => kind))];
  }

  override view(document: Document, stamp: Stamp): unknown {
    return this.contract.view.parse({ ...readable(document), ...stamp });
  }
}
