import { Controller } from '@nestjs/common';
import {
  ChangeCluster,
  CloseCluster,
  ClusterProfile,
  MergeCluster,
  NoteClusterYielded,
  PutCluster,
  RecordCluster,
  RegisterCluster,
  RemoveCluster,
  SuspendCluster,
  ValidateCluster,
  YieldCluster,
} from '#libs/contracts/cluster';
import { under } from '#libs/domain/decision';
import { inWork } from '#libs/domain/drafts';
import { Handle, type Message } from '#libs/messaging/handle';
import { AgreementStore } from './agreement.store.js';
import { recordCluster } from './cluster.js';
import { ClusterStore } from './cluster.store.js';
import { changeCluster, putCluster, registerCluster, removeCluster } from './cluster-change.js';
import { mergeCluster, noteClusterYielded, yieldCluster } from './cluster-merge.js';
import { closeCluster, clusterProfile, suspendCluster, validateCluster } from './cluster-moves.js';
import { DocumentStore } from './document.store.js';
import { MembershipStore } from './membership.store.js';
import { PartnershipStore } from './partnership.store.js';

const { commands } = ClusterProfile;

import { PoliciesInForce } from './policies.js';

@Controller()
export class ClusterMessages {
  constructor(
    private readonly clusters: ClusterStore,
    private readonly memberships: MembershipStore,
    private readonly partnerships: PartnershipStore,
    private readonly agreements: AgreementStore,
    private readonly documents: DocumentStore,
    private readonly policies: PoliciesInForce,
  ) {}

  @Handle(RegisterCluster)
  async register(message: Message<typeof RegisterCluster>) {
    return this.clusters.change(
      message,
      under(await this.policies.current(), registerCluster(await this.clusters.knownIn([message.data.country]))),
    );
  }

  @Handle(ChangeCluster)
  async change(message: Message<typeof ChangeCluster>) {
    return this.clusters.change(message, under(await this.policies.current(), changeCluster(await this.namesakes(message))));
  }

  @Handle(PutCluster)
  async put(message: Message<typeof PutCluster>) {
    return this.clusters.change(message, under(await this.policies.current(), putCluster(await this.namesakes(message))));
  }

  @Handle(RecordCluster)
  record(message: Message<typeof RecordCluster>) {
    return this.clusters.change(message, recordCluster);
  }

  @Handle(RemoveCluster)
  remove(message: Message<typeof RemoveCluster>) {
    return this.clusters.change(message, removeCluster);
  }

  @Handle(ValidateCluster)
  async validate(message: Message<typeof ValidateCluster>) {
    return this.clusters.change(message, under(await this.policies.current(), validateCluster));
  }

  @Handle(SuspendCluster)
  suspend(message: Message<typeof SuspendCluster>) {
    return this.clusters.change(message, suspendCluster);
  }

  @Handle(CloseCluster)
  async close(message: Message<typeof CloseCluster>) {
    const { successor } = message.data;
    const found = successor === undefined ? null : await this.clusters.get(successor);
    return this.clusters.change(message, closeCluster(found?.state.state ?? null));
  }

  @Handle(MergeCluster)
  async merge(message: Message<typeof MergeCluster>) {
    const other = await this.clusters.get(message.data.from);
    return this.clusters.change(message, mergeCluster(other?.state ?? null));
  }

  @Handle(YieldCluster)
  yield(message: Message<typeof YieldCluster>) {
    return this.clusters.change(message, yieldCluster);
  }

  @Handle(NoteClusterYielded)
  async noteYielded(message: Message<typeof NoteClusterYielded>) {
    const from = message.data.outcome.key;
    const [memberships, partnerships, agreements, documents] = await Promise.all([
      this.memberships.ofCluster(from),
      this.partnerships.naming(from),
      this.agreements.withParty(from),
      this.documents.ofCluster(from),
    ]);
    return this.clusters.change(message, noteClusterYielded({ memberships, partnerships, agreements, documents }));
  }

  @Handle(commands.submitForReview)
  async submit(message: Message<typeof commands.submitForReview>) {
    return this.clusters.change(message, (await this.profile(message)).submitForReview);
  }

  @Handle(commands.requestChanges)
  async requestChanges(message: Message<typeof commands.requestChanges>) {
    return this.clusters.change(message, (await this.profile(message)).requestChanges);
  }

  @Handle(commands.publish)
  async publish(message: Message<typeof commands.publish>) {
    const found = await this.clusters.get(message.key);
    const { name, country } = found ? inWork(found.state) : { name: '', country: '' };
    const namesake = found?.state.draft ? (await this.clusters.knownIn([country])).cluster(name, country) : null;
    return this.clusters.change(message, (await this.profile(message, namesake)).publish);
  }

  @Handle(commands.unpublish)
  async unpublish(message: Message<typeof commands.unpublish>) {
    return this.clusters.change(message, (await this.profile(message)).unpublish);
  }

  @Handle(commands.republish)
  async republish(message: Message<typeof commands.republish>) {
    return this.clusters.change(message, (await this.profile(message)).republish);
  }

  @Handle(commands.archive)
  async archive(message: Message<typeof commands.archive>) {
    return this.clusters.change(message, (await this.profile(message)).archive);
  }

  /** Its profile is reviewed by those who coordinate what it belongs to. */
  private async profile({ key }: Message, namesake: string | null = null) {
    return clusterProfile(await this.memberships.partnershipsOf(key), namesake);
  }

  /** Clusters of the country that it is in, or would be; none where its name and country stay. */
  private async namesakes({ key, data: { name, country } }: Message<typeof ChangeCluster | typeof PutCluster>) {
    if (name === undefined && country === undefined) return this.clusters.knownIn([]);
    const now = (await this.clusters.get(key))?.state.country;
    return this.clusters.knownIn([country ?? now].flatMap((each) => each ?? []));
  }
}
