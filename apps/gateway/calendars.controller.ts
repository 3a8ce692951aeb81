import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '#libs/contracts/actor';
import { type EventSeen, entriesOf } from '#libs/domain/event-entries';
import { type Entry, icalendar } from '#libs/domain/icalendar';
import { meetingEntryOf } from '#libs/domain/meeting-entries';
import type { Config } from '#libs/service/config';
import { Runtime } from '#libs/service/runtime';
import { Written } from './answer.js';
import { type Asked, Asking } from './asked.js';
import { CalendarOwner } from './calendar-owner.js';
import { languageOf } from './languages.js';
import { OwnEvents } from './own-events.js';
import { type MeetingsOf, OwnMeetings } from './own-meetings.js';
import { Linked, Open } from './policy.js';
import { Problem } from './problem.js';
import { Reads } from './reads.js';
import type { View } from './resources.js';
import { ReturnsFile } from './returns.js';
import { publicUrl } from './token.js';

const TYPE = 'text/calendar';

/** Events as iCalendar (RFC 5545): what a reader sees of each, as their calendar program understands it. */
@ApiTags('Events')
@Controller('v1')
export class CalendarsController {
  constructor(
    private readonly reads: Reads,
    private readonly own: OwnEvents,
    private readonly ownMeetings: OwnMeetings,
    private readonly owner: CalendarOwner,
    private readonly runtime: Runtime,
  ) {}

  @Get('events/:id.ics')
  @Open('events')
  @ReturnsFile(TYPE)
  async event(@Param('id') id: string, @Asking() asked: Asked) {
    const event = await this.reads.view('events', id, asked.by);
    return this.written([event], 'Clusterbridge', `event-${event.id}`, asked, event.version);
  }

  /** All events of a partnership that the reader sees. */
  @Get('calendars/:id.ics')
  @Open('events')
  @ReturnsFile(TYPE)
  async partnership(@Param('id') id: string, @Asking() asked: Asked) {
    const { id: partnership, acronym, slug } = await this.reads.view('partnerships', id, asked.by);
    const events = await this.reads.where('events', { partnership }, asked.by);
    return this.written(events, String(acronym), String(slug), asked);
  }

  /** Events and meetings of whoever asks, or of whoever's token it is: events of what they have a role in, and what they take part in. */
  @Get('me/calendar.ics')
  @Linked('events')
  @ReturnsFile(TYPE)
  async mine(@Query('token') token: string | undefined, @Asking() asked: Asked) {
    const by = token === undefined ? asked.by : await this.owner.of(String(token));
    if (by.kind === 'PUBLIC') throw needed();
    const [events, meetings] = await Promise.all([this.own.of(by as Actor), this.ownMeetings.of(by as Actor)]);
    return this.written(events, 'Clusterbridge', 'calendar', asked, null, meetings);
  }

  private written(
    events: readonly View[],
    name: string,
    file: string,
    { languages }: Asked,
    version: number | null = null,
    { meetings, own }: MeetingsOf = { meetings: [], own: new Set() },
  ): Written {
    const language = languageOf(languages);
    const address = publicUrl(this.runtime.config as Config<'gateway'>);
    const urlOf = (id: string) => `${address}/v1/events/${id}`;
    const seen = new Map(events.map((event) => [event.id, event as unknown as EventSeen]));
    const told = { language, own, urlOf: (event: string, meeting: string) => `${urlOf(event)}/meetings/${meeting}` };
    const entries: Entry[] = [
      ...[...seen.values()].flatMap((event) => entriesOf(event, { languages, language, urlOf })),
      ...meetings.flatMap((meeting) => meetingEntryOf(meeting, seen.get(meeting.event) ?? null, told) ?? []),
    ];
    return new Written(`${TYPE}; charset=utf-8`, icalendar({ name, entries }), version, {
      'content-language': language,
      'content-disposition': `inline; filename="${file}.ics"`,
    });
  }
}

const needed = () =>
  new Problem('unauthenticated', { code: 'AUTH.REQUIRED', detail: 'This needs a calendar token, an access token or an API key.' });
