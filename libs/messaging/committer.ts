import type { Log } from '#libs/service/log';
import { consumerLag, laneAgeSeconds } from '#libs/service/metrics';
import type { Incoming, Subscription } from './kafka.js';
import { Offsets } from './offsets.js';

const PAUSE_ABOVE = 2000;
const RESUME_BELOW = 500;
/** What comes again is known again; only of commands something is kept until they are committed. */
const SELDOM_MS = 500;
export const OFTEN_MS = 200;

interface Partition {
  topic: string;
  number: number;
  offsets: Offsets;
  paused: boolean;
}

/** Commits what has ended, holds back the broker when too much is in hand, and knows how old the oldest is. */
export class Committer {
  private readonly partitions = new Map<string, Partition>();
  private subscription: Subscription | null = null;
  private timer: NodeJS.Timeout | null = null;
  private committing: Promise<void> | null = null;

  constructor(
    private readonly group: string,
    private readonly log: Log,
    private readonly committed: (topic: string, partition: number, next: number) => void = () => undefined,
    private readonly everyMs = SELDOM_MS,
  ) {}

  start(subscription: Subscription): void {
    this.subscription = subscription;
    this.timer = setInterval(() => void this.commit(), this.everyMs);
  }

  /** What was in hand of lost partitions is no longer ours to commit. */
  assigned(partitions: Map<string, number[]>): void {
    for (const [id, p] of this.partitions) {
      if (partitions.get(p.topic)?.includes(p.number)) {
        // A client that began anew has forgotten that it was held back.
        if (p.paused) this.subscription?.pause(p.topic, p.number);
        continue;
      }
      this.partitions.delete(id);
      consumerLag.remove({ group: this.group, topic: p.topic, partition: p.number });
      // The client would go on holding it back when it comes to us again.
      if (p.paused) this.subscription?.resume(p.topic, p.number);
    }
  }

  began(message: Incoming): void {
    const p = this.partition(message);
    p.offsets.began(message.offset);
    if (p.paused || p.offsets.pending() <= PAUSE_ABOVE) return;
    p.paused = true;
    this.subscription?.pause(p.topic, p.number);
  }

  ended(message: Incoming): void {
    const p = this.partitions.get(idOf(message));
    if (!p) return;
    p.offsets.end(message.offset);
    if (!p.paused || p.offsets.pending() >= RESUME_BELOW) return;
    p.paused = false;
    this.subscription?.resume(p.topic, p.number);
  }

  /** Seconds since the oldest message in hand arrived. */
  oldestSeconds(): number {
    const now = Date.now();
    return (now - Math.min(now, ...[...this.partitions.values()].map((p) => p.offsets.oldest() ?? now))) / 1000;
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.committing;
    await this.commit();
  }

  /** One at a time: while the broker is away they must not heap up. */
  private commit(): Promise<void> {
    laneAgeSeconds.set({ group: this.group }, this.oldestSeconds());
    this.committing ??= this.commitNow().finally(() => {
      this.committing = null;
    });
    return this.committing;
  }

  private async commitNow(): Promise<void> {
    const due = [...this.partitions.values()].flatMap((p) => {
      consumerLag.set({ group: this.group, topic: p.topic, partition: p.number }, p.offsets.pending());
      const next = p.offsets.next();
      return next === null ? [] : [{ p, topic: p.topic, partition: p.number, next }];
    });
    if (due.length === 0 || !this.subscription) return;
    try {
      await this.subscription.commit(due);
    } catch (error) {
      // A rebalance is under way: what is not committed comes again, and is known as handled.
      this.log.debug({ group: this.group, error: String(error) }, 'Offsets not committed');
      return;
    }
    for (const { p, topic, partition, next } of due) {
      p.offsets.commit(next);
      this.committed(topic, partition, next);
    }
  }

  private partition(message: Incoming): Partition {
    const id = idOf(message);
    let p = this.partitions.get(id);
    if (!p) {
      p = { topic: message.topic, number: message.partition, offsets: new Offsets(), paused: false };
      this.partitions.set(id, p);
    }
    return p;
  }
}

const idOf = (message: { topic: string; partition: number }) => `${message.topic}/${message.partition}`;
