import type { StateRecord } from '#libs/contracts/message';
import type { Log } from '#libs/service/log';
import { isAway, onceBack, within } from './away.js';
import { Committer } from './committer.js';
import type { Incoming, Kafka, Subscription } from './kafka.js';
import type { Park } from './shelf.js';
import { stateOf } from './topics.js';

/** A state as read; `view` is null when its aggregate is gone. */
export type ReadState = Omit<StateRecord, 'view'> & { view: unknown };

/** Takes many states at once; newer versions win, so any of them may come again. */
export type ApplyStates = (records: ReadState[]) => Promise<void>;

const TRIES = 5;
const DRAIN_MS = 10_000;

/**
 * Keeps a copy of other services' states: whole batches, in order. `caughtUp` resolves when everything
 * that was there at the start has been applied.
 */
export class StateReader {
  private readonly committer: Committer;
  private readonly goals = new Map<string, number>();
  private readonly reached = new Map<string, number>();
  private subscription: Subscription | null = null;
  private queue: Incoming[] = [];
  private running: Promise<void> | null = null;
  private caught = false;
  private stopping = false;
  private parkKnown: Promise<void> = Promise.resolve();

  constructor(
    private readonly group: string,
    private readonly services: readonly string[],
    private readonly apply: ApplyStates,
    private readonly kafka: Kafka,
    private readonly park: Park,
    private readonly log: Log,
    /** Others may have read meanwhile: what is remembered of what was read is void. */
    private readonly onAssigned: () => void = () => undefined,
  ) {
    this.committer = new Committer(group, log);
  }

  async start(): Promise<void> {
    this.park.serves(this.group, (message) => this.apply([recordOf(message)]));
    await this.park.load(this.group);
    for (const service of this.services) await this.aim(stateOf(service));
    this.subscription = await this.kafka.consume({
      group: this.group,
      topics: this.services.map(stateOf),
      fromBeginning: true,
      paceMs: 100,
      onBatch: (messages) => this.take(messages),
      onAssigned: (partitions) => {
        this.committer.assigned(partitions);
        this.onAssigned();
        // Whoever had a partition before may have parked keys of it.
        this.parkKnown = onceBack(this.log, () => this.park.load(this.group));
      },
    });
    this.committer.start(this.subscription);
  }

  /** Everything that was there at the start is applied, by this instance or by its group. */
  async caughtUp(): Promise<boolean> {
    if (this.caught) return true;
    for (const topic of this.services.map(stateOf)) {
      const committed = await this.kafka.groupOffsets(this.group, topic);
      for (const [partition, next] of committed) this.reach(topic, partition, next);
    }
    this.caught = [...this.goals].every(([id, goal]) => (this.reached.get(id) ?? 0) >= goal);
    return this.caught;
  }

  ready(): boolean {
    return this.subscription?.assigned() === true;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await within(DRAIN_MS, Promise.resolve(this.running));
    await this.committer.stop();
    await this.subscription?.stop();
  }

  private async aim(topic: string): Promise<void> {
    for (const [partition, { low, high }] of await this.kafka.endOffsets(topic))
      if (high > low) this.goals.set(`${topic}/${partition}`, high);
  }

  private reach(topic: string, partition: number, next: number): void {
    const id = `${topic}/${partition}`;
    this.reached.set(id, Math.max(this.reached.get(id) ?? 0, next));
  }

  private take(messages: Incoming[]): void {
    if (this.stopping) return;
    for (const message of messages) this.committer.began(message);
    this.queue.push(...messages);
    this.running ??= this.run();
  }

  private async run(): Promise<void> {
    while (this.queue.length > 0 && !this.stopping) {
      await this.parkKnown;
      const batch = this.queue;
      this.queue = [];
      await onceBack(this.log, () => this.persist(batch));
      for (const message of batch) {
        this.committer.ended(message);
        this.reach(message.topic, message.partition, message.offset + 1);
      }
    }
    this.running = null;
  }

  private async persist(batch: Incoming[]): Promise<void> {
    const wanted: Incoming[] = [];
    for (const message of batch) {
      if (await this.park.holds(this.group, message.key))
        await this.park.put(this.group, message, 'an earlier state of this key is parked');
      else wanted.push(message);
    }
    try {
      await this.apply(wanted.map(recordOf));
    } catch (error) {
      if (isAway(error)) throw error;
      this.log.warn({ group: this.group, error: String(error) }, 'States failed together; trying them one by one');
      for (const message of wanted) await this.single(message);
    }
  }

  private async single(message: Incoming): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        if (await this.park.holds(this.group, message.key))
          return await this.park.put(this.group, message, 'an earlier state of this key is parked');
        return await this.apply([recordOf(message)]);
      } catch (error) {
        if (isAway(error)) throw error;
        if (attempt === TRIES) return this.park.put(this.group, message, (error as Error).stack ?? String(error));
        await new Promise((resolve) => setTimeout(resolve, 100 * 3 ** attempt));
      }
    }
  }
}

function recordOf(message: Incoming): ReadState {
  if (message.value !== null) return JSON.parse(message.value) as ReadState;
  const { aggregate = '', version = Number.MAX_SAFE_INTEGER } = message.headers;
  return { aggregate, id: message.key, version: Number(version), view: null };
}
