import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import { Meeting, MeetingDraft, RequestMeeting } from '#libs/contracts/meeting';
import { ComputeSchedule, MeetingPlan, MeetingPlanView, MeetingSeed } from '#libs/contracts/meeting-plan';
import {
  ChangeMeetingProfile,
  MarketEntry,
  MeetingProfile,
  MeetingProfileDraft,
  MeetingProfilePatch,
  MeetingProfileView,
  WriteMeetingProfile,
} from '#libs/contracts/meeting-profile';
import { Classifications } from '#libs/contracts/profile';
import { type Asked, Asking, By } from './asked.js';
import { Commands } from './commands.js';
import { one } from './list-query.js';
import { MeetingSuggestions } from './meeting-suggestions.js';
import { Reading, Writing } from './policy.js';
import { absent, malformed } from './problem.js';
import { Reads } from './reads.js';
import { Accepts, MayRefuse, pageOf, Returns } from './returns.js';
import { MeetingShown } from './shown.js';
import { Writes } from './writes.js';

const { resource } = Meeting.contract;
const plans = MeetingPlan.contract.resource;
const profiles = MeetingProfile.contract.resource;

/** The command stands under the event, not under a path of its own. */
const computing = MeetingPlan.contract.refusals.flatMap(({ code, commands }) => (commands.includes(ComputeSchedule.type) ? [code] : []));

const Suggested = z
  .object({
    person: z.string(),
    name: z.string().nullable(),
    organisation: z.string(),
    organisationName: z.string().nullable(),
    country: z.string().nullable(),
    offers: z.array(MarketEntry),
    requests: z.array(MarketEntry),
    classifications: Classifications.nullable(),
    takesRequests: z.boolean().describe('whether they may be asked for a meeting'),
    score: z.int().describe('the sum of the points of its parts'),
    parts: z.array(z.object({ part: z.string(), points: z.int(), found: z.array(z.string()).describe('what gave the points') })),
  })
  .meta({ id: 'MeetingSuggestion' });

@ApiTags('Events')
@Controller('v1/events/:event')
export class MeetingsController {
  constructor(
    private readonly reads: Reads,
    private readonly writes: Writes,
    private readonly commands: Commands,
    private readonly suggestions: MeetingSuggestions,
  ) {}

  /** Meetings of an event, as far as the caller may see them; with `person`, `state=SCHEDULED` and `sort=start` somebody's agenda. */
  @Get('meetings')
  @Reading(resource)
  @Returns(pageOf(MeetingShown))
  async list(@Param('event') event: string, @Query() query: Record<string, unknown>, @By() by: Actor) {
    const { id } = await this.reads.view('events', event, by);
    return this.reads.list(resource, query, by, { event: id });
  }

  @Get('meetings/:id')
  @Reading(resource)
  @Returns(MeetingShown)
  async one(@Param('event') event: string, @Param('id') id: string, @By() by: Actor) {
    const view = await this.reads.view(resource, id, by);
    if (view.event !== event) throw absent(`meeting ${id.slice(0, 80)}`);
    return this.reads.one(resource, id, by);
  }

  /** Asks a participant for a meeting. */
  @Post('meetings')
  @Writing(resource)
  @Accepts(MeetingShown, 201)
  request(@Param('event') event: string, @Body({ schema: MeetingDraft } as never) draft: MeetingDraft, @Asking() asked: Asked) {
    return this.writes.begin(RequestMeeting, draft, asked, event);
  }

  /** Gives accepted meetings slots and tables, keeps what has some, and says how good that is; a computation that takes long is an operation. */
  @Post('meeting-schedule')
  @Writing(resource)
  @MayRefuse(...computing)
  @Accepts(MeetingPlanView)
  async compute(
    @Param('event') event: string,
    @Body({ schema: MeetingSeed.prefault({}) } as never) said: z.output<typeof MeetingSeed>,
    @Asking() asked: Asked,
  ) {
    const { id } = await this.reads.view('events', event, asked.by);
    return this.commands.ask(ComputeSchedule, id, said, asked, (outcome) => this.reads.written(plans, outcome, asked.by));
  }

  /** The schedule that was computed last. */
  @Get('meeting-schedule')
  @Reading(resource)
  @Returns(MeetingPlanView)
  async schedule(@Param('event') event: string, @By() by: Actor) {
    const { id } = await this.reads.view('events', event, by);
    return this.reads.one(plans, id, by);
  }

  /** Other participants, those that suit somebody best first. */
  @Get('meeting-suggestions')
  @Reading(resource)
  @MayRefuse('QUERY.MALFORMED')
  @Returns(z.object({ items: z.array(Suggested) }))
  async suggested(@Param('event') event: string, @Query('person') person: string, @By() by: Actor) {
    if (person === undefined) throw malformed('QUERY.MALFORMED', 'Say for whom.', [{ pointer: '?person', message: 'needed' }]);
    const view = await this.reads.view('events', event, by);
    return { items: await this.suggestions.of(view, one('person', person), by) };
  }
}

@ApiTags('Events')
@Controller(`v1/${profiles}`)
export class MeetingProfilesController {
  constructor(private readonly writes: Writes) {}

  /** What a participant offers and looks for at the meetings of an event, and when they are there. */
  @Post()
  @Writing(profiles)
  @Accepts(MeetingProfileView, 201)
  write(@Body({ schema: MeetingProfileDraft } as never) draft: MeetingProfileDraft, @Asking() asked: Asked) {
    return this.writes.begin(WriteMeetingProfile, draft, asked);
  }

  @Patch(':id')
  @Writing(profiles)
  @Accepts(MeetingProfileView)
  change(@Param('id') id: string, @Body({ schema: MeetingProfilePatch } as never) patch: MeetingProfilePatch, @Asking() asked: Asked) {
    return this.writes.change(
      { contract: MeetingProfile.contract, change: ChangeMeetingProfile, patch: MeetingProfilePatch },
      id,
      patch,
      asked,
    );
  }
}
