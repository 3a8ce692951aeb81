import './agreement-moves.js';
import { Agreement } from './agreement.js';
import { Announcement } from './announcement.js';
import { ApiKey } from './api-key.js';
import { CalendarToken } from './calendar-token.js';
import { CheckIn } from './check-in.js';
import { Client } from './client.js';
import { Cluster } from './cluster.js';
import { Deliverable } from './deliverable.js';
import { Document } from './document.js';
import { Erasure } from './erasure.js';
import { FeedbackFigures, FeedbackRound } from './event-feedback.js';
import { ExchangeProfile } from './exchange-profile.js';
import { Import } from './import.js';
import { keptMessages } from './kept-message.js';
import { Mail } from './mail.js';
import { Meeting } from './meeting.js';
import { MeetingPlan } from './meeting-plan.js';
import { MeetingProfile } from './meeting-profile.js';
import { Membership } from './membership.js';
import type { AggregateContract } from './message.js';
import { Organisation } from './organisation.js';
import { Partnership } from './partnership.js';
import { Person } from './person.js';
import { PlannedEvent } from './planned-event.js';
import { Policy } from './policy.js';
import { Registration } from './registration.js';
import { Reminder } from './reminder.js';
import { Report } from './report.js';
import { SeatLedger } from './seat-ledger.js';
import { Delivery, Subscription } from './subscription.js';

/** Every aggregate there is. */
export const aggregates: readonly AggregateContract[] = [
  Partnership.contract,
  Cluster.contract,
  Organisation.contract,
  Membership.contract,
  Person.contract,
  Erasure.contract,
  Agreement.contract,
  Document.contract,
  Deliverable.contract,
  Policy.contract,
  PlannedEvent.contract,
  SeatLedger.contract,
  Registration.contract,
  CheckIn.contract,
  Announcement.contract,
  FeedbackRound.contract,
  FeedbackFigures.contract,
  Meeting.contract,
  MeetingPlan.contract,
  MeetingProfile.contract,
  ExchangeProfile.contract,
  Import.contract,
  Subscription.contract,
  Delivery.contract,
  Mail.contract,
  Reminder.contract,
  Report.contract,
  Client.contract,
  ...Object.values(keptMessages).map(({ contract }) => contract),
  ApiKey.contract,
  CalendarToken.contract,
];

/** Every type of fact that may ever be told. */
export const factTypes: readonly string[] = aggregates.flatMap(({ facts }) => facts.map(({ type }) => type));
