import { Injectable } from '@nestjs/common';
import { Partnership as Contract } from '#libs/contracts/partnership';
import type { Stamp } from '#libs/contracts/values';
import { sourceId } from '#libs/domain/ids';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import { type Partnership, readable } from './partnership.js';

@Injectable()
export class PartnershipStore extends Store<Partnership> {
  constructor(house: House) {
    super(house, Contract.contract, {
      uniques: [
        {
          path: 'externalIds',
          list: true,
          code: 'PARTNERSHIP.EXTERNAL_IDS.UNIQUE',
          pointer: '/externalIds',
          message: () => 'Another partnership has one of these outside ids already.',
        },
        {
          path: 'slug',
          code: 'PARTNERSHIP.SLUG.UNIQUE',
          pointer: '/identity/acronym',
          message: (slug) => `Another partnership has the address ${slug} already.`,
        },
      ],
    });
  }

  /** The partnership that has this address now. */
  async ownerOf(slug: string): Promise<string | null> {
    const found = await this.documents.findOne({ 'state.slug': slug } as never, { projection: { _id: 1 } });
    return found && String(found._id);
  }

  /** Those that have begun, one by one. */
  async *begun(): AsyncGenerator<Partnership & { id: string }> {
    for await (const { _id, state } of this.documents.find({ 'state.state': { $ne: 'DRAFT' } } as never))
      if (state) yield { ...state, id: String(_id) };
  }

  /** Ids of those that a cluster coordinates, or whose page describes what surrounds it. */
  async naming(cluster: string): Promise<string[]> {
    const places = ['coordinator.cluster', 'ecosystems.cluster', 'draft.coordinator.cluster', 'draft.ecosystems.cluster'];
    const filter = { $or: places.map((place) => ({ [`state.${place}`]: cluster })) };
    const found = await this.documents.find(filter as never, { projection: { _id: 1 } }).toArray();
    return found.map(({ _id }) => String(_id));
  }

  /** The one that a file with this code means: the one imports brought, else the one that was registered here under its address. */
  async named(code: string, slugOwner: string | null): Promise<string | null> {
    const ids = [sourceId(code), ...(slugOwner ? [slugOwner] : [])];
    const found = await this.documents.find({ _id: { $in: ids } } as never, { projection: { 'state.code': 1 } }).toArray();
    const meant = found
      .filter(({ _id, state }) => state && (String(_id) === sourceId(code) || state.code === code))
      .map(({ _id }) => String(_id));
    return meant.find((id) => id === sourceId(code)) ?? meant[0] ?? null;
  }

  override view(partnership: Partnership, stamp: Stamp): unknown {
    return super.view(readable(partnership, stamp.id) as Partnership, stamp);
  }
}
