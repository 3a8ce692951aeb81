import { Injectable } from '@nestjs/common';
import { system } from '#libs/contracts/actor';
import { NoteReminderSent, PlanReminder, type ReminderPlan } from '#libs/contracts/reminder';
import { Jobs } from '#libs/jobs/jobs';
import { reminderRule } from '#libs/reference/reminder-rules';
import { Runtime } from '#libs/service/runtime';
import { planForAgreement } from './agreement-plan.js';
import { AgreementReminders } from './agreement-reminders.js';
import { EventCopies } from './event-copies.js';
import { isDue, type Reminder } from './reminder.js';
import { ReminderStore } from './reminder.store.js';
import { planFor, planWithout, subjectAt } from './reminder-plan.js';

const QUEUE = 'reminders';

interface ReminderJob {
  reminder: string;
  cycle: number;
}

/** Asks once more, when a reminder is due, whether there is still something to remind of. */
@Injectable()
export class ReminderJobs {
  constructor(
    private readonly runtime: Runtime,
    private readonly jobs: Jobs,
    private readonly reminders: ReminderStore,
    private readonly events: EventCopies,
    private readonly agreements: AgreementReminders,
  ) {
    jobs.work<ReminderJob>(QUEUE, (job) => this.send(job), { concurrency: 10 });
  }

  /** Not waited for: a job that Redis did not take comes again when the reminder rings again. */
  add(id: string): void {
    this.addNow(id).catch((error) => {
      this.runtime.log.warn({ reminder: id, error: String(error) }, 'No job was made of a due reminder; it rings again');
    });
  }

  private async addNow(id: string): Promise<void> {
    const found = await this.reminders.get(id);
    if (!found || !isDue(found.state, this.runtime.clock.iso())) return;
    const { subject, rule, cycle } = found.state;
    await this.jobs.add<ReminderJob>(QUEUE, [subjectAt(subject).id, rule, cycle].join('_'), { reminder: id, cycle });
  }

  private async send({ reminder: id, cycle }: ReminderJob): Promise<void> {
    const found = await this.reminders.get(id);
    if (found?.state.cycle !== cycle || !isDue(found.state, this.runtime.clock.iso())) return;
    const now = await this.planNow(found.state);
    const [key, by] = [id, system('worker', this.runtime.clock.iso())];
    if (now.drop === null && now.dueAt === found.state.dueAt) await this.runtime.bus.tell(NoteReminderSent, { key, by, data: { cycle } });
    else await this.runtime.bus.tell(PlanReminder, { key, by, data: now });
  }

  /** What the rule says of the record as it is by now. */
  private async planNow({ subject, rule: code, basis }: Reminder): Promise<ReminderPlan> {
    const of = subjectAt(subject);
    const rule = reminderRule(code);
    if (!rule) return planWithout(of, code, basis, 'RULE_ENDED');
    if (of.resource === 'agreements') {
      const agreement = await this.agreements.get(of.id);
      return agreement ? planForAgreement(rule, agreement) : planWithout(of, code, basis, 'AGREEMENT_GONE');
    }
    const event = await this.events.get(of.id);
    return event ? planFor(rule, event) : planWithout(of, code, basis, 'EVENT_GONE');
  }
}
