import { Module } from '@nestjs/common';
import { Jobs } from '#libs/jobs/jobs';
import { AgreementReminders } from './agreement-reminders.js';
import { EventCopies } from './event-copies.js';
import { MembershipCopies } from './membership-copies.js';
import { ReminderJobs } from './reminder.jobs.js';
import { ReminderMessages } from './reminder.messages.js';
import { ReminderStore } from './reminder.store.js';
import { ReportJobs } from './report.jobs.js';
import { ReportMessages } from './report.messages.js';
import { ReportStore } from './report.store.js';

@Module({
  controllers: [ReminderMessages, ReportMessages],
  providers: [Jobs, EventCopies, AgreementReminders, MembershipCopies, ReminderStore, ReminderJobs, ReportStore, ReportJobs],
})
export class WorkerModule {}
