import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import { ChangeEvent, EventPatch, PlannedEventView } from '#libs/contracts/planned-event';
import { type Asked, Asking, By, withPrecondition } from './asked.js';
import { Commands } from './commands.js';
import { Open, Writing } from './policy.js';
import { Reads } from './reads.js';
import { Accepts, pageOf, Returns } from './returns.js';

@ApiTags('Events')
@Controller('v1/events')
export class EventsController {
  constructor(
    private readonly commands: Commands,
    private readonly reads: Reads,
  ) {}

  /** Events, filtered by what their dates may mean: `from` and `to` overlap. */
  @Get()
  @Open('events')
  @Returns(pageOf(PlannedEventView))
  list(@Query() query: Record<string, unknown>, @By() by: Actor) {
    return this.reads.list('events', query, by);
  }

  @Get(':id')
  @Open('events')
  @Returns(PlannedEventView)
  one(@Param('id') id: string, @By() by: Actor) {
    return this.reads.one('events', id, by);
  }

  /** Firms an event up: date, place, type, as they become known. */
  @Patch(':id')
  @Writing('events')
  @Accepts(PlannedEventView)
  change(@Param('id') id: string, @Body({ schema: EventPatch } as never) patch: z.output<typeof EventPatch>, @Asking() asked: Asked) {
    return this.commands.ask(ChangeEvent, id, patch, withPrecondition(asked), (outcome) => this.reads.written('events', outcome, asked.by));
  }
}
