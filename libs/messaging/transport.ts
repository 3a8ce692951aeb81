import { BaseRpcContext, type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import type { Service } from '#libs/contracts/actor';
import type { CommandContract, FactContract } from '#libs/contracts/message';
import type { Log } from '#libs/service/log';
import { CommandConsumer, type CommandRoute } from './command-consumer.js';
import type { Signer } from './envelope.js';
import { FactConsumer, type FactHandler } from './fact-consumer.js';
import { FEED_PATTERN, type Handled } from './handle.js';
import type { Kafka } from './kafka.js';
import type { Replies } from './replies.js';
import type { Park, Shelf } from './shelf.js';
import { eventsOf, FEED } from './topics.js';

export interface TransportParts {
  service: Service;
  kafka: Kafka;
  signer: Signer;
  replies: Replies;
  shelf: Shelf;
  park: Park;
  log: Log;
  /** Resolves when the copies this service decides by are read to the end. */
  before(): Promise<void>;
  /** Tells the stores what redelivery can no longer bring. */
  committed(topic: string, partition: number, next: number): void;
}

/**
 * Nest's handlers on our own consumers: `@Handle` methods take commands, `@On` and `@OnFeed` methods take facts.
 * Nest's Kafka transport is not used: it loses replies, stalls neighbours and loops on a failing event.
 */
export class KafkaTransport extends Server implements CustomTransportStrategy {
  /** A fact whose handler throws is tried again and parked, not swallowed. */
  override readonly propagatesEventHandlerErrors = true;
  private commands: CommandConsumer | null = null;
  private facts: FactConsumer | null = null;
  private feed: FactConsumer | null = null;

  constructor(private readonly parts: TransportParts) {
    super();
  }

  override async listen(started: (error?: unknown) => void): Promise<void> {
    try {
      await this.parts.before();
      await this.startFacts();
      await this.startFeed();
      await this.startCommands();
      started();
    } catch (error) {
      started(error);
    }
  }

  override async close(): Promise<void> {
    await this.commands?.stop();
    await Promise.all([this.facts?.stop(), this.feed?.stop()]);
  }

  override on(): void {
    throw new Error('the transport has no events of its own');
  }

  override unwrap<T>(): T {
    return this.parts.kafka as T;
  }

  ready(): boolean {
    return [this.commands, this.facts, this.feed].every((consumer) => consumer === null || consumer.ready());
  }

  private async startCommands(): Promise<void> {
    const { service, kafka, signer, replies, shelf, log, committed } = this.parts;
    const routes = new Map<string, CommandRoute>();
    for (const [type, handler] of this.messageHandlers) {
      if (!handler.isEventHandler)
        routes.set(type, {
          contract: handler.extras?.contract as CommandContract,
          handle: (message) => this.call(handler, message) as Promise<Handled>,
        });
    }
    if (routes.size === 0) return;
    this.commands = new CommandConsumer(service, routes, kafka, signer, replies, shelf, log, committed);
    await this.commands.start();
  }

  private async startFacts(): Promise<void> {
    const handlers = new Map<string, FactHandler>();
    const topics = new Set<string>();
    for (const [type, handler] of this.messageHandlers) {
      if (!handler.isEventHandler || type === FEED_PATTERN) continue;
      handlers.set(type, this.factHandler(handler));
      const contract = handler.extras?.contract as FactContract;
      topics.add(eventsOf(contract.aggregate.service));
    }
    if (handlers.size === 0) return;
    this.facts = new FactConsumer(
      `${this.parts.service}.facts`,
      [...topics],
      (type) => handlers.get(type),
      this.parts.kafka,
      this.parts.park,
      this.parts.log,
    );
    await this.facts.start();
  }

  private async startFeed(): Promise<void> {
    const handler = this.messageHandlers.get(FEED_PATTERN);
    if (!handler) return;
    const handle = this.factHandler(handler);
    this.feed = new FactConsumer(`${this.parts.service}.feed`, [FEED], () => handle, this.parts.kafka, this.parts.park, this.parts.log);
    await this.feed.start();
  }

  private factHandler(handler: MessageHandler): FactHandler {
    return async (fact) => {
      await this.call(handler, fact);
    };
  }

  /** Through Nest's pipeline, so that guards, interceptors and filters of an app hold for messages too. */
  private async call(handler: MessageHandler, message: unknown): Promise<unknown> {
    const result = await handler(message, new BaseRpcContext([message]));
    return lastValueFrom(this.transformToObservable(result), { defaultValue: undefined });
  }
}
