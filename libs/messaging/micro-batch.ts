import type { Outgoing } from './kafka.js';

interface Waiting {
  topic: string;
  message: Outgoing;
  bytes: number;
  call: Call;
  done(): void;
  failed(error: Error): void;
}

/** The messages of one `send`: what follows of them must not arrive when an earlier one has not, for readers drop what is older. */
interface Call {
  error: Error | null;
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
    const call: Call = { error: null };
    await Promise.all(messages.map((message) => this.add(topic, message, call)));
  }

  async drain(): Promise<void> {
    while (this.running) await this.running;
  }

  private add(topic: string, message: Outgoing, call: Call): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ topic, message, bytes: ENVELOPE + Buffer.byteLength(message.value ?? ''), call, done, failed });
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

  private async dispatch(chosen: Waiting[]): Promise<void> {
    for (const one of chosen) if (one.call.error) one.failed(one.call.error);
    const batch = chosen.filter((one) => !one.call.error);
    if (batch.length === 0) return;
    try {
      await this.sendBatch(byTopic(batch));
      for (const one of batch) one.done();
    } catch (error) {
      if (!tooLarge(error)) return fail(batch, error as Error);
      // One message too large for the broker must not take its neighbours along.
      if (batch.length > 1) for (const one of batch) await this.dispatch([one]);
      else batch[0]!.failed(error as Error);
    }
  }
}

function fail(batch: Waiting[], error: Error): void {
  for (const one of batch) {
    one.call.error = error;
    one.failed(error);
  }
}

const tooLarge = (error: unknown) => ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'].includes((error as { type?: string }).type ?? '');

function byTopic(batch: Waiting[]) {
  const topics = Map.groupBy(batch, ({ topic }) => topic);
  return [...topics].map(([topic, waiting]) => ({ topic, messages: waiting.map(({ message }) => message) }));
}
