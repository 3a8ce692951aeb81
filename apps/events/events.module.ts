import { Module } from '@nestjs/common';
import { ApplicantCopies } from './applicants.js';
import { PlannedEventMessages } from './planned-event.messages.js';
import { PlannedEventStore } from './planned-event.store.js';
import { RegistrationMessages } from './registration.messages.js';
import { SeatLedgerStore } from './seat-ledger.store.js';

@Module({ controllers: [PlannedEventMessages, RegistrationMessages], providers: [PlannedEventStore, SeatLedgerStore, ApplicantCopies] })
export class EventsModule {}
