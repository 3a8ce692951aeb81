import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bareDatabase, bareKafka } from './bench-bare.mjs';
import { build } from './build.mjs';
import { startEngines } from './engines.mjs';
import { handedOver, onStop, underRuntime } from './install.mjs';
import { freePorts } from './ports.mjs';
import { Processes } from './processes.mjs';
import { Progress } from './progress.mjs';
import { secretsIn } from './secrets.mjs';
import { ready, spawnServices, stopServices } from './services.mjs';
import { Trouble, told } from './trouble.mjs';

/**
 * `npm run bench [-- --mongo py]`: the figures of the house, each with what the bare engine does beside it, in one run.
 * Everything runs on this machine: engines, six services, load. A missed figure ends it with exit code 1.
 */

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const own = path.join(root, '.test', `bench-${process.pid}`);
const progress = new Progress(handedOver());
const py = process.argv.slice(2).join(' ').includes('--mongo py');
const EVENTS = 1000;
const ROUNDS = 3;
const SETTLE_MS = 5000;
/** What is promised, by MongoDB compatible. */
const PROMISED = py ? { many: 100, one: 300 } : { many: 300, one: 1000 };

/** @type {(() => Promise<unknown>)[]} */
const ends = [];

async function main() {
  if (!(await underRuntime({ root, script: process.argv[1], args: process.argv.slice(2), progress }))) return;
  if (py) process.env.MONGO_ENGINE = 'py';
  const engines = await progress.step('Engines are up', () => startEngines({ root, dir: path.join(own, 'engines'), given: {} }));
  ends.push(() => engines.stop());
  const { code, output } = await progress.step('The six services are built', () => build(root));
  if (code !== 0) throw new Trouble(output);
  const house = await progress.step('The six services are ready', () => openHouse(engines.env));
  await progress.step('The demo data are loaded', () => importDemo(house));
  const idle = await progress.step('Memory of the idle house', () => memory(house));
  const ids = await progress.step(`${EVENTS} events are imported`, () => importEvents(house));
  const rows = [
    idle,
    ...(await commands(house, ids)),
    ...(await reads(house)),
    ...(await progress.step('The bare engines are timed', () => bare(engines.env))),
  ];
  print(rows, engines.names);
  process.exitCode = rows.some((row) => row.missed) ? 1 : 0;
}

/** @param {Record<string, string>} env */
async function openHouse(env) {
  const { BOOTSTRAP_KEY, ...keys } = secretsIn(own);
  const port = await sixPorts();
  const processes = new Processes(own);
  const services = spawnServices({
    root,
    port,
    env: { ...process.env, ...env, ...keys, BOOTSTRAP_KEY, ENGINES: 'embedded', LOG_LEVEL: 'warn' },
    processes,
    onLost: (sentence) => progress.line(sentence),
  });
  ends.unshift(() => stopServices(services));
  await Promise.all(services.map(ready));
  return { services, baseUrl: services[0].address, key: BOOTSTRAP_KEY };
}

/** The ports of the services follow each other. */
async function sixPorts() {
  for (;;) {
    const [first] = await freePorts(1);
    if (first < 31_000) return first;
  }
}

/** @param {{ baseUrl: string, key: string }} house @param {string} method @param {string} route @param {unknown} [body] */
async function ask({ baseUrl, key }, method, route, body) {
  const response = await fetch(baseUrl + route, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', prefer: 'wait=60' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw new Trouble(`${method} ${route}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** What `npm start` loads. @param {{ baseUrl: string, key: string }} house */
async function importDemo(house) {
  for (const name of ['dia', 'pimap', 'exxtra'])
    await ask(
      house,
      'POST',
      '/v1/imports',
      JSON.parse(readFileSync(path.join(root, 'libs', 'reference', 'data', 'partnerships', `${name}.json`), 'utf8')),
    );
}

/** @param {{ baseUrl: string, key: string }} house */
async function importEvents(house) {
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
  await ask(house, 'POST', '/v1/imports', { code: 'BENCH', identity, programme: { code: 'ESCP-4I' }, plannedEvents });
  /** @type {string[]} */
  const ids = [];
  for (let cursor = ''; ids.length < EVENTS; ) {
    const page = await ask(house, 'GET', `/v1/events?partnership=bench&limit=200${cursor}`);
    ids.push(...page.items.map((/** @type {{ id: string }} */ event) => event.id));
    cursor = page.next ? `&cursor=${page.next}` : '';
    if (!page.next) break;
  }
  return ids;
}

/** @param {{ baseUrl: string, key: string }} house @param {string[]} ids */
async function commands(house, ids) {
  const load = (/** @type {object} */ settings) => inOwnProcess('bench-load.mjs', { ...house, services: undefined, ...settings });
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

/** The same bytes from the gateway and from a bare server, turn by turn. @param {{ baseUrl: string }} house */
async function reads({ baseUrl }) {
  const route = '/v1/partnerships/dia';
  const body = await (await fetch(baseUrl + route)).text();
  const [port] = await freePorts(1);
  const server = spawn(process.execPath, [path.join(root, 'tools', 'bench-server.mjs'), String(port), route], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  ends.unshift(async () => server.kill());
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

/** Once what was imported has settled. @param {{ services: import('./services.mjs').Service[] }} house */
async function memory({ services }) {
  if (process.platform !== 'linux') return row('memory of the six services', 'only told on Linux', '≤ 900 MB', false);
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const kib = services.map(({ child }) =>
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

async function end() {
  for (const one of ends.splice(0)) await one();
  rmSync(own, { recursive: true, force: true });
}

onStop(async (code) => {
  await end();
  process.exit(code);
});
await main()
  .catch((error) => {
    process.stderr.write(`${told(error)}\n`);
    process.exitCode = 1;
  })
  .finally(end);
