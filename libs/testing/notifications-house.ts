import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Type } from '@nestjs/common';
import type { Actor } from '#libs/contracts/actor';
import type { CommandContract, FactRecord, Outcome } from '#libs/contracts/message';
import { type DeliveryView, EndSubscription, Subscribe, type SubscriptionView } from '#libs/contracts/subscription';
import { newId } from '#libs/domain/ids';
import { prefixOf } from '#libs/jobs/jobs';
import { type Asking, Bus } from '#libs/messaging/bus';
import { FEED, stateOf } from '#libs/messaging/topics';
import { factMessage } from '#libs/persistence/relay';
import { seal } from '#libs/service/sealed';
import { type Running, start } from '#libs/service/serve';
import { environment } from './environment.js';
import { wipeRedis } from './redis.js';
import { WebhookReceiver } from './webhook-receiver.js';

export const MINUTE = 60_000;
export const aSecret = () => `whsec_${randomBytes(32).toString('base64')}`;

export const aClient = (role = 'PLATFORM_ADMIN'): Actor => ({
  kind: 'CLIENT',
  id: 'partner-system',
  roles: [{ role, binding: null }],
  scopes: [],
  at: new Date().toISOString(),
});

/** The notifications service on real engines, with a feed that is told by the test and a clock that it moves. */
export class NotificationsHouse {
  running!: Running;
  private bus!: Bus;
  private readonly folder = mkdtempSync(join(tmpdir(), 'notifications-'));
  private readonly env: Record<string, string>;
  private offsetMs = 0;

  private constructor(
    private readonly module: Type,
    more: Record<string, string>,
  ) {
    this.env = {
      ...environment(),
      SMTP_URL: process.env.SMTP_URL ?? 'smtp://127.0.0.1:25',
      TEST_CLOCK: join(this.folder, 'clock.json'),
      ...more,
    };
  }

  /** `more`: what the service is told otherwise. */
  static async open(module: Type, more: Record<string, string> = {}): Promise<NotificationsHouse> {
    const house = new NotificationsHouse(module, more);
    await house.begin();
    return house;
  }

  async begin(): Promise<void> {
    this.running = await start('notifications', this.module, {}, this.env);
    const { kafka, signer } = this.running.runtime;
    this.bus = new Bus(kafka, signer, 'test');
    await this.bus.listen();
  }

  async finish(): Promise<void> {
    await this.bus.stop();
    await this.running.stop();
  }

  async close(): Promise<void> {
    const { db, files } = this.running.runtime.house;
    await Promise.all([db.dropDatabase(), files.dropDatabase()]);
    await this.finish();
    rmSync(this.folder, { recursive: true });
  }

  ask<C extends CommandContract>(contract: C, asking: Omit<Asking<C>, 'by'> & { by?: Actor }): Promise<Outcome> {
    return this.bus.ask(contract, { by: aClient(), ...asking }, 20_000);
  }

  get secretsKey(): string {
    return this.env.SECRETS_KEY!;
  }

  sealed(secret: string): string {
    return seal(secret, this.env.SECRETS_KEY!);
  }

  collection(name: string) {
    return this.running.runtime.house.db.collection(name);
  }

  async subscriber(fields: object = {}, by = aClient()): Promise<Subscriber> {
    const receiver = await WebhookReceiver.listen();
    const [id, secret] = [newId(), aSecret()];
    const data = { channel: 'WEBHOOK' as const, url: receiver.url, eventTypes: ['*'], ...fields, secretCipher: this.sealed(secret) };
    const outcome = await this.ask(Subscribe, { key: id, by, data });
    if (outcome.status !== 'DONE') throw new Error(JSON.stringify(outcome.refusal));
    return new Subscriber(this, id, secret, receiver);
  }

  aFact(subject: string, no: number, { type = 'partnership.recorded.v1', ...fields }: Partial<FactRecord> = {}): FactRecord {
    return {
      specversion: '1.0',
      id: newId(),
      type,
      source: '/membership',
      subject: `/v1/${type.split('.')[0]}s/${subject}`,
      time: this.running.runtime.clock.iso(),
      sequence: `${String(no).padStart(10, '0')}.000`,
      datacontenttype: 'application/json',
      data: { no, profile: 'PUBLISHED' },
      ...fields,
    };
  }

  async tell(...facts: FactRecord[]): Promise<void> {
    const messages = facts.map((fact) => factMessage(fact.subject.slice(fact.subject.lastIndexOf('/') + 1), fact));
    await this.running.runtime.kafka.send(FEED, messages);
  }

  /** As membership would publish it. */
  async publishPartnership(id: string, view: object): Promise<void> {
    const value = JSON.stringify({ aggregate: 'partnership', id, version: 1, view: { id, version: 1, ...view } });
    await this.running.runtime.kafka.send(stateOf('membership'), [{ key: id, value, headers: { aggregate: 'partnership' } }]);
  }

  goOn(ms: number): void {
    this.offsetMs += ms;
    writeFileSync(this.env.TEST_CLOCK!, JSON.stringify({ offsetMs: this.offsetMs }));
  }

  /** What Redis holds for this house is gone. */
  wipeRedis(): Promise<void> {
    const { REDIS_URL, TOPIC_PREFIX, MONGO_PREFIX } = this.env;
    return wipeRedis(REDIS_URL!, prefixOf(TOPIC_PREFIX!, MONGO_PREFIX!));
  }
}

/** A partner system with a webhook, and what this house has kept for it. */
export class Subscriber {
  constructor(
    private readonly house: NotificationsHouse,
    readonly id: string,
    readonly secret: string,
    readonly receiver: WebhookReceiver,
  ) {}

  /** Ids of the facts it has accepted, in the order they came. */
  accepted(): string[] {
    return this.receiver.accepted.map(({ id }) => id);
  }

  async deliveries(): Promise<DeliveryView[]> {
    const found = await this.house.collection('deliveries').find({ 'state.subscription': this.id }).toArray();
    return found.map(({ state }) => state as DeliveryView);
  }

  /** Sorted. */
  async states(): Promise<string[]> {
    return (await this.deliveries()).map(({ state }) => state).sort();
  }

  async subscription(): Promise<SubscriptionView> {
    const stored = await this.house.collection('subscriptions').findOne({ _id: this.id as never });
    return stored?.state as SubscriptionView;
  }

  async leave(): Promise<void> {
    await this.house.ask(EndSubscription, { key: this.id, data: {} });
    await this.receiver.close();
  }
}
