import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { loadDemo } from './demo.mjs';
import { findServers, startEngines } from './engines.mjs';
import { demandNode, handedOver, onStop, underRuntime } from './install.mjs';
import { take } from './locks.mjs';
import { demandPrograms } from './needs.mjs';
import { demandFree } from './ports.mjs';
import { BEHIND } from './precedence.mjs';
import { Processes } from './processes.mjs';
import { endRunning, lastLines } from './programs.mjs';
import { Progress } from './progress.mjs';
import { secretsIn } from './secrets.mjs';
import { envFile, ready, SERVICES, spawnServices, stopServices } from './services.mjs';
import { Trouble, told } from './trouble.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const data = path.join(root, '.data');
const lock = path.join(root, '.engines', 'locks', 'start');
const progress = new Progress(handedOver());

/** What is to be stopped, the last one first. @type {{ what: string, stop: () => Promise<void> }[]} */
const started = [];
let stopping = false;
const stopSign = new AbortController();

async function main() {
  demandNode();
  onStop(stop);
  const { fresh, port } = wishes(process.argv.slice(2));
  const early = held();
  await new Processes(data).endLeftovers();
  early();
  await demandFree(port, SERVICES.length);
  await demandPrograms({ root });
  if (!(await underRuntime({ root, script: process.argv[1], args: process.argv.slice(2), progress }))) return;
  process.once('exit', held());
  await house(port, fresh);
}

/** @param {string[]} args */
function wishes(args) {
  const unknown = args.find((arg) => arg !== '--fresh');
  if (unknown)
    throw new Trouble(`${unknown} is not known: \`npm start\` goes on with the data of last time, \`npm start -- --fresh\` begins anew.`);
  const port = Number(process.env.PORT || 3000);
  const last = 65_536 - SERVICES.length;
  if (!Number.isInteger(port) || port < 1 || port > last)
    throw new Trouble(`PORT=${process.env.PORT} is no port: give a number from 1 to ${last}.`);
  return { fresh: args.includes('--fresh'), port };
}

/** One house per checkout. */
function held() {
  const release = take(lock);
  if (release) return release;
  const { pid } = JSON.parse(readFileSync(lock, 'utf8'));
  throw new Trouble(
    `It runs already in this checkout (process ${pid}): end that one with Ctrl-C or \`kill ${pid}\` first, or use another checkout.`,
  );
}

/** @param {number} port @param {boolean} fresh */
async function house(port, fresh) {
  if (fresh) await progress.step('Removing the data of last time', async () => rmSync(data, { recursive: true, force: true }));
  const processes = new Processes(data);
  await progress.download('Engines are at hand', () => findServers({ root }));
  const engines = await progress.step('Engines are up', () =>
    startEngines({ root, dir: path.join(data, 'engines'), onLost: lost, signal: stopSign.signal, behind: BEHIND.engines }),
  );
  begun('the engines', engines.stop);
  for (const [kind, name] of Object.entries(engines.names)) progress.line(`      ${kind.padEnd(6)} ${name}`);
  await progress.step('The six services are built', built);

  const secrets = secretsIn(data);
  const env = environment(engines, secrets);
  writeFileSync(path.join(data, 'env'), envFile({ ...env, HOST: '127.0.0.1' }), { mode: 0o600 });
  const services = spawnServices({ root, port, env, processes, onLost: lost });
  begun('the services', () => stopServices(services));
  await progress.step('The six services are ready', () => Promise.all(services.map(ready)));
  if (stopping) return;
  const baseUrl = services[0].address;
  const file = path.join(data, 'demo.json');
  const keys = engines.embedded
    ? await progress.step('The demo data are loaded', () => loadDemo({ root, baseUrl, bootstrapKey: secrets.BOOTSTRAP_KEY, file }))
    : null;
  if (!stopping) show(services, engines, keys);
}

/** Told to stop while it was starting: what has come up meanwhile is stopped as well. @param {string} what @param {() => Promise<void>} stopIt */
function begun(what, stopIt) {
  started.push({ what, stop: stopIt });
  if (stopping) throw new Trouble('Stopped while starting.');
}

async function built() {
  const { code, output } = await build(root);
  if (code !== 0) throw new Trouble('The services do not build.', lastLines(output, 40));
}

/**
 * @param {import('./engines.d.mts').Engines} engines
 * @param {ReturnType<typeof secretsIn>} secrets
 * @returns {Record<string, string | undefined>}
 */
function environment(engines, { BOOTSTRAP_KEY, ...keys }) {
  if (engines.embedded) return { ...engines.env, ...keys, ENGINES: 'embedded', BOOTSTRAP_KEY };
  return { ...engines.env, ...keys, ENGINES: 'external', BOOTSTRAP_KEY: process.env.BOOTSTRAP_KEY };
}

/**
 * @param {import('./services.mjs').Service[]} services
 * @param {import('./engines.d.mts').Engines} engines
 * @param {Record<string, string> | null} keys
 */
function show(services, engines, keys) {
  progress.line();
  for (const { name, address } of services) progress.line(`  ${name.padEnd(14)} ${address}`);
  progress.line(`  ${'documentation'.padEnd(14)} ${services[0].address}/docs`);
  if (engines.mailPage) progress.line(`  ${'mails'.padEnd(14)} ${engines.mailPage}`);
  progress.line();
  if (!keys) progress.line(`  No demo data: an engine of another machine was given by URL. ${firstKey()}`);
  const width = Math.max(0, ...Object.keys(keys ?? {}).map((label) => label.length));
  for (const [label, key] of Object.entries(keys ?? {})) progress.line(`  ${label.padEnd(width)}  ${key}`);
  if (keys) progress.line('\n  The keys stand in .data/demo.json; use one as `Authorization: Bearer <key>`.');
  progress.line(`\n  Up after ${progress.total()}. Ctrl-C stops everything; the data stay.`);
}

function firstKey() {
  if (process.env.BOOTSTRAP_KEY) return 'The key of the first administrator is that of BOOTSTRAP_KEY.';
  return 'The key of a first administrator is made by `node dist/apps/gateway/first-key.js`, and given as BOOTSTRAP_KEY.';
}

/** @param {string} sentence */
function lost(sentence) {
  if (stopping) return;
  process.stderr.write(`\n${sentence}\n`);
  stop(1);
}

/** @param {number} code */
async function stop(code) {
  if (stopping) return;
  stopping = true;
  stopSign.abort();
  endRunning();
  await stopStarted();
  await begin.catch(() => {});
  await stopStarted();
  process.exit(code === 130 || code === 143 ? 0 : code);
}

async function stopStarted() {
  for (let last = started.pop(); last; last = started.pop()) await progress.step(`Stopping ${last.what}`, last.stop);
}

const begin = main();
begin.catch((error) => {
  if (stopping) return;
  process.stderr.write(`${told(error)}\n`);
  stop(1);
});
