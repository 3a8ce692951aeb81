import { Controller } from '@nestjs/common';
import { ChangeEvent, PlanEvent, PutEvent, RecordEvent, RemoveEvent } from '#libs/contracts/planned-event';
import { Handle, type Message } from '#libs/messaging/handle';
import { changeEvent, removeEvent } from './event-change.js';
import { planEvent, putEvent } from './event-plan.js';
import { recordEvent } from './planned-event.js';
import { PlannedEventStore } from './planned-event.store.js';

@Controller()
export class PlannedEventMessages {
  constructor(private readonly events: PlannedEventStore) {}

  @Handle(RecordEvent)
  record(message: Message<typeof RecordEvent>) {
    return this.events.change(message, recordEvent);
  }

  @Handle(PlanEvent)
  plan(message: Message<typeof PlanEvent>) {
    return this.events.change(message, planEvent);
  }

  @Handle(PutEvent)
  put(message: Message<typeof PutEvent>) {
    return this.events.change(message, putEvent);
  }

  @Handle(ChangeEvent)
  change(message: Message<typeof ChangeEvent>) {
    return this.events.change(message, changeEvent);
  }

  @Handle(RemoveEvent)
  remove(message: Message<typeof RemoveEvent>) {
    return this.events.change(message, removeEvent);
  }
}
