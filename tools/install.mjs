import { spawn } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { alone } from './locks.mjs';
import { executable, onPath, run, systemPath, versionOf } from './programs.mjs';
import { Trouble } from './trouble.mjs';
import { atLeast, versionIn } from './versions.mjs';

const OLDEST_LAUNCHER = [20];
const OLDEST_RUNTIME = [24];

export function demandNode() {
  if (atLeast(versionIn(process.version), OLDEST_LAUNCHER)) return;
  throw new Trouble(
    `Node ${process.version} is too old: install Node 20 or newer, or start everything in containers with \`docker compose up\`.`,
  );
}

/**
 * What npm notes inside `node_modules` agrees with the lock; written last by npm, so an interrupted installation does not count.
 * @param {string} root
 */
export function isInstalled(root) {
  const wanted = packagesIn(path.join(root, 'package-lock.json'));
  const installed = packagesIn(path.join(root, 'node_modules', '.package-lock.json'));
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([place, entry]) => place === '' || agrees(entry, installed[place]));
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }} Entry
 * @param {string} file
 * @returns {Record<string, Entry> | null}
 */
function packagesIn(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : null;
}

/** @param {Entry} wanted @param {Entry | undefined} installed */
function agrees(wanted, installed) {
  if (!installed) return Boolean(wanted.optional || wanted.devOptional);
  return wanted.version === installed.version && wanted.integrity === installed.integrity;
}

/**
 * `npm ci` when needed.
 * @param {string} root
 * @param {import('./progress.mjs').Progress} progress
 * @returns {Promise<boolean>} whether anything was installed
 */
export async function install(root, progress) {
  if (isInstalled(root)) return false;
  await progress.download('npm ci', () =>
    alone(path.join(root, '.engines', 'locks', 'install'), async () => {
      if (!isInstalled(root)) await npmCi(root);
    }),
  );
  return true;
}

/** @param {string} root */
async function npmCi(root) {
  const PATH = systemPath();
  const npm = onPath('npm', PATH.split(path.delimiter));
  if (!npm) throw new Trouble('npm is missing: install Node 20 or newer together with npm.');
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await run(npm, args, { cwd: root, env: { PATH, NODE_ENV: undefined } });
  if (code !== 0)
    throw new Trouble(
      '`npm ci` failed: check the network and the settings of npm, then try again.',
      output.split('\n').slice(0, 20).join('\n'),
    );
}

/** @param {string} root */
function pinnedIn(root) {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  return path.join(root, 'node_modules', `node-${platform}-${process.arch}`, 'bin', name);
}

/**
 * The Node of the lock, else a Node ≥ 24 of the system.
 * @param {string} root
 * @returns {Promise<string>}
 */
export async function runtime(root) {
  const pinned = pinnedIn(root);
  if (executable(pinned) && (isSame(pinned) || (await versionOf(pinned)))) return pinned;
  if (atLeast(versionIn(process.version), OLDEST_RUNTIME)) return process.execPath;
  const other = onPath('node', systemPath().split(path.delimiter));
  if (other && atLeast(await versionOf(other), OLDEST_RUNTIME)) return other;
  throw new Trouble(
    'No Node 24 comes as a package for this system: put Node 24 or newer on the PATH, or start everything in containers with `docker compose up`.',
  );
}

/** @param {string} program */
function isSame(program) {
  return existsSync(process.execPath) && realpathSync(program) === realpathSync(process.execPath);
}

/**
 * Installs what is missing, and goes on under the pinned Node.
 * @param {{ root: string, script: string, args: string[], progress: import('./progress.mjs').Progress }} options
 * @returns {Promise<boolean>} true: we are it; false: another process has run to its end in our place
 */
export async function underRuntime({ root, script, args, progress }) {
  const changed = await install(root, progress);
  const program = await runtime(root);
  if (!changed && isSame(program)) return true;
  process.exitCode = await handOver(program, [script, ...args], progress);
  return false;
}

/**
 * Passes signals on; the channel tells the other process when we are gone.
 * @param {string} program
 * @param {string[]} args
 * @param {import('./progress.mjs').Progress} progress
 * @returns {Promise<number>}
 */
function handOver(program, args, { since, downloads }) {
  const env = { ...process.env, LAUNCHED_SINCE: `${since}`, LAUNCHED_DOWNLOADS: `${downloads}` };
  const child = spawn(program, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env });
  onStop((code) => child.kill(code === 130 ? 'SIGINT' : 'SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** What the process before us has told, taken out of the environment so that nobody else hears it. */
export function handedOver() {
  const { LAUNCHED_SINCE, LAUNCHED_DOWNLOADS } = process.env;
  delete process.env.LAUNCHED_SINCE;
  delete process.env.LAUNCHED_DOWNLOADS;
  return LAUNCHED_SINCE ? { since: Number(LAUNCHED_SINCE), downloads: Number(LAUNCHED_DOWNLOADS) } : {};
}

const PARENT_EVERY_MS = 500;

/** @type {((code: number) => void) | null} */
let stopper = null;

/**
 * We were told to stop: by Ctrl-C, by `kill`, or because the process we stand for is gone. The last one to ask is told, once.
 * @param {(code: number) => void} stop
 */
export function onStop(stop) {
  const first = stopper === null;
  stopper = stop;
  if (!first) return;
  let told = false;
  const tell = (/** @type {number} */ code) => {
    if (!told) stopper?.(code);
    told = true;
  };
  process.on('SIGINT', () => tell(130));
  process.on('SIGTERM', () => tell(143));
  process.on('disconnect', () => tell(143));
  process.channel?.unref();
  if (process.env.npm_lifecycle_event) whenParentIsGone(() => tell(143));
}

/** `kill` of npm ends the shell between npm and us, and nobody tells us. @param {() => void} action */
function whenParentIsGone(action) {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && action(), PARENT_EVERY_MS).unref();
}
