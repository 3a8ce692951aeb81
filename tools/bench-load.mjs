import { text } from 'node:stream/consumers';
import autocannon from 'autocannon';
import { quantile } from './bench-parts.mjs';

/** Load from a process of its own: settings as JSON on stdin, what was measured as JSON on stdout. */

/**
 * `groups`: who registers for `event`.
 * @type {{ kind: 'commands' | 'reads' | 'search' | 'seats', url?: string, baseUrl?: string, key?: string, ids?: string[], paths?: string[], event?: string, groups?: { organisation: string, person: string }[], connections: number, seconds: number }}
 */
const settings = JSON.parse(await text(process.stdin));
const { kind, connections, seconds: duration } = settings;
/** @type {number[]} */
const times = [];
let sent = 0;

/** Each command says something new, so that each is a change. */
function command() {
  const { ids = [] } = settings;
  const number = sent++;
  return { path: `/v1/events/${ids[number % ids.length]}`, body: JSON.stringify({ city: `City ${process.pid}-${number}` }) };
}

/** What autocannon tells of each answer; its own quantiles are whole milliseconds. */
function commands() {
  const { baseUrl = '', key } = settings;
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'if-match': '*' };
  const running = autocannon({
    url: baseUrl,
    connections,
    duration,
    requests: [{ method: 'PATCH', headers, setupRequest: (request) => ({ ...request, ...command() }) }],
  });
  running.on('response', (_client, status, _bytes, milliseconds) => {
    if (status === 200) times.push(milliseconds);
  });
  return running;
}

/** Each asks for something else, and comes again with another length of page: none is an answer that was kept. */
function search() {
  const { baseUrl = '', paths = [] } = settings;
  const setupRequest = (/** @type {object} */ request) => {
    const number = sent++;
    return { ...request, path: `${paths[number % paths.length]}&limit=${20 + (Math.floor(number / paths.length) % 100)}` };
  };
  const running = autocannon({ url: baseUrl, connections, duration, requests: [{ method: 'GET', setupRequest }] });
  running.on('response', (_client, status, _bytes, milliseconds) => {
    if (status === 200) times.push(milliseconds);
  });
  return running;
}

/** What each was told who registered. @type {{ id: string, state: string, order: number, position: number | null }[]} */
const answers = [];

/** Each person registers once, all connections together. */
function registrations() {
  const { baseUrl = '', key, event, groups = [] } = settings;
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', prefer: 'wait=30' };
  const next = () => {
    const { organisation, person } = groups[sent++ % groups.length] ?? {};
    return { body: JSON.stringify({ organisation, persons: [person] }) };
  };
  const running = autocannon({
    url: baseUrl,
    connections,
    amount: groups.length,
    timeout: 60,
    requests: [
      {
        method: 'POST',
        path: `/v1/events/${event}/registrations`,
        headers,
        setupRequest: (request) => ({ ...request, ...next() }),
        onResponse: (status, body) => {
          if (status !== 201) return;
          const { id, state, order, position } = JSON.parse(body);
          answers.push({ id, state, order, position });
        },
      },
    ],
  });
  running.on('response', (_client, status, _bytes, milliseconds) => {
    lastAt = performance.now();
    if (status === 201) times.push(milliseconds);
  });
  return running;
}

/** As many as can be, one after the other on each connection. */
function reads() {
  const headers = settings.key ? { authorization: `Bearer ${settings.key}` } : {};
  return autocannon({ url: settings.url ?? '', connections, duration, headers });
}

const begun = performance.now();
/** When the last of a given number was answered: autocannon itself ends with a whole second. */
let lastAt = begun;
const result = await { commands, reads, search, seats: registrations }[kind]();
const took = (lastAt - begun) / 1000;
const bad = result.non2xx + result.errors + result.timeouts;
const measured =
  kind !== 'reads'
    ? {
        perSecond: times.length / (kind === 'seats' ? took : result.duration),
        p50: quantile(times, 0.5),
        p95: quantile(times, 0.95),
        p99: quantile(times, 0.99),
      }
    : { perSecond: result.requests.average, p50: result.latency.p50, p99: result.latency.p99 };
process.stdout.write(JSON.stringify({ ...measured, bad, ...(kind === 'seats' && { answers }) }));
