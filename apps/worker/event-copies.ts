import { Injectable } from '@nestjs/common';
import { system } from '#libs/contracts/actor';
import { PlannedEvent, type PlannedEventView } from '#libs/contracts/planned-event';
import { PlanReminder } from '#libs/contracts/reminder';
import type { ReadState } from '#libs/messaging/state-reader';
import { Views } from '#libs/persistence/views';
import { type ReminderRule, rulesAbout } from '#libs/reference/reminder-rules';
import { Copies } from '#libs/service/copies';
import { Runtime } from '#libs/service/runtime';
import { ReminderStore } from './reminder.store.js';
import { type Event, planFor, planWithout, reminderId } from './reminder-plan.js';

const SEEN = 10_000;

/**
 * Planned events as their service last published them, as far as reminders are made of them. Whatever moved or ended one, and
 * whichever fact told so, its reminders follow from its newest state; the copy is kept first, so a job never knows less than the plan.
 */
@Injectable()
export class EventCopies {
  private readonly views: Views<Event>;
  /** What each was like last: most of what changes in an event is nothing to its reminders. */
  private readonly seen = new Map<string, string>();

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
      () => this.seen.clear(),
    );
  }

  async get(id: string): Promise<Event | null> {
    return (await this.views.get(id))?.view ?? null;
  }

  private async apply(records: ReadState[]): Promise<void> {
    const events = records.filter(({ aggregate }) => aggregate === PlannedEvent.contract.name).map(asReminded);
    const moved = events.filter((event) => this.seen.get(event.id) !== likeness(event));
    if (moved.length === 0) return;
    await this.views.apply(moved);
    await Promise.all(moved.flatMap((event) => rulesAbout('events').map((rule) => this.plan(event, rule))));
    if (this.seen.size > SEEN) this.seen.clear();
    for (const event of moved) this.seen.set(event.id, likeness(event));
  }

  private async plan({ id, version, view }: Reminded, rule: ReminderRule): Promise<void> {
    const key = reminderId(id, rule.code);
    // Of an event that was erased before it was ever seen there is nothing to drop.
    if (view === null && !(await this.reminders.get(key))) return;
    const data = view === null ? planWithout({ resource: 'events', id }, rule.code, version, 'EVENT_GONE') : planFor(rule, view);
    await this.runtime.bus.tell(PlanReminder, { key, by: system('worker', this.runtime.clock.iso()), data });
  }
}

type Reminded = ReadState & { view: Event | null };

function asReminded(record: ReadState): Reminded {
  if (record.view === null) return { ...record, view: null };
  const { id, version, partnerships, title, when, zone, state } = record.view as PlannedEventView;
  return { ...record, view: { id, version, partnerships, title, when, zone, state } };
}

const likeness = ({ view }: Reminded): string => JSON.stringify({ ...view, version: null });
