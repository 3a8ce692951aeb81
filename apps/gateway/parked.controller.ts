import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Actor, Service } from '#libs/contracts/actor';
import { Discarding, type KeptContracts, KeptMessageView, keptMessages } from '#libs/contracts/kept-message';
import { type Asked, Asking, By } from './asked.js';
import { Commands } from './commands.js';
import { Administering, Overseeing } from './policy.js';
import { Reads } from './reads.js';
import { Accepts, pageOf, Returns } from './returns.js';

/** What the services could not handle, and keep until somebody has looked at it. */
@ApiTags('Operations')
@Controller('v1/parked')
export class ParkedController {
  constructor(
    private readonly commands: Commands,
    private readonly reads: Reads,
  ) {}

  @Get()
  @Overseeing('parked')
  @Returns(pageOf(KeptMessageView))
  list(@Query() query: Record<string, unknown>, @By() by: Actor) {
    return this.reads.list('parked', query, by);
  }

  @Get(':id')
  @Overseeing('parked')
  @Returns(KeptMessageView)
  one(@Param('id') id: string, @By() by: Actor) {
    return this.reads.one('parked', id, by);
  }

  /** Has it handled once more: a command as it was asked, a fact or state with all that follows of its key. A dry run tells what would come of it. */
  @Post(':id/replay')
  @HttpCode(200)
  @Administering('parked')
  @Accepts(KeptMessageView)
  async replay(@Param('id') id: string, @Asking() asked: Asked) {
    const { Replay } = await this.contractsOf(id, asked.by);
    return this.commands.ask(Replay, id, {}, asked, (outcome) => this.reads.written('parked', outcome, asked.by));
  }

  /** Gives it up; what follows of its key may be replayed then. */
  @Post(':id/discard')
  @HttpCode(200)
  @Administering('parked')
  @Accepts(KeptMessageView)
  async discard(@Param('id') id: string, @Body({ schema: Discarding } as never) body: z.output<typeof Discarding>, @Asking() asked: Asked) {
    const { Discard } = await this.contractsOf(id, asked.by);
    return this.commands.ask(Discard, id, body, asked, (outcome) => this.reads.written('parked', outcome, asked.by));
  }

  private async contractsOf(id: string, by: Actor): Promise<KeptContracts> {
    const { service } = await this.reads.view('parked', id, by);
    return keptMessages[service as Service];
  }
}
