import type { Log } from '#libs/service/log';

/** Names that the clients of MongoDB, Kafka and Redis give to an engine that does not answer. */
const names = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongoNotConnectedError',
  'MongoPoolClearedError',
  // Its kind for what was under way when the client noticed by itself; the one that does not begin with Mongo.
  'PoolClearedOnNetworkError',
  'MongoWaitQueueTimeoutError',
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSBrokerNotFound',
  'KafkaJSNumberOfRetriesExceeded',
  'MaxRetriesPerRequestError',
]);
const codes = new Set<unknown>(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND']);
/** A MongoDB that is shutting down, stepping down, or not primary any more. */
const passing = new Set<unknown>([91, 189, 10107, 11600, 11602, 13435, 13436]);

interface Told {
  name?: string;
  code?: unknown;
  cause?: unknown;
  /** What a failed bulk of MongoDB, which has a name of its own, was thrown for. */
  errorResponse?: unknown;
}

/** Whether the fault is the engine's and says nothing of what was asked: it comes back, and the same is asked again. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Object)) return false;
  const { name = '', code, cause, errorResponse } = error as Told;
  return names.has(name) || codes.has(code) || (name.startsWith('Mongo') && passing.has(code)) || isAway(cause) || isAway(errorResponse);
}

const PAUSE_MS = 250;

/** Does it as soon as the engine is there; any other fault is thrown. */
export async function onceBack<T>(log: Log, work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error)) throw error;
      if (tries % 20 === 0) log.warn({ error: String(error) }, 'An engine is away; waiting for it');
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** Waits for it so long at most: at shutdown what is in hand may end, and what an engine that is away holds up comes again at the next start. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, over]).finally(() => clearTimeout(timer));
}
