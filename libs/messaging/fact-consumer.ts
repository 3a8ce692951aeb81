import type { FactRecord } from '#libs/contracts/message';
import { type Log, lineContext } from '#libs/service/log';
import { onceBack, within } from './away.js';
import { Committer } from './committer.js';
import type { Incoming, Kafka, Subscription } from './kafka.js';
import { Lanes } from './lanes.js';
import type { Park } from './shelf.js';
import { FEED } from './topics.js';

/** Waits before the tries of one fact; after the last its key is parked. */
const RETRY_MS = [100, 300, 1000, 3000];
const DRAIN_MS = 10_000;

export type FactHandler = (fact: FactRecord & { cursor?: number }) => Promise<void>;

/**
 * Hands facts to their handlers, in order per key. One that fails is tried again in place, then its key is parked
 * with what follows of it; other keys of the partition go on meanwhile.
 */
export class FactConsumer {
  private readonly lanes = new Lanes<Incoming>((message) => this.one(message));
  private readonly committer: Committer;
  private subscription: Subscription | null = null;
  private stopping = false;
  private parkKnown: Promise<void> = Promise.resolve();

  constructor(
    private readonly group: string,
    private readonly topics: string[],
    private readonly handlerOf: (type: string, topic: string) => FactHandler | undefined,
    private readonly kafka: Kafka,
    private readonly park: Park,
    private readonly log: Log,
    /** What is handled in order; what fails holds up its key all the same. */
    private readonly laneOf: (message: Incoming) => string = ({ key }) => key,
  ) {
    this.committer = new Committer(group, log);
  }

  async start(): Promise<void> {
    this.park.serves(this.group, (message) => this.again(message));
    await this.park.load(this.group);
    this.subscription = await this.kafka.consume({
      group: this.group,
      topics: this.topics,
      fromBeginning: true,
      paceMs: 100,
      onBatch: (messages) => {
        for (const message of messages) this.take(message);
      },
      onAssigned: (partitions) => {
        this.committer.assigned(partitions);
        // Whoever had a partition before may have parked keys of it.
        this.parkKnown = onceBack(this.log, () => this.park.load(this.group));
      },
    });
    this.committer.start(this.subscription);
  }

  ready(): boolean {
    return this.subscription?.assigned() === true;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.lanes.clear();
    await within(DRAIN_MS, this.lanes.idle());
    await this.committer.stop();
    await this.subscription?.stop();
  }

  private take(message: Incoming): void {
    if (this.stopping) return;
    this.committer.began(message);
    this.lanes.add(this.laneOf(message), message);
  }

  private async one(message: Incoming): Promise<void> {
    if (this.stopping) return;
    const handle = this.handlerOf(message.headers.ce_type ?? '', message.topic);
    const ended = !handle || (await lineContext.run({ fact: message.headers.ce_id ?? '' }, () => this.persist(message, handle)));
    if (ended) this.committer.ended(message);
  }

  /** Whether it is handled or parked; not when the end of the service came before: then it comes again. */
  private async persist(message: Incoming, handle: FactHandler): Promise<boolean> {
    await this.parkKnown;
    if (await this.park.holds(this.group, message.key)) return this.aside(message, 'an earlier fact of this key is parked');
    for (const wait of [...RETRY_MS, null]) {
      try {
        await this.handOver(message, handle);
        return true;
      } catch (error) {
        if (this.stopping) return false;
        const reason = (error as Error).stack ?? String(error);
        this.log.warn(
          { group: this.group, key: message.key, offset: message.offset, error: reason },
          wait === null ? 'A fact failed; its key is parked' : 'A fact failed; trying again',
        );
        if (wait === null) return this.aside(message, reason);
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
    return false;
  }

  private handOver(message: Incoming, handle: FactHandler): Promise<void> {
    const fact = JSON.parse(message.value ?? 'null') as FactRecord;
    return onceBack(this.log, () => handle(message.topic === FEED ? { ...fact, cursor: message.offset } : fact));
  }

  private async again(message: Incoming): Promise<void> {
    const handle = this.handlerOf(message.headers.ce_type ?? '', message.topic);
    if (handle) await this.handOver(message, handle);
  }

  private async aside(message: Incoming, reason: string): Promise<true> {
    await onceBack(this.log, () => this.park.put(this.group, message, reason));
    return true;
  }
}
