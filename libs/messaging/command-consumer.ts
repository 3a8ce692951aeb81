import type { CommandContract } from '#libs/contracts/message';
import { type Log, lineContext } from '#libs/service/log';
import { commandSeconds } from '#libs/service/metrics';
import { onceBack, within } from './away.js';
import { Committer, OFTEN_MS } from './committer.js';
import { addressOf, BadEnvelope, decode, replyTo, type Signer } from './envelope.js';
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
  private stopping = false;

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
    this.committer = new Committer(commandsOf(service), log, committed, OFTEN_MS);
  }

  async start(): Promise<void> {
    this.shelf.serves((message) => this.tryOut(message));
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

  /** What has begun ends; what has not comes again, to whoever takes the partition. */
  async stop(): Promise<void> {
    this.stopping = true;
    await within(DRAIN_MS, this.drained());
    await this.committer.stop();
    await this.subscription?.stop();
  }

  private async drained(): Promise<void> {
    await Promise.all(this.chains.values());
    await Promise.all(this.inHand);
  }

  private take(messages: Incoming[]): void {
    const partition = messages[0]?.partition;
    if (partition === undefined || this.stopping) return;
    for (const message of messages) this.committer.began(message);
    const before = this.chains.get(partition) ?? Promise.resolve();
    this.chains.set(
      partition,
      before.then(() => this.gather(messages)),
    );
  }

  private async gather(messages: Incoming[]): Promise<void> {
    if (this.stopping) return;
    const all = new Arrivals(messages.length);
    for (const message of messages) {
      const handled = this.one(message, all).finally(() => this.inHand.delete(handled));
      this.inHand.add(handled);
    }
    await all.complete;
  }

  private async one(incoming: Incoming, all: Arrivals): Promise<void> {
    const route = this.routes.get(incoming.headers.type ?? '');
    const end = commandSeconds.startTimer({ service: this.service, command: route?.contract.type ?? '?' });
    const arrived = all.ticket();
    const outcome = await lineContext.run({ command: incoming.headers.id ?? '', trace: incoming.headers.traceparent ?? '' }, () =>
      this.decide(incoming, route, arrived, all.complete),
    );
    arrived();
    if (outcome) await this.answer(incoming, outcome);
    end({ outcome: outcome?.status ?? 'LATER' });
    this.committer.ended(incoming);
  }

  private async decide(incoming: Incoming, route: CommandRoute | undefined, ticket: () => void, together: Promise<void>): Promise<Handled> {
    if (!route) return this.fail(incoming, new Error(`${this.service} knows no command ${incoming.headers.type}`));
    const { contract } = route;
    const { offset, partition } = incoming;
    try {
      const envelope = decode(incoming, contract, this.signer);
      const handle = (arrived: () => void) => route.handle({ ...envelope, contract, offset, partition, arrived, together });
      return await onceBack(this.log, () => punctual(handle, ticket));
    } catch (error) {
      return this.fail(incoming, error as Error);
    }
  }

  /** What would become of a command that was shelved; as a dry run it stands in no order, and leaves no trace. */
  private async tryOut(incoming: Incoming): Promise<Handled> {
    const route = this.routes.get(incoming.headers.type ?? '');
    if (!route) throw new Error(`${this.service} knows no command ${incoming.headers.type}`);
    const envelope = decode(incoming, route.contract, this.signer);
    const alone = { offset: -1, partition: incoming.partition, arrived: () => undefined, together: Promise.resolve() };
    return route.handle({ ...envelope, ...alone, contract: route.contract, dryRun: true, replyTo: null });
  }

  /** A bug, not a refusal: kept on the shelf, answered 500, and the key goes on. */
  private async fail(incoming: Incoming, error: Error): Promise<Answered> {
    this.log.error(
      { type: incoming.headers.type, key: incoming.key, offset: incoming.offset, error: error.stack },
      'A command failed and was shelved',
    );
    const reason = error instanceof BadEnvelope ? error.message : `${error.name}: ${error.message}`;
    // A dry run was to change nothing: there is nothing to make up for.
    if (incoming.headers.dry !== '1') await onceBack(this.log, () => this.shelf.put(incoming, reason));
    return {
      id: incoming.headers.id ?? '',
      status: 'FAILED',
      aggregate: '',
      key: addressOf(incoming).key,
      version: 0,
      changed: false,
      view: null,
      verdicts: [],
      refusal: null,
    };
  }

  private async answer(incoming: Incoming, { settled = [], ...outcome }: Answered): Promise<void> {
    const to = replyTo(incoming.headers.reply);
    const answers = to ? [{ to, outcome }, ...settled] : settled;
    for (const one of answers) {
      // One the broker does not take, such as a view beyond its limit, is not heard; what was decided stands.
      await onceBack(this.log, () => this.replies.send(one.to, one.outcome)).catch((error) =>
        this.log.error({ key: incoming.key, offset: incoming.offset, error: String(error) }, 'An answer could not be sent'),
      );
    }
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

/**
 * Lets the partition go on when a handler does not come to its store in time. By then it is too late for it:
 * later commands of its key may have been decided.
 */
function punctual(handle: (arrived: () => void) => Promise<Handled>, ticket: () => void): Promise<Handled> {
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(new Error(`the handler has not reached its store within ${ARRIVAL_MS} ms`));
    }, ARRIVAL_MS);
    const arrived = () => {
      if (late) throw new Error('the command was given up before it reached its store');
      clearTimeout(timer);
      ticket();
    };
    handle(arrived)
      .finally(() => clearTimeout(timer))
      .then(resolve, reject);
  });
}
