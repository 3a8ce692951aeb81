import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * `node test/load/streams.mjs <address of a gateway> <key of the platform> [clients] [rounds]`: many listen to the feed at one
 * gateway while something happens to an event, round by round. Tells how much memory the listeners take and how long an event
 * needs to reach all of them: from the moment the write was sent, and from the moment it was answered.
 */
const [address = 'http://127.0.0.1:3000', key = '', clients = '1000', rounds = '40'] = process.argv.slice(2);
const { hostname, port } = new URL(address);
const AGAIN_MS = 250;
const PROMISED = { megabytes: 150, milliseconds: 500 };

/** @type {Map<string, { left: number, told(): void }>} what every listener is still to be told, by the city it brings */
const awaited = new Map();
let lost = 0;

/** @returns {Promise<import('node:net').Socket>} resolves when the stream has begun */
function listen() {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write(`GET /v1/feed/stream?types=event.changed.v1 HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${key}\r\n\r\n`),
    );
    let rest = '';
    socket.setEncoding('latin1');
    socket.on('data', (text) => {
      rest += text;
      if (rest.includes('retry: ')) resolve(socket);
      for (const [, city] of rest.matchAll(/"city":"(round [^"]+)"/g)) hear(city ?? '');
      rest = rest.slice(rest.lastIndexOf('"city":"') + 1).slice(-200);
    });
    socket.on('error', reject);
    socket.on('close', () => {
      lost += 1;
    });
  });
}

/** @param {string} city */
function hear(city) {
  const round = awaited.get(city);
  if (!round) return;
  round.left -= 1;
  if (round.left === 0) round.told();
}

/** @param {string} method @param {string} path @param {unknown} [body] */
async function ask(method, path, body) {
  const response = await fetch(address + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'if-match': '*', prefer: 'wait=30' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${await response.text()}`);
  return response;
}

async function megabytes() {
  const page = await (await fetch(`${address}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(page)?.[1]) / 1024 / 1024;
}

/** @param {string} id @param {string} city @param {number} listeners */
async function round(id, city, listeners) {
  /** @type {Promise<void>} */
  const heard = new Promise((told) => awaited.set(city, { left: listeners, told }));
  const sent = performance.now();
  await ask('PATCH', `/v1/events/${id}`, { city });
  const answered = performance.now();
  await heard;
  awaited.delete(city);
  const now = performance.now();
  return { sinceSent: now - sent, sinceAnswered: Math.max(0, now - answered) };
}

/** @param {number[]} values */
function told(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.toFixed(0);
  return `median ${at(0.5)} ms, 90 % ${at(0.9)} ms, worst ${sorted.at(-1)?.toFixed(0)} ms`;
}

const { items } = await (await ask('GET', '/v1/events?limit=1')).json();
const [event] = items;
if (!event) throw new Error('This needs an event: import a partnership first.');
const before = await megabytes();
const sockets = [];
while (sockets.length < Number(clients)) sockets.push(...(await Promise.all(Array.from({ length: 50 }, listen))));
const opened = await megabytes();

const times = [];
for (let number = 0; number < Number(rounds); number += 1) {
  times.push(await round(event.id, `round ${process.pid}-${number}`, sockets.length));
  await pause(AGAIN_MS);
}
const after = await megabytes();
const worst = Math.max(...times.map(({ sinceSent }) => sinceSent));
const most = Math.max(opened, after) - before;

console.log(`${sockets.length} listeners, ${times.length} events, ${lost} connections lost`);
console.log(
  `memory of the gateway: ${before.toFixed(0)} MB before, ${opened.toFixed(0)} MB with all listening, ${after.toFixed(0)} MB at the end`,
);
console.log(`all have heard it, since the write was sent: ${told(times.map(({ sinceSent }) => sinceSent))}`);
console.log(`all have heard it, since the write was answered: ${told(times.map(({ sinceAnswered }) => sinceAnswered))}`);
for (const socket of sockets) socket.destroy();
if (most > PROMISED.megabytes || worst > PROMISED.milliseconds || lost > 0) process.exitCode = 1;
