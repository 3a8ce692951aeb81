import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ClusterShown, MergeCluster, MergingClusters } from '#libs/contracts/cluster';
import { type Asked, Asking } from './asked.js';
import { Writing } from './policy.js';
import { Accepts } from './returns.js';
import { Writes } from './writes.js';

@ApiTags('Membership')
@Controller('v1/clusters')
export class ClustersController {
  constructor(private readonly writes: Writes) {}

  /** One of two records of the same cluster: its addresses lead to the other from now on, and whoever belongs to it follows. */
  @Post(':id/merge')
  @Writing('clusters')
  @Accepts(ClusterShown)
  merge(
    @Param('id') id: string,
    @Body({ schema: MergingClusters } as never) { into }: z.output<typeof MergingClusters>,
    @Asking() asked: Asked,
  ) {
    return this.writes.merge(MergeCluster, id, into, asked);
  }
}
