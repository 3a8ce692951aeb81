import { Injectable } from '@nestjs/common';
import { Cluster as Contract } from '#libs/contracts/cluster';
import type { Stamp } from '#libs/contracts/values';
import type { SentRow } from '#libs/domain/composition-rows';
import type { Existing } from '#libs/domain/import-cluster';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import { findCountry } from '#libs/reference/countries';
import { byName, type Cluster, readable } from './cluster.js';

@Injectable()
export class ClusterStore extends Store<Cluster> {
  constructor(house: House) {
    super(house, Contract.contract, {
      indexes: [{ 'state.country': 1 }],
      uniques: [
        {
          path: 'slug',
          code: 'CLUSTER.REGISTER.DISTINCT',
          pointer: '/name',
          message: () => 'There is a cluster with this name in this country.',
        },
        {
          path: 'externalIds',
          list: true,
          code: 'CLUSTER.EXTERNAL_IDS.UNIQUE',
          pointer: '/externalIds',
          message: () => 'Another cluster has one of these outside ids already.',
        },
      ],
    });
  }

  override view(cluster: Cluster, stamp: Stamp): unknown {
    return super.view(readable(cluster, stamp.id) as unknown as Cluster, stamp);
  }

  /** All clusters that rows of a table may mean: those of their countries, those they name by id, and those that are partners now. */
  async meantBy(rows: readonly SentRow[], memberships: readonly { cluster: string }[]): Promise<(Cluster & { id: string })[]> {
    const countries = rows.flatMap(({ cells }) => findCountry(String(cells.country ?? '')) ?? []);
    const ids = [...memberships.map(({ cluster }) => cluster), ...rows.flatMap(({ cells }) => (cells.id ? [String(cells.id)] : []))];
    const filter = { $or: [{ 'state.country': { $in: [...new Set(countries)] } }, { _id: { $in: [...new Set(ids)] } }] };
    const found = await this.documents.find(filter as never).toArray();
    return found.flatMap(({ _id, state }) => (state ? [{ ...state, id: String(_id) }] : []));
  }

  /** Those that were validated, one by one. */
  async *validated(): AsyncGenerator<Cluster & { id: string }> {
    for await (const { _id, state } of this.documents.find({ 'state.state': 'VALIDATED' } as never))
      if (state) yield { ...state, id: String(_id) };
  }

  /** Which clusters of these countries are there already, by whichever of their names. */
  async knownIn(countries: readonly string[]): Promise<Existing> {
    const found = await this.documents
      .find(
        { 'state.country': { $in: [...countries] } as never },
        { projection: { 'state.name': 1, 'state.fullName': 1, 'state.aliases': 1, 'state.country': 1, 'state.slug': 1 } },
      )
      .toArray();
    return byName(found.flatMap(({ _id, state }) => (state ? [{ ...state, id: String(_id) }] : [])));
  }
}
