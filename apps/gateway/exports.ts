import { Injectable } from '@nestjs/common';
import type { Actor } from '#libs/contracts/actor';
import type { ClusterView } from '#libs/contracts/cluster';
import type { MembershipView } from '#libs/contracts/membership';
import type { PartnershipFile } from '#libs/contracts/partnership-file';
import { type ExportedMember, partnershipFileOf } from '#libs/domain/export-partnership';
import { mayRead, partnersSeen } from '#libs/domain/visibility';
import { Presenters } from './presenters.js';
import { ReadModels } from './read-models.js';
import { type Page, Reads } from './reads.js';
import type { View } from './resources.js';

const PAGE = 200;

/** A partnership in the shape it is imported in, as far as its reader sees what it is made of. */
@Injectable()
export class Exports {
  constructor(
    private readonly reads: Reads,
    private readonly presenters: Presenters,
    private readonly models: ReadModels,
  ) {}

  async of(idOrSlug: string, by: Actor): Promise<PartnershipFile> {
    const { view, level } = await this.reads.standing('partnerships', idOrSlug, by);
    const { clusters: all, memberships } = await this.presenters.composition(view.id);
    const clusters = partnersSeen(all, level, by);
    const ofPartnership = (resource: string) => (mayRead(resource, by) ? this.models.where(resource, { partnership: view.id }) : []);
    const [events, [exchangeProfile = null], members] = await Promise.all([
      ofPartnership('events'),
      ofPartnership('exchange-profiles'),
      this.members(clusters, by),
    ]);
    return partnershipFileOf({ partnership: view, clusters, memberships, events, exchangeProfile, members } as never);
  }

  /** The organisations that belong to the clusters now, by cluster. */
  private async members(clusters: readonly ClusterView[], by: Actor): Promise<ReadonlyMap<string, ExportedMember[]>> {
    if (clusters.length === 0 || !mayRead('memberships', by) || !mayRead('organisations', by)) return new Map();
    const held = (await this.all(
      'memberships',
      { cluster: clusters.map(({ id }) => id), state: 'ACTIVE' },
      by,
    )) as unknown as MembershipView[];
    const belonging = held.filter(({ kind }) => kind === 'ORGANISATION_IN_CLUSTER');
    const ids = [...new Set(belonging.flatMap(({ organisation }) => organisation ?? []))];
    const seen = new Map((await this.reads.byIds('organisations', ids, by)).map((view) => [view.id, view as unknown as ExportedMember]));
    const grouped = Map.groupBy(belonging, ({ cluster }) => cluster);
    return new Map(
      [...grouped].map(([cluster, rows]) => [cluster, rows.flatMap(({ organisation }) => seen.get(organisation ?? '') ?? [])]),
    );
  }

  private async all(resource: string, filter: Record<string, unknown>, by: Actor): Promise<View[]> {
    const found: View[] = [];
    for (let cursor: string | null = null; ; ) {
      const page: Page = await this.reads.list(resource, { ...filter, limit: String(PAGE), ...(cursor === null ? {} : { cursor }) }, by);
      found.push(...(page.items as View[]));
      if (page.next === null) return found;
      cursor = page.next;
    }
  }
}
