import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Engine, OutsideEngine } from './engine.mjs';
import { kafkaServer } from './kafka.mjs';
import { mailServer } from './mail.mjs';
import { mongoServer } from './mongo.mjs';
import { keptPorts } from './ports.mjs';
import { Processes } from './processes.mjs';
import { redisServer } from './redis.mjs';

const SERVERS = { kafka: kafkaServer, mongo: mongoServer, redis: redisServer, mail: mailServer };
const URLS = { kafka: 'KAFKA_BROKERS', mongo: 'MONGO_URL', redis: 'REDIS_URL', mail: 'SMTP_URL' };

/** @typedef {keyof typeof SERVERS} Kind */

/** @type {Kind[]} */
const KINDS = ['kafka', 'mongo', 'redis', 'mail'];

/**
 * Finds the servers, and fetches those that are neither given nor at hand; does nothing the second time.
 * @param {{ root: string, only?: Kind[], given?: Record<string, string | undefined> }} options
 * @returns {Promise<Partial<Record<Kind, import('./engine.mjs').Server>>>}
 */
export async function findServers({ root, only = KINDS, given = process.env }) {
  const wanted = only.filter((kind) => !given[URLS[kind]]);
  const outcomes = await Promise.allSettled(wanted.map(async (kind) => [kind, await SERVERS[kind]({ root })]));
  return Object.fromEntries(outcomes.map(resultOf));
}

/**
 * All have come to an end before the first fault is told: nothing goes on behind our back.
 * @template Value
 * @param {PromiseSettledResult<Value>} outcome
 */
function resultOf(outcome) {
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}

/**
 * Starts the engines of a folder and waits until each answers. The servers are found in this order: a URL in `given`, a server on the PATH,
 * one fetched into `.engines/`. Ports are remembered in the folder and taken again where free; data survive.
 * @param {object} options
 * @param {string} options.root the checkout
 * @param {string} options.dir the folder of their data, logs and process numbers; one launcher at a time
 * @param {(line: string) => void} [options.log]
 * @param {Kind[]} [options.only] default: all
 * @param {Record<string, string | undefined>} [options.given] where URLs are looked up; `{}` for engines of one's own
 * @param {(sentence: string) => void} [options.onLost] an engine has ended by itself
 * @param {AbortSignal} [options.signal] stops what is on its way up
 * @param {readonly Kind[]} [options.behind] those that leave precedence to other processes; default: none
 * @returns {Promise<import('./engines.d.mts').Engines>}
 */
export async function startEngines({ root, dir, log = () => {}, only = KINDS, given = process.env, onLost = log, signal, behind = [] }) {
  mkdirSync(dir, { recursive: true });
  const processes = new Processes(dir);
  await processes.endLeftovers();
  const servers = await findServers({ root, only, given });
  const ports = await portsOf(
    dir,
    Object.values(servers).flatMap((server) => server.ports),
  );
  const engines = only.map((kind) => {
    const server = servers[kind];
    if (!server) return new OutsideEngine(kind, /** @type {string} */ (given[URLS[kind]]));
    return new Engine(kind, server, { dir: path.join(dir, kind), ports, processes, onLost, signal, behind: behind.includes(kind) });
  });
  const stop = () => stopAll(engines);
  signal?.addEventListener('abort', stop);
  await startAll(engines, log);
  // Up: from now on their owner says when, after whatever still needs them.
  signal?.removeEventListener('abort', stop);
  return {
    env: Object.fromEntries(engines.map(({ kind, url }) => [URLS[kind], url])),
    names: Object.fromEntries(engines.map(({ kind, name }) => [kind, name])),
    mailPage: engines.find(({ page }) => page)?.page ?? null,
    embedded: engines.every((engine) => engine instanceof Engine || isLoopback(engine.url)),
    engines: Object.fromEntries(engines.map((engine) => [engine.kind, engine])),
    stop,
  };
}

/** @param {string} dir @param {string[]} names */
async function portsOf(dir, names) {
  const file = path.join(dir, 'ports.json');
  const remembered = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const ports = await keptPorts(names, remembered);
  writeFileSync(file, JSON.stringify({ ...remembered, ...ports }, null, 2));
  return ports;
}

/** @param {(Engine | OutsideEngine)[]} engines @param {(line: string) => void} log */
async function startAll(engines, log) {
  const outcomes = await Promise.allSettled(
    engines.map((engine) => engine.start().then(() => log(`${engine.name} answers at ${engine.url}`))),
  );
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (!failed) return;
  await stopAll(engines);
  throw failed.reason;
}

/** @param {(Engine | OutsideEngine)[]} engines */
async function stopAll(engines) {
  await Promise.all(engines.map((engine) => engine.stop()));
}

/**
 * Every server of a URL or list of brokers is on this machine.
 * @param {string} url
 */
export function isLoopback(url) {
  const hosts = url
    .replace(/^[a-z0-9+]+:\/\//, '')
    .replace(/^[^@/]*@/, '')
    .split(/[/?]/)[0];
  return hosts.split(',').every((host) => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(host));
}
