import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import { AnnouncementDraft, AnnouncementView, PublishAnnouncement } from '#libs/contracts/announcement';
import { CheckInView, EnterCheckIn } from '#libs/contracts/check-in';
import { MarkAttended, type RegistrationView } from '#libs/contracts/registration';
import { Ref } from '#libs/contracts/values';
import { checkInId, newId } from '#libs/domain/ids';
import { Answer } from './answer.js';
import { type Asked, Asking, By } from './asked.js';
import { codesOf } from './codes.js';
import { Commands } from './commands.js';
import { type Participant, Participants } from './participants.js';
import { Reading, Writing } from './policy.js';
import { Problem } from './problem.js';
import { ReadModels } from './read-models.js';
import { Reads } from './reads.js';
import { Accepts, AcceptsPut, MayRefuse, pageOf, Returns } from './returns.js';

const CheckInDraft = z
  .union([
    z.strictObject({ code: z.string().min(1).max(200).describe('as read from the badge') }),
    z.strictObject({ person: Ref('persons').describe('as found on the list') }),
  ])
  .meta({ id: 'CheckInDraft', example: { code: 'cbp_0123456789abcdefghij' } });
type CheckInDraft = z.output<typeof CheckInDraft>;

/** Those who come, and what they are told. */
@ApiTags('Events')
@Controller('v1/events')
export class EventDoorController {
  constructor(
    private readonly commands: Commands,
    private readonly reads: Reads,
    private readonly models: ReadModels,
    private readonly participants: Participants,
  ) {}

  @Get(':id/check-ins')
  @Reading('check-ins')
  @Returns(pageOf(CheckInView))
  async checkIns(@Param('id') id: string, @Query() query: Record<string, unknown>, @By() by: Actor) {
    const event = await this.reads.view('events', id, by);
    return this.reads.list('check-ins', query, by, { event: event.id });
  }

  /** Somebody is there. Read twice is once; their registration counts as attended. */
  @Post(':id/check-ins')
  @Writing('check-ins')
  @AcceptsPut(CheckInView)
  @MayRefuse(...codesOf(EnterCheckIn.type))
  async checkIn(@Param('id') id: string, @Body({ schema: CheckInDraft } as never) said: CheckInDraft, @Asking() asked: Asked) {
    const { view, level } = await this.reads.standing('events', id, asked.by);
    const found =
      'code' in said ? await this.participants.withCode(view.id, said.code) : await this.participants.person(view.id, said.person);
    if (level !== 'IN_CHARGE') throw notYours();
    if (!found) throw nobody('code' in said ? '/code' : '/person');
    const { registration, organisation, person } = found;
    const via = 'code' in said ? ('CODE' as const) : ('LIST' as const);
    const data = { event: view.id, registration, organisation, person, via };
    const answer = await this.commands.ask(EnterCheckIn, checkInId(view.id, person), data, asked, async (outcome) => {
      const { body, headers } = await this.reads.written('check-ins', outcome, asked.by);
      const isNew = outcome.changed && outcome.version === 1;
      return new Answer(isNew ? 201 : 200, body, { ...headers, ...(isNew ? { location: `/v1/events/${view.id}/check-ins` } : {}) });
    });
    if (!asked.dryRun && answer.status < 202) await this.attended(view.id, found, asked);
    return answer;
  }

  /** The registration follows; where it has been marked meanwhile, that stands. */
  private async attended(event: string, { registration }: Participant, asked: Asked): Promise<void> {
    const [its] = (await this.models.byIds('registrations', [registration])) as unknown as (RegistrationView | undefined)[];
    if (its?.state !== 'APPROVED') return;
    const own = { ...asked, within: event, ids: { message: newId(), aggregate: newId() }, ifMatch: null, ifNone: false, trail: {} };
    await this.commands
      .ask(MarkAttended, registration, {}, own, (outcome) => this.reads.written('registrations', outcome, asked.by))
      .catch((error) => {
        if (!(error instanceof Problem)) throw error;
      });
  }

  /** Messages to those who are registered; they see those that went to them. */
  @Get(':id/announcements')
  @Reading('announcements')
  @Returns(pageOf(AnnouncementView))
  async announcements(@Param('id') id: string, @Query() query: Record<string, unknown>, @By() by: Actor) {
    const event = await this.reads.view('events', id, by);
    return this.reads.list('announcements', query, by, { event: event.id });
  }

  @Post(':id/announcements')
  @Writing('announcements')
  @Accepts(AnnouncementView, 201)
  @MayRefuse(...codesOf(PublishAnnouncement.type))
  async announce(@Param('id') id: string, @Body({ schema: AnnouncementDraft } as never) draft: AnnouncementDraft, @Asking() asked: Asked) {
    const { id: event } = await this.reads.view('events', id, asked.by);
    const dataOf = async () => {
      const all = (await this.models.where('registrations', { event })) as unknown as RegistrationView[];
      const told = all.filter(({ state }) => (draft.to as string[]).includes(state));
      return {
        ...draft,
        event,
        organisations: [...new Set(told.map(({ organisation }) => organisation))],
        accounts: [...new Set(told.flatMap(({ accounts, owner }) => [...accounts, owner]))],
        registrations: told.length,
      };
    };
    return this.commands.create(PublishAnnouncement, dataOf, asked, async (outcome) => {
      const { body, headers } = await this.reads.written('announcements', outcome, asked.by);
      return new Answer(201, body, { ...headers, location: `/v1/events/${event}/announcements` });
    });
  }
}

const notYours = () =>
  new Problem('notYours', {
    code: 'CHECK_IN.ENTER.ACTOR',
    detail: 'Who comes is noted by the organiser or by those who run one of the partnerships of the event.',
  });

const nobody = (pointer: string) =>
  new Problem('refused', {
    code: 'CHECK_IN.ENTER.ADMITTED',
    detail: 'They have no seat at this event.',
    errors: [{ pointer, message: 'nobody who has a seat' }],
  });
