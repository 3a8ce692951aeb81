import { Controller } from '@nestjs/common';
import {
  CancelEvent,
  ChangeEvent,
  CloseBooking,
  CloseRegistration,
  EvaluateEvent,
  FinishEvent,
  OpenBooking,
  OpenRegistration,
  PlanEvent,
  PostponeEvent,
  PutEvent,
  RecordEvent,
  RecordEventHeld,
  RemoveEvent,
  ReopenRegistration,
  ReportOutcomes,
  ScheduleEvent,
  StartEvent,
} from '#libs/contracts/planned-event';
import { type Context, type Decision, under } from '#libs/domain/decision';
import { Handle, type Message } from '#libs/messaging/handle';
import { PolicyCopies } from '#libs/service/policy-copies';
import { changeEvent, removeEvent } from './event-change.js';
import * as moves from './event-moves.js';
import { reportOutcomes } from './event-outcomes.js';
import { planEvent, putEvent } from './event-plan.js';
import { type PlannedEvent, recordEvent } from './planned-event.js';
import { PlannedEventStore } from './planned-event.store.js';
import { SeatLedgerStore } from './seat-ledger.store.js';

type Decide<D> = (event: PlannedEvent | null, data: D, context: Context) => Decision<PlannedEvent>;

@Controller()
export class PlannedEventMessages {
  constructor(
    private readonly events: PlannedEventStore,
    private readonly ledgers: SeatLedgerStore,
    private readonly policies: PolicyCopies,
  ) {}

  @Handle(RecordEvent)
  record(message: Message<typeof RecordEvent>) {
    return this.events.change(message, recordEvent);
  }

  @Handle(PlanEvent)
  plan(message: Message<typeof PlanEvent>) {
    return this.events.change(message, planEvent);
  }

  @Handle(PutEvent)
  async put(message: Message<typeof PutEvent>) {
    return this.events.change(message, await this.ruled(putEvent));
  }

  @Handle(ChangeEvent)
  async change(message: Message<typeof ChangeEvent>) {
    const change: Decide<Message<typeof ChangeEvent>['data']> = (event, patch, context) => changeEvent(event, patch, context);
    return this.events.change(message, await this.ruled(change));
  }

  @Handle(RemoveEvent)
  remove(message: Message<typeof RemoveEvent>) {
    return this.events.change(message, removeEvent);
  }

  @Handle(ScheduleEvent)
  async schedule(message: Message<typeof ScheduleEvent>) {
    return this.events.change(message, await this.ruled(moves.scheduleEvent));
  }

  @Handle(OpenRegistration)
  openRegistration(message: Message<typeof OpenRegistration>) {
    return this.events.change(message, moves.openRegistration);
  }

  @Handle(CloseRegistration)
  closeRegistration(message: Message<typeof CloseRegistration>) {
    return this.events.change(message, moves.closeRegistration);
  }

  @Handle(ReopenRegistration)
  reopenRegistration(message: Message<typeof ReopenRegistration>) {
    return this.events.change(message, moves.reopenRegistration);
  }

  @Handle(StartEvent)
  start(message: Message<typeof StartEvent>) {
    return this.events.change(message, moves.startEvent);
  }

  @Handle(FinishEvent)
  finish(message: Message<typeof FinishEvent>) {
    return this.events.change(message, moves.finishEvent);
  }

  @Handle(OpenBooking)
  openBooking(message: Message<typeof OpenBooking>) {
    return this.events.change(message, moves.openBooking);
  }

  @Handle(CloseBooking)
  closeBooking(message: Message<typeof CloseBooking>) {
    return this.events.change(message, moves.closeBooking);
  }

  @Handle(RecordEventHeld)
  recordHeld(message: Message<typeof RecordEventHeld>) {
    return this.events.change(message, moves.recordEventHeld);
  }

  @Handle(ReportOutcomes)
  reportOutcomes(message: Message<typeof ReportOutcomes>) {
    return this.events.change(message, reportOutcomes);
  }

  @Handle(EvaluateEvent)
  async evaluate(message: Message<typeof EvaluateEvent>) {
    return this.events.change(message, moves.evaluateEvent(await this.ledgers.attendance(message.key)));
  }

  @Handle(PostponeEvent)
  postpone(message: Message<typeof PostponeEvent>) {
    return this.events.change(message, moves.postponeEvent);
  }

  @Handle(CancelEvent)
  cancel(message: Message<typeof CancelEvent>) {
    return this.events.change(message, moves.cancelEvent);
  }

  /** Where it leads to is judged by the list of countries in force. */
  private async ruled<D>(decide: Decide<D>): Promise<Decide<D>> {
    return under((await this.policies.standing([])).policies, decide);
  }
}
