import { Injectable } from '@nestjs/common';
import { system } from '#libs/contracts/actor';
import { PlannedEvent, type PlannedEventView } from '#libs/contracts/planned-event';
import { PlanReminder } from '#libs/contracts/reminder';
import type { ReadState } from '#libs/messaging/state-reader';
import { Views } from '#libs/persistence/views';
import { type ReminderRule, reminderRules } from '#libs/reference/reminder-rules';
import { Runtime } from '#libs/service/runtime';
import { Copies } from './copies.js';
import { ReminderStore } from './reminder.store.js';
import { planFor, planWithout, reminderId } from './reminder-plan.js';

const TOLD = 10_000;

/**
 * Planned events as their service last published them. Whatever moved or ended one, and whichever fact told so,
 * its reminders follow from its newest state; the copy is kept first, so a job never knows less than the plan.
 */
@Injectable()
export class EventCopies {
  private readonly views: Views<PlannedEventView>;
  /** What was told last of a reminder: most of what changes in an event does not move it. */
  private readonly told = new Map<string, string>();

  constructor(
    private readonly runtime: Runtime,
    private readonly reminders: ReminderStore,
  ) {
    this.views = new Views(runtime.house.db, 'eventCopies');
    new Copies(
      runtime,
      'events',
      [this.views],
      (records) => this.apply(records),
      () => this.told.clear(),
    );
  }

  async get(id: string): Promise<PlannedEventView | null> {
    return (await this.views.get(id))?.view ?? null;
  }

  private async apply(records: ReadState[]): Promise<void> {
    const events = records.filter(({ aggregate }) => aggregate === PlannedEvent.contract.name);
    await this.views.apply(events);
    await Promise.all(events.flatMap((event) => reminderRules.map((rule) => this.plan(event, rule))));
  }

  private async plan({ id, version, view }: ReadState, rule: ReminderRule): Promise<void> {
    const key = reminderId(id, rule.code);
    // Of an event that was erased before it was ever seen there is nothing to drop.
    if (view === null && !(await this.reminders.get(key))) return;
    const data = view === null ? planWithout(id, rule.code, version, 'EVENT_GONE') : planFor(rule, view as PlannedEventView);
    const plan = JSON.stringify({ ...data, basis: null });
    if (this.told.get(key) === plan) return;
    await this.runtime.bus.tell(PlanReminder, { key, by: system('worker', this.runtime.clock.iso()), data });
    if (this.told.size > TOLD) this.told.clear();
    this.told.set(key, plan);
  }
}
