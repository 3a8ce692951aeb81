import { randomBytes } from 'node:crypto';
import { Kafka } from '#libs/messaging/kafka';
import type { Log } from '#libs/service/log';

/** A client on the engine of `npm test`, as each process has its own; connected by whoever uses it. `env`: KAFKA_BROKERS, TOPIC_PREFIX. */
export const kafkaOf = ({ KAFKA_BROKERS, TOPIC_PREFIX }: Record<string, string>, log: Log): Kafka =>
  new Kafka({
    brokers: KAFKA_BROKERS!.split(','),
    clientId: `test-${randomBytes(4).toString('hex')}`,
    prefix: TOPIC_PREFIX!,
    replication: 1,
    log,
    sessionTimeoutMs: 6000,
  });
