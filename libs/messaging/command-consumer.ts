import type { CommandContract } from '#libs/contracts/message';
import { type Log, lineContext } from '#libs/service/log';
import { commandSeconds } from '#libs/service/metrics';
import { onceBack, within } from './away.js';
import { Committer } from './committer.js';
import { BadEnvelope, decode, replyTo, type Signer } from './envelope.js';
import type { Answered, Handled, Message } from './handle.js';
import type { Incoming, Kafka, Subscription } from './kafka.js';
import type { Replies } from './replies.js';
import type { Shelf } from './shelf.js';
import { commandsOf } from './topics.js';

/** A handler that has not reached its store by then is a hang: its message is shelved, the partition goes on. */
const ARRIVAL_MS = 15_000;
const DRAIN_MS = 10_000;

export interface CommandRoute {
  contract: CommandContract;
  handle(message: Message): Promise<Handled>;
}

/**
 * Takes the commands of a service. All messages of one fetch are handed to their handlers at once, in order; the stores
 * decide them together when each has arrived. The next fetch of a partition is handed on only then, so order per key holds.
 */
export class CommandConsumer {
  private readonly chains = new Map<number, Promise<void>>();
  private readonly inHand = new Set<Promise<void>>();
  private readonly committer: Committer;
  private subscription: Subscription | null = null;

  constructor(
    private readonly service: string,
    private readonly routes: Map<string, CommandRoute>,
    private readonly kafka: Kafka,
    private readonly signer: Signer,
    private readonly replies: Replies,
    private readonly shelf: Shelf,
    private readonly log: Log,
    committed: (topic: string, partition: number, next: number) => void,
  ) {
    this.committer = new Committer(commandsOf(service), log, committed);
  }

  async start(): Promise<void> {
    this.subscription = await this.kafka.consume({
      group: commandsOf(this.service),
      topics: [commandsOf(this.service)],
      fromBeginning: true,
      onBatch: (messages) => this.take(messages),
      onAssigned: (partitions) => this.committer.assigned(partitions),
    });
    this.committer.start(this.subscription);
  }

  ready(): boolean {
    return this.subscription?.assigned() === true && this.committer.oldestSeconds() < 30;
  }

  async stop(): Promise<void> {
    await within(DRAIN_MS, Promise.allSettled([...this.inHand]));
    await this.committer.stop();
    await this.subscription?.stop();
  }

  private take(messages: Incoming[]): void {
    const partition = messages[0]?.partition;
    if (partition === undefined) return;
    for (const message of messages) this.committer.began(message);
    const before = this.chains.get(partition) ?? Promise.resolve();
    this.chains.set(
      partition,
      before.then(() => this.gather(messages)),
    );
  }

  private async gather(messages: Incoming[]): Promise<void> {
    const all = new Arrivals(messages.length);
    for (const message of messages) {
      const handled = this.one(message, all).finally(() => this.inHand.delete(handled));
      this.inHand.add(handled);
    }
    await all.complete;
  }

  private async one(incoming: Incoming, all: Arrivals): Promise<void> {
    const end = commandSeconds.startTimer({ service: this.service, command: incoming.headers.type ?? '?' });
    const arrived = all.ticket();
    const outcome = await lineContext.run({ command: incoming.headers.id ?? '', trace: incoming.headers.traceparent ?? '' }, () =>
      this.decide(incoming, arrived, all.complete),
    );
    arrived();
    if (outcome) await onceBack(this.log, () => this.answer(incoming, outcome));
    end({ outcome: outcome?.status ?? 'LATER' });
    this.committer.ended(incoming);
  }

  private async decide(incoming: Incoming, arrived: () => void, together: Promise<void>): Promise<Handled> {
    const route = this.routes.get(incoming.headers.type ?? '');
    if (!route) return this.fail(incoming, new Error(`${this.service} knows no command ${incoming.headers.type}`));
    try {
      const envelope = decode(incoming, route.contract, this.signer);
      const message: Message = {
        ...envelope,
        contract: route.contract,
        offset: incoming.offset,
        partition: incoming.partition,
        arrived,
        together,
      };
      return await hurried(
        onceBack(this.log, () => route.handle(message)),
        arrived,
      );
    } catch (error) {
      return this.fail(incoming, error as Error);
    }
  }

  /** A bug, not a refusal: kept on the shelf, answered 500, and the key goes on. */
  private async fail(incoming: Incoming, error: Error): Promise<Answered> {
    this.log.error(
      { type: incoming.headers.type, key: incoming.key, offset: incoming.offset, error: error.stack },
      'A command failed and was shelved',
    );
    const reason = error instanceof BadEnvelope ? error.message : `${error.name}: ${error.message}`;
    await onceBack(this.log, () => this.shelf.put(incoming, reason));
    return {
      id: incoming.headers.id ?? '',
      status: 'FAILED',
      aggregate: '',
      key: incoming.key,
      version: 0,
      changed: false,
      view: null,
      verdicts: [],
      refusal: null,
    };
  }

  private async answer(incoming: Incoming, { settled = [], ...outcome }: Answered): Promise<void> {
    const to = replyTo(incoming.headers.reply);
    if (to) await this.replies.send(to, outcome);
    for (const earlier of settled) await this.replies.send(earlier.to, earlier.outcome);
  }
}

/** Counts the messages of one fetch into their stores. */
class Arrivals {
  readonly complete: Promise<void>;
  private done: () => void = () => undefined;

  constructor(private missing: number) {
    this.complete = new Promise((resolve) => {
      this.done = resolve;
    });
  }

  ticket(): () => void {
    let used = false;
    return () => {
      if (used) return;
      used = true;
      this.missing -= 1;
      if (this.missing === 0) this.done();
    };
  }
}

/** Lets the partition go on when a handler does not come to its store in time. */
async function hurried<T>(work: Promise<T>, arrived: () => void): Promise<T> {
  const timer = setTimeout(arrived, ARRIVAL_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
