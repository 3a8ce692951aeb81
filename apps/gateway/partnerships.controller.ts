import { Controller, Get, Headers, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '#libs/contracts/actor';
import { ExchangeProfileView } from '#libs/contracts/exchange-profile';
import { FileRemark, PartnershipExport } from '#libs/contracts/partnership-file';
import { type Composition, compositionModel } from '#libs/domain/composition';
import { compositionTable } from '#libs/domain/composition-table';
import { partnersSeen } from '#libs/domain/visibility';
import { forms } from '#libs/tables/forms';
import { wantedForm } from './accepted.js';
import { Written } from './answer.js';
import { By } from './asked.js';
import { Exports } from './exports.js';
import { Open } from './policy.js';
import { Presenters } from './presenters.js';
import { absent } from './problem.js';
import { Reads } from './reads.js';
import { pageOf, Returns, ReturnsAlso } from './returns.js';
import { CompositionShown, PartnershipShown } from './shown.js';

@ApiTags('Membership')
@Controller('v1/partnerships')
export class PartnershipsController {
  constructor(
    private readonly reads: Reads,
    private readonly presenters: Presenters,
    private readonly exports: Exports,
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
  @ReturnsAlso(...Object.keys(forms))
  async composition(@Param('id') id: string, @By() by: Actor, @Headers('accept') accept?: string) {
    const { view, level } = await this.reads.standing('partnerships', id, by);
    const { clusters, memberships } = await this.presenters.composition(view.id);
    const model = compositionModel(view as never, partnersSeen(clusters, level, by), memberships);
    const form = wantedForm(accept, Object.keys(forms));
    if (form) return this.asFile(model, form);
    const { items, totals, counts } = model;
    return { items, next: null, totals, counts };
  }

  /** In the columns in which it is imported. */
  private async asFile(model: Composition, type: string): Promise<Written> {
    const { ending, of } = forms[type]!;
    const file = await of(compositionTable(model));
    const name = `${model.partnership.slug}-composition.${ending}`;
    return new Written(type === 'text/csv' ? 'text/csv; charset=utf-8' : type, file, null, {
      'content-disposition': `attachment; filename="${name}"`,
    });
  }

  /** The partnership in the shape it is imported in; what the caller may not see is missing, so that an import leaves it as it is. */
  @Get(':id/export')
  @Open('partnerships')
  @Returns(PartnershipExport)
  export(@Param('id') id: string, @By() by: Actor) {
    return this.exports.of(id, by);
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
