import { Injectable } from '@nestjs/common';
import { Organisation as Contract } from '#libs/contracts/organisation';
import type { Stamp } from '#libs/contracts/values';
import { type Comparable, signsOf } from '#libs/domain/duplicates';
import { sizeClass, sizeDefinition } from '#libs/domain/size-class';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import type { Organisation } from './organisation.js';
import { PoliciesInForce } from './policies.js';

const COMPARED = Object.fromEntries(
  ['name', 'aliases', 'country', 'type', 'website', 'address', 'externalIds'].map((field) => [`state.${field}`, 1]),
);

/** More look alike by a sign than anybody would go through. */
const MOST = 200;

@Injectable()
export class OrganisationStore extends Store<Organisation> {
  constructor(
    house: House,
    private readonly policies: PoliciesInForce,
  ) {
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

  /** As it is known to be in force on the day the view is made. */
  private definition() {
    return sizeDefinition(this.house.clock.iso().slice(0, 10), this.policies.last);
  }

  override view(state: Organisation, stamp: Stamp): unknown {
    return super.view({ ...state, sizeClass: sizeClass(state.size, this.definition()) } as Organisation, stamp);
  }

  /**
   * What is there already of organisations that a file names, all of them by one query. They are compared by whole names, VAT
   * numbers and websites, not by beginnings of words: a file names hundreds, and half of a trade begins alike.
   */
  async meantBy(members: readonly Comparable[]): Promise<Comparable[]> {
    if (members.length === 0) return [];
    const signs = new Set(members.flatMap(signsOf).filter((sign) => !sign.startsWith('word:')));
    const outside = members.flatMap(({ externalIds }) => externalIds).filter(({ system }) => system.toUpperCase() !== 'VAT');
    const filters = [
      { 'state.signs': { $in: [...signs] } },
      { _id: { $in: members.map(({ id }) => id) } },
      ...(outside.length > 0 ? [{ 'state.externalIds': { $in: outside } }] : []),
    ];
    const found = await Promise.all(filters.map((filter) => this.documents.find(filter as never, { projection: COMPARED }).toArray()));
    const each = new Map(found.flat().flatMap(({ _id, state }) => (state ? [[String(_id), { ...state, id: String(_id) }] as const] : [])));
    return [...each.values()];
  }

  /** Those that say how large they are, one by one. */
  async *sized(): AsyncGenerator<Organisation & { id: string }> {
    for await (const { _id, state } of this.documents.find({ 'state.size': { $ne: null } } as never))
      if (state) yield { ...state, id: String(_id) };
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
