import { Injectable } from '@nestjs/common';
import { system } from '#libs/contracts/actor';
import { type CommandContract, sequenceOf } from '#libs/contracts/message';
import { NoteDeliveryAttempt, NoteSubscriptionTest, SUBSCRIPTION_TEST, SuppressDelivery } from '#libs/contracts/subscription';
import { messageId } from '#libs/domain/ids';
import { Jobs } from '#libs/jobs/jobs';
import { type Asking, NotAccepted } from '#libs/messaging/bus';
import { machineClock } from '#libs/service/clock';
import { Runtime } from '#libs/service/runtime';
import { DeliveryStore, type DueDelivery } from './delivery.store.js';
import { type Hold, LaneStore, type Rest } from './lane.store.js';
import { oncePerTurn } from './per-turn.js';
import { deliveryPolicy } from './policy.js';
import { delivered, retryAfterOf } from './retry.js';
import { SecretBox } from './secret-box.js';
import { signedHeaders } from './signature.js';
import { type Subscription, secretsInForce } from './subscription.js';
import { SubscriptionStore } from './subscription.store.js';
import { type Answer, Webhook } from './webhook.js';

const QUEUE = 'webhooks';
/** As many endpoints at once; each waits on the network most of the time, and a slow one takes up one place. */
const LANES_AT_ONCE = 64;
const AT_ONCE = 100;
/** Then the lane goes to the end of the queue, so that a busy one does not keep others waiting. */
const SLICE_MS = 30_000;
const NOTED_WITHIN_MS = 60_000;
const LOOK_AGAIN_MS = 20;
const REFUSED_AGAIN_MS = 500;
const TOUCHES = 40;
const AFTER_A_FAULT_MS = 5000;
const GONE = 410;

/** A delivery whose outcome is told but may not be written yet. */
type Read = Pick<DueDelivery, 'id' | 'version'>;

/**
 * Sends what is due, one lane per subscription. BullMQ only wakes a lane: that it is due, who is at it, and what came of each
 * attempt stands in MongoDB.
 */
@Injectable()
export class Deliverer {
  private readonly woken = new Set<string>();
  private stopping = false;
  private runs = 0;

  constructor(
    private readonly runtime: Runtime,
    private readonly subscriptions: SubscriptionStore,
    private readonly deliveries: DeliveryStore,
    private readonly lanes: LaneStore,
    private readonly jobs: Jobs,
    private readonly webhook: Webhook,
    private readonly secrets: SecretBox,
  ) {
    lanes.onDue = (ids) => this.addJobs(ids);
    jobs.work<{ subscription: string }>(QUEUE, ({ subscription }) => this.run(subscription), { concurrency: LANES_AT_ONCE });
    runtime.after.unshift(async () => {
      this.stopping = true;
    });
  }

  /** Resolves when it is written that the subscription has work. */
  wake(subscription: string): Promise<void> {
    this.woken.add(subscription);
    return this.wakeAll();
  }

  /** Tells how the endpoint answers something that is no fact. `asked`: the command that wants to know. */
  async test(subscription: string, asked: string, { state, version }: { state: Subscription; version: number }): Promise<void> {
    const [id, time] = [messageId('test', asked), this.runtime.clock.iso()];
    const about = { type: SUBSCRIPTION_TEST, subject: `/v1/subscriptions/${subscription}`, sequence: sequenceOf(version, 0) };
    const body = { specversion: '1.0', id, source: '/notifications', ...about, time, datacontenttype: 'application/json' };
    const { status, excerpt } = await this.send(id, JSON.stringify({ ...body, data: { id: subscription } }), state, time);
    const by = system('notifications', time);
    await this.runtime.bus.tell(NoteSubscriptionTest, {
      key: subscription,
      id: messageId('tested', asked),
      by,
      data: { asked, status, excerpt },
    });
  }

  private readonly wakeAll = oncePerTurn(async () => {
    const ids = [...this.woken];
    this.woken.clear();
    await this.touch(ids);
    await this.addJobs(ids);
  });

  /** The work is written already: that it is there must not be forgotten because the database was away for a moment. */
  private async touch(ids: string[]): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.lanes.touch(ids);
      } catch (error) {
        if (tries === TOUCHES) throw error;
        await pause(REFUSED_AGAIN_MS);
      }
    }
  }

  /** Without Redis nothing is lost: the sweep of the lanes asks again. */
  private async addJobs(ids: string[]): Promise<void> {
    await Promise.all(ids.map((subscription) => this.jobs.add(QUEUE, subscription, { subscription }))).catch((error) =>
      this.runtime.log.debug({ error: String(error) }, 'Lanes are not woken; the sweep tries again'),
    );
  }

  private async run(subscription: string): Promise<void> {
    this.runs += 1;
    const hold = await this.lanes.take(subscription, `${this.runtime.instance}/${this.runs}`);
    if (!hold) return;
    let rest = this.restFor(AFTER_A_FAULT_MS);
    try {
      rest = await this.drain(subscription, hold);
    } finally {
      await this.lanes.leave(hold, rest);
    }
  }

  private async drain(subscription: string, hold: Hold): Promise<Rest> {
    const end = Date.now() + SLICE_MS;
    for (;;) {
      const now = this.runtime.clock.now();
      const state = await this.stateOf(subscription);
      if (state?.state === 'ENDED') await this.suppressAll(subscription, hold);
      if (state?.state !== 'ACTIVE') return { dueAt: null, restUntil: null };
      const { due, next } = await this.deliveries.due(subscription, now, AT_ONCE);
      if (due.length === 0) return { dueAt: next, restUntil: null };
      const rest = await this.round(due, hold, end);
      if (rest) return rest;
    }
  }

  /** One after the other; a subject that fails goes no further, others do. Null: there may be more. */
  private async round(due: DueDelivery[], hold: Hold, end: number): Promise<Rest | null> {
    const told: Read[] = [];
    const held = new Set<string>();
    let rest: Rest | null = null;
    for (const each of due) {
      if (held.has(each.delivery.subject)) continue;
      const state = await this.stateOf(each.delivery.subscription);
      if (state?.state !== 'ACTIVE') break;
      if (this.stopping || Date.now() > end) rest = this.restFor(0);
      if (rest) break;
      await this.lanes.keep(hold);
      const outcome = await this.attempt(each, state, hold);
      told.push(each);
      if (!outcome.delivered) held.add(each.delivery.subject);
      rest = outcome.rest;
    }
    return (await this.noted(told, hold)) ? rest : this.restFor(AFTER_A_FAULT_MS);
  }

  private async attempt(
    { id, delivery }: DueDelivery,
    subscription: Subscription,
    hold: Hold,
  ): Promise<{ delivered: boolean; rest: Rest | null }> {
    const at = this.runtime.clock.iso();
    const answer = await this.send(id, delivery.body, subscription, at);
    const { retryAfter: header, ...attempt } = answer;
    const retryAfter = delivered(attempt) ? null : retryAfterOf(deliveryPolicy, header, at, machineClock.now().getTime());
    const number = delivery.attempts.length;
    await this.tell(
      NoteDeliveryAttempt,
      { key: id, id: messageId('attempt', id, number), data: { attempt: { at, ...attempt }, retryAfter } },
      hold,
    );
    return { delivered: delivered(attempt), rest: this.restAfter(attempt.status, number + 1, retryAfter) };
  }

  /** The receiver has a clock of its own, which no test moves: the signature tells the time by the machine's. */
  private async send(id: string, body: string, { url, secrets }: Subscription, at: string): Promise<Answer> {
    const keys = secretsInForce(secrets, at).flatMap(({ cipher }) => this.secrets.keyOf(cipher) ?? []);
    if (keys.length === 0)
      return { status: null, latencyMs: 0, excerpt: 'Not sent: there is no secret to sign with.', retryAfter: undefined };
    const seconds = Math.floor(machineClock.now().getTime() / 1000);
    const headers = {
      'content-type': 'application/cloudevents+json',
      'user-agent': 'clusterbridge',
      ...signedHeaders(id, seconds, body, keys),
    };
    return this.webhook.post(url!, headers, body);
  }

  private restAfter(status: number | null, attempts: number, retryAfter: string | null): Rest | null {
    const over = status === GONE || (attempts >= deliveryPolicy.waitSeconds.length && !delivered({ status }));
    if (over) return this.restFor(deliveryPolicy.restSeconds * 1000);
    return retryAfter ? { dueAt: new Date(retryAfter), restUntil: new Date(retryAfter) } : null;
  }

  private restFor(ms: number): Rest {
    const until = new Date(this.runtime.clock.now().getTime() + ms);
    return { dueAt: until, restUntil: until };
  }

  private async stateOf(subscription: string): Promise<Subscription | null> {
    return (await this.subscriptions.get(subscription))?.state ?? null;
  }

  private async suppressAll(subscription: string, hold: Hold): Promise<void> {
    for (;;) {
      const waiting = await this.deliveries.waiting(subscription, AT_ONCE);
      if (waiting.length === 0) return;
      const data = { reason: 'The subscription has ended.' };
      for (const { id } of waiting) await this.tell(SuppressDelivery, { key: id, id: messageId('suppress', id), data }, hold);
      if (!(await this.noted(waiting, hold))) return;
    }
  }

  /** What has been done must be told, however long the broker is away: else it would be done again. */
  private async tell<C extends CommandContract>(contract: C, asking: Omit<Asking<C>, 'by'>, hold: Hold): Promise<void> {
    for (;;) {
      try {
        await this.runtime.bus.tell(contract, { ...asking, by: system('notifications', this.runtime.clock.iso()) });
        return;
      } catch (error) {
        if (!(error instanceof NotAccepted) || this.stopping) throw error;
        await pause(REFUSED_AGAIN_MS);
        await this.lanes.keep(hold);
      }
    }
  }

  /** Waits until what was told is written; false when that is not to be seen from here. */
  private async noted(told: Read[], hold: Hold): Promise<boolean> {
    if (told.length === 0) return true;
    for (const end = Date.now() + NOTED_WITHIN_MS; Date.now() < end && !this.stopping; await pause(LOOK_AGAIN_MS)) {
      if ((await this.deliveries.unmoved(told)) === 0) return true;
      await this.lanes.keep(hold);
    }
    return false;
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
