import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import autocannon from 'autocannon';

/** Load from a process of its own: settings as JSON on stdin, what was measured as JSON on stdout. */

/** @type {{ kind: 'commands' | 'reads', url?: string, baseUrl?: string, key?: string, ids?: string[], connections: number, seconds: number }} */
const settings = JSON.parse(await text(process.stdin));
const { kind, connections, seconds } = settings;
const agent = new Agent({ keepAlive: true, maxSockets: connections });
/** @type {number[]} */
const times = [];
let sent = 0;
let bad = 0;

/** Each command says something new, so that each is a change. */
function command() {
  const { baseUrl = '', key, ids = [] } = settings;
  const number = sent++;
  return {
    url: `${baseUrl}/v1/events/${ids[number % ids.length]}`,
    method: 'PATCH',
    key,
    body: JSON.stringify({ city: `City ${process.pid}-${number}` }),
  };
}

/** @param {ReturnType<typeof command>} asked @returns {Promise<number>} */
function send({ url, method, key, body }) {
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'if-match': '*',
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const going = request(url, { method, agent, headers }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    going.once('error', reject);
    going.end(body);
  });
}

/** @param {number} until */
async function connection(until) {
  while (performance.now() < until) {
    const since = performance.now();
    const status = await send(command());
    if (status === 200) times.push(performance.now() - since);
    else bad += 1;
  }
}

async function commands() {
  const since = performance.now();
  await Promise.all(Array.from({ length: connections }, () => connection(since + seconds * 1000)));
  const wall = (performance.now() - since) / 1000;
  times.sort((a, b) => a - b);
  const quantile = (/** @type {number} */ share) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  agent.destroy();
  return { perSecond: times.length / wall, p50: quantile(0.5), p99: quantile(0.99), bad };
}

async function reads() {
  const { requests, latency, non2xx } = await autocannon({ url: settings.url ?? '', connections, duration: seconds });
  return { perSecond: requests.average, p50: latency.p50, p99: latency.p99, bad: non2xx };
}

process.stdout.write(JSON.stringify(await (kind === 'commands' ? commands() : reads())));
