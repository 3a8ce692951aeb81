import { Module } from '@nestjs/common';
import { PolicyCopies } from '#libs/service/policy-copies';
import { AnnouncementMessages } from './announcement.messages.js';
import { AnnouncementStore } from './announcement.store.js';
import { ApplicantCopies } from './applicants.js';
import { CheckInMessages } from './check-in.messages.js';
import { CheckInStore } from './check-in.store.js';
import { FeedbackMessages } from './feedback.messages.js';
import { FeedbackFiguresStore, FeedbackRoundStore } from './feedback.store.js';
import { MeetingMessages } from './meeting.messages.js';
import { MeetingPlanMessages } from './meeting-plan.messages.js';
import { MeetingPlanStore } from './meeting-plan.store.js';
import { MeetingProfileMessages } from './meeting-profile.messages.js';
import { MeetingProfileStore } from './meeting-profile.store.js';
import { MeetingSettings } from './meeting-settings.js';
import { PlannedEventMessages } from './planned-event.messages.js';
import { PlannedEventStore } from './planned-event.store.js';
import { RegistrationMessages } from './registration.messages.js';
import { SeatLedgerStore } from './seat-ledger.store.js';

@Module({
  controllers: [
    PlannedEventMessages,
    RegistrationMessages,
    CheckInMessages,
    AnnouncementMessages,
    FeedbackMessages,
    MeetingMessages,
    MeetingPlanMessages,
    MeetingProfileMessages,
  ],
  providers: [
    PlannedEventStore,
    SeatLedgerStore,
    PolicyCopies,
    ApplicantCopies,
    CheckInStore,
    AnnouncementStore,
    FeedbackRoundStore,
    FeedbackFiguresStore,
    MeetingPlanStore,
    MeetingProfileStore,
    MeetingSettings,
  ],
})
export class EventsModule {}
