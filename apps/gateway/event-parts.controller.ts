import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import type { MeetingView } from '#libs/contracts/meeting';
import { PlannedEventView } from '#libs/contracts/planned-event';
import { Country } from '#libs/contracts/values';
import { countryName } from '#libs/domain/calendar-words';
import { inLanguage } from '#libs/domain/text';
import { Runtime } from '#libs/service/runtime';
import { Shown, Written } from './answer.js';
import { type Asked, Asking, By } from './asked.js';
import { BadgesPrinter } from './badges-printer.js';
import { languageOf } from './languages.js';
import { MeetingFigures, meetingFigures } from './meeting-figures.js';
import { Participant, Participants } from './participants.js';
import { Open, Reading } from './policy.js';
import { absent } from './problem.js';
import { Reads } from './reads.js';
import type { View } from './resources.js';
import { pageOf, Returns, ReturnsFile } from './returns.js';

const { id, state, outcomes, outcomeReport, evidence, delegation } = PlannedEventView.shape;

const many = z.int().min(0);

const EventOutcomes = z
  .object({
    event: id,
    state,
    outcomes,
    evidence,
    figures: z
      .object({
        registrations: many.describe('ever made, groups as one'),
        admitted: many.describe('persons who had a seat'),
        attended: many.describe('of these, persons marked as having been there'),
        noShows: many,
        organisations: many.describe('different ones of those who attended'),
        countries: many.describe('different ones of these organisations'),
        meetings: MeetingFigures.describe('booked here; of talks that nobody booked tells the report'),
      })
      .optional()
      .describe('from registrations and meetings; for those in charge'),
    report: outcomeReport.optional().describe('in full; for those in charge'),
  })
  .meta({ id: 'EventOutcomes' });

const EventDelegation = z
  .object({
    event: id,
    delegation,
    organisations: many.describe('that take part'),
    countries: z.array(Country).describe('they come from'),
    members: z.array(Participant).describe('whose registrations the reader sees: of those in charge all, of others their own'),
  })
  .meta({ id: 'EventDelegation' });

/** What is read of an event beside itself. */
@ApiTags('Events')
@Controller('v1/events')
export class EventPartsController {
  constructor(
    private readonly reads: Reads,
    private readonly participants: Participants,
    private readonly printer: BadgesPrinter,
    private readonly runtime: Runtime,
  ) {}

  /** What came of it: what everybody is told, and for those in charge figures and the report. */
  @Get(':id/outcomes')
  @Open('events')
  @Returns(EventOutcomes)
  async outcomes(@Param('id') id: string, @By() by: Actor) {
    const { view, level } = await this.reads.standing('events', id, by);
    const { outcomes, evidence, outcomeReport: report } = PlannedEventView.parse(view);
    const full = level === 'IN_CHARGE' ? { report, figures: await this.figures(view, by) } : {};
    return new Shown(view.version, { event: view.id, state: view.state, outcomes, evidence, ...full });
  }

  /** Who is sent: led by whom, received by whom, and whoever has a seat. */
  @Get(':id/delegation')
  @Open('events')
  @Returns(EventDelegation)
  async delegation(@Param('id') id: string, @By() by: Actor) {
    const view = await this.reads.view('events', id, by);
    const { delegation } = PlannedEventView.parse(view);
    const members = await this.participants.of(view.id, by);
    const countries = [...new Set(members.flatMap(({ country }) => country ?? []))].sort();
    return { event: view.id, delegation, organisations: different(members.map(({ organisation }) => organisation)), countries, members };
  }

  /** Everybody who has a seat, as on a list at the door; others than the organiser see their own. */
  @Get(':id/participants')
  @Reading('registrations')
  @Returns(pageOf(Participant))
  async list(@Param('id') id: string, @By() by: Actor) {
    const event = await this.reads.view('events', id, by);
    return { items: await this.participants.of(event.id, by), next: null };
  }

  /** Badges of everybody who has a seat, to be printed and cut; others than the organiser print their own. */
  @Get(':id/badges')
  @Reading('registrations')
  @ReturnsFile('application/pdf')
  async badges(@Param('id') id: string, @Asking() { by, languages }: Asked) {
    const view = await this.reads.view('events', id, by);
    const language = languageOf(languages);
    const { title, typeLabel } = PlannedEventView.parse(view);
    const members = await this.participants.of(view.id, by);
    const named = (title && inLanguage(title, languages)) || typeLabel || '';
    const badges = members
      .filter(({ state }) => state !== 'NO_SHOW')
      .map(({ name, organisationName, country, code }) => ({
        name: name ?? '',
        organisation: organisationName ?? '',
        country: country ? countryName(language, country) : '',
        code,
      }));
    if (badges.length === 0) throw absent('badge that you may print');
    const file = await this.printer.print({ event: named, badges, at: this.runtime.clock.now() });
    return new Written(
      'application/pdf',
      file,
      null,
      { 'content-disposition': `inline; filename="badges-${view.id}.pdf"` },
      JSON.stringify([named, badges]),
    );
  }

  private async figures({ id: event }: View, by: Actor) {
    const [registrations, rows, meetings] = await Promise.all([
      this.reads.where('registrations', { event }, by),
      this.participants.of(event, by),
      this.reads.where('meetings', { event }, by),
    ]);
    const attended = rows.filter(({ state }) => state === 'ATTENDED');
    return {
      registrations: registrations.length,
      admitted: rows.length,
      attended: attended.length,
      noShows: rows.filter(({ state }) => state === 'NO_SHOW').length,
      organisations: different(attended.map(({ organisation }) => organisation)),
      countries: different(attended.flatMap(({ country }) => country ?? [])),
      meetings: meetingFigures(meetings as unknown as MeetingView[]),
    };
  }
}

const different = (values: readonly string[]) => new Set(values).size;
