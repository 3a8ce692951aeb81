import { Controller } from '@nestjs/common';
import {
  ArchivePartnership,
  CompletePartnership,
  ExtendPartnership,
  PartnershipProfile,
  StartImplementation,
  StartPreparation,
  SustainPartnership,
  TerminatePartnership,
} from '#libs/contracts/partnership';
import { inWork } from '#libs/domain/drafts';
import { slug } from '#libs/domain/text';
import { Handle, type Message } from '#libs/messaging/handle';
import { ClusterStore } from './cluster.store.js';
import { MembershipStore } from './membership.store.js';
import { PartnershipStore } from './partnership.store.js';
import {
  archivePartnership,
  completePartnership,
  extendPartnership,
  partnershipProfile,
  startImplementation,
  startPreparation,
  sustainPartnership,
  terminatePartnership,
} from './partnership-moves.js';
import type { KeptDocuments, Partner } from './partnership-phases.js';

const { commands } = PartnershipProfile;

/** Commands of its phases and of the review of its profile. */
@Controller()
export class PartnershipMovesMessages {
  constructor(
    private readonly partnerships: PartnershipStore,
    private readonly memberships: MembershipStore,
    private readonly clusters: ClusterStore,
  ) {}

  @Handle(StartPreparation)
  async startPreparation(message: Message<typeof StartPreparation>) {
    return this.partnerships.change(message, startPreparation(await this.partners(message.key)));
  }

  @Handle(StartImplementation)
  startImplementation(message: Message<typeof StartImplementation>) {
    return this.partnerships.change(message, startImplementation(NOTHING_KEPT));
  }

  @Handle(ExtendPartnership)
  extend(message: Message<typeof ExtendPartnership>) {
    return this.partnerships.change(message, extendPartnership);
  }

  @Handle(CompletePartnership)
  complete(message: Message<typeof CompletePartnership>) {
    return this.partnerships.change(message, completePartnership);
  }

  @Handle(SustainPartnership)
  sustain(message: Message<typeof SustainPartnership>) {
    return this.partnerships.change(message, sustainPartnership(NOTHING_KEPT));
  }

  @Handle(TerminatePartnership)
  terminate(message: Message<typeof TerminatePartnership>) {
    return this.partnerships.change(message, terminatePartnership);
  }

  @Handle(ArchivePartnership)
  archiveIt(message: Message<typeof ArchivePartnership>) {
    return this.partnerships.change(message, archivePartnership);
  }

  @Handle(commands.submitForReview)
  submit(message: Message<typeof commands.submitForReview>) {
    return this.partnerships.change(message, profile.submitForReview);
  }

  @Handle(commands.requestChanges)
  requestChanges(message: Message<typeof commands.requestChanges>) {
    return this.partnerships.change(message, profile.requestChanges);
  }

  @Handle(commands.publish)
  async publish(message: Message<typeof commands.publish>) {
    const found = await this.partnerships.get(message.key);
    const owner = found?.state.draft ? await this.partnerships.ownerOf(slug(inWork(found.state).acronym)) : null;
    return this.partnerships.change(message, partnershipProfile(owner).publish);
  }

  @Handle(commands.unpublish)
  unpublish(message: Message<typeof commands.unpublish>) {
    return this.partnerships.change(message, profile.unpublish);
  }

  @Handle(commands.republish)
  republish(message: Message<typeof commands.republish>) {
    return this.partnerships.change(message, profile.republish);
  }

  @Handle(commands.archive)
  archive(message: Message<typeof commands.archive>) {
    return this.partnerships.change(message, profile.archive);
  }

  private async partners(partnership: string): Promise<Partner[]> {
    const clusters = await this.memberships.clustersOf(partnership);
    const found = await Promise.all(clusters.map((cluster) => this.clusters.get(cluster)));
    return clusters.map((cluster, place) => ({ cluster, country: found[place]?.state.country ?? null }));
  }
}

/** No agreement and no document is kept in this service: none is in force or approved. */
const NOTHING_KEPT: KeptDocuments = { agreement: false, approved: [] };

const profile = partnershipProfile();
