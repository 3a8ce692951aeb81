import { Controller } from '@nestjs/common';
import { EnterCheckIn } from '#libs/contracts/check-in';
import { Handle, type Message } from '#libs/messaging/handle';
import { type Door, enter } from './check-in.js';
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
  ) {}

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
