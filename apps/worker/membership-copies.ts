import { Injectable } from '@nestjs/common';
import { Agreement } from '#libs/contracts/agreement';
import { Cluster, type ClusterView } from '#libs/contracts/cluster';
import { Membership, type MembershipView } from '#libs/contracts/membership';
import { Partnership, type PartnershipView } from '#libs/contracts/partnership';
import { type Composition, compositionModel, currentOf } from '#libs/domain/composition';
import { levelOf, partnersSeen, type Reader } from '#libs/domain/visibility';
import type { ReadState } from '#libs/messaging/state-reader';
import { Views } from '#libs/persistence/views';
import { Copies } from '#libs/service/copies';
import { Runtime } from '#libs/service/runtime';
import { AgreementReminders } from './agreement-reminders.js';

const PATIENCE_MS = 5000;

/** Partnerships, clusters and memberships as their service last published them: what reports are made of. */
@Injectable()
export class MembershipCopies {
  private readonly partnerships: Views<PartnershipView>;
  private readonly clusters: Views<ClusterView>;
  private readonly memberships: Views<MembershipView>;
  private readonly copies: Copies;

  constructor(
    runtime: Runtime,
    private readonly agreements: AgreementReminders,
  ) {
    const { db } = runtime.house;
    this.partnerships = new Views(db, 'partnershipCopies', [{ 'view.slug': 1 }]);
    this.clusters = new Views(db, 'clusterCopies');
    this.memberships = new Views(db, 'membershipCopies', [{ 'view.partnership': 1 }]);
    const views = [this.partnerships, this.clusters, this.memberships, agreements.views];
    const apply = (records: ReadState[]) => this.apply(records);
    this.copies = new Copies(runtime, 'membership', views, apply, () => agreements.forget());
  }

  /** What had been told when it was asked for, as far as the reader may see it, to be printed on that day; null when there is no such partnership. */
  async composition(idOrSlug: string, by: Reader, on: string): Promise<Composition | null> {
    await this.copies.upToNow(PATIENCE_MS);
    const partnership = await this.partnership(idOrSlug);
    if (!partnership) return null;
    const found = await this.memberships.where({ 'view.partnership': partnership.id });
    const memberships = currentOf(
      partnership.id,
      found.map(({ view }) => view),
    );
    const level = levelOf('partnerships', { ...partnership }, { ...by, scopes: [] }, []);
    return compositionModel(partnership, partnersSeen(await this.clustersOf(memberships), level, by), memberships, on);
  }

  private async partnership(idOrSlug: string): Promise<PartnershipView | null> {
    const [found] = [await this.partnerships.get(idOrSlug), ...(await this.partnerships.where({ 'view.slug': idOrSlug }))].filter(
      (copy) => copy !== null,
    );
    return found?.view ?? null;
  }

  /** All of them: a sum that leaves one out would be wrong, so the job is done again when it is there. */
  private async clustersOf(memberships: readonly MembershipView[]): Promise<ClusterView[]> {
    const ids = new Set(memberships.map(({ cluster }) => cluster));
    const found = await this.clusters.where({ _id: { $in: [...ids] } });
    if (found.length < ids.size) throw new Error(`${ids.size - found.length} of ${ids.size} clusters are not in the copies yet`);
    return found.map(({ view }) => view);
  }

  private async apply(records: ReadState[]): Promise<void> {
    const of = (name: string) => records.filter(({ aggregate }) => aggregate === name);
    await Promise.all([
      this.partnerships.apply(of(Partnership.contract.name)),
      this.clusters.apply(of(Cluster.contract.name)),
      this.memberships.apply(of(Membership.contract.name)),
      this.agreements.apply(of(Agreement.contract.name)),
    ]);
  }
}
