import { Controller } from '@nestjs/common';
import { system } from '#libs/contracts/actor';
import { NoteDeliveryAttempt, QueueDelivery, SuppressDelivery } from '#libs/contracts/subscription';
import { messageId } from '#libs/domain/ids';
import { Bus } from '#libs/messaging/bus';
import { type FeedItem, Handle, type Handled, type Message, OnFeed } from '#libs/messaging/handle';
import { Runtime } from '#libs/service/runtime';
import { Deliverer } from './deliverer.js';
import { deliveryId, noteAttempt, queue, suppress } from './delivery.js';
import { DeliveryStore } from './delivery.store.js';
import { hears, levelFor, passes, references, seenAt } from './matching.js';
import { ReferenceStore } from './reference.store.js';
import { SubscriptionStore } from './subscription.store.js';

@Controller()
export class DeliveryMessages {
  constructor(
    private readonly runtime: Runtime,
    private readonly bus: Bus,
    private readonly subscriptions: SubscriptionStore,
    private readonly deliveries: DeliveryStore,
    private readonly known: ReferenceStore,
    private readonly deliverer: Deliverer,
  ) {}

  @OnFeed()
  async tell({ cursor, ...fact }: FeedItem): Promise<void> {
    const hearing = (await this.subscriptions.live(fact.time)).filter(({ state }) => hears(state, fact));
    if (hearing.length === 0) return;
    const knowledge = await this.known.of(references(fact));
    const chosen = hearing
      .filter(({ state }) => passes(state.filter, fact, knowledge))
      .map(({ id, state }) => ({ id, owner: state.owner, level: levelFor(state.rights, fact, knowledge) }))
      .filter(({ level }) => level !== 'NOTHING');
    await Promise.all(chosen.map(({ id, owner, level }) => this.queueFor(id, owner, cursor, seenAt(level, fact))));
  }

  @Handle(QueueDelivery)
  async queue(message: Message<typeof QueueDelivery>): Promise<Handled> {
    const handled = await this.deliveries.change(message, queue);
    await this.deliverer.wake(message.data.subscription);
    return handled;
  }

  @Handle(NoteDeliveryAttempt)
  noteAttempt(message: Message<typeof NoteDeliveryAttempt>) {
    return this.deliveries.change(message, noteAttempt());
  }

  @Handle(SuppressDelivery)
  suppress(message: Message<typeof SuppressDelivery>) {
    return this.deliveries.change(message, suppress);
  }

  private async queueFor(subscription: string, owner: string, cursor: number, told: Omit<FeedItem, 'cursor'>): Promise<void> {
    const key = deliveryId(subscription, told);
    const { id: fact, type, subject } = told;
    const data = { subscription, owner, cursor, fact, type, subject, body: JSON.stringify(told) };
    const by = system('notifications', this.runtime.clock.iso());
    await this.bus.tell(QueueDelivery, { key, by, id: messageId('queue', key), data });
  }
}
