import { readFileSync } from 'node:fs';
import { bareDatabase, bareSearch } from './bench-bare.mjs';
import { bareServer, inOwnProcess, row } from './bench-parts.mjs';

/** What an import of many partnerships costs, what readers notice of it, and how what it brought is found. */

const PARTNERSHIPS = 100;
const CLUSTERS = 10;
const MEMBERS = 20;
const SIDE_BY_SIDE = 2;
/** For as long as the import takes. */
const READERS = { perSecond: 50 };
/** As long as the list is at the end, once it is full. */
const LIST_BYTES = 145_000;
const SEARCHERS = { connections: 10, seconds: 15 };
const PROMISED = { importSeconds: 300, memoryMb: 400, readsP99: 100, searchP95: 50 };

const trades = ['Photonics', 'Robotics', 'Textiles', 'Marine', 'Optics', 'Sensors', 'Railway', 'Packaging', 'Medical', 'Timber'];
const kinds = ['Systems', 'Works', 'Labs', 'Partners', 'Solutions', 'Engineering', 'Devices', 'Materials'];
const countries = ['SE', 'FI', 'DE', 'FR', 'ES', 'IT', 'PT', 'PL', 'NL', 'AT'];

/** @template T @param {readonly T[]} list @param {number} at */
const of = (list, at) => /** @type {T} */ (list[at % list.length]);
/** A name of its own for each number, made of syllables as people would search it. @param {number} number */
const called = (number) => {
  const syllables = [
    'al',
    'bo',
    'cer',
    'dan',
    'el',
    'fi',
    'gor',
    'hel',
    'in',
    'jor',
    'kal',
    'lum',
    'mir',
    'nor',
    'os',
    'pra',
    'qui',
    'ros',
    'sil',
    'tur',
  ];
  const [a, b, c] = [of(syllables, number), of(syllables, Math.floor(number / 20)), of(syllables, Math.floor(number / 400))];
  return `${a[0]?.toUpperCase()}${a.slice(1)}${b}${c}${Math.floor(number / 8000) || ''}`;
};

/** @param {number} number */
function member(number) {
  const name = `${called(number)} ${of(trades, number)} ${of(kinds, Math.floor(number / 10))}`;
  const externalIds = [{ system: 'VAT', id: `EU${String(number).padStart(9, '0')}` }];
  return { name, type: 'SME', country: of(countries, Math.floor(number / MEMBERS)), city: `Town ${number % 300}`, externalIds };
}

/** @param {number} no */
function partnership(no) {
  const composition = Array.from({ length: CLUSTERS }, (_, place) => {
    const cluster = no * CLUSTERS + place;
    return {
      no: place + 1,
      name: `${of(trades, cluster)} Cluster ${cluster}`,
      country: of(countries, cluster),
      totalMembers: 40,
      totalSmes: 30,
      technologyFields: ['Internet of Things'],
      members: Array.from({ length: MEMBERS }, (_, each) => member(cluster * MEMBERS + each)),
    };
  });
  return {
    code: `BULK-${no}`,
    identity: { acronym: `BULK ${no}`, name: `Partnership ${no}` },
    programme: { code: 'ESCP-4I' },
    composition,
  };
}

/** @param {import('./own-house.mjs').OwnHouse} house @param {import('./progress.mjs').Progress} progress */
export async function importRows(house, progress) {
  const organisations = PARTNERSHIPS * CLUSTERS * MEMBERS;
  const imported = await progress.step(`${PARTNERSHIPS} partnerships with ${organisations} organisations are imported`, () =>
    imports(house),
  );
  const found = await progress.step('They are searched', () => search(house));
  const bare = await progress.step('The bare engine is timed', () => bareDatabase(house.root, String(house.engines.env.MONGO_URL)));
  const bareFound = await bareSearch(
    house.root,
    String(house.engines.env.MONGO_URL),
    Array.from({ length: organisations }, (_, i) => member(i).name),
    queries(),
    SEARCHERS,
  );
  const { seconds, megabytes, reads, bareReads, records } = imported;
  const told = `${Math.round(seconds)} s, ${Math.round(records / seconds)} records/s`;
  return [
    row(
      `${PARTNERSHIPS} partnerships, ${organisations} organisations, ${records} records`,
      told,
      `≤ ${PROMISED.importSeconds} s`,
      seconds > PROMISED.importSeconds,
    ),
    row('  bare: as many guarded updates, 64 in one bulk', `${Math.round(records / bare.perSecond)} s`, '', false),
    row('  memory of membership at its highest', `${megabytes} MB`, `≤ ${PROMISED.memoryMb} MB`, megabytes > PROMISED.memoryMb),
    row(
      `  GET /v1/partnerships meanwhile, ${READERS.perSecond}/s`,
      paceTold(reads),
      `p99 ≤ ${PROMISED.readsP99} ms`,
      reads.p99 > PROMISED.readsP99 || reads.bad > 0,
    ),
    row('  bare: as many bytes from Fastify alone', paceTold(bareReads), '', false),
    row(
      `GET /v1/organisations?q=, ${SEARCHERS.connections} at once`,
      `p95 ${found.p95.toFixed(0)} ms, p50 ${found.p50.toFixed(0)} ms, ${Math.round(found.perSecond)}/s`,
      `p95 ≤ ${PROMISED.searchP95} ms`,
      found.p95 > PROMISED.searchP95 || found.bad > 0,
    ),
    row(
      '  bare: the same words by an index of words',
      `p95 ${bareFound.p95.toFixed(0)} ms, p50 ${bareFound.p50.toFixed(0)} ms, ${Math.round(bareFound.perSecond)}/s`,
      '',
      false,
    ),
  ];
}

/** @param {import('./own-house.mjs').OwnHouse} house */
async function imports(house) {
  const over = new AbortController();
  const route = '/v1/partnerships';
  const bare = await bareServer(house, route, 'x'.repeat(LIST_BYTES));
  const reading = [house.baseUrl + route, bare.url].map((url) =>
    inOwnProcess(house.root, 'bench-pace.mjs', { url, ...READERS }, over.signal),
  );
  let next = 0;
  let records = 0;
  const begun = performance.now();
  const one = async () => {
    while (next < PARTNERSHIPS) {
      const { counts } = await house.ask('POST', '/v1/imports', partnership(next++));
      records += counts.created + counts.changed + counts.left;
      if (counts.refused > 0) throw new Error(`${counts.refused} records were refused.`);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, one)).finally(() => over.abort());
  const seconds = (performance.now() - begun) / 1000;
  const megabytes = highest(house.pidOf('membership'));
  const [reads, bareReads] = await Promise.all(reading);
  bare.end();
  return { seconds, records, megabytes, reads, bareReads };
}

/** @param {{ p50: number, p99: number, slowest: number, bad: number }} measured */
const paceTold = ({ p50, p99, slowest, bad }) =>
  `p99 ${p99} ms, p50 ${p50} ms, p99 of the slowest 10 s ${slowest} ms${bad > 0 ? `, ${bad} NOT ANSWERED` : ''}`;

/** @param {number | undefined} pid */
const highest = (pid) =>
  process.platform === 'linux'
    ? Math.round((Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024) / 1e6)
    : 0;

/** What people type: the beginning of a name, a trade, both; each asked for once in a while only. */
function queries() {
  return Array.from({ length: 2000 }, (_, i) => {
    const name = called((i * 7919) % 20_000).toLowerCase();
    if (i % 10 === 0)
      return of(trades, i / 10)
        .toLowerCase()
        .slice(0, 4);
    return i % 3 === 0 ? `${name.slice(0, 4)} ${of(trades, i).toLowerCase().slice(0, 3)}` : name.slice(0, 3 + (i % 3));
  });
}

/** @param {import('./own-house.mjs').OwnHouse} house */
const search = ({ root, baseUrl }) =>
  inOwnProcess(root, 'bench-load.mjs', {
    kind: 'search',
    baseUrl,
    paths: queries().map((q, i) => `/v1/organisations?q=${encodeURIComponent(q)}${i % 2 ? '' : '&sort=name'}`),
    ...SEARCHERS,
  });
