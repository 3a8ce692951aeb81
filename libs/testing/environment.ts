import { randomBytes } from 'node:crypto';

/** The environment of services on the engines of `npm test`, with topics and databases of their own. */
export function environment(): Record<string, string> {
  const name = `t${randomBytes(4).toString('hex')}`;
  const missing = ['KAFKA_BROKERS', 'MONGO_URL', 'REDIS_URL'].filter((variable) => !process.env[variable]);
  if (missing.length > 0)
    throw new Error(`This test needs engines: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not set. Run \`npm test\`.`);
  const { KAFKA_BROKERS, MONGO_URL, REDIS_URL, LOG_LEVEL } = process.env as Record<string, string>;
  return {
    KAFKA_BROKERS: KAFKA_BROKERS!,
    MONGO_URL: MONGO_URL!,
    REDIS_URL: REDIS_URL!,
    LOG_LEVEL: LOG_LEVEL ?? 'silent',
    ENGINES: 'embedded',
    HOST: '127.0.0.1',
    PORT: '0',
    TOPIC_PREFIX: `${name}.`,
    TOPIC_PARTITIONS: '2',
    KAFKA_SESSION_SECONDS: '6',
    MONGO_PREFIX: name,
    BY_KEY: randomBytes(24).toString('hex'),
    SECRETS_KEY: randomBytes(24).toString('hex'),
  };
}
