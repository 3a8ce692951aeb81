import { Controller } from '@nestjs/common';
import {
  ChangePartnership,
  CompleteImport,
  FollowClusterInPartnership,
  PassCoordination,
  PutPartnership,
  RecordPartnership,
  RegisterPartnership,
  RemovePartnership,
} from '#libs/contracts/partnership';
import type { PartnershipPatch } from '#libs/contracts/partnership-patch';
import { slug } from '#libs/domain/text';
import { Handle, type Message } from '#libs/messaging/handle';
import { ClusterStore } from './cluster.store.js';
import { completeImport, followCluster, recordPartnership } from './partnership.js';
import { PartnershipStore } from './partnership.store.js';
import { changePartnership, putPartnership, registerPartnership, removePartnership } from './partnership-change.js';
import { passCoordination } from './partnership-coordination.js';

@Controller()
export class PartnershipMessages {
  constructor(
    private readonly partnerships: PartnershipStore,
    private readonly clusters: ClusterStore,
  ) {}

  @Handle(RegisterPartnership)
  async register(message: Message<typeof RegisterPartnership>) {
    return this.partnerships.change(message, registerPartnership(await this.ownerOf(message.data)));
  }

  @Handle(ChangePartnership)
  async change(message: Message<typeof ChangePartnership>) {
    return this.partnerships.change(message, changePartnership(await this.ownerOf(message.data)));
  }

  @Handle(PutPartnership)
  async put(message: Message<typeof PutPartnership>) {
    return this.partnerships.change(message, putPartnership(await this.ownerOf(message.data)));
  }

  @Handle(RecordPartnership)
  record(message: Message<typeof RecordPartnership>) {
    return this.partnerships.change(message, recordPartnership);
  }

  @Handle(CompleteImport)
  completeImport(message: Message<typeof CompleteImport>) {
    return this.partnerships.change(message, completeImport);
  }

  @Handle(FollowClusterInPartnership)
  followCluster(message: Message<typeof FollowClusterInPartnership>) {
    return this.partnerships.change(message, followCluster);
  }

  @Handle(RemovePartnership)
  remove(message: Message<typeof RemovePartnership>) {
    return this.partnerships.change(message, removePartnership);
  }

  @Handle(PassCoordination)
  async passCoordination(message: Message<typeof PassCoordination>) {
    const cluster = await this.clusters.get(message.data.to);
    return this.partnerships.change(message, passCoordination(cluster?.state.name ?? ''));
  }

  /** The partnership that has the address already; should two come for it at once, the store refuses the second. */
  private async ownerOf({ acronym }: PartnershipPatch): Promise<string | null> {
    return acronym === undefined ? null : this.partnerships.ownerOf(slug(acronym));
  }
}
