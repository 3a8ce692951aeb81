import { connect } from 'node:net';
import kafkajs, { type Admin, type Kafka as Client, type Consumer, type ISocketFactory, type Producer } from 'kafkajs';
import type { Log } from '#libs/service/log';
import './kafka-queue.js';
import { MicroBatch } from './micro-batch.js';
import { Pace, patiently } from './patience.js';
import type { ConsumeOptions, Incoming, Outgoing, Subscription, TopicSpec } from './records.js';

/** The one file that knows the Kafka client. */

export type { ConsumeOptions, Incoming, Offset, Outgoing, Subscription, TopicSpec } from './records.js';

export interface KafkaSettings {
  brokers: string[];
  clientId: string;
  prefix: string;
  replication: number;
  log: Log;
  sessionTimeoutMs?: number;
  /** A consumer that cannot go on: the process should end and be started anew. */
  onFatal?(error: Error): void;
}

const NO_COORDINATOR = 'KafkaJSGroupCoordinatorNotFound';
const AGAIN_MS = 1000;

const socketFactory: ISocketFactory = ({ host, port, onConnect }) => {
  const socket = connect({ host, port }, onConnect);
  socket.setKeepAlive(true, 60_000);
  socket.setNoDelay(true);
  return socket;
};

/**
 * The client of one process: one producer, one admin and a consumer per subscription. Topic names are given without the prefix of the
 * installation. `send` resolves when all replicas in sync have it and rejects when the broker did not take it in time; the order per
 * key is kept. A broker that goes away is reconnected to by itself, consumers begin again where they had committed.
 */
export class Kafka {
  private readonly client: Client;
  private readonly producer: Producer;
  private readonly admin: Admin;
  private readonly consumers = new Set<Consumer>();
  private readonly batch: MicroBatch;
  private connected = false;
  private closed = false;

  constructor(private readonly settings: KafkaSettings) {
    const level = { [kafkajs.logLevel.ERROR]: 'warn', [kafkajs.logLevel.WARN]: 'debug' } as Record<number, 'warn' | 'debug'>;
    this.client = new kafkajs.Kafka({
      brokers: settings.brokers,
      clientId: settings.clientId,
      connectionTimeout: 3000,
      requestTimeout: 10_000,
      retry: { initialRetryTime: 100, retries: 8, maxRetryTime: 2000 },
      socketFactory,
      logCreator: () => (entry) =>
        settings.log[level[entry.level] ?? 'trace']({ kafka: entry.namespace, error: entry.log.error }, entry.log.message),
    });
    this.producer = this.client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner, allowAutoTopicCreation: false });
    this.admin = this.client.admin();
    this.batch = new MicroBatch((topicMessages) => this.producer.sendBatch({ acks: -1, topicMessages }).then(() => undefined));
    this.producer.on('producer.connect', () => {
      this.connected = true;
    });
    this.producer.on('producer.disconnect', () => {
      this.connected = false;
    });
  }

  /** Waits for the broker as long as it takes, naming it each time it is asked in vain. */
  async connect(): Promise<void> {
    for (;;) {
      try {
        await this.producer.connect();
        await this.admin.connect();
        this.connected = true;
        return;
      } catch (error) {
        this.settings.log.warn(
          { engine: 'Kafka', brokers: this.settings.brokers, error: String(error) },
          `Kafka at ${this.settings.brokers.join(', ')} does not answer; waiting for it`,
        );
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  }

  name(topic: string): string {
    return this.settings.prefix + topic;
  }

  /** Brings missing topics into being; existing ones stay as they are. */
  async ensureTopics(topics: TopicSpec[]): Promise<void> {
    const there = new Set(await patiently(() => this.admin.listTopics()));
    const missing = topics.filter((t) => !there.has(this.name(t.name)));
    if (missing.length === 0) return;
    // Several services make them at once: whoever looks in the middle of it sees topics without a leader.
    await patiently(() =>
      this.admin
        .createTopics({
          waitForLeaders: true,
          topics: missing.map((t) => ({
            topic: this.name(t.name),
            numPartitions: t.partitions,
            replicationFactor: this.settings.replication,
            configEntries: Object.entries(t.config).map(([name, value]) => ({ name, value })),
          })),
        })
        .catch((error: Error & { errors?: { type: string }[] }) => {
          const onlyThere = error.errors?.every((e) => e.type === 'TOPIC_ALREADY_EXISTS');
          if (!onlyThere) throw error;
        }),
    );
  }

  /** Acknowledged by all in-sync replicas when it resolves; order per key is the order of calls. */
  send(topic: string, messages: Outgoing[]): Promise<void> {
    return this.batch.send(this.name(topic), messages);
  }

  async consume(options: ConsumeOptions): Promise<Subscription> {
    const consumer = this.client.consumer({
      groupId: this.name(options.group),
      sessionTimeout: this.settings.sessionTimeoutMs ?? 10_000,
      rebalanceTimeout: 15_000,
      heartbeatInterval: 2000,
      maxWaitTimeInMs: options.waitMs ?? 1000,
      minBytes: 1,
      maxBytesPerPartition: 1_048_576,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 100, retries: 10, maxRetryTime: 2000 },
    });
    this.consumers.add(consumer);
    const seek = (topic: string, partition: number, offset: number) =>
      consumer.seek({ topic: this.name(topic), partition, offset: String(offset) });
    let assigned = false;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      assigned = true;
      const partitions = new Map(Object.entries(payload.memberAssignment).map(([topic, numbers]) => [this.plain(topic), numbers]));
      options.onAssigned?.(partitions);
      for (const [topic, numbers] of options.position ? partitions : [])
        for (const partition of numbers) seek(topic, partition, options.position!(topic, partition));
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      assigned = false;
      this.settings.log.error({ group: options.group, restart: payload.restart, error: String(payload.error) }, 'A consumer stopped');
      if (payload.restart) return;
      if (payload.error.name === NO_COORDINATOR) this.again(() => run());
      else this.settings.onFatal?.(payload.error);
    });
    consumer.on(consumer.events.DISCONNECT, () => {
      assigned = false;
    });
    const pace = new Pace(options.paceMs ?? 0);
    consumer.on(consumer.events.FETCH_START, () => pace.fetches());
    const run = async () => {
      await consumer.connect();
      await consumer.subscribe({ topics: options.topics.map((t) => this.name(t)), fromBeginning: options.fromBeginning });
      await consumer.run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          const topic = this.plain(batch.topic);
          await options.onBatch(batch.messages.map((m) => incoming(topic, batch.partition, m)));
          await pace.keep();
        },
      });
    };
    await patiently(run);
    return {
      commit: (offsets) =>
        consumer.commitOffsets(offsets.map(({ topic, partition, next }) => ({ topic: this.name(topic), partition, offset: String(next) }))),
      pause: (topic, partition) => whileRunning(() => consumer.pause([{ topic: this.name(topic), partitions: [partition] }])),
      resume: (topic, partition) => whileRunning(() => consumer.resume([{ topic: this.name(topic), partitions: [partition] }])),
      seek: (topic, partition, offset) => whileRunning(() => seek(topic, partition, offset)),
      stop: async () => {
        this.consumers.delete(consumer);
        await consumer.disconnect();
      },
      assigned: () => assigned,
    };
  }

  /** Offset after the last record, per partition. */
  async endOffsets(topic: string): Promise<Map<number, { low: number; high: number }>> {
    const offsets = await patiently(() => this.admin.fetchTopicOffsets(this.name(topic)));
    return new Map(offsets.map((o) => [o.partition, { low: Number(o.low), high: Number(o.high) }]));
  }

  /** Next offset of a group per partition; -1 where it has not committed yet. */
  async groupOffsets(group: string, topic: string): Promise<Map<number, number>> {
    const [found] = await patiently(() => this.admin.fetchOffsets({ groupId: this.name(group), topics: [this.name(topic)] }));
    return new Map((found?.partitions ?? []).map((p) => [p.partition, Number(p.offset)]));
  }

  /** Cuts off what stands before these offsets: it cannot be read any more. */
  async truncate(topic: string, before: ReadonlyMap<number, number>): Promise<void> {
    const partitions = [...before].map(([partition, offset]) => ({ partition, offset: String(offset) }));
    await patiently(() => this.admin.deleteTopicRecords({ topic: this.name(topic), partitions }));
  }

  /** Asks the broker itself; used by readiness. */
  async ping(): Promise<void> {
    if (!this.connected) throw new Error('not connected');
    await this.admin.describeCluster();
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.allSettled([...this.consumers].map((c) => c.disconnect()));
    await this.batch.drain();
    await Promise.allSettled([this.producer.disconnect(), this.admin.disconnect()]);
  }

  /** A broker that has just come up has no coordinator yet; the client takes that for the end, and it is not. */
  private again(run: () => Promise<void>): void {
    setTimeout(() => {
      if (!this.closed) run().catch(() => this.again(run));
    }, AGAIN_MS);
  }

  private plain(topic: string): string {
    return topic.slice(this.settings.prefix.length);
  }
}

/** Between a crash of the client and its new start there is nothing to hold back; it begins anew with all partitions. */
function whileRunning(hold: () => void): void {
  try {
    hold();
  } catch (error) {
    if ((error as Error).name !== 'KafkaJSNonRetriableError') throw error;
  }
}

const incoming = (
  topic: string,
  partition: number,
  message: { offset: string; key: Buffer | null; value: Buffer | null; timestamp: string; headers?: Record<string, unknown> },
): Incoming => ({
  topic,
  partition,
  offset: Number(message.offset),
  key: message.key?.toString() ?? '',
  value: message.value?.toString() ?? null,
  timestamp: Number(message.timestamp),
  headers: texts(message.headers),
});

function texts(headers: Record<string, unknown> = {}): Record<string, string> {
  const read: Record<string, string> = {};
  for (const name in headers) read[name] = String(headers[name]);
  return read;
}
