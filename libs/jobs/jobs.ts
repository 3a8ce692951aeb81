import { Injectable } from '@nestjs/common';
import { Queue, Worker } from 'bullmq';
import { Redis, type RedisOptions } from 'ioredis';
import { lineContext } from '#libs/service/log';
import { jobsFailed, jobs as jobsGauge } from '#libs/service/metrics';
import { Runtime } from '#libs/service/runtime';

/** Redis did not take the job: what is due stands in MongoDB, so the next sweep adds it again. */
export class JobNotTaken extends Error {}

const COUNT_EVERY_MS = 5000;
const CLOSE_PATIENCE_MS = 20_000;
/** A killed process gives its jobs back after the lock and one check: seconds, not a minute. */
const TIMES = { lockDuration: 10_000, stalledInterval: 5000, runRetryDelay: 1000 };
/** Tried once and forgotten at once, so that the same id may come again. */
const ONCE = { attempts: 1, removeOnComplete: true, removeOnFail: true };
const STATES = ['waiting', 'active', 'delayed'] as const;

type Handler<D> = (data: D) => Promise<void>;

/**
 * Queues that only execute. Redis may be away or wiped at any moment: what is due is known to MongoDB alone, and whoever
 * adds a job adds it again as long as it is due. So a job is tried once, forgotten when it has ended, and has no options.
 */
@Injectable()
export class Jobs {
  private readonly prefix: string;
  private readonly producer: Redis;
  private readonly queues = new Map<string, Promise<Queue>>();
  private readonly workers: Worker[] = [];
  private readonly connections: Redis[] = [];
  private readonly inHand = new Set<Promise<void>>();
  private readonly counting: NodeJS.Timeout;
  private closing: Promise<void> | null = null;

  constructor(private readonly runtime: Runtime) {
    const { TOPIC_PREFIX, MONGO_PREFIX } = runtime.config;
    this.prefix = prefixOf(TOPIC_PREFIX, MONGO_PREFIX);
    this.producer = this.connect({ maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: 2000 });
    this.counting = setInterval(() => void this.count(), COUNT_EVERY_MS);
    this.counting.unref();
    runtime.health.add('redis', async () => void (await this.ready(this.producer).ping()));
    runtime.after.push(() => this.close());
  }

  /** Resolves when Redis has the job; one of the same id that has not ended yet stands instead. Throws JobNotTaken at once while Redis is away. */
  async add<D>(queue: string, id: string, data: D): Promise<void> {
    try {
      await (await this.queue(queue)).add(queue, data, { jobId: jobIdOf(id) });
    } catch (error) {
      throw new JobNotTaken(`${queue} ${id}: ${String(error)}`);
    }
  }

  /** Takes jobs from when the service takes commands on, as long as Redis is there. A handler that throws is logged; the job comes again by the sweep. */
  work<D>(queue: string, handler: Handler<D>, { concurrency = 1 }: { concurrency?: number } = {}): void {
    jobsFailed.inc({ queue }, 0);
    this.runtime.before.push(async () => {
      this.workers.push(await this.worker(queue, handler, concurrency));
    });
  }

  /** Jobs under way end first, as far as they do so in time. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  /** A queue that met Redis in its going stays broken: only one that has begun well is kept. */
  private queue(name: string): Promise<Queue> {
    let queue = this.queues.get(name);
    if (!queue) {
      queue = this.begun(name);
      this.queues.set(name, queue);
      queue.catch(() => this.queues.delete(name));
    }
    return queue;
  }

  private async begun(name: string): Promise<Queue> {
    const queue = new Queue(name, { connection: this.ready(this.producer), prefix: this.prefix, defaultJobOptions: ONCE });
    queue.on('error', (error) => this.runtime.log.debug({ queue: name, error: String(error) }, 'Redis does not answer the queue'));
    await queue.waitUntilReady();
    return queue;
  }

  /** A worker that met Redis in its going stays broken too, so another is made. */
  private async worker<D>(queue: string, handler: Handler<D>, concurrency: number): Promise<Worker> {
    const connection = this.connect({ maxRetriesPerRequest: null });
    for (;;) {
      await this.runtime.room.for('Redis', this.arrived(connection));
      const worker = this.hired(queue, handler, { connection, concurrency });
      const well = await worker.waitUntilReady().then(
        () => true,
        () => false,
      );
      if (well) return worker;
      await worker.close(true);
    }
  }

  private hired<D>(queue: string, handler: Handler<D>, options: { connection: Redis; concurrency: number }): Worker {
    const { log } = this.runtime;
    const run = (job: { id?: string; data: D }) => {
      const done = lineContext.run({ job: job.id ?? '' }, () => handler(job.data)).finally(() => this.inHand.delete(done));
      this.inHand.add(done);
      return done;
    };
    const worker = new Worker<D, void>(queue, run, { ...options, ...TIMES, prefix: this.prefix });
    worker.on('error', (error) => log.debug({ queue, error: String(error) }, 'Redis does not answer the worker'));
    worker.on('failed', (job, error) => {
      jobsFailed.inc({ queue });
      log.warn({ queue, job: job?.id, error: error.stack }, 'A job failed; it comes again while it is due');
    });
    return worker;
  }

  private connect(options: RedisOptions): Redis {
    const retryStrategy = (times: number) => Math.min(100 * times, 1000);
    const redis = new Redis(this.runtime.config.REDIS_URL, { connectTimeout: 3000, retryStrategy, ...options });
    redis.on('error', (error) => this.runtime.log.debug({ engine: 'Redis', error: String(error) }, 'Redis does not answer'));
    this.connections.push(redis);
    return redis;
  }

  private ready(redis: Redis): Redis {
    if (redis.status !== 'ready') throw new Error('not connected');
    return redis;
  }

  /** Waits for Redis as long as it takes, naming it each time it is asked in vain. */
  private async arrived(redis: Redis): Promise<void> {
    while (redis.status !== 'ready') {
      if (this.closing) throw new Error('closed while waiting for Redis');
      const timer = new Promise((resolve) => setTimeout(resolve, 1000, 'late'));
      const came = new Promise((resolve) => redis.once('ready', resolve));
      if ((await Promise.race([came, timer])) === 'late')
        this.runtime.log.warn({ engine: 'Redis' }, 'Redis does not answer; waiting for it');
    }
  }

  private async count(): Promise<void> {
    for (const [name, begun] of this.queues) {
      const counts = await begun.then((queue) => queue.getJobCounts(...STATES)).catch(() => null);
      for (const state of STATES) if (counts) jobsGauge.set({ queue: name, state }, counts[state] ?? 0);
    }
  }

  /** While Redis is away a worker cannot say good-bye to it: then only what is in hand is waited for. */
  private async end(): Promise<void> {
    clearInterval(this.counting);
    const there = this.connections.every(({ status }) => status === 'ready');
    if (there) await inTime(Promise.allSettled(this.workers.map((worker) => worker.close())));
    else await inTime(Promise.allSettled(this.inHand));
    for (const worker of this.workers) worker.disconnect().catch(() => undefined);
    for (const redis of this.connections) redis.disconnect();
  }
}

async function inTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, CLOSE_PATIENCE_MS);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

/** In braces, so that the keys of a house lie together in a cluster; several houses share one Redis. */
export const prefixOf = (topicPrefix: string, mongoPrefix: string): string =>
  `{${[topicPrefix, mongoPrefix].join('/').replaceAll(/[{}]/g, '')}}`;

/** BullMQ refuses ids that are integers or hold a colon. */
export const jobIdOf = (id: string): string => `id-${id.replaceAll('%', '%25').replaceAll(':', '%3A')}`;
