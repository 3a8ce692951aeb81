import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '#libs/contracts/actor';
import { DeliverableDraft, PromiseDeliverable } from '#libs/contracts/deliverable';
import { type Asked, Asking, By } from './asked.js';
import { codesOf } from './codes.js';
import { Reading, Writing } from './policy.js';
import { Reads } from './reads.js';
import { Accepts, MayRefuse, pageOf, Returns } from './returns.js';
import { DeliverableShown } from './shown.js';
import { Writes } from './writes.js';

const Promised = DeliverableDraft.omit({ partnership: true }).meta({
  id: 'DeliverablePromised',
  example: { number: 'D1.1', title: { en: 'Partnership agreement' }, dueMonth: 6 },
});

/** The deliverables of a partnership, where its readers look for them; each of them has an address of its own. */
@ApiTags('Membership')
@Controller('v1/partnerships')
export class DeliverablesController {
  constructor(
    private readonly reads: Reads,
    private readonly writes: Writes,
  ) {}

  @Get(':id/deliverables')
  @Reading('deliverables')
  @Returns(pageOf(DeliverableShown))
  async list(@Param('id') id: string, @Query() query: Record<string, unknown>, @By() by: Actor) {
    const partnership = await this.reads.view('partnerships', id, by);
    return this.reads.list('deliverables', query, by, { partnership: partnership.id });
  }

  @Post(':id/deliverables')
  @Writing('deliverables')
  @MayRefuse(...codesOf(PromiseDeliverable.type))
  @Accepts(DeliverableShown, 201)
  async promise(@Param('id') id: string, @Body({ schema: Promised } as never) said: object, @Asking() asked: Asked) {
    const partnership = await this.reads.view('partnerships', id, asked.by);
    return this.writes.begin(PromiseDeliverable, { ...said, partnership: partnership.id }, asked);
  }
}
