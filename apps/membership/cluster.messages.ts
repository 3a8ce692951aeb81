import { Controller } from '@nestjs/common';
import { ChangeCluster, PutCluster, RecordCluster, RegisterCluster } from '#libs/contracts/cluster';
import { Handle, type Message } from '#libs/messaging/handle';
import { recordCluster } from './cluster.js';
import { ClusterStore } from './cluster.store.js';
import { changeCluster, putCluster, registerCluster } from './cluster-change.js';

@Controller()
export class ClusterMessages {
  constructor(private readonly clusters: ClusterStore) {}

  @Handle(RegisterCluster)
  async register(message: Message<typeof RegisterCluster>) {
    return this.clusters.change(message, registerCluster(await this.clusters.knownIn([message.data.country])));
  }

  @Handle(ChangeCluster)
  change(message: Message<typeof ChangeCluster>) {
    return this.clusters.change(message, changeCluster);
  }

  @Handle(PutCluster)
  async put(message: Message<typeof PutCluster>) {
    return this.clusters.change(message, putCluster(await this.clusters.knownIn([message.data.country].flatMap((each) => each ?? []))));
  }

  @Handle(RecordCluster)
  record(message: Message<typeof RecordCluster>) {
    return this.clusters.change(message, recordCluster);
  }
}
