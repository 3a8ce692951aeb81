import type { Outgoing } from './kafka.js';

interface Waiting {
  topic: string;
  message: Outgoing;
  bytes: number;
  done(): void;
  failed(error: Error): void;
}

export type SendBatch = (topicMessages: { topic: string; messages: Outgoing[] }[]) => Promise<void>;

/** Brokers take 1 MiB for all that goes to one partition in one request; this leaves room for names and headers. */
const LARGEST_REQUEST = 900_000;
const ENVELOPE = 600;

/**
 * The client has no linger: one send is one request. So what is sent within a turn of the event loop, or while
 * a request is under way, goes out together. One request at a time keeps the order per key.
 */
export class MicroBatch {
  private waiting: Waiting[] = [];
  private running: Promise<void> | null = null;

  constructor(private readonly sendBatch: SendBatch) {}

  /** Resolves when all of it is acknowledged. */
  async send(topic: string, messages: Outgoing[]): Promise<void> {
    await Promise.all(messages.map((message) => this.add(topic, message)));
  }

  async drain(): Promise<void> {
    while (this.running) await this.running;
  }

  private add(topic: string, message: Outgoing): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ topic, message, bytes: ENVELOPE + Buffer.byteLength(message.value ?? ''), done, failed });
      this.running ??= this.run();
    });
  }

  private async run(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) await this.dispatch(this.next());
    this.running = null;
  }

  /** As much as one request may hold, and at least one message. */
  private next(): Waiting[] {
    let bytes = 0;
    const end = this.waiting.findIndex((one, place) => {
      bytes += one.bytes;
      return place > 0 && bytes > LARGEST_REQUEST;
    });
    return this.waiting.splice(0, end < 0 ? this.waiting.length : end);
  }

  private async dispatch(batch: Waiting[]): Promise<void> {
    try {
      await this.sendBatch(byTopic(batch));
      for (const one of batch) one.done();
    } catch (error) {
      if (batch.length > 1 && tooLarge(error)) {
        // One message too large for the broker must not take its neighbours along.
        for (const one of batch) await this.dispatch([one]);
        return;
      }
      for (const one of batch) one.failed(error as Error);
    }
  }
}

const tooLarge = (error: unknown) => ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'].includes((error as { type?: string }).type ?? '');

function byTopic(batch: Waiting[]) {
  const topics = Map.groupBy(batch, ({ topic }) => topic);
  return [...topics].map(([topic, waiting]) => ({ topic, messages: waiting.map(({ message }) => message) }));
}
