import { Controller } from '@nestjs/common';
import { factTypes } from '#libs/contracts/catalogue';
import {
  DisableSubscription,
  EnableSubscription,
  EndSubscription,
  NoteSubscriptionTest,
  PauseSubscription,
  ResumeSubscription,
  RotateSubscriptionSecret,
  Subscribe,
} from '#libs/contracts/subscription';
import { Handle, type Handled, type Message } from '#libs/messaging/handle';
import { Deliverer } from './deliverer.js';
import { deliveryPolicy } from './policy.js';
import { SecretBox } from './secret-box.js';
import {
  disable,
  enable,
  end,
  noteTest,
  pause,
  resume,
  rotateSecret,
  type SubscriptionTerms,
  subscribe,
  testFirst,
} from './subscription.js';
import { SubscriptionStore } from './subscription.store.js';
import { Webhook } from './webhook.js';

@Controller()
export class SubscriptionMessages {
  private readonly terms: SubscriptionTerms;

  constructor(
    private readonly subscriptions: SubscriptionStore,
    private readonly deliverer: Deliverer,
    webhook: Webhook,
    secrets: SecretBox,
  ) {
    this.terms = { policy: deliveryPolicy, target: webhook.target, isSecret: (cipher) => secrets.keyOf(cipher) !== null, factTypes };
  }

  @Handle(Subscribe)
  subscribe(message: Message<typeof Subscribe>) {
    return this.subscriptions.change(message, subscribe(this.terms));
  }

  @Handle(PauseSubscription)
  pause(message: Message<typeof PauseSubscription>) {
    return this.subscriptions.change(message, pause);
  }

  @Handle(ResumeSubscription)
  resume(message: Message<typeof ResumeSubscription>) {
    return this.waking(message.key, this.subscriptions.change(message, resume));
  }

  @Handle(EnableSubscription)
  /** It is in the hand of this instance until the test is answered: after a crash it comes again, and is tested again. */
  async enable(message: Message<typeof EnableSubscription>) {
    const { key, id, dryRun } = message;
    if (dryRun) return this.subscriptions.change(message, enable);
    const handled = await this.subscriptions.change(message, testFirst);
    const found = await this.subscriptions.get(key);
    if (found?.state.asked === id) await this.deliverer.test(key, id, found);
    return handled;
  }

  @Handle(NoteSubscriptionTest)
  noteTest(message: Message<typeof NoteSubscriptionTest>) {
    return this.waking(message.key, this.subscriptions.change(message, noteTest));
  }

  @Handle(EndSubscription)
  end(message: Message<typeof EndSubscription>) {
    return this.waking(message.key, this.subscriptions.change(message, end));
  }

  @Handle(DisableSubscription)
  disable(message: Message<typeof DisableSubscription>) {
    return this.subscriptions.change(message, disable);
  }

  @Handle(RotateSubscriptionSecret)
  rotateSecret(message: Message<typeof RotateSubscriptionSecret>) {
    return this.subscriptions.change(message, rotateSecret(this.terms));
  }

  /** What waited is seen to; before the command counts as handled, so that a crash cannot forget it. */
  private async waking(subscription: string, change: Promise<Handled>): Promise<Handled> {
    const handled = await change;
    await this.deliverer.wake(subscription);
    return handled;
  }
}
