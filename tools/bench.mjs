import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bareDatabase, bareKafka } from './bench-bare.mjs';
import { handedOver, onStop, underRuntime } from './install.mjs';
import { OwnHouse } from './own-house.mjs';
import { freePorts } from './ports.mjs';
import { Progress } from './progress.mjs';
import { Trouble, told } from './trouble.mjs';

/**
 * `npm run bench [-- --mongo py]`: the figures of the house, each with what the bare engine does beside it, in one run.
 * Everything runs on this machine: engines, six services, load. A missed figure ends it with exit code 1.
 */

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const progress = new Progress(handedOver());
const house = new OwnHouse({ root, folder: path.join(root, '.test', `bench-${process.pid}`), progress });
const py = process.argv.slice(2).join(' ').includes('--mongo py');
const EVENTS = 1000;
const ROUNDS = 3;
const SETTLE_MS = 5000;
/** What is promised, by MongoDB compatible. */
const PROMISED = py ? { many: 100, one: 300 } : { many: 300, one: 1000 };

async function main() {
  if (!(await underRuntime({ root, script: process.argv[1], args: process.argv.slice(2), progress }))) return;
  if (py) process.env.MONGO_ENGINE = 'py';
  await house.open();
  const idle = await progress.step('Memory of the idle house', () => memory());
  const ids = await progress.step(`${EVENTS} events are imported`, () => importEvents());
  const rows = [
    idle,
    ...(await commands(ids)),
    ...(await reads()),
    ...(await progress.step('The bare engines are timed', () => bare(house.engines.env))),
  ];
  print(rows, house.engines.names);
  process.exitCode = rows.some((row) => row.missed) ? 1 : 0;
}

async function importEvents() {
  const row = {
    targetGroups: ['CLUSTER_ORGANISATIONS'],
    openToSmes: true,
    type: 'WEBINAR',
    estimatedDate: '2030-05',
    country: null,
    city: null,
  };
  const plannedEvents = Array.from({ length: EVENTS }, (_, i) => ({ no: i + 1, ...row }));
  const identity = { acronym: 'BENCH', name: 'Bench partnership' };
  await house.ask('POST', '/v1/imports', { code: 'BENCH', identity, programme: { code: 'ESCP-4I' }, plannedEvents });
  /** @type {string[]} */
  const ids = [];
  for (let cursor = ''; ids.length < EVENTS; ) {
    const page = await house.ask('GET', `/v1/events?partnership=bench&limit=200${cursor}`);
    ids.push(...page.items.map((/** @type {{ id: string }} */ event) => event.id));
    cursor = page.next ? `&cursor=${page.next}` : '';
    if (!page.next) break;
  }
  return ids;
}

/** @param {string[]} ids */
async function commands(ids) {
  const load = (/** @type {object} */ settings) => inOwnProcess('bench-load.mjs', { baseUrl: house.baseUrl, key: house.key, ...settings });
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
      `≥ ${PROMISED.many}/s`,
      many.perSecond < PROMISED.many || many.bad > 0,
    ),
    row('commands, 64 in flight over one event', rate(one), `≥ ${PROMISED.one}/s`, one.perSecond < PROMISED.one || one.bad > 0),
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

/** The same bytes from the gateway and from a bare server, turn by turn. */
async function reads() {
  const { baseUrl } = house;
  const route = '/v1/partnerships/dia';
  const body = await (await fetch(baseUrl + route)).text();
  const [port] = await freePorts(1);
  const server = spawn(process.execPath, [path.join(root, 'tools', 'bench-server.mjs'), String(port), route], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  house.alsoEnd(async () => server.kill());
  server.stdin.end(body);
  await new Promise((resolve) => server.stdout.once('data', resolve));
  const load = (/** @type {string} */ url) => inOwnProcess('bench-load.mjs', { kind: 'reads', url, connections: 20, seconds: 5 });
  await load(baseUrl + route);
  return progress.step('Reads, beside a bare server', async () => {
    /** @type {{ ours: number, bare: number }[]} */
    const pairs = [];
    for (let i = 0; i < ROUNDS; i++) {
      const bare = await load(`http://127.0.0.1:${port}${route}`);
      const ours = await load(baseUrl + route);
      pairs.push({ ours: ours.perSecond, bare: bare.perSecond });
    }
    pairs.sort((a, b) => a.ours / a.bare - b.ours / b.bare);
    const { ours, bare } = pairs[Math.floor(ROUNDS / 2)];
    const share = (100 * ours) / bare;
    return [
      row(
        'GET /v1/partnerships/dia',
        `${Math.round(ours)}/s = ${share.toFixed(0)} % of bare Fastify (${Math.round(bare)}/s)`,
        '≥ 60 %',
        share < 60,
      ),
    ];
  });
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

/** @param {string} script @param {object} settings */
function inOwnProcess(script, settings) {
  const child = spawn(process.execPath, [path.join(root, 'tools', script)], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(settings));
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.once('exit', (code) => (code === 0 ? resolve(JSON.parse(text)) : reject(new Trouble(`${script} ended with ${code}`))));
  });
}

/** @param {string} what @param {string} measured @param {string} promised @param {boolean} missed */
const row = (what, measured, promised, missed) => ({ what, measured, promised, missed });

/** @param {ReturnType<typeof row>[]} rows @param {Record<string, string>} names */
function print(rows, names) {
  const width = (/** @type {'what' | 'measured' | 'promised'} */ name) => Math.max(...rows.map((one) => one[name].length));
  const cpus = os.cpus();
  progress.line(`\n${Object.values(names).join(' · ')}`);
  progress.line(
    `${cpus.length} cores ${cpus[0]?.model ?? ''} · load ${os
      .loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')} · Node ${process.version}\n`,
  );
  for (const { what, measured, promised, missed } of rows) {
    progress.line(
      `${what.padEnd(width('what'))}  ${measured.padEnd(width('measured'))}  ${promised.padEnd(width('promised'))}  ${missed ? 'MISSED' : promised && 'met'}`,
    );
  }
}

onStop(async (code) => {
  await house.close();
  process.exit(code);
});
await main()
  .catch((error) => {
    process.stderr.write(`${told(error)}\n`);
    process.exitCode = 1;
  })
  .finally(() => house.close());
