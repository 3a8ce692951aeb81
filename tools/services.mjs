import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BEHIND } from './precedence.mjs';
import { Trouble } from './trouble.mjs';

/** In the order of their ports, the gateway first. */
export const SERVICES = ['gateway', 'membership', 'events', 'exchanges', 'notifications', 'worker'];

/**
 * Six processes share one machine: small young generations save much memory, and cost speed only where each command passes
 * through. Megabytes.
 */
const YOUNG = /** @type {Record<string, number>} */ ({ gateway: 32, events: 16, membership: 16 });
const flagsOf = (/** @type {string} */ name) => [`--max-semi-space-size=${YOUNG[name] ?? 4}`, '--max-old-space-size=384'];

const READY_WITHIN_MS = 90_000;
const PATIENCE_MS = 20_000;

/**
 * @typedef {object} Service
 * @property {string} name
 * @property {string} address
 * @property {import('./processes.mjs').Child} child
 */

/**
 * @param {object} options
 * @param {string} options.root
 * @param {number} options.port of the gateway; the others follow
 * @param {Record<string, string | undefined>} options.env
 * @param {import('./processes.mjs').Processes} options.processes
 * @param {(sentence: string) => void} options.onLost a service has ended by itself
 * @returns {Service[]}
 */
export function spawnServices({ port, ...options }) {
  // Links in mails lead to the gateway, which tells its own address by itself.
  const told = (/** @type {string} */ name) =>
    name === 'notifications' ? { PUBLIC_URL: `http://127.0.0.1:${port}`, ...options.env } : options.env;
  return SERVICES.map((name, index) => spawnService({ ...options, env: told(name), name, port: port + index }));
}

/**
 * @param {object} options
 * @param {string} options.root
 * @param {string} options.name
 * @param {number} options.port
 * @param {Record<string, string | undefined>} options.env
 * @param {import('./processes.mjs').Processes} options.processes
 * @param {(sentence: string) => void} options.onLost it has ended by itself
 * @param {string} [options.called] where its log and number are kept, when there is another of its kind
 * @returns {Service}
 */
export function spawnService({ root, name, port, env, processes, onLost, called = name }) {
  // What V8 has compiled once it need not compile again at each start.
  const compiled = path.join(root, '.engines', 'compiled');
  const own = { ...env, HOST: '127.0.0.1', PORT: `${port}`, NODE_OPTIONS: '', NODE_COMPILE_CACHE: compiled };
  const main = path.join(root, 'dist', 'apps', name, 'main.js');
  const launch = { command: process.execPath, args: [...flagsOf(name), main], cwd: root, env: own, behind: BEHIND.services.includes(name) };
  const child = processes.spawn(called, launch);
  child.exited.then(({ code, signal }) => {
    if (!child.ending) onLost(`The service ${name} has ended by itself (${signal ?? code}): see ${child.logFile}.\n${child.logEnd()}`);
  });
  return { name: called, address: `http://127.0.0.1:${port}`, child };
}

/**
 * What the services are told, as a file for `node --env-file` and `nest start --env-file`: so that one may be started by itself.
 * @param {Record<string, string | undefined>} env
 */
export function envFile(env) {
  const lines = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [`${name}='${value}'`]));
  return `${lines.join('\n')}\n`;
}

/**
 * @param {Service} service
 * @returns {Promise<void>}
 */
export async function ready({ name, address, child }) {
  let last = 'no answer';
  for (const end = Date.now() + READY_WITHIN_MS; Date.now() < end; await pause(100)) {
    if (child.hasExited) return;
    const answer = await health(address);
    if (answer === null) return;
    last = answer;
  }
  throw new Trouble(`The service ${name} is not ready after ${READY_WITHIN_MS / 1000} s (${last}): see ${child.logFile}.`, child.logEnd());
}

/** @param {string} address @returns {Promise<string | null>} what is wrong; null: ready */
async function health(address) {
  try {
    const response = await fetch(`${address}/health/ready`, { signal: AbortSignal.timeout(5_000) });
    const body = await response.text();
    return response.status === 200 ? null : `${response.status} ${body.slice(0, 500)}`;
  } catch {
    return 'no answer';
  }
}

/** The gateway first, so that nothing new comes in while the others finish. @param {Service[]} services */
export async function stopServices(services) {
  const [gateway, ...others] = services;
  await gateway?.child.end(PATIENCE_MS);
  await Promise.all(others.map(({ child }) => child.end(PATIENCE_MS)));
}
