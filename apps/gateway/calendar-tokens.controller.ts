import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import { CalendarTokenDraft, IssueCalendarToken, RevokeCalendarToken } from '#libs/contracts/calendar-token';
import type { Config } from '#libs/service/config';
import { Runtime } from '#libs/service/runtime';
import { Answer } from './answer.js';
import { type Asked, Asking, By } from './asked.js';
import { Commands } from './commands.js';
import { calendarTokenOf, hashOf } from './key-text.js';
import { Reading, Writing } from './policy.js';
import { Reads } from './reads.js';
import { Accepts, pageOf, Returns } from './returns.js';
import { CalendarTokenShown } from './shown.js';
import { publicUrl } from './token.js';

const CalendarTokenOnce = CalendarTokenShown.extend({
  token: z.string().describe('shown only now'),
  url: z.url().describe('what a calendar program subscribes to; shown only now'),
}).meta({ id: 'CalendarTokenIssued' });

/** Tokens that open one's own calendar to programs that know no header. */
@ApiTags('Identity')
@Controller('v1/calendar-tokens')
export class CalendarTokensController {
  constructor(
    private readonly commands: Commands,
    private readonly reads: Reads,
    private readonly runtime: Runtime,
  ) {}

  /** Makes a token of whoever asks; it is shown once. */
  @Post()
  @Writing('calendar-tokens')
  @Accepts(CalendarTokenOnce, 201)
  issue(@Body({ schema: CalendarTokenDraft } as never) draft: CalendarTokenDraft, @Asking() asked: Asked) {
    const config = this.runtime.config as Config<'gateway'>;
    const tokenOf = (id: string) => calendarTokenOf(id, config.SECRETS_KEY);
    return this.commands.create(
      IssueCalendarToken,
      (id) => ({ ...draft, sha256: hashOf(tokenOf(id)) }),
      asked,
      ({ view }) => {
        const shown = CalendarTokenShown.parse(view);
        const token = tokenOf(shown.id);
        const url = `${publicUrl(config)}/v1/me/calendar.ics?token=${token}`;
        return new Answer(201, { ...shown, token, url }, { location: `/v1/calendar-tokens/${shown.id}` });
      },
    );
  }

  @Get()
  @Reading('calendar-tokens')
  @Returns(pageOf(CalendarTokenShown))
  list(@Query() query: Record<string, unknown>, @By() by: Actor) {
    return this.reads.list('calendar-tokens', query, by);
  }

  @Get(':id')
  @Reading('calendar-tokens')
  @Returns(CalendarTokenShown)
  one(@Param('id') id: string, @By() by: Actor) {
    return this.reads.one('calendar-tokens', id, by);
  }

  @Post(':id/revoke')
  @HttpCode(200)
  @Writing('calendar-tokens')
  @Accepts(CalendarTokenShown)
  async revoke(@Param('id') id: string, @Asking() asked: Asked) {
    await this.reads.view('calendar-tokens', id, asked.by);
    return this.commands.ask(RevokeCalendarToken, id, {}, asked, ({ view }) => new Answer(200, CalendarTokenShown.parse(view)));
  }
}
