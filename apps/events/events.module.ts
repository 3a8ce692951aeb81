import { Module } from '@nestjs/common';
import { AnnouncementMessages } from './announcement.messages.js';
import { AnnouncementStore } from './announcement.store.js';
import { ApplicantCopies } from './applicants.js';
import { CheckInMessages } from './check-in.messages.js';
import { CheckInStore } from './check-in.store.js';
import { FeedbackMessages } from './feedback.messages.js';
import { FeedbackFiguresStore, FeedbackRoundStore } from './feedback.store.js';
import { PlannedEventMessages } from './planned-event.messages.js';
import { PlannedEventStore } from './planned-event.store.js';
import { RegistrationMessages } from './registration.messages.js';
import { SeatLedgerStore } from './seat-ledger.store.js';

@Module({
  controllers: [PlannedEventMessages, RegistrationMessages, CheckInMessages, AnnouncementMessages, FeedbackMessages],
  providers: [
    PlannedEventStore,
    SeatLedgerStore,
    ApplicantCopies,
    CheckInStore,
    AnnouncementStore,
    FeedbackRoundStore,
    FeedbackFiguresStore,
  ],
})
export class EventsModule {}
