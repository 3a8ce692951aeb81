import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { kafkaJars } from './fetch.mjs';
import { ask } from './ports.mjs';
import { java, lastLines, run, utf8 } from './programs.mjs';
import { Trouble } from './trouble.mjs';
import { KAFKA } from './versions.mjs';

const CLUSTER = 'Y2x1c3RlcmJyaWRnZS0wMQ';
const JVM = ['-Xmx384m', '-Xms128m', '-XX:+UseSerialGC', '-XX:-UsePerfData', '-Djava.awt.headless=true', '-Dlog4j2.level=WARN'];

/**
 * Apache Kafka, one node (KRaft), run from its jars.
 * @param {{ root: string }} context
 * @returns {Promise<import('./engine.mjs').Server>}
 */
export async function kafkaServer({ root }) {
  const jars = await kafkaJars(root);
  const program = await java();
  const classes = ['-cp', path.join(jars, '*')];
  return {
    name: `Apache Kafka ${KAFKA}`,
    ports: ['broker', 'controller'],
    patience: 15_000,
    url: ({ broker }) => `127.0.0.1:${broker}`,
    answers: ({ broker }) => knowsItself(broker),
    async launch(dir, ports) {
      mkdirSync(dir, { recursive: true });
      writeFileSync(path.join(dir, 'server.properties'), settings(ports));
      if (!existsSync(path.join(dir, 'data', 'meta.properties'))) await format(program, classes, dir);
      return { command: program, args: [...JVM, ...classes, 'kafka.Kafka', 'server.properties'], cwd: dir, env: utf8() };
    },
  };
}

/** @param {string} program @param {string[]} classes @param {string} dir */
async function format(program, classes, dir) {
  const tool = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', ...classes, 'kafka.tools.StorageTool'];
  const { code, output } = await run(program, [...tool, 'format', '--cluster-id', CLUSTER, '--config', 'server.properties'], {
    cwd: dir,
    env: utf8(),
  });
  if (code !== 0)
    throw new Trouble(
      `Apache Kafka could not prepare its folder ${dir}: see below, or begin anew with \`npm start -- --fresh\`.`,
      lastLines(output),
    );
}

/** Folders are relative to where it runs, so a path may hold anything. @param {Record<string, number>} ports */
function settings({ broker, controller }) {
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: `PLAINTEXT://127.0.0.1:${broker},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${broker}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': 'data',
    // A killed broker may come back only when its old session has run out.
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 500,
    'auto.create.topics.enable': false,
    'num.partitions': 1,
    'default.replication.factor': 1,
    'min.insync.replicas': 1,
    'group.initial.rebalance.delay.ms': 0,
    'offsets.topic.num.partitions': 5,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 5,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'background.threads': 2,
    'log.segment.bytes': 64 * 1024 * 1024,
    'log.index.size.max.bytes': 1024 * 1024,
    'log.cleaner.dedupe.buffer.size': 16 * 1024 * 1024,
    'log.cleaner.max.compaction.lag.ms': 24 * 60 * 60 * 1000,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Metadata, version 1, of no topic: `size, key 3, version 1, correlation 7, client null, topics []`. */
const METADATA = Buffer.from('0000000e' + '0003' + '0001' + '00000007' + 'ffff' + '00000000', 'hex');

/** Ready when the broker lists itself: before, it takes connections but leads nothing. @param {number} port */
function knowsItself(port) {
  return ask(port, METADATA, (answer) => (answer.length < 12 ? undefined : answer.readInt32BE(8) > 0));
}
