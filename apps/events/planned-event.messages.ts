import { Controller } from '@nestjs/common';
import { ChangeEvent, RecordEvent } from '#libs/contracts/planned-event';
import { Handle, type Message } from '#libs/messaging/handle';
import { changeEvent } from './event-change.js';
import { recordEvent } from './planned-event.js';
import { PlannedEventStore } from './planned-event.store.js';

@Controller()
export class PlannedEventMessages {
  constructor(private readonly events: PlannedEventStore) {}

  @Handle(RecordEvent)
  record(message: Message<typeof RecordEvent>) {
    return this.events.change(message, recordEvent);
  }

  @Handle(ChangeEvent)
  change(message: Message<typeof ChangeEvent>) {
    return this.events.change(message, changeEvent);
  }
}
