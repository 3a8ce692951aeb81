import { Injectable } from '@nestjs/common';
import { Membership as Contract } from '#libs/contracts/membership';
import type { Stamp } from '#libs/contracts/values';
import { continuousSince } from '#libs/domain/as-of';
import type { KnownMembership } from '#libs/domain/composition-plan';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import type { Membership } from './membership.js';
import type { Other } from './membership-move.js';

type Pair = Pick<Membership, 'partnership' | 'cluster' | 'organisation'>;

@Injectable()
export class MembershipStore extends Store<Membership> {
  constructor(house: House) {
    super(house, Contract.contract, {
      indexes: [{ 'state.partnership': 1 }, { 'state.cluster': 1 }, { 'state.organisation': 1 }],
      uniques: [
        {
          path: 'openPair',
          code: 'MEMBERSHIP.PAIR.OPEN',
          pointer: '/cluster',
          message: () => 'There is an open membership of the same two.',
        },
      ],
    });
  }

  override view(membership: Membership, stamp: Stamp): unknown {
    const since = continuousSince(membership.periods);
    return super.view({ ...membership, continuousSince: since }, stamp);
  }

  /** Ids of the memberships of an organisation. */
  of(organisation: string): Promise<string[]> {
    return this.idsWhere({ 'state.organisation': organisation });
  }

  /** Ids of the memberships of a cluster, on either side. */
  ofCluster(cluster: string): Promise<string[]> {
    return this.idsWhere({ 'state.cluster': cluster });
  }

  /** The clusters that belong to a partnership now. */
  async clustersOf(partnership: string): Promise<string[]> {
    return this.activeOf({ 'state.partnership': partnership }, 'cluster');
  }

  /** The partnerships that a cluster belongs to now. */
  async partnershipsOf(cluster: string): Promise<string[]> {
    return this.activeOf({ 'state.cluster': cluster }, 'partnership');
  }

  private async activeOf(of: Record<string, string>, other: 'cluster' | 'partnership'): Promise<string[]> {
    const filter = { ...of, 'state.kind': 'CLUSTER_IN_PARTNERSHIP', 'state.state': 'ACTIVE' };
    const found = await this.documents.find(filter as never, { projection: { [`state.${other}`]: 1 } }).toArray();
    return found.flatMap(({ state }) => state?.[other] ?? []);
  }

  /** Which clusters have to do with a partnership, whatever has become of it; of several memberships of one the last that is open. */
  async partnersOf(partnership: string): Promise<KnownMembership[]> {
    const found = await this.documents
      .find({ 'state.partnership': partnership } as never)
      .sort({ _id: 1 })
      .toArray();
    const known = found.flatMap(({ _id, state }) =>
      state && state.kind === 'CLUSTER_IN_PARTNERSHIP' ? [{ ...state, id: String(_id) }] : [],
    );
    const over = (state: string) => ['ENDED', 'DECLINED'].includes(state);
    const ofEach = new Map<string, KnownMembership>();
    for (const each of known) if (!over(each.state) || !ofEach.has(each.cluster)) ofEach.set(each.cluster, each);
    return [...ofEach.values()];
  }

  /** Who belongs to these clusters, or belonged. */
  async membersOf(clusters: readonly string[]) {
    const filter = { 'state.cluster': { $in: [...clusters] }, 'state.organisation': { $type: 'string' } };
    const found = await this.documents.find(filter as never, { projection: { 'state.organisation': 1, 'state.cluster': 1 } }).toArray();
    return found.flatMap(({ _id, state }) => (state ? [{ ...state, id: String(_id) }] : []));
  }

  /** All memberships of the same two, but for this one. */
  async othersOf({ partnership, cluster, organisation }: Pair, but: string): Promise<Other[]> {
    const filter = { 'state.cluster': cluster, 'state.partnership': partnership, 'state.organisation': organisation, _id: { $ne: but } };
    const found = await this.documents.find(filter as never, { projection: { 'state.state': 1, 'state.periods': 1 } }).toArray();
    return found.flatMap(({ _id, state }) => (state ? [{ id: String(_id), state: state.state, periods: state.periods }] : []));
  }
}
