import { Controller } from '@nestjs/common';
import { system } from '#libs/contracts/actor';
import {
  AdoptSchedule,
  ComputeSchedule,
  FollowMeetings,
  ForgetInMeetings,
  type MeetingPlanView,
  SettleMeetings,
} from '#libs/contracts/meeting-plan';
import type { FactRecord } from '#libs/contracts/message';
import { RegistrationCancelled, RegistrationRejected, SeatTransferred } from '#libs/contracts/registration';
import { messageId } from '#libs/domain/ids';
import { Bus } from '#libs/messaging/bus';
import { Handle, type Handled, type Message, On } from '#libs/messaging/handle';
import { aggregatesHolding } from '#libs/service/forgetting';
import { Runtime } from '#libs/service/runtime';
import { noEvent } from './meeting.messages.js';
import { followEvent } from './meeting-follow.js';
import { forgetInMeetings } from './meeting-forget.js';
import { noMeetings, type Plan } from './meeting-plan.js';
import { MeetingPlanStore } from './meeting-plan.store.js';
import { adoptSchedule, problemOf, startSchedule } from './meeting-run.js';
import { inTurns, type MeetingSchedule, scheduled } from './meeting-schedule.js';
import type { Setting } from './meeting-setting.js';
import { MeetingSettings } from './meeting-settings.js';

/** Meetings that are written at once. */
const PART = 250;

/** All meetings of an event together: computed, and following what they depend on. */
@Controller()
export class MeetingPlanMessages {
  /** Computations under way in this process, by event. */
  private readonly computing = new Map<string, Promise<void>>();

  constructor(
    private readonly plans: MeetingPlanStore,
    private readonly settings: MeetingSettings,
    private readonly bus: Bus,
    private readonly runtime: Runtime,
  ) {
    runtime.places.push(
      aggregatesHolding(runtime, {
        code: 'MEETINGS',
        message: 'What the person said when asking for, declining or moving meetings; open ones are cancelled.',
        holding: (person) => this.plans.holding(person),
        command: ForgetInMeetings,
      }),
    );
  }

  /** Answered when the schedule is there. It stands in the plan that one is wanted, so that a computation that is cut off is begun anew. */
  @Handle(ComputeSchedule)
  async compute(message: Message<typeof ComputeSchedule>): Promise<Handled> {
    const setting = await this.settings.forAll(message.key);
    const handled = await this.plans.change(message, setting ? startSchedule(setting) : noEvent(message.key));
    if (message.dryRun && setting && handled?.status === 'DONE') return this.rehearsed(handled, setting);
    this.begin(message.key);
    return handled;
  }

  @Handle(AdoptSchedule)
  async adopt(message: Message<typeof AdoptSchedule>): Promise<Handled> {
    const setting = await this.settings.forAll(message.key);
    return this.plans.change(message, setting ? adoptSchedule(setting) : noEvent(message.key));
  }

  @Handle(FollowMeetings)
  follow(message: Message<typeof FollowMeetings>) {
    return this.followed(message);
  }

  @Handle(SettleMeetings)
  async settle(message: Message<typeof SettleMeetings>): Promise<Handled> {
    const handled = await this.followed(message);
    this.begin(message.key);
    return handled;
  }

  @Handle(ForgetInMeetings)
  async forget(message: Message<typeof ForgetInMeetings>): Promise<Handled> {
    const meetings = await this.plans.meetingsOf(message.key, message.data.person);
    return this.plans.change(message, forgetInMeetings(meetings));
  }

  /** Who has left takes part in no meeting any more. */
  @On(RegistrationCancelled)
  onCancelled(fact: FactRecord<{ event: string }>) {
    return this.tellOf(fact);
  }

  @On(RegistrationRejected)
  onRejected(fact: FactRecord<{ event: string }>) {
    return this.tellOf(fact);
  }

  @On(SeatTransferred)
  onTransferred(fact: FactRecord<{ event: string }>) {
    return this.tellOf(fact);
  }

  private async tellOf({ id, data: { event } }: FactRecord<{ event: string }>): Promise<void> {
    const found = await this.plans.get(event);
    if (!found || found.state.entries.length === 0) return;
    const by = system('events', this.runtime.clock.iso());
    await this.bus.tell(FollowMeetings, { key: event, by, data: {}, id: messageId('meetings', id) });
  }

  private async followed(message: Message<typeof FollowMeetings> | Message<typeof SettleMeetings>): Promise<Handled> {
    const setting = await this.settings.forAll(message.key);
    return this.plans.change(message, setting ? followEvent(setting) : noEvent(message.key));
  }

  /** Goes on beside everything else; what it comes to arrives as a command. */
  private begin(event: string): void {
    if (this.computing.has(event)) return;
    const work = this.work(event)
      .catch((error) =>
        this.runtime.log.error({ error: (error as Error).stack ?? String(error), event }, 'A schedule could not be computed'),
      )
      .finally(() => this.computing.delete(event));
    this.computing.set(event, work);
  }

  private async work(event: string): Promise<void> {
    const found = await this.plans.get(event);
    const run = found?.state.run;
    if (!found || run?.state !== 'RUNNING') return;
    const setting = await this.settings.forAll(event);
    if (!setting) return;
    const { placed, ...worth } = await this.computed(found.state, setting, run.seed);
    const by = system('events', this.runtime.clock.iso());
    // In parts, the last of which ends it: each is one write of the plan with all that it brings about.
    for (let from = 0; from === 0 || from < placed.length; from += PART) {
      const data = { ...worth, run: run.id, placed: placed.slice(from, from + PART), more: from + PART < placed.length };
      await this.bus.tell(AdoptSchedule, { key: event, by, data, id: messageId('adopt', run.id, from) });
    }
  }

  private async computed(plan: Plan, setting: Setting, seed: number) {
    const problem = problemOf(plan, setting, this.runtime.clock.iso());
    return resultOf(await inTurns(scheduled(problem, seed)), setting);
  }

  /** What a schedule would come to as things are; nothing of it is kept. */
  private async rehearsed(handled: NonNullable<Handled>, setting: Setting): Promise<Handled> {
    const view = handled.view as MeetingPlanView;
    const run = view.schedule as NonNullable<MeetingPlanView['schedule']>;
    const plan = (await this.plans.get(setting.event.id))?.state ?? noMeetings;
    const { placed: _, ...worth } = await this.computed(plan, setting, run.seed);
    const schedule = { ...run, ...worth, state: 'DONE' as const, endedAt: this.runtime.clock.iso(), late: 0 };
    return { ...handled, view: { ...view, schedule } };
  }
}

function resultOf({ placed, wished, met, bound }: MeetingSchedule, { slots, tables }: Setting) {
  return {
    wished,
    met,
    bound,
    placed: placed.map(({ id, slot, table }) => ({
      meeting: id,
      startsAt: slots[slot]!.startsAt,
      table: table === null ? null : (tables?.[table] ?? null),
    })),
  };
}
