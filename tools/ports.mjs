import { randomInt } from 'node:crypto';
import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Trouble } from './trouble.mjs';

/** Below the range from which systems give ports to outgoing connections: a port left for a moment is not taken by one. */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export async function isFree(port) {
  return (await canListen(port)) && !(await answers(port));
}

/** @param {number} port */
function canListen(port) {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Some systems let two listen on one port when their addresses differ. @param {number} port */
function answers(port) {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true) || socket.destroy());
    socket.once('error', () => resolve(false));
  });
}

/** Long enough for whoever was given a port to listen there. */
const MEANT_MS = 120_000;

/** Whether nobody else was given this port of late: several houses begin at once, and none of them listens yet. @param {number} port */
function meant(port) {
  const folder = path.join(tmpdir(), 'clusterbridge-ports');
  const file = path.join(folder, `${port}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, '', { flag: 'wx' });
    return true;
  } catch (error) {
    // Where nothing can be noted, being free must do.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') return true;
  }
  if (Date.now() - statSync(file).mtimeMs < MEANT_MS) return false;
  utimesSync(file, new Date(), new Date());
  return true;
}

/**
 * @param {number} count
 * @returns {Promise<number[]>} different ports, free a moment ago, and given to nobody else of late
 */
export async function freePorts(count) {
  /** @type {Set<number>} */
  const ports = new Set();
  for (let tries = 0; ports.size < count && tries < 1_000; tries++) {
    const port = randomInt(LOWEST, HIGHEST);
    if (!ports.has(port) && (await isFree(port)) && meant(port)) ports.add(port);
  }
  if (ports.size < count)
    throw new Trouble(`No free port was found between ${LOWEST} and ${HIGHEST}: end what listens there and try again.`);
  return [...ports];
}

/**
 * The ports of last time where they are still free, others where not.
 * @param {string[]} names
 * @param {Record<string, number>} remembered
 * @returns {Promise<Record<string, number>>}
 */
export async function keptPorts(names, remembered) {
  const fresh = await freePorts(names.length);
  /** @type {Record<string, number>} */
  const ports = {};
  for (const name of names) {
    const before = remembered[name];
    const keep = before && !Object.values(ports).includes(before) && (await isFree(before));
    ports[name] = keep ? before : /** @type {number} */ (fresh.pop());
  }
  return ports;
}

/**
 * @param {number} first
 * @param {number} count
 */
export async function demandFree(first, count) {
  for (let port = first; port < first + count; port++) {
    if (await isFree(port)) continue;
    const other = first === 4000 ? 5000 : 4000;
    throw new Trouble(
      `Port ${port} is in use (${first} to ${first + count - 1} are needed): end what listens there, or choose others with \`PORT=${other} npm start\`.`,
    );
  }
}

/**
 * Sends bytes and waits for an answer that satisfies; a probe for readiness.
 * @param {number} port
 * @param {Buffer | null} question null: the server speaks first
 * @param {(answer: Buffer) => boolean | undefined} satisfies undefined: more bytes are needed
 * @returns {Promise<boolean>}
 */
export function ask(port, question, satisfies) {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1' });
    let answer = Buffer.alloc(0);
    const end = (/** @type {boolean} */ outcome) => {
      socket.destroy();
      resolve(outcome);
    };
    socket.setTimeout(2_000, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.once('connect', () => question && socket.write(question));
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      const outcome = satisfies(answer);
      if (outcome !== undefined) end(outcome);
    });
  });
}
