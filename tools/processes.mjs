import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { endProcess, identify } from './identity.mjs';
import { stepBack } from './precedence.mjs';
import { lastLines } from './programs.mjs';

const LARGE_LOG = 16 * 1024 * 1024;
const WATCHDOG = fileURLToPath(new URL('watchdog.mjs', import.meta.url));

/** @type {import('node:child_process').ChildProcess | null} */
let watchdog = null;
let watched = 0;

/** @param {object} line */
function tell(line) {
  watchdog?.stdin?.write(`${JSON.stringify(line)}\n`);
}

/** @param {import('./identity.mjs').Identity} identity */
function watch(identity) {
  if (!watchdog) {
    watchdog = spawn(process.execPath, ['--max-old-space-size=16', WATCHDOG], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      windowsHide: true,
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    watchdog.stdin?.on('error', () => {});
    watchdog.on('error', () => {});
    watchdog.unref();
    /** @type {import('node:net').Socket} */ (watchdog.stdin).unref();
  }
  watched++;
  tell({ add: identity });
}

/** @param {number} pid */
function unwatch(pid) {
  tell({ drop: pid });
  if (--watched > 0) return;
  watchdog?.stdin?.end();
  watchdog = null;
}

/**
 * @typedef {object} Launch
 * @property {string} command
 * @property {string[]} args
 * @property {string} [cwd]
 * @property {Record<string, string | undefined>} [env] added to our own
 * @property {boolean} [behind] it leaves precedence to others
 */

/** A child that dies with us, whatever ends us, and whose number stands in a file for whoever starts next in the same folder. */
export class Child {
  /**
   * @param {string} name
   * @param {Launch} launch
   * @param {{ pidFile: string, logFile: string }} files
   */
  constructor(name, { command, args, cwd, env, behind = false }, { pidFile, logFile }) {
    this.name = name;
    this.logFile = logFile;
    /** True from the moment we end it ourselves. */
    this.ending = false;
    const log = openLog(logFile);
    // A session of its own: Ctrl-C in the terminal reaches the launcher only, which then stops its children in order.
    this.process = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', log, log],
      detached: true,
      windowsHide: true,
    });
    closeSync(log);
    /** @type {Promise<{ code: number | null, signal: NodeJS.Signals | null }>} */
    this.exited = new Promise((resolve) => {
      this.process.once('error', () => resolve({ code: 127, signal: null }));
      this.process.once('exit', (code, signal) => resolve({ code, signal }));
    });
    this.hasExited = false;
    const { pid } = this.process;
    if (pid !== undefined) {
      const identity = identify(pid);
      watch(identity);
      if (behind) void stepBack(pid);
      writeFileSync(pidFile, JSON.stringify(identity));
    }
    this.exited.then(() => {
      this.hasExited = true;
      if (pid === undefined) return;
      unwatch(pid);
      rmSync(pidFile, { force: true });
    });
  }

  async kill() {
    this.ending = true;
    this.process.kill('SIGKILL');
    await this.exited;
  }

  /** @param {number} patience milliseconds until it is killed */
  async end(patience) {
    this.ending = true;
    this.process.kill('SIGTERM');
    const insist = setTimeout(() => this.process.kill('SIGKILL'), patience);
    await this.exited;
    clearTimeout(insist);
  }

  logEnd() {
    return existsSync(this.logFile) ? lastLines(readFileSync(this.logFile, 'utf8').slice(-16_000)) : '';
  }
}

/** @param {string} file */
function openLog(file) {
  mkdirSync(path.dirname(file), { recursive: true });
  if (existsSync(file) && statSync(file).size > LARGE_LOG) renameSync(file, `${file}.1`);
  return openSync(file, 'a');
}

/** The children of one data folder. */
export class Processes {
  /** @param {string} dir */
  constructor(dir) {
    this.dir = dir;
    this.pids = path.join(dir, 'pids');
    mkdirSync(this.pids, { recursive: true });
  }

  /** Ends what a launcher that died has left in this folder, each only if it still is that process. */
  async endLeftovers() {
    for (const file of readdirSync(this.pids)) {
      const pidFile = path.join(this.pids, file);
      const identity = identityIn(pidFile);
      if (identity) await endProcess(identity, 10_000);
      rmSync(pidFile, { force: true });
    }
  }

  /**
   * @param {string} name
   * @param {Launch} launch
   */
  spawn(name, launch) {
    const files = { pidFile: path.join(this.pids, `${name}.json`), logFile: path.join(this.dir, 'log', `${name}.log`) };
    return new Child(name, launch, files);
  }
}

/**
 * @param {string} file
 * @returns {import('./identity.mjs').Identity | null}
 */
function identityIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
