import { Injectable } from '@nestjs/common';
import { system } from '#libs/contracts/actor';
import type { AgreementView } from '#libs/contracts/agreement';
import { PlanReminder } from '#libs/contracts/reminder';
import type { ReadState } from '#libs/messaging/state-reader';
import { Views } from '#libs/persistence/views';
import { type ReminderRule, rulesAbout } from '#libs/reference/reminder-rules';
import { Runtime } from '#libs/service/runtime';
import { type Agreement, planForAgreement } from './agreement-plan.js';
import { ReminderStore } from './reminder.store.js';
import { planWithout, reminderId } from './reminder-plan.js';

const SEEN = 10_000;

/** Agreements as their service last published them, as far as reminders are made of them: whatever moves the end of one moves its reminders. */
@Injectable()
export class AgreementReminders {
  readonly views: Views<Agreement>;
  private readonly seen = new Map<string, string>();

  constructor(
    private readonly runtime: Runtime,
    private readonly reminders: ReminderStore,
  ) {
    this.views = new Views(runtime.house.db, 'agreementCopies');
  }

  async get(id: string): Promise<Agreement | null> {
    return (await this.views.get(id))?.view ?? null;
  }

  /** What comes anew may have been planned by another instance. */
  forget(): void {
    this.seen.clear();
  }

  async apply(records: ReadState[]): Promise<void> {
    const moved = records.map(asReminded).filter((each) => this.seen.get(each.id) !== likeness(each));
    if (moved.length === 0) return;
    await this.views.apply(moved);
    await Promise.all(moved.flatMap((each) => rulesAbout('agreements').map((rule) => this.plan(each, rule))));
    if (this.seen.size > SEEN) this.seen.clear();
    for (const each of moved) this.seen.set(each.id, likeness(each));
  }

  private async plan({ id, version, view }: Reminded, rule: ReminderRule): Promise<void> {
    const key = reminderId(id, rule.code);
    // Nothing was ever planned of what was never in force; of what has no end, or is gone, only as long as it had one.
    if (view?.inForceSince === null) return;
    if (!view?.validTo && !(await this.reminders.get(key))) return;
    const subject = { resource: 'agreements', id };
    const data = view === null ? planWithout(subject, rule.code, version, 'AGREEMENT_GONE') : planForAgreement(rule, view);
    await this.runtime.bus.tell(PlanReminder, { key, by: system('worker', this.runtime.clock.iso()), data });
  }
}

type Reminded = ReadState & { view: Agreement | null };

function asReminded(record: ReadState): Reminded {
  if (record.view === null) return { ...record, view: null };
  const { id, version, partnership, title, state, validTo, inForceSince } = record.view as AgreementView;
  return { ...record, view: { id, version, partnership, title, state, validTo, inForceSince } };
}

const likeness = ({ view }: Reminded): string => JSON.stringify({ ...view, version: null });
