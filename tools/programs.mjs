import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { Trouble } from './trouble.mjs';
import { atLeast, versionIn } from './versions.mjs';

const WINDOWS = process.platform === 'win32';
const ENDINGS = WINDOWS ? ['.exe', '.cmd', '.bat'] : [''];
const COMPOSE = 'or start everything in containers with `docker compose up`';

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/**
 * @param {string} name
 * @param {string[]} [folders]
 * @returns {string | null} the program's full path
 */
export function onPath(name, folders = (process.env.PATH ?? '').split(path.delimiter)) {
  for (const folder of folders.filter(Boolean)) {
    for (const ending of ENDINGS) {
      const file = path.join(folder, name + ending);
      if (executable(file)) return file;
    }
  }
  return null;
}

/** @param {string} file */
export function executable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** PATH without the project's own `.bin`, where Node is replaced while `npm ci` runs. */
export function systemPath() {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.filter((folder) => !folder.endsWith(path.join('node_modules', '.bin'))).join(path.delimiter);
}

/** Java and Maven see names beyond ASCII only under a UTF-8 locale. */
export function utf8() {
  const locale = process.env.LC_ALL || process.env.LC_CTYPE || process.env.LANG || '';
  return /utf-?8/i.test(locale) ? {} : { LC_ALL: 'C.UTF-8' };
}

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, show?: boolean }} [options] show: what it prints goes to the terminal
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, { cwd, env, show = false } = {}) {
  return new Promise((resolve, reject) => {
    const script = WINDOWS && /\.(cmd|bat)$/i.test(command);
    const child = spawn(script ? `"${command}"` : command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
      shell: script,
      windowsHide: true,
    });
    running.add(child);
    let output = '';
    const keep = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk).slice(-64_000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('error', (error) => {
      running.delete(child);
      reject(error);
    });
    child.once('close', (code) => {
      running.delete(child);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** Ends the programs still on their way, when we are told to stop. */
export function endRunning() {
  for (const child of running) child.kill('SIGTERM');
}

/**
 * @param {string} text
 * @param {number} [count]
 */
export function lastLines(text, count = 15) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

/**
 * @param {string} program
 * @param {string[]} [args]
 */
export async function versionOf(program, args = ['--version']) {
  const { code, output } = await run(program, args).catch(() => ({ code: 1, output: '' }));
  return code === 0 ? versionIn(output) : null;
}

/** @returns {Promise<string>} Java 17 or newer */
export async function java() {
  const home = process.env.JAVA_HOME;
  const program = (home && onPath('java', [path.join(home, 'bin')])) || onPath('java');
  if (program && atLeast(await versionOf(program, ['-version']), [17])) return program;
  throw new Trouble(
    `${program ? 'The Java found is older than 17' : 'Java is missing'}: install Java 17 or newer for Apache Kafka, give KAFKA_BROKERS=host:port of a running Kafka, ${COMPOSE}.`,
  );
}

/** @returns {Promise<string>} */
export async function maven() {
  const program = onPath('mvn');
  if (program) return program;
  throw new Trouble(
    `Maven (mvn) is missing: install it to fetch Apache Kafka, give KAFKA_BROKERS=host:port of a running Kafka, ${COMPOSE}.`,
  );
}

/** @returns {Promise<string>} Python 3.10 or newer */
export async function python() {
  for (const name of ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10']) {
    const program = onPath(name);
    if (program && atLeast(await versionOf(program), [3, 10])) return program;
  }
  throw new Trouble(
    `Python 3.10 or newer is missing: install it to fetch the database and Redis, give MONGO_URL=mongodb://host:port and REDIS_URL=redis://host:port of running servers, ${COMPOSE}.`,
  );
}
