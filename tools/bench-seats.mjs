import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { bareDatabase } from './bench-bare.mjs';
import { inOwnProcess, row } from './bench-parts.mjs';
import { Trouble } from './trouble.mjs';

/** Many want to come to one event: who is admitted, and how soon everybody knows. */

const PERSONS = 1000;
const SEATS = 200;
const CONNECTIONS = 100;
const ORGANISATIONS = 20;
const ROUNDS = 3;
const KNOWN_WITHIN_MS = 30_000;
/** What one entry of the ledger takes. */
const ENTRY_BYTES = 80;
/** What is promised, by MongoDB compatible. */
const promised = (/** @type {boolean} */ py) => (py ? { perSecond: 100, p99: 2500 } : { perSecond: 300, p99: 1000 });

/** @typedef {import('./own-house.mjs').OwnHouse} House */
/** @typedef {{ perSecond: number, p50: number, p99: number, bad: number, answers: { id: string, state: string, order: number, position: number | null }[] }} Measured */

/**
 * @param {House} house
 * @param {import('./progress.mjs').Progress} progress
 * @param {boolean} py
 */
export async function seatRows(house, progress, py) {
  const groups = await progress.step(`${PERSONS} persons are recorded`, () => recordPersons(house));
  /** @type {(Measured & { event: string })[]} */
  const rounds = [];
  for (let round = 0; round < ROUNDS + 1; round++) {
    const event = await opened(house);
    await known(house, event, groups);
    const settings = { kind: 'seats', baseUrl: house.baseUrl, key: house.key, event, groups, connections: CONNECTIONS };
    const measured = await progress.step(`${PERSONS} persons compete for ${SEATS} seats`, () =>
      inOwnProcess(house.root, 'bench-load.mjs', settings),
    );
    // The first warms up what a service has after a minute.
    if (round > 0) rounds.push({ ...measured, event });
  }
  const middle = [...rounds].sort((a, b) => a.perSecond - b.perSecond)[Math.floor(ROUNDS / 2)];
  if (!middle) throw new Trouble('Nothing was measured.');
  const limits = promised(py);
  const told = `${Math.round(middle.perSecond)}/s, p50 ${middle.p50.toFixed(0)} ms, p99 ${middle.p99.toFixed(0)} ms`;
  return [
    row(
      `${PERSONS} persons for ${SEATS} seats, ${CONNECTIONS} connections`,
      told,
      `≥ ${limits.perSecond}/s, p99 ≤ ${limits.p99} ms`,
      middle.perSecond < limits.perSecond || middle.p99 > limits.p99,
    ),
    await outcomes(house, rounds),
    ...(await progress.step('The bare engine is timed', () => bare(house))),
  ];
}

/** @param {House} house */
async function recordPersons(house) {
  const kinds = Array.from({ length: ORGANISATIONS }, (_, i) => ({
    body: { name: `Bench ${process.pid}-${i}`, type: 'SME', country: 'ES' },
  }));
  const organisations = await batch(house, 'organisations', kinds);
  const persons = await batch(
    house,
    'persons',
    Array.from({ length: PERSONS }, (_, i) => ({
      body: { name: `Person ${i}`, email: `person-${process.pid}-${i}@bench.example`, organisation: organisations[i % ORGANISATIONS] },
    })),
  );
  return persons.map((person, i) => ({ organisation: organisations[i % ORGANISATIONS], person }));
}

/** @param {House} house @param {string} resource @param {object[]} items @returns {Promise<string[]>} */
async function batch(house, resource, items) {
  const { items: answers } = await house.ask('POST', `/v1/${resource}/batch`, { items });
  const refused = answers.find((/** @type {{ status: number }} */ { status }) => status !== 201);
  if (refused) throw new Trouble(`${resource}: ${JSON.stringify(refused)}`);
  return answers.map((/** @type {{ body: { id: string } }} */ { body }) => body.id);
}

/** An event whose registration is open. @param {House} house @returns {Promise<string>} */
async function opened(house) {
  const year = new Date().getFullYear() + 1;
  const { id } = await house.ask('POST', '/v1/events', {
    partnerships: ['dia'],
    type: 'REGIONAL_WORKSHOP',
    mode: 'ONLINE',
    zone: 'Europe/Madrid',
    start: `${year}-05-12T09:00`,
    end: `${year}-05-12T17:00`,
    deadline: `${year}-05-01T23:59`,
    capacity: SEATS,
    targetGroups: ['SMES'],
    privacyNotice: { en: 'Kept for a year.' },
  });
  for (const command of ['schedule', 'open-registration']) await house.ask('POST', `/v1/events/${id}/${command}`);
  return id;
}

/** The events service learns of persons a moment after they are recorded: a dry run tells whether it knows the last. @param {House} house @param {string} event @param {{ organisation: string, person: string }[]} groups */
async function known(house, event, groups) {
  const end = Date.now() + KNOWN_WITHIN_MS;
  for (const { organisation, person } of groups.slice(-ORGANISATIONS)) {
    const ask = () => house.ask('POST', `/v1/events/${event}/registrations?dryRun=true`, { organisation, persons: [person] });
    for (let done = false; !done; ) {
      done = await ask().then(
        () => true,
        (error) => {
          if (Date.now() > end) throw error;
          return new Promise((resolve) => setTimeout(() => resolve(false), 100));
        },
      );
    }
  }
}

/** Whether everybody was answered, just as many were admitted as there are seats, and the others stand in one order. @param {House} house @param {(Measured & { event: string })[]} rounds */
async function outcomes(house, rounds) {
  const faults = [];
  for (const { event, answers, bad } of rounds) {
    const admitted = answers.filter(({ state }) => state === 'APPROVED');
    const waiting = answers.filter(({ state }) => state === 'WAITLISTED').sort((a, b) => a.order - b.order);
    if (bad > 0 || answers.length !== PERSONS) faults.push(`${answers.length} answered`);
    if (admitted.length !== SEATS) faults.push(`${admitted.length} admitted`);
    const last = Math.max(...admitted.map(({ order }) => order));
    if (waiting.some(({ order }) => order < last)) faults.push('somebody was passed over');
    if (waiting.some(({ position }, place) => position !== place + 1)) faults.push('positions differ from the order');
    const { confirmed, waiting: listed, free } = await house.ask('GET', `/v1/events/${event}/availability`);
    if (confirmed !== SEATS || listed !== PERSONS - SEATS || free !== 0)
      faults.push(`${confirmed} confirmed, ${listed} waiting, ${free} free`);
  }
  const told = faults.length === 0 ? `${SEATS}, the rest in order` : faults.join('; ');
  return row(`  admitted, in each of ${rounds.length} rounds`, told, `${SEATS}, the rest in order`, faults.length > 0);
}

/** What the database does on its own with a document like that of the seats. @param {House} house */
async function bare(house) {
  const { MONGO_URL } = house.engines.env;
  const { perSecond } = await bareDatabase(house.root, MONGO_URL);
  const url = pathToFileURL(path.join(house.root, 'dist/libs/persistence/mongo.js')).href;
  const { connectMongo } = await import(url);
  const db = await connectMongo(MONGO_URL, 'bare', { warn() {}, debug() {}, info() {}, trace() {}, error() {} });
  const documents = db.collection('bare');
  const text = 'x'.repeat(PERSONS * ENTRY_BYTES);
  await documents.insertOne({ _id: 0, rev: 0, text });
  const since = performance.now();
  const times = 50;
  for (let rev = 0; rev < times; rev++) await documents.updateOne({ _id: 0, rev }, { $set: { rev: rev + 1, text } });
  const each = (performance.now() - since) / times;
  await db.dropDatabase();
  await db.close();
  return [
    row('  bare: guarded updates, 64 in one bulk', `${Math.round(perSecond)}/s`, '', false),
    row(`  bare: guarded update of a ledger of ${PERSONS}`, `${each.toFixed(1)} ms`, '', false),
  ];
}
