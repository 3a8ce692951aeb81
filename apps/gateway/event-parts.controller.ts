import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import { PlannedEventView } from '#libs/contracts/planned-event';
import { Shown } from './answer.js';
import { By } from './asked.js';
import { Open } from './policy.js';
import { Reads } from './reads.js';
import { Returns } from './returns.js';

const { id, state, outcomes, outcomeReport, evidence } = PlannedEventView.shape;

const EventOutcomes = z
  .object({
    event: id,
    state,
    outcomes,
    evidence,
    report: outcomeReport.optional().describe('in full; for those in charge'),
  })
  .meta({ id: 'EventOutcomes' });

/** What is read of an event beside itself. */
@ApiTags('Events')
@Controller('v1/events')
export class EventPartsController {
  constructor(private readonly reads: Reads) {}

  /** What came of it: what everybody is told, and for those in charge the report. */
  @Get(':id/outcomes')
  @Open('events')
  @Returns(EventOutcomes)
  async outcomes(@Param('id') event: string, @By() by: Actor) {
    const { view } = await this.reads.standing('events', event, by);
    const { outcomes, evidence } = PlannedEventView.parse(view);
    const report = 'outcomeReport' in view ? { report: view.outcomeReport } : {};
    return new Shown(view.version, { event: view.id, state: view.state, outcomes, evidence, ...report });
  }
}
