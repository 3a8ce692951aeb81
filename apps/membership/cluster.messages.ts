import { Controller } from '@nestjs/common';
import { RecordCluster } from '#libs/contracts/cluster';
import { Handle, type Message } from '#libs/messaging/handle';
import { recordCluster } from './cluster.js';
import { ClusterStore } from './cluster.store.js';

@Controller()
export class ClusterMessages {
  constructor(private readonly clusters: ClusterStore) {}

  @Handle(RecordCluster)
  record(message: Message<typeof RecordCluster>) {
    return this.clusters.change(message, recordCluster);
  }
}
