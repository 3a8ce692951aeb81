import { Controller } from '@nestjs/common';
import { EnterCheckIn, ForgetCheckIn } from '#libs/contracts/check-in';
import { Handle, type Message } from '#libs/messaging/handle';
import { aggregatesHolding } from '#libs/service/forgetting';
import { Runtime } from '#libs/service/runtime';
import { type Door, enter, forgetCheckIn } from './check-in.js';
import { CheckInStore } from './check-in.store.js';
import { whole } from './planned-event.js';
import { PlannedEventStore } from './planned-event.store.js';
import { SeatLedgerStore } from './seat-ledger.store.js';

@Controller()
export class CheckInMessages {
  constructor(
    private readonly checkIns: CheckInStore,
    private readonly events: PlannedEventStore,
    private readonly ledgers: SeatLedgerStore,
    runtime: Runtime,
  ) {
    runtime.places.push(
      aggregatesHolding(runtime, {
        code: 'CHECK_INS',
        message: 'When the person came to which event.',
        holding: (person) => this.checkIns.of(person),
        command: ForgetCheckIn,
      }),
    );
  }

  @Handle(ForgetCheckIn)
  forget(message: Message<typeof ForgetCheckIn>) {
    return this.checkIns.change(message, forgetCheckIn);
  }

  @Handle(EnterCheckIn)
  async enter(message: Message<typeof EnterCheckIn>) {
    const { event: id, registration: its } = message.data;
    const [event, registration] = await Promise.all([this.events.get(id), this.ledgers.registration(its)]);
    return this.checkIns.change(
      message,
      enter({ event: event ? whole(event.state) : null, registration: registration as Door['registration'] }),
    );
  }
}
