import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bareDatabase, bareKafka } from './bench-bare.mjs';
import { gatewayRows } from './bench-gateway.mjs';
import { importRows } from './bench-import.mjs';
import { besideBare, importEvents, inOwnProcess, print, row } from './bench-parts.mjs';
import { seatRows } from './bench-seats.mjs';
import { handedOver, underRuntime } from './install.mjs';
import { OwnHouse, standalone } from './own-house.mjs';
import { Progress } from './progress.mjs';

/**
 * `npm run bench [-- --mongo py]`: the figures of the house, each with what the bare engine does beside it, in one run;
 * `npm run bench -- gateway`: those that are promised to partners, on two gateways;
 * `npm run bench -- import`: many partnerships come in at once, readers go on, and what came is searched;
 * `npm run bench -- seats`: many who want to come to one event.
 * Everything runs on this machine: engines, six services, load. A missed figure ends it with exit code 1.
 */

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const progress = new Progress(handedOver());
const house = new OwnHouse({ root, folder: path.join(root, '.test', `bench-${process.pid}`), progress });
const asked = process.argv.slice(2);
const EVENTS = 1000;
const ROUNDS = 3;
const SETTLE_MS = 5000;
/** What is promised, by MongoDB compatible. */
const promised = () => (isPy() ? { many: 100, one: 300 } : { many: 300, one: 1000 });
const isPy = () => house.engines.names.mongo.startsWith('secantusd-py');

async function main() {
  if (!(await underRuntime({ root, script: process.argv[1], args: process.argv.slice(2), progress }))) return;
  if (asked.join(' ').includes('--mongo py')) process.env.MONGO_ENGINE = 'py';
  await house.open();
  const rows = await measured();
  print(progress, rows, house.engines.names);
  process.exitCode = rows.some((row) => row.missed) ? 1 : 0;
}

function measured() {
  if (asked.includes('gateway')) return gatewayRows(house, progress);
  if (asked.includes('import')) return importRows(house, progress);
  return asked.includes('seats') ? seatRows(house, progress, isPy()) : houseRows();
}

async function houseRows() {
  const idle = await progress.step('Memory of the idle house', () => memory());
  const ids = await progress.step(`${EVENTS} events are imported`, () => importEvents(house, EVENTS));
  return [
    idle,
    ...(await commands(ids)),
    ...(await reads()),
    ...(await progress.step('The bare engines are timed', () => bare(house.engines.env))),
  ];
}

/** @param {string[]} ids */
async function commands(ids) {
  const load = (/** @type {object} */ settings) =>
    inOwnProcess(root, 'bench-load.mjs', { baseUrl: house.baseUrl, key: house.key, ...settings });
  await load({ kind: 'commands', ids, connections: 64, seconds: 5 });
  const single = await progress.step('Commands one at a time', () =>
    rounds(
      () => load({ kind: 'commands', ids, connections: 1, seconds: 6 }),
      ({ p50 }) => p50,
    ),
  );
  const many = await progress.step(`64 in flight over ${EVENTS} events`, () =>
    rounds(() => load({ kind: 'commands', ids, connections: 64, seconds: 8 }), rateOf),
  );
  const one = await progress.step('64 in flight over one event', () =>
    rounds(() => load({ kind: 'commands', ids: ids.slice(0, 1), connections: 64, seconds: 8 }), rateOf),
  );
  return [
    row(
      'command, one at a time',
      `p50 ${single.p50.toFixed(1)} ms, p99 ${single.p99.toFixed(1)} ms${notDone(single)}`,
      'p50 ≤ 25 ms',
      single.p50 > 25 || single.bad > 0,
    ),
    row(
      `commands, 64 in flight over ${ids.length} events`,
      rate(many),
      `≥ ${promised().many}/s`,
      many.perSecond < promised().many || many.bad > 0,
    ),
    row('commands, 64 in flight over one event', rate(one), `≥ ${promised().one}/s`, one.perSecond < promised().one || one.bad > 0),
  ];
}

/** @typedef {{ perSecond: number, p50: number, p99: number, bad: number }} Measured */

/** @param {Measured} measured */
const rate = (measured) =>
  `${Math.round(measured.perSecond)}/s, p50 ${measured.p50.toFixed(0)} ms, p99 ${measured.p99.toFixed(0)} ms${notDone(measured)}`;

/** A command that was not carried out makes the figure worth nothing. @param {Measured} measured */
const notDone = ({ bad }) => (bad > 0 ? `, ${bad} NOT DONE` : '');

/** @param {Measured} measured */
const rateOf = ({ perSecond }) => perSecond;

/** The middle of some rounds, with what was not done in any of them. @param {() => Promise<Measured>} action @param {(one: Measured) => number} by */
async function rounds(action, by) {
  const all = [];
  for (let i = 0; i < ROUNDS; i++) all.push(await action());
  const middle = all.sort((a, b) => by(a) - by(b))[Math.floor(ROUNDS / 2)];
  return { ...middle, bad: all.reduce((sum, { bad }) => sum + bad, 0) };
}

async function reads() {
  const route = '/v1/partnerships/dia';
  const { ours, bare, share } = await progress.step('Reads, beside a bare server', () => besideBare(house, route));
  const told = `${Math.round(ours.perSecond)}/s = ${share.toFixed(0)} % of bare Fastify (${Math.round(bare.perSecond)}/s)`;
  return [row(`GET ${route}`, told, '≥ 60 %', share < 60)];
}

/** Once what was imported has settled. */
async function memory() {
  if (process.platform !== 'linux') return row('memory of the six services', 'only told on Linux', '≤ 900 MB', false);
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const kib = house.services.map(({ child }) =>
    Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${child.process.pid}/smaps_rollup`, 'utf8'))?.[1]),
  );
  const mb = (kib.reduce((sum, one) => sum + one, 0) * 1024) / 1e6;
  return row('memory of the six services, idle (PSS)', `${Math.round(mb)} MB`, '≤ 900 MB', mb > 900);
}

/** @param {Record<string, string>} env */
async function bare(env) {
  const database = await bareDatabase(root, env.MONGO_URL);
  const kafka = await bareKafka(root, env.KAFKA_BROKERS);
  return [
    row('  bare: guarded update, one at a time', `p50 ${database.p50.toFixed(1)} ms`, '', false),
    row('  bare: guarded updates, 64 in one bulk', `${Math.round(database.perSecond)}/s`, '', false),
    row('  bare: Kafka there and back', `p50 ${kafka.p50.toFixed(1)} ms`, '', false),
  ];
}

await standalone(house, main);
