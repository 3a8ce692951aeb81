import type { Log } from '#libs/service/log';
import { consumerLag, laneAgeSeconds } from '#libs/service/metrics';
import type { Incoming, Subscription } from './kafka.js';
import { Offsets } from './offsets.js';

const PAUSE_ABOVE = 2000;
const RESUME_BELOW = 500;
const COMMIT_EVERY_MS = 200;

interface Partition {
  topic: string;
  number: number;
  offsets: Offsets;
  began: Map<number, number>;
  paused: boolean;
  high: number;
}

/** Commits what has ended, holds back the broker when too much is in hand, and knows how old the oldest is. */
export class Committer {
  private partitions = new Map<string, Partition>();
  private subscription: Subscription | null = null;
  private timer: NodeJS.Timeout | null = null;
  private committing: Promise<void> = Promise.resolve();

  constructor(
    private readonly group: string,
    private readonly log: Log,
    private readonly committed: (topic: string, partition: number, next: number) => void = () => undefined,
  ) {}

  start(subscription: Subscription): void {
    this.subscription = subscription;
    this.timer = setInterval(() => void this.commit(), COMMIT_EVERY_MS);
  }

  /** What was in hand of lost partitions is no longer ours to commit. */
  assigned(partitions: Map<string, number[]>): void {
    for (const [id, p] of this.partitions) if (!partitions.get(p.topic)?.includes(p.number)) this.partitions.delete(id);
  }

  began(message: Incoming): void {
    const p = this.partition(message);
    p.offsets.began(message.offset);
    p.began.set(message.offset, Date.now());
    p.high = message.offset + 1;
    if (!p.paused && p.offsets.pending() > PAUSE_ABOVE) {
      p.paused = true;
      this.subscription?.pause(p.topic, p.number);
    }
  }

  ended(message: Incoming): void {
    const p = this.partitions.get(idOf(message));
    if (!p) return;
    p.offsets.end(message.offset);
    p.began.delete(message.offset);
    if (p.paused && p.offsets.pending() < RESUME_BELOW) {
      p.paused = false;
      this.subscription?.resume(p.topic, p.number);
    }
  }

  /** Seconds since the oldest message in hand arrived. */
  oldestSeconds(): number {
    let oldest = Date.now();
    for (const p of this.partitions.values()) for (const at of p.began.values()) oldest = Math.min(oldest, at);
    return (Date.now() - oldest) / 1000;
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.commit();
  }

  private commit(): Promise<void> {
    laneAgeSeconds.set({ group: this.group }, this.oldestSeconds());
    this.committing = this.committing.then(() => this.commitNow());
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
      p = { topic: message.topic, number: message.partition, offsets: new Offsets(), began: new Map(), paused: false, high: 0 };
      this.partitions.set(id, p);
    }
    return p;
  }
}

const idOf = (message: { topic: string; partition: number }) => `${message.topic}/${message.partition}`;
