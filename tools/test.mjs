import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { findServers, startEngines } from './engines.mjs';
import { identify, isAlive } from './identity.mjs';
import { demandNode, handedOver, onStop, underRuntime } from './install.mjs';
import { demandPrograms } from './needs.mjs';
import { Processes } from './processes.mjs';
import { endRunning, run } from './programs.mjs';
import { Progress } from './progress.mjs';
import { Trouble, told } from './trouble.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const runs = path.join(root, '.test');
const own = path.join(runs, `${process.pid}`);
const progress = new Progress(handedOver());
const stopSign = new AbortController();
const count = { passed: 0, failed: 0 };

/** @type {import('./engines.d.mts').Engines | null} */
let engines = null;
/** @type {import('node:child_process').ChildProcess | null} */
let jest = null;
let stopping = false;

async function main() {
  demandNode();
  onStop(stop);
  await demandPrograms({ root });
  if (!(await underRuntime({ root, script: process.argv[1], args: process.argv.slice(2), progress }))) return false;
  await sweep();
  mkdirSync(own, { recursive: true });
  writeFileSync(path.join(own, 'launcher.json'), JSON.stringify(identify()));
  await progress.download('Engines are at hand', () => findServers({ root }));
  await check('biome check', ['@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '--colors=off']);
  await check('tsc', ['typescript/bin/tsc', '--noEmit']);
  await counted('nest build', () => build(root));
  if (stopping) return true;
  engines = await progress.step('Engines are up', () =>
    startEngines({ root, dir: path.join(own, 'engines'), onLost: complain, signal: stopSign.signal }),
  );
  progress.line(`      ${Object.values(engines.names).join(' · ')}`);
  if (!stopping) await jestRun(engines.env);
  return true;
}

/** Folders of runs that were killed; what they may have left running is ended first. */
async function sweep() {
  for (const name of existsSync(runs) ? readdirSync(runs) : []) {
    const folder = path.join(runs, name);
    const launcher = path.join(folder, 'launcher.json');
    if (!existsSync(launcher) || isAlive(JSON.parse(readFileSync(launcher, 'utf8')))) continue;
    await new Processes(path.join(folder, 'engines')).endLeftovers();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} what @param {string[]} command a script of a package and its arguments */
function check(what, [script, ...args]) {
  return counted(what, () => run(process.execPath, [path.join(root, 'node_modules', script), ...args], { cwd: root }));
}

/** @param {string} what @param {() => Promise<{ code: number, output: string }>} action */
async function counted(what, action) {
  if (stopping) return;
  try {
    await progress.step(what, async () => {
      const { code, output } = await action();
      if (code !== 0) throw new Trouble(output.trimEnd());
    });
    count.passed++;
  } catch (error) {
    count.failed++;
    progress.line(told(error));
  }
}

/** @param {Record<string, string>} urls */
async function jestRun(urls) {
  const results = path.join(own, 'jest.json');
  const script = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const args = [script, '--maxWorkers=2', '--json', `--outputFile=${results}`, ...process.argv.slice(2)];
  const settings = {
    ENGINES: 'embedded',
    TOPIC_PARTITIONS: '2',
    LOG_LEVEL: 'warn',
    HOST: '127.0.0.1',
    NODE_ENV: 'test',
    PATH: pathWithNode(),
  };
  const env = { ...process.env, ...urls, ...settings, NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' };
  // A group of its own, so that what the tests have started can be ended with them.
  jest = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'], detached: process.platform !== 'win32' });
  const code = await new Promise((resolve) => jest?.once('exit', resolve).once('error', () => resolve(1)));
  add(results, code);
}

function pathWithNode() {
  return [path.dirname(process.execPath), process.env.PATH ?? ''].join(path.delimiter);
}

/** A file that does not load counts as one failed. @param {string} results @param {number | null} code */
function add(results, code) {
  if (!existsSync(results)) {
    count.failed++;
    return;
  }
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(results, 'utf8'));
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  count.passed += numPassedTests;
  count.failed += failed === 0 && code !== 0 ? 1 : failed;
}

/** @param {string} sentence */
function complain(sentence) {
  if (!stopping) process.stderr.write(`${sentence}\n`);
}

/** @param {number} code */
async function stop(code) {
  stopping = true;
  stopSign.abort();
  endRunning();
  endJest('SIGTERM');
  const insist = setTimeout(() => endJest('SIGKILL'), 10_000);
  await begin.catch(() => {});
  clearTimeout(insist);
  await cleared();
  process.exit(code);
}

/** @param {NodeJS.Signals} signal */
function endJest(signal) {
  if (!jest?.pid || jest.exitCode !== null || jest.signalCode !== null) return;
  try {
    process.kill(process.platform === 'win32' ? jest.pid : -jest.pid, signal);
  } catch {
    jest.kill(signal);
  }
}

async function cleared() {
  await engines?.stop();
  rmSync(own, { recursive: true, force: true });
}

/** @param {boolean} here */
async function close(here) {
  if (stopping) return;
  stopping = true;
  await cleared();
  if (!here) return;
  process.stdout.write(`\n${count.passed} passed, ${count.failed} failed\n`);
  process.exitCode = count.failed === 0 && count.passed > 0 ? 0 : 1;
}

const begin = main();
begin.then(close, (error) => {
  if (stopping) return undefined;
  process.stderr.write(`${told(error)}\n`);
  count.failed++;
  return close(true);
});
