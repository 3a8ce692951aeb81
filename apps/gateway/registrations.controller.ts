import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import { Register, Registration, RegistrationDraft, RegistrationView } from '#libs/contracts/registration';
import { SeatLedgerView } from '#libs/contracts/seat-ledger';
import { Verdict } from '#libs/contracts/values';
import { type Asked, Asking, By } from './asked.js';
import { Eligibilities } from './eligibilities.js';
import { languageOf, verdictIn } from './languages.js';
import { one } from './list-query.js';
import { Open, Reading, Writing } from './policy.js';
import { absent, malformed } from './problem.js';
import { ReadModels } from './read-models.js';
import { Reads } from './reads.js';
import { Accepts, MayRefuse, pageOf, Returns } from './returns.js';
import { Writes } from './writes.js';

const { resource } = Registration.contract;

const Availability = SeatLedgerView.omit({ id: true, updatedAt: true, version: true }).meta({ id: 'Availability' });
const Eligibility = z
  .object({ event: z.string(), organisation: z.string(), eligible: z.boolean(), verdicts: z.array(Verdict) })
  .meta({ id: 'Eligibility' });

const NONE = { capacity: 0, held: 0, confirmed: 0, waiting: 0, free: 0, movements: [] };

@ApiTags('Events')
@Controller('v1/events/:event')
export class RegistrationsController {
  constructor(
    private readonly reads: Reads,
    private readonly writes: Writes,
    private readonly models: ReadModels,
    private readonly eligibilities: Eligibilities,
  ) {}

  /** Registrations of an event, as far as the caller may see them. */
  @Get('registrations')
  @Reading(resource)
  @Returns(pageOf(RegistrationView))
  async list(@Param('event') event: string, @Query() query: Record<string, unknown>, @By() by: Actor) {
    const { id } = await this.reads.view('events', event, by);
    return this.reads.list(resource, query, by, { event: id });
  }

  @Get('registrations/:id')
  @Reading(resource)
  @Returns(RegistrationView)
  async one(@Param('event') event: string, @Param('id') id: string, @By() by: Actor) {
    const view = await this.reads.view(resource, id, by);
    if (view.event !== event) throw absent(`registration ${id.slice(0, 80)}`);
    return this.reads.one(resource, id, by);
  }

  /** Who comes is admitted at once, waits in order, or waits for the organiser, as the event says. */
  @Post('registrations')
  @Writing(resource)
  @Accepts(RegistrationView, 201)
  register(@Param('event') event: string, @Body({ schema: RegistrationDraft } as never) draft: RegistrationDraft, @Asking() asked: Asked) {
    return this.writes.begin(Register, draft, asked, event);
  }

  /** Every term, and the movements they sum up. */
  @Get('availability')
  @Open('events')
  @Returns(Availability)
  async availability(@Param('event') event: string, @By() by: Actor) {
    const { id, capacity } = await this.reads.view('events', event, by);
    const [ledger] = await this.models.byIds('seat-ledgers', [id]);
    return ledger ? Availability.parse(ledger) : { ...NONE, capacity: capacity ?? 0, free: capacity ?? 0 };
  }

  /** Whether an organisation may register, and why not, before it does. */
  @Get('eligibility')
  @Reading(resource)
  @MayRefuse('QUERY.MALFORMED')
  @Returns(Eligibility)
  async eligibility(
    @Param('event') event: string,
    @Query('organisation') organisation: string,
    @By() by: Actor,
    @Asking() { languages }: Asked,
  ) {
    if (organisation === undefined)
      throw malformed('QUERY.MALFORMED', 'Say which organisation.', [{ pointer: '?organisation', message: 'needed' }]);
    const { view, level } = await this.reads.standing('events', event, by);
    const who = await this.reads.standing('organisations', one('organisation', organisation), by);
    // It follows from the size of the organisation and from all its memberships: told to its own and to the organiser.
    if (who.level === 'PUBLIC' && level !== 'IN_CHARGE') throw absent(`eligibility of ${organisation.slice(0, 80)}`);
    const [id, applicant] = [view.id, who.view.id];
    const verdicts = (await this.eligibilities.of(id, applicant)).map((verdict) => verdictIn(verdict, languageOf(languages)));
    return { event: id, organisation: applicant, eligible: verdicts.every(({ outcome }) => outcome !== 'FAILED'), verdicts };
  }
}
