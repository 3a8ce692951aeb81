import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '#libs/contracts/actor';
import { ExchangeProfileView } from '#libs/contracts/exchange-profile';
import { FileRemark } from '#libs/contracts/partnership-file';
import { compositionModel } from '#libs/domain/composition';
import { partnersSeen } from '#libs/domain/visibility';
import { By } from './asked.js';
import { Open } from './policy.js';
import { Presenters } from './presenters.js';
import { absent } from './problem.js';
import { Reads } from './reads.js';
import { pageOf, Returns } from './returns.js';
import { CompositionShown, PartnershipShown } from './shown.js';

@ApiTags('Membership')
@Controller('v1/partnerships')
export class PartnershipsController {
  constructor(
    private readonly reads: Reads,
    private readonly presenters: Presenters,
  ) {}

  /** Partnerships, as far as the caller may see them. */
  @Get()
  @Open('partnerships')
  @Returns(pageOf(PartnershipShown))
  list(@Query() query: Record<string, unknown>, @By() by: Actor) {
    return this.reads.list('partnerships', query, by);
  }

  /** One partnership by id or slug; figures declared, targeted and computed side by side. */
  @Get(':id')
  @Open('partnerships')
  @Returns(PartnershipShown)
  one(@Param('id') id: string, @By() by: Actor) {
    return this.reads.one('partnerships', id, by);
  }

  /** One row per partner cluster, totals with their coverage, counts per classification value. */
  @Get(':id/composition')
  @Open('partnerships')
  @Returns(CompositionShown)
  async composition(@Param('id') id: string, @By() by: Actor) {
    const { view, level } = await this.reads.standing('partnerships', id, by);
    const { clusters, memberships } = await this.presenters.composition(view.id);
    const { items, totals, counts } = compositionModel(view as never, partnersSeen(clusters, level, by), memberships);
    return { items, next: null, totals, counts };
  }

  /** Editors' remarks: for the coordinator and the platform. */
  @Get(':id/remarks')
  @Open('partnerships')
  @Returns(pageOf(FileRemark))
  async remarks(@Param('id') id: string, @By() by: Actor) {
    const partnership = await this.reads.view('partnerships', id, by);
    if (!('remarks' in partnership)) throw absent('list of remarks');
    return { items: partnership.remarks ?? [], next: null };
  }

  /** What the partnership says of its exchange scheme. */
  @Get(':id/exchange-profile')
  @Open('exchange-profiles')
  @Returns(ExchangeProfileView)
  async exchangeProfile(@Param('id') id: string, @By() by: Actor) {
    const partnership = await this.reads.view('partnerships', id, by);
    const { items } = await this.reads.list('exchange-profiles', { partnership: partnership.id }, by);
    if (!items[0]) throw absent('exchange profile');
    return items[0];
  }
}
