import { Controller } from '@nestjs/common';
import { AddFeedback, AnswerFeedback, AskFeedback } from '#libs/contracts/event-feedback';
import { checkInId } from '#libs/domain/ids';
import { Handle, type Message } from '#libs/messaging/handle';
import { CheckInStore } from './check-in.store.js';
import { type About, add, answer, ask } from './feedback.js';
import { FeedbackFiguresStore, FeedbackRoundStore } from './feedback.store.js';
import { whole } from './planned-event.js';
import { PlannedEventStore } from './planned-event.store.js';
import { SeatLedgerStore } from './seat-ledger.store.js';

@Controller()
export class FeedbackMessages {
  constructor(
    private readonly rounds: FeedbackRoundStore,
    private readonly figures: FeedbackFiguresStore,
    private readonly events: PlannedEventStore,
    private readonly ledgers: SeatLedgerStore,
    private readonly checkIns: CheckInStore,
  ) {}

  @Handle(AskFeedback)
  async ask(message: Message<typeof AskFeedback>) {
    return this.rounds.change(message, ask(await this.about(message.data.event)));
  }

  @Handle(AnswerFeedback)
  async answer(message: Message<typeof AnswerFeedback>) {
    return this.rounds.change(message, answer(await this.about(message.data.event, message.data)));
  }

  @Handle(AddFeedback)
  add(message: Message<typeof AddFeedback>) {
    return this.figures.change(message, add);
  }

  private async about(event: string, who: { registration: string; person: string } | null = null): Promise<About> {
    const [found, its, checkIn] = await Promise.all([
      this.events.get(event),
      who && this.ledgers.registration(who.registration),
      who && this.checkIns.get(checkInId(event, who.person)),
    ]);
    return {
      event: found ? whole(found.state) : null,
      registration: its as About['registration'],
      checkedInAt: checkIn?.state?.at ?? null,
    };
  }
}
