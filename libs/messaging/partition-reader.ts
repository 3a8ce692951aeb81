import type { Incoming, Kafka, Subscription } from './kafka.js';

/** A paused reader looks this often whether it is wanted: nothing is fetched meanwhile. */
const LOOK_MS = 25;
const PATIENCE_MS = 10_000;
/** What was fetched before a seek may come after it; more than this often it is a hole in the topic. */
const STALE = 5;

interface Wanted {
  next: number;
  end: number;
  stale: number;
  records: Incoming[];
  resolve(records: Incoming[]): void;
  reject(error: Error): void;
}

/** Older records have left the topic, or the broker does not hand them out now. */
export class NotRead extends Error {}

/**
 * Reads stretches of one partition, wherever they lie, one after the other: for what is asked seldom and kept nowhere else.
 * A group of its own which commits nothing; it joins at the first stretch.
 */
export class PartitionReader {
  private joining: Promise<void> | null = null;
  private subscription: Subscription | null = null;
  private wanted: Wanted | null = null;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly kafka: Kafka,
    private readonly group: string,
    private readonly topic: string,
    private readonly partition = 0,
  ) {}

  get isReading(): boolean {
    return this.wanted !== null;
  }

  /** The records from one offset up to another, which is not among them and not behind the end of the partition. */
  read(from: number, end: number): Promise<Incoming[]> {
    if (end <= from) return Promise.resolve([]);
    const read = this.last.then(() => this.stretch(from, end));
    this.last = read.catch(() => undefined);
    return read;
  }

  async stop(): Promise<void> {
    this.wanted?.reject(new NotRead('the reader stops'));
    await this.joining?.catch(() => undefined);
    await this.subscription?.stop();
  }

  private async stretch(from: number, end: number): Promise<Incoming[]> {
    await this.joined();
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Incoming[]>((resolve, reject) => {
        timer = setTimeout(() => reject(new NotRead(`${this.topic} was not read within ${PATIENCE_MS} ms`)), PATIENCE_MS);
        this.wanted = { next: from, end, stale: 0, records: [], resolve, reject };
        this.seek(from);
        this.subscription?.resume(this.topic, this.partition);
      });
    } finally {
      clearTimeout(timer);
      this.wanted = null;
      this.pause();
    }
  }

  private joined(): Promise<void> {
    this.joining ??= this.join().catch((error) => {
      this.joining = null;
      throw error;
    });
    return this.joining;
  }

  private async join(): Promise<void> {
    this.subscription = await this.kafka.consume({
      group: this.group,
      topics: [this.topic],
      fromBeginning: true,
      waitMs: LOOK_MS,
      position: () => this.wanted?.next ?? 0,
      onBatch: (messages) => this.take(messages),
    });
  }

  private take(messages: Incoming[]): void {
    const { wanted } = this;
    // A client that began anew has forgotten that it was held back.
    if (!wanted) return this.pause();
    const fresh = messages.filter(({ offset }) => offset >= wanted.next && offset < wanted.end);
    if (fresh[0]?.offset !== wanted.next) return this.again(wanted);
    wanted.records.push(...fresh);
    wanted.next = fresh.at(-1)!.offset + 1;
    if (wanted.next < wanted.end) return;
    this.wanted = null;
    this.pause();
    wanted.resolve(wanted.records);
  }

  private again(wanted: Wanted): void {
    wanted.stale += 1;
    if (wanted.stale > STALE) return wanted.reject(new NotRead(`${this.topic} has no record ${wanted.next} any more`));
    this.seek(wanted.next);
  }

  private seek(offset: number): void {
    this.subscription?.seek(this.topic, this.partition, offset);
  }

  private pause(): void {
    this.subscription?.pause(this.topic, this.partition);
  }
}
