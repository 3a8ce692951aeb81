import { Module } from '@nestjs/common';
import { Jobs } from '#libs/jobs/jobs';
import { Deliverer } from './deliverer.js';
import { DeliveryMessages } from './delivery.messages.js';
import { DeliveryStore } from './delivery.store.js';
import { LaneStore } from './lane.store.js';
import { MailJobs } from './mail.jobs.js';
import { MailMessages } from './mail.messages.js';
import { MailStore } from './mail.store.js';
import { MailCopies } from './mail-copies.js';
import { MailFacts } from './mail-facts.js';
import { MailMatters } from './mail-matters.js';
import { MailValues } from './mail-values.js';
import { Mailer } from './mailer.js';
import { ReferenceStore } from './reference.store.js';
import { SecretBox } from './secret-box.js';
import { SubscriptionMessages } from './subscription.messages.js';
import { SubscriptionStore } from './subscription.store.js';
import { Webhook } from './webhook.js';

@Module({
  controllers: [SubscriptionMessages, DeliveryMessages, MailMessages],
  providers: [
    Jobs,
    SubscriptionStore,
    DeliveryStore,
    LaneStore,
    ReferenceStore,
    SecretBox,
    Webhook,
    Deliverer,
    MailStore,
    MailCopies,
    MailMatters,
    MailValues,
    Mailer,
    MailJobs,
    MailFacts,
  ],
})
export class NotificationsModule {}
