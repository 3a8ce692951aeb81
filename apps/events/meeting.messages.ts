import { Controller } from '@nestjs/common';
import * as contract from '#libs/contracts/meeting';
import type { CommandContract } from '#libs/contracts/message';
import type { Context, Decision } from '#libs/domain/decision';
import { Refusal } from '#libs/domain/verdict';
import { Handle, type Handled, type Message } from '#libs/messaging/handle';
import * as decisions from './meeting.js';
import type { Plan } from './meeting-plan.js';
import { MeetingPlanStore } from './meeting-plan.store.js';
import type { Setting } from './meeting-setting.js';
import { MeetingSettings } from './meeting-settings.js';

type Decide<D> = (id: string, setting: Setting) => (plan: Plan | null, data: D, context: Context) => Decision<Plan>;

/** Commands of meetings are decided on all meetings of their event. */
@Controller()
export class MeetingMessages {
  constructor(
    private readonly plans: MeetingPlanStore,
    private readonly settings: MeetingSettings,
  ) {}

  @Handle(contract.RequestMeeting)
  request(message: Message<typeof contract.RequestMeeting>) {
    const { requester, guest } = message.data;
    return this.decided(message, [requester, guest], decisions.requestMeeting);
  }

  @Handle(contract.AcceptMeeting)
  accept(message: Message<typeof contract.AcceptMeeting>) {
    return this.moved(message, decisions.acceptMeeting);
  }

  @Handle(contract.DeclineMeeting)
  decline(message: Message<typeof contract.DeclineMeeting>) {
    return this.moved(message, decisions.declineMeeting);
  }

  @Handle(contract.ScheduleMeeting)
  schedule(message: Message<typeof contract.ScheduleMeeting>) {
    return this.moved(message, decisions.scheduleMeeting);
  }

  @Handle(contract.UnscheduleMeeting)
  unschedule(message: Message<typeof contract.UnscheduleMeeting>) {
    return this.moved(message, decisions.unscheduleMeeting);
  }

  @Handle(contract.CancelMeeting)
  cancel(message: Message<typeof contract.CancelMeeting>) {
    return this.moved(message, decisions.cancelMeeting);
  }

  @Handle(contract.MarkMeetingHeld)
  markHeld(message: Message<typeof contract.MarkMeetingHeld>) {
    return this.moved(message, decisions.markMeetingHeld);
  }

  @Handle(contract.MarkMeetingNoShow)
  markNoShow(message: Message<typeof contract.MarkMeetingNoShow>) {
    return this.moved(message, decisions.markMeetingNoShow);
  }

  private async moved<C extends CommandContract>(message: Message<C>, decide: Decide<Message<C>['data']>): Promise<Handled> {
    return this.decided(message, (await this.plans.personsOf(String(message.within), message.key)) ?? [], decide);
  }

  private async decided<C extends CommandContract>(
    message: Message<C>,
    persons: readonly string[],
    decide: Decide<Message<C>['data']>,
  ): Promise<Handled> {
    const setting = await this.settings.for(String(message.within), persons);
    return this.plans.change(message, setting ? decide(message.key, setting) : noEvent(message.within));
  }
}

/** The event was removed meanwhile. */
export const noEvent = (event: string | null) => (): never => {
  throw Refusal.because('RESOURCE.ABSENT', `There is no event ${event}.`, { kind: 'ABSENT' });
};
