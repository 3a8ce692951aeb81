import { Controller } from '@nestjs/common';
import { AddFeedback, AnswerFeedback, AskFeedback } from '#libs/contracts/event-feedback';
import { Handle, type Message } from '#libs/messaging/handle';
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
  ) {}

  @Handle(AskFeedback)
  async ask(message: Message<typeof AskFeedback>) {
    return this.rounds.change(message, ask(await this.about(message.data.event, null)));
  }

  @Handle(AnswerFeedback)
  async answer(message: Message<typeof AnswerFeedback>) {
    return this.rounds.change(message, answer(await this.about(message.data.event, message.data.registration)));
  }

  @Handle(AddFeedback)
  add(message: Message<typeof AddFeedback>) {
    return this.figures.change(message, add);
  }

  private async about(event: string, registration: string | null): Promise<About> {
    const [found, its] = await Promise.all([
      this.events.get(event),
      registration === null ? null : this.ledgers.registration(registration),
    ]);
    return { event: found ? whole(found.state) : null, registration: its as About['registration'] };
  }
}
