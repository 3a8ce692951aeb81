import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { freePorts } from './ports.mjs';
import { Trouble } from './trouble.mjs';

/** What the benches share: rows that say what was promised, and load from a process of its own. */

const ROUNDS = 3;

/** @typedef {{ what: string, measured: string, promised: string, missed: boolean }} Row */

/** @param {string} what @param {string} measured @param {string} promised @param {boolean} missed @returns {Row} */
export const row = (what, measured, promised, missed) => ({ what, measured, promised, missed });

/** Of times in any order. @param {readonly number[]} times @param {number} share */
export function quantile(times, share) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** @param {import('./progress.mjs').Progress} progress @param {Row[]} rows @param {Record<string, string>} names */
export function print(progress, rows, names) {
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

/**
 * Some events on which commands can be tried.
 * @param {import('./own-house.mjs').OwnHouse} house
 * @param {number} count
 */
export async function importEvents(house, count) {
  const row = {
    targetGroups: ['CLUSTER_ORGANISATIONS'],
    openToSmes: true,
    type: 'WEBINAR',
    estimatedDate: '2030-05',
    country: null,
    city: null,
  };
  const plannedEvents = Array.from({ length: count }, (_, i) => ({ no: i + 1, ...row }));
  const identity = { acronym: 'BENCH', name: 'Bench partnership' };
  await house.ask('POST', '/v1/imports', { code: 'BENCH', identity, programme: { code: 'ESCP-4I' }, plannedEvents });
  /** @type {string[]} */
  const ids = [];
  for (let cursor = ''; ids.length < count; ) {
    const page = await house.ask('GET', `/v1/events?partnership=bench&limit=200${cursor}`);
    ids.push(...page.items.map((/** @type {{ id: string }} */ event) => event.id));
    cursor = page.next ? `&cursor=${page.next}` : '';
    if (!page.next) break;
  }
  return ids;
}

/**
 * A bare server that answers the route with these bytes; ends with the house, or before.
 * @param {import('./own-house.mjs').OwnHouse} house
 * @param {string} route
 * @param {string} body
 */
export async function bareServer(house, route, body) {
  const [port] = await freePorts(1);
  const server = spawn(process.execPath, [path.join(house.root, 'tools', 'bench-server.mjs'), String(port), route.split('?')[0] ?? ''], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  house.alsoEnd(async () => server.kill());
  server.stdin.end(body);
  await new Promise((resolve) => server.stdout.once('data', resolve));
  return { url: `http://127.0.0.1:${port}${route}`, end: () => server.kill() };
}

/**
 * The same bytes from the gateway and from a bare server, turn by turn.
 * @param {import('./own-house.mjs').OwnHouse} house
 * @param {string} route
 * @param {string} [key]
 */
export async function besideBare(house, route, key) {
  const { root, baseUrl } = house;
  const headers = key ? { authorization: `Bearer ${key}` } : {};
  const body = await (await fetch(baseUrl + route, { headers })).text();
  const server = await bareServer(house, route, body);
  const load = (/** @type {string} */ url) =>
    inOwnProcess(root, 'bench-load.mjs', { kind: 'reads', url, key, connections: 20, seconds: 5 });
  await load(baseUrl + route);
  const pairs = [];
  for (let i = 0; i < ROUNDS; i++) {
    const bare = await load(server.url);
    const ours = await load(baseUrl + route);
    pairs.push({ ours, bare, share: (100 * ours.perSecond) / bare.perSecond });
  }
  server.end();
  return pairs.sort((a, b) => a.share - b.share)[Math.floor(ROUNDS / 2)];
}

/** `signal`: ends it before its time; it tells what it has measured until then. @param {string} root @param {string} script @param {object} settings @param {AbortSignal} [signal] */
export function inOwnProcess(root, script, settings, signal) {
  const child = spawn(process.execPath, [path.join(root, 'tools', script)], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(settings));
  signal?.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.once('exit', (code) => (code === 0 ? resolve(JSON.parse(text)) : reject(new Trouble(`${script} ended with ${code}`))));
  });
}
