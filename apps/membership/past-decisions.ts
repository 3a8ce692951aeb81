import { Injectable } from '@nestjs/common';
import { ClusterStore } from './cluster.store.js';
import { approvedOf } from './document.js';
import { DocumentStore } from './document.store.js';
import { MembershipStore } from './membership.store.js';
import { narrowerOf } from './narrower.js';
import { OrganisationStore } from './organisation.store.js';
import { PartnershipStore } from './partnership.store.js';
import type { Partner } from './partnership-phases.js';
import type { Decided, DecidedDocument, DecidedPartnership } from './policy-comparison.js';

/** On whom the rules of this service were decided, one by one: a comparison judges them anew. */
@Injectable()
export class PastDecisions implements Decided {
  constructor(
    private readonly clusterStore: ClusterStore,
    private readonly organisationStore: OrganisationStore,
    private readonly documentStore: DocumentStore,
    private readonly partnershipStore: PartnershipStore,
    private readonly memberships: MembershipStore,
  ) {}

  clusters() {
    return this.clusterStore.validated();
  }

  organisations() {
    return this.organisationStore.sized();
  }

  async *documents(): AsyncGenerator<DecidedDocument> {
    for await (const document of this.documentStore.approved()) {
      const version = approvedOf(document);
      const partnership = document.partnership && (await this.partnershipStore.get(document.partnership));
      if (!version || !partnership) continue;
      const name = Object.values(version.title)[0] ?? document.kind;
      yield { id: document.id, name, owners: narrowerOf(partnership.state), version };
    }
  }

  async *partnerships(): AsyncGenerator<DecidedPartnership> {
    for await (const before of this.partnershipStore.begun())
      yield { id: before.id, name: before.acronym, owners: narrowerOf(before), before, partners: await this.partnersOf(before.id) };
  }

  /** The clusters that belong to a partnership now, with their countries. */
  async partnersOf(partnership: string): Promise<Partner[]> {
    const clusters = await this.memberships.clustersOf(partnership);
    const found = await this.clusterStore.all(clusters);
    return clusters.map((cluster) => ({ cluster, country: found.get(cluster)?.country ?? null }));
  }
}
