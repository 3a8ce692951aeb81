import type { Log } from '#libs/service/log';
import type { Incoming, Kafka, Subscription } from './kafka.js';

/** What was fetched before a seek may come after it; more than this often records are gone. */
const STALE = 5;

/**
 * Reads one partition from an offset on, each record once and in order, in a group of its own which commits nothing:
 * after each break it goes on where it was.
 */
export class Tail {
  private subscription: Subscription | null = null;
  private stale = 0;

  constructor(
    private readonly kafka: Kafka,
    private readonly group: string,
    private readonly topic: string,
    /** Offset of the next record. */
    private next: number,
    private readonly onRecords: (records: Incoming[]) => void,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    this.subscription = await this.kafka.consume({
      group: this.group,
      topics: [this.topic],
      fromBeginning: true,
      position: () => this.next,
      paceMs: 50,
      onBatch: (messages) => this.take(messages),
    });
  }

  assigned(): boolean {
    return this.subscription?.assigned() === true;
  }

  async stop(): Promise<void> {
    await this.subscription?.stop();
  }

  private take(messages: Incoming[]): void {
    const fresh = messages.filter(({ offset }) => offset >= this.next);
    const [first] = fresh;
    if (!first || (first.offset > this.next && this.again(first.offset))) return;
    this.stale = 0;
    this.next = fresh.at(-1)!.offset + 1;
    this.onRecords(fresh);
  }

  /** Whether to look for what is missing once more. */
  private again(found: number): boolean {
    this.stale += 1;
    if (this.stale <= STALE) {
      this.subscription?.seek(this.topic, 0, this.next);
      return true;
    }
    this.log.warn({ topic: this.topic, from: this.next, to: found }, 'Records have left the topic before they were read');
    return false;
  }
}
