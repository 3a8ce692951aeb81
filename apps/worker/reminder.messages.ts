import { Controller } from '@nestjs/common';
import { NoteReminderSent, PlanReminder, RingReminder } from '#libs/contracts/reminder';
import { Handle, type Message } from '#libs/messaging/handle';
import { ReminderJobs } from './reminder.jobs.js';
import { noteSent, plan, ring } from './reminder.js';
import { ReminderStore } from './reminder.store.js';

@Controller()
export class ReminderMessages {
  constructor(
    private readonly reminders: ReminderStore,
    private readonly jobs: ReminderJobs,
  ) {}

  @Handle(PlanReminder)
  plan(message: Message<typeof PlanReminder>) {
    return this.reminders.change(message, plan);
  }

  @Handle(RingReminder)
  async ring(message: Message<typeof RingReminder>) {
    const handled = await this.reminders.change(message, ring);
    if (handled?.status === 'DONE') this.jobs.add(message.key);
    return handled;
  }

  @Handle(NoteReminderSent)
  noteSent(message: Message<typeof NoteReminderSent>) {
    return this.reminders.change(message, noteSent);
  }
}
