import { Controller } from '@nestjs/common';
import { IssueCalendarToken, RevokeCalendarToken } from '#libs/contracts/calendar-token';
import { Handle, type Message } from '#libs/messaging/handle';
import type { Config } from '#libs/service/config';
import { Runtime } from '#libs/service/runtime';
import { issuing, revoke } from './calendar-token.js';
import { CalendarTokenStore } from './calendar-token.store.js';

@Controller()
export class CalendarTokenMessages {
  private readonly issue: ReturnType<typeof issuing>;

  constructor(
    private readonly tokens: CalendarTokenStore,
    runtime: Runtime,
  ) {
    this.issue = issuing((runtime.config as Config<'gateway'>).CALENDAR_TOKEN_DAYS);
  }

  @Handle(IssueCalendarToken)
  issued(message: Message<typeof IssueCalendarToken>) {
    return this.tokens.change(message, this.issue);
  }

  @Handle(RevokeCalendarToken)
  revoke(message: Message<typeof RevokeCalendarToken>) {
    return this.tokens.change(message, revoke);
  }
}
