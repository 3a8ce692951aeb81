import { Controller } from '@nestjs/common';
import { ForgetCalendarToken, IssueCalendarToken, RevokeCalendarToken } from '#libs/contracts/calendar-token';
import { Handle, type Message } from '#libs/messaging/handle';
import type { Config } from '#libs/service/config';
import { aggregatesHolding } from '#libs/service/forgetting';
import { Runtime } from '#libs/service/runtime';
import { forgetCalendarToken, issuing, revoke } from './calendar-token.js';
import { CalendarTokenStore } from './calendar-token.store.js';

@Controller()
export class CalendarTokenMessages {
  private readonly issue: ReturnType<typeof issuing>;

  constructor(
    private readonly tokens: CalendarTokenStore,
    runtime: Runtime,
  ) {
    this.issue = issuing((runtime.config as Config<'gateway'>).CALENDAR_TOKEN_DAYS);
    runtime.places.push(
      aggregatesHolding(runtime, {
        code: 'CALENDAR_TOKENS',
        message: 'Tokens that opened the calendar of the person, with what they were called; their addresses show nothing any more.',
        holding: async (_, account) => (account === null ? [] : this.tokens.ownedBy(account)),
        command: ForgetCalendarToken,
      }),
    );
  }

  @Handle(IssueCalendarToken)
  issued(message: Message<typeof IssueCalendarToken>) {
    return this.tokens.change(message, this.issue);
  }

  @Handle(RevokeCalendarToken)
  revoke(message: Message<typeof RevokeCalendarToken>) {
    return this.tokens.change(message, revoke);
  }

  @Handle(ForgetCalendarToken)
  forget(message: Message<typeof ForgetCalendarToken>) {
    return this.tokens.change(message, forgetCalendarToken);
  }
}
