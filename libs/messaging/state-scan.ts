import type { StateRecord } from '#libs/contracts/message';
import type { Incoming, Kafka } from './kafka.js';
import { stateOf } from './topics.js';

/** A topic whose last record was compacted away ends before its end. */
const QUIET_MS = 3000;
const PATIENCE_MS = 60_000;

/** Versions by aggregate and id. */
export type LastVersions = Map<string, Map<string, number>>;

/** The last state of each key, as the topics tell it to whoever reads them from the beginning to what is their end now. */
export async function lastVersions(kafka: Kafka, group: string, services: readonly string[]): Promise<LastVersions> {
  const found: LastVersions = new Map();
  const left = await ends(kafka, services);
  if (left.size === 0) return found;
  const watch = new Watch();
  const subscription = await kafka.consume({
    group,
    topics: services.map(stateOf),
    fromBeginning: true,
    onBatch: (messages) => {
      for (const message of messages) note(found, message);
      watch.heard();
      const last = messages.at(-1);
      if (last && last.offset + 1 >= (left.get(placeOf(last)) ?? 0)) left.delete(placeOf(last));
      if (left.size === 0) watch.done();
    },
  });
  await watch.over.finally(() => subscription.stop());
  return found;
}

const placeOf = ({ topic, partition }: { topic: string; partition: number }) => `${topic}/${partition}`;

async function ends(kafka: Kafka, services: readonly string[]): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const topic of services.map(stateOf))
    for (const [partition, { low, high }] of await kafka.endOffsets(topic)) if (high > low) found.set(placeOf({ topic, partition }), high);
  return found;
}

function note(found: LastVersions, { key, value, headers }: Incoming): void {
  const { aggregate = '' } = headers;
  const versions = found.get(aggregate) ?? new Map<string, number>();
  found.set(aggregate, versions);
  if (value === null) versions.delete(key);
  else versions.set(key, (JSON.parse(value) as StateRecord).version);
}

/** Ends when all was heard, or when nothing more is heard. */
class Watch {
  readonly over: Promise<void>;
  done: () => void = () => undefined;
  private failed: (error: Error) => void = () => undefined;
  private readonly longest: NodeJS.Timeout;
  private quiet: NodeJS.Timeout | undefined;

  constructor() {
    const ended = new Promise<void>((resolve, reject) => {
      this.done = resolve;
      this.failed = reject;
    });
    this.longest = setTimeout(() => this.failed(new Error(`the states were not read within ${PATIENCE_MS} ms`)), PATIENCE_MS);
    this.over = ended.finally(() => {
      clearTimeout(this.longest);
      clearTimeout(this.quiet);
    });
  }

  heard(): void {
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.done(), QUIET_MS);
  }
}
