import { Controller } from '@nestjs/common';
import { NoteReportDone, RequestReport, RetryReport } from '#libs/contracts/report';
import { Handle, type Handled, type Message } from '#libs/messaging/handle';
import { ReportJobs } from './report.jobs.js';
import { noteDone, request, retry } from './report.js';
import { ReportStore } from './report.store.js';

@Controller()
export class ReportMessages {
  constructor(
    private readonly reports: ReportStore,
    private readonly jobs: ReportJobs,
  ) {}

  @Handle(RequestReport)
  async request(message: Message<typeof RequestReport>) {
    return this.toBeMade(message, await this.reports.change(message, request));
  }

  @Handle(RetryReport)
  async retry(message: Message<typeof RetryReport>) {
    return this.toBeMade(message, await this.reports.change(message, retry));
  }

  @Handle(NoteReportDone)
  noteDone(message: Message<typeof NoteReportDone>) {
    return this.reports.change(message, noteDone);
  }

  private toBeMade({ key, dryRun }: Message, handled: Handled): Handled {
    if (handled?.status === 'DONE' && !dryRun) this.jobs.add(key);
    return handled;
  }
}
