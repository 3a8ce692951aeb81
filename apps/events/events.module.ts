import { Module } from '@nestjs/common';
import { PlannedEventMessages } from './planned-event.messages.js';
import { PlannedEventStore } from './planned-event.store.js';

@Module({ controllers: [PlannedEventMessages], providers: [PlannedEventStore] })
export class EventsModule {}
