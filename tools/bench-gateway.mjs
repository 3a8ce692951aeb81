import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { besideBare, importEvents, row } from './bench-parts.mjs';
import { Trouble } from './trouble.mjs';

/** What is promised to partners who build on the gateway, measured on two gateways of one house. */

const EVENTS = 100;
const CLUSTERS = 100;
const WRITERS = 50;
const WRITES = 10_000;
const AWAY = { seconds: 30, perSecond: 50, doneWithinMs: 60_000 };
const AT_ONCE = 200;
const PARTNERSHIPS = 50;

/** @typedef {import('./own-house.mjs').OwnHouse} House */

/**
 * @param {House} house
 * @param {import('./progress.mjs').Progress} progress
 */
export async function gatewayRows(house, progress) {
  await progress.step('A second gateway is ready', () => house.anotherGateway());
  const events = await progress.step(`${EVENTS} events are imported`, () => importEvents(house, EVENTS));
  await progress.step(`There are ${PARTNERSHIPS} partnerships`, () => importPartnerships(house));
  return [
    // First: a gateway that has worked has memory to spare.
    ...(await progress.step('Streams', () => streams(house, progress))),
    await progress.step(`${WRITES} writes are read back`, () => readBack(house, events)),
    await progress.step(`${AT_ONCE} alike at once`, () => alike(house, events[0])),
    ...(await progress.step('Lists, beside a bare server', () => lists(house))),
    await progress.step('Membership is away', () => away(house)),
  ];
}

/** @param {House} house @param {string} gateway @param {string} record @param {object} patch @param {Record<string, string>} [more] */
function write(house, gateway, record, patch, more) {
  const headers = { authorization: `Bearer ${house.key}`, 'content-type': 'application/json', 'if-match': '*', ...more };
  return fetch(`${gateway}/v1/${record}`, { method: 'PATCH', headers, body: JSON.stringify(patch) });
}

/** Each writer has an event of its own, writes at one gateway and reads at the other: as the public and as the platform by turns. @param {House} house @param {string[]} events */
async function readBack(house, events) {
  let stale = 0;
  let failed = 0;
  const begun = performance.now();
  const writer = async (/** @type {string} */ id, /** @type {number} */ who) => {
    for (let turn = 0; turn < WRITES / WRITERS; turn++) {
      const [here = '', there = ''] = turn % 2 ? house.gateways : [...house.gateways].reverse();
      const written = await write(house, here, `events/${id}`, { city: `City ${who}-${turn}` }, { prefer: 'wait=30' });
      const { version } = await written.json();
      const asPlatform = { headers: { authorization: `Bearer ${house.key}` } };
      const read = await fetch(`${there}/v1/events/${id}`, turn % 4 < 2 ? {} : asPlatform);
      const shown = await read.json();
      if (written.status !== 200 || read.status !== 200) failed++;
      else if (!(shown.version >= version)) stale++;
    }
  };
  await Promise.all(events.slice(0, WRITERS).map(writer));
  const perSecond = Math.round(WRITES / ((performance.now() - begun) / 1000));
  const measured = `${stale} stale of ${WRITES}${failed > 0 ? `, ${failed} NOT DONE` : ''} (${perSecond}/s)`;
  return row(`${WRITERS} writers who read at the other gateway`, measured, '0 stale', stale + failed > 0);
}

/** @param {House} house @param {string} id */
async function alike(house, id) {
  const before = await house.ask('GET', `/v1/events/${id}`);
  const key = { 'idempotency-key': `bench-${process.pid}`, prefer: 'wait=30' };
  const answers = await Promise.all(
    Array.from({ length: AT_ONCE }, async (_, i) => {
      const answer = await write(house, house.gateways[i % 2] ?? '', `events/${id}`, { city: 'Everywhere' }, key);
      return { status: answer.status, body: await answer.text() };
    }),
  );
  const done = answers.filter(({ status }) => status === 200);
  const different = new Set(done.map(({ body }) => body)).size;
  const others = answers.filter(({ status }) => status !== 200 && status !== 409).length;
  const effects = (await house.ask('GET', `/v1/events/${id}`)).version - before.version;
  const measured = `${effects} effect, ${done.length} × 200 with ${different} body, ${answers.length - done.length - others} × 409, ${others} others`;
  return row(
    `${AT_ONCE} alike at once, one Idempotency-Key`,
    measured,
    '1 effect, 200 alike or 409',
    effects !== 1 || different !== 1 || others > 0,
  );
}

/** Variants of the demo data, under other names. @param {House} house */
async function importPartnerships(house) {
  const names = ['dia', 'pimap', 'exxtra'];
  const { items } = await house.ask('GET', '/v1/partnerships?limit=200');
  for (let i = items.length; i < PARTNERSHIPS; i++) {
    const file = path.join(house.root, 'libs', 'reference', 'data', 'partnerships', `${names[i % names.length]}.json`);
    const found = JSON.parse(readFileSync(file, 'utf8'));
    const identity = { ...found.identity, acronym: `${found.identity.acronym} ${i}`, name: `${found.identity.name} ${i}` };
    await house.ask('POST', '/v1/imports', { ...found, code: `${found.code}-${i}`, identity });
  }
}

/** @param {House} house */
async function lists(house) {
  const route = `/v1/partnerships?limit=${PARTNERSHIPS}`;
  const { items } = await house.ask('GET', route);
  if (items.length !== PARTNERSHIPS) throw new Trouble(`The list holds ${items.length} partnerships.`);
  const told = (/** @type {Awaited<ReturnType<typeof besideBare>>} */ { ours, bare, share }) =>
    `${Math.round(ours.perSecond)}/s = ${share.toFixed(0)} % of bare Fastify (${Math.round(bare.perSecond)}/s), p99 ${ours.p99} ms (${bare.p99} ms)`;
  const missed = (/** @type {Awaited<ReturnType<typeof besideBare>>} */ { ours, share }) => share < 50 || ours.p99 > 50 || ours.bad > 0;
  const open = await besideBare(house, route);
  const known = await besideBare(house, route, house.key);
  return [
    row(`list of ${PARTNERSHIPS} partnerships, to the public`, told(open), '≥ 50 %, p99 ≤ 50 ms', missed(open)),
    row(`list of ${PARTNERSHIPS} partnerships, to the platform`, told(known), '', false),
  ];
}

/** @param {House} house @param {import('./progress.mjs').Progress} progress */
async function streams(house, progress) {
  const script = path.join(house.root, 'test', 'load', 'streams.mjs');
  const child = spawn(process.execPath, [script, house.baseUrl, house.key], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  const code = await new Promise((resolve) => child.once('exit', resolve));
  for (const line of text.trimEnd().split('\n')) progress.line(`      ${line}`);
  return [row('1,000 streams at one gateway', 'as told above', '≤ 150 MB more, all hear in ≤ 500 ms', code !== 0)];
}

/** @param {House} house */
async function away(house) {
  const drafts = Array.from({ length: CLUSTERS }, (_, i) => ({ body: { name: `Cluster ${i}`, country: 'SE' } }));
  const { items } = await house.ask('POST', '/v1/clusters/batch', { items: drafts });
  const clusters = items.map((/** @type {{ id: string }} */ { id }) => `clusters/${id}`);
  const sum = async () => {
    const versions = await Promise.all(clusters.map(async (/** @type {string} */ each) => (await house.ask('GET', `/v1/${each}`)).version));
    return versions.reduce((total, version) => total + version, 0);
  };
  const before = await sum();
  await house.stop('membership');
  /** @type {Promise<Response>[]} */
  const asked = [];
  for (const begun = Date.now(); asked.length < AWAY.seconds * AWAY.perSecond; ) {
    const due = Math.min(((Date.now() - begun) / 1000) * AWAY.perSecond, AWAY.seconds * AWAY.perSecond);
    while (asked.length < due) {
      const number = asked.length;
      const website = `https://cluster.example/${number}`;
      asked.push(write(house, house.gateways[number % 2] ?? '', clusters[number % clusters.length] ?? '', { website }));
    }
    await pause(5);
  }
  const answers = await Promise.all(asked);
  const accepted = answers.filter(({ status }) => status === 202).length;
  const since = Date.now();
  await house.startAgain('membership');
  const pending = new Set(answers.flatMap((answer) => answer.headers.get('location') ?? []));
  let succeeded = 0;
  while (pending.size > 0 && Date.now() - since < AWAY.doneWithinMs) {
    for (const place of [...pending]) {
      const { state } = await house.ask('GET', place);
      if (state === 'PENDING') break;
      pending.delete(place);
      succeeded += state === 'SUCCEEDED' ? 1 : 0;
    }
    await pause(100);
  }
  const seconds = ((Date.now() - since) / 1000).toFixed(1);
  const effects = (await sum()) - before;
  const all = asked.length;
  const measured = `${accepted} of ${all} × 202, ${succeeded} succeeded and ${effects} effects ${seconds} s after its return`;
  return row(
    `membership away for ${AWAY.seconds} s under ${AWAY.perSecond} writes/s`,
    measured,
    `all 202, each done once`,
    accepted !== all || succeeded !== all || effects !== all,
  );
}
