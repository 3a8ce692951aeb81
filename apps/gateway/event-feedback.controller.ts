import { Body, Controller, Get, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import {
  AnswerFeedback,
  AskFeedback,
  FeedbackDraft,
  FeedbackFiguresView,
  FeedbackQuestions,
  FeedbackRoundView,
  Question,
} from '#libs/contracts/event-feedback';
import type { RegistrationView } from '#libs/contracts/registration';
import { Id } from '#libs/contracts/values';
import { sourceId } from '#libs/domain/ids';
import { smallestCell, usualQuestions } from '#libs/reference/event-feedback';
import { Answer } from './answer.js';
import { type Asked, Asking, By } from './asked.js';
import { codesOf } from './codes.js';
import { Commands } from './commands.js';
import { FeedbackFigure, type Figure, figuresOf } from './feedback-figures.js';
import { Open, Writing } from './policy.js';
import { absent } from './problem.js';
import { ReadModels } from './read-models.js';
import { Reads } from './reads.js';
import { Accepts, MayRefuse, Returns } from './returns.js';

const EventFeedback = z
  .object({
    event: Id,
    open: z.boolean().describe('answers are taken: it runs or was held, and is not evaluated yet'),
    questions: z.array(Question),
    answers: z.int().min(0).optional().describe('how many have answered; for those in charge'),
    figures: z
      .array(FeedbackFigure)
      .nullable()
      .optional()
      .describe(`for those in charge; null while fewer than ${smallestCell} have answered`),
  })
  .meta({ id: 'EventFeedback' });

const Taken = z.object({ event: Id, taken: z.literal(true) }).meta({ id: 'FeedbackTaken' });

/** What those who were there say of an event. Who has answered and what was answered are kept apart. */
@ApiTags('Events')
@Controller('v1/events')
export class EventFeedbackController {
  constructor(
    private readonly commands: Commands,
    private readonly reads: Reads,
    private readonly models: ReadModels,
  ) {}

  /** What is asked, and for those in charge what was answered, in sum. */
  @Get(':id/feedback')
  @Open('events')
  @Returns(EventFeedback)
  async feedback(@Param('id') id: string, @By() by: Actor) {
    const { view, level } = await this.reads.standing('events', id, by);
    const event = view.id;
    const [round] = (await this.models.where('feedback-rounds', { event })) as unknown as (FeedbackRoundView | undefined)[];
    const questions = questionsOf(round?.questions ?? null);
    const asked = { event, open: ['RUNNING', 'HELD'].includes(String(view.state)), questions };
    return level === 'IN_CHARGE' ? { ...asked, ...(await this.answered(event, questions)) } : asked;
  }

  /** What is asked instead of the usual; it stands once somebody has answered. */
  @Put(':id/feedback')
  @Writing('events')
  @Accepts(EventFeedback)
  @MayRefuse(...codesOf(AskFeedback.type))
  async ask(@Param('id') id: string, @Body({ schema: FeedbackQuestions } as never) said: FeedbackQuestions, @Asking() asked: Asked) {
    const { id: event, state } = await this.reads.view('events', id, asked.by);
    return this.commands.ask(AskFeedback, roundId(event), { event, ...said }, asked, ({ view }) => {
      const { questions } = FeedbackRoundView.parse(view);
      return new Answer(200, { event, open: ['RUNNING', 'HELD'].includes(String(state)), questions: questionsOf(questions) });
    });
  }

  /** A person answers, once. */
  @Post(':id/feedback')
  @Writing('registrations')
  @Accepts(Taken, 201)
  @MayRefuse(...codesOf(AnswerFeedback.type))
  async answer(
    @Param('id') id: string,
    @Body({ schema: FeedbackDraft } as never) { person, answers }: FeedbackDraft,
    @Asking() asked: Asked,
  ) {
    const { id: event } = await this.reads.view('events', id, asked.by);
    const seen = (await this.reads.where('registrations', { event }, asked.by)) as unknown as RegistrationView[];
    const own = seen.find(({ persons, state }) => persons.includes(person) && !['CANCELLED', 'REJECTED'].includes(state));
    if (!own) throw absent('registration of this person that you may see');
    const data = { event, registration: own.id, person, answers };
    return this.commands.ask(
      AnswerFeedback,
      roundId(event),
      data,
      asked,
      () => new Answer(201, { event, taken: true }, { location: `/v1/events/${event}/feedback` }),
    );
  }

  /** Figures of a few would tell who said what. */
  private async answered(event: string, questions: readonly Question[]): Promise<{ answers: number; figures: Figure[] | null }> {
    const [sums] = (await this.models.where('feedback-figures', { event })) as unknown as (FeedbackFiguresView | undefined)[];
    const answers = sums?.answers ?? 0;
    return { answers, figures: sums && answers >= smallestCell ? figuresOf(questions, sums, smallestCell) : null };
  }
}

const roundId = (event: string) => sourceId(`feedback-round:${event}`);

const questionsOf = (own: Question[] | null): Question[] => own ?? usualQuestions.map((each) => Question.parse(each));
