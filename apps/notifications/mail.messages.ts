import { Controller } from '@nestjs/common';
import { ForgetMail, NoteMailAttempt, QueueMail, RingMail, WithdrawMail } from '#libs/contracts/mail';
import { Handle, type Message } from '#libs/messaging/handle';
import { MailJobs } from './mail.jobs.js';
import { forgetMail, noteMailAttempt, queueMail, ringMail, withdrawMail } from './mail.js';
import { MailStore } from './mail.store.js';

@Controller()
export class MailMessages {
  constructor(
    private readonly mails: MailStore,
    private readonly jobs: MailJobs,
  ) {}

  @Handle(QueueMail)
  async queue(message: Message<typeof QueueMail>) {
    const handled = await this.mails.change(message, queueMail);
    if (handled?.status === 'DONE') this.jobs.add(message.key);
    return handled;
  }

  @Handle(RingMail)
  async ring(message: Message<typeof RingMail>) {
    const handled = await this.mails.change(message, ringMail);
    if (handled?.status === 'DONE') this.jobs.add(message.key);
    return handled;
  }

  @Handle(NoteMailAttempt)
  noteAttempt(message: Message<typeof NoteMailAttempt>) {
    return this.mails.change(message, noteMailAttempt());
  }

  @Handle(WithdrawMail)
  withdraw(message: Message<typeof WithdrawMail>) {
    return this.mails.change(message, withdrawMail);
  }

  @Handle(ForgetMail)
  forget(message: Message<typeof ForgetMail>) {
    return this.mails.change(message, forgetMail);
  }
}
