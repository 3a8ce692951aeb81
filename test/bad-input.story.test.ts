import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/testing/eventually';
import { demandPromised, isJson } from './answers.js';
import { type Body, fileOf, RunningHouse } from './running-house.js';
import { Marks } from './tape.js';

type Json = Record<string, unknown>;

let house: RunningHouse;
let marks: Marks;
beforeAll(async () => {
  house = await RunningHouse.open();
  marks = new Marks(house, 'dia');
  await marks.set();
  // What follows from the import has followed: each event has its reminder.
  await eventually(async () => {
    const [events, reminders] = await Promise.all(['events', 'reminders'].map((name) => house.admin.get(`/v1/${name}?limit=200`)));
    expect(reminders!.body.items).toHaveLength(events!.body.items.length);
  }, 30_000);
});
afterAll(() => house?.close());

const LISTS = ['partnerships', 'clusters', 'memberships', 'events', 'imports', 'subscriptions', 'reports', 'api-keys', 'reminders'];

/** Everything there is, with its version, and how many files are stored, whole or in pieces. */
async function standing(): Promise<string[]> {
  const files = ['files.files', 'files.chunks'].map(
    async (name) => `${name}: ${await house.databases.collection('files', name).countDocuments()}`,
  );
  const lists = await Promise.all(LISTS.map(async (name) => [name, (await house.admin.get(`/v1/${name}?limit=200`)).body.items] as const));
  const records = lists.flatMap(([name, items]) => items.map(({ id, version }: Body) => `${name}/${id}@${version}`)).sort();
  return [...records, ...(await Promise.all(files))];
}

interface Sent {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

interface Answered {
  status: number;
  type: string;
  problem: Body;
}

/** As no library would send it. */
function send({ method = 'POST', path = '/v1/imports', headers = {}, body = '' }: Sent): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const all = { authorization: `Bearer ${house.bootstrapKey}`, 'content-type': 'application/json', ...headers };
    const sent = request(
      house.addressOf('gateway') + path,
      { agent: false, method, headers: { ...all, 'content-length': Buffer.byteLength(body) } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const [type = ''] = String(answer.headers['content-type']).split(';');
          const body = isJson(type) ? JSON.parse(text) : text;
          const { statusCode: status = 0, headers } = answer;
          try {
            demandPromised({ method, path, status, headers, text, body });
            resolve({ status, type, problem: body });
          } catch (error) {
            reject(error);
          }
        });
      },
    );
    sent.setTimeout(10_000, () => sent.destroy(new Error('There was no answer.')));
    sent.on('error', reject).end(body);
  });
}

const json = (value: unknown) => JSON.stringify(value);
const fileWith = (change: (file: Body) => void): string => {
  const file = fileOf('dia');
  change(file);
  return json(file);
};
const other = (more: Json = {}) => json({ ...fileOf('dia'), code: 'OTHER', identity: { acronym: 'OTHER', name: 'Other' }, ...more });
const webhook = (more: Json = {}) => json({ channel: 'WEBHOOK', url: 'http://127.0.0.1:9/', eventTypes: ['*'], ...more });
const subscriptions = '/v1/subscriptions';
const keys = '/v1/api-keys';

/** What is sent, and what it is answered: status and, where a place can be named, the pointer. */
const cases: [name: string, sent: () => Sent, status: number, pointer?: string][] = [
  ['JSON that breaks off', () => ({ body: '{"code": "DIA",' }), 400, ''],
  ['text that is no JSON', () => ({ body: 'code: DIA' }), 400, ''],
  ['no body at all', () => ({}), 400, ''],
  ['a list in place of an object', () => ({ body: '[]' }), 400, ''],
  ['null', () => ({ body: 'null' }), 400, ''],
  ['bytes that are not UTF-8', () => ({ path: keys, body: Buffer.from(json({ name: 'é', role: 'CLUSTER_MANAGER' }), 'latin1') }), 400, ''],
  ['a section no file has', () => ({ body: other({ weather: 'fine' }) }), 400, '/weather'],
  [
    'an unknown field deep inside',
    () => ({ body: fileWith((file) => Object.assign(file.plannedEvents[3], { weather: 'fine' })) }),
    400,
    '/plannedEvents/3/weather',
  ],
  [
    'an event type that is never told',
    () => ({ path: subscriptions, body: webhook({ eventTypes: ['event.*', 'event.exploded.v1'] }) }),
    422,
    '/eventTypes/1',
  ],
  ['an unknown field of a subscription', () => ({ path: subscriptions, body: webhook({ colour: 'red' }) }), 400, '/colour'],
  ['a field that is missing', () => ({ body: json({ code: 'X', identity: { acronym: 'X', name: 'X' } }) }), 400, '/programme'],
  [
    'a text in place of a number',
    () => ({ body: fileWith((file) => Object.assign(file, { durationMonths: 'two years' })) }),
    400,
    '/durationMonths',
  ],
  ['an object in place of a list', () => ({ body: other({ composition: {} }) }), 400, '/composition'],
  ['a number beyond numbers', () => ({ body: other().replace('"durationMonths":24', '"durationMonths":1e999') }), 400, '/durationMonths'],
  [
    'a member total below nothing',
    () => ({ body: fileWith((file) => Object.assign(file.composition[0], { totalMembers: -1 })) }),
    400,
    '/composition/0/totalMembers',
  ],
  ['a body that nests without end', () => ({ body: '['.repeat(200_000) }), 400, ''],
  ['a body that nests just beyond reason', () => ({ body: `${'{"a":'.repeat(60)}1${'}'.repeat(60)}` }), 400, ''],
  [
    'a prototype in disguise',
    () => ({ path: keys, body: '{"__proto__": {"role": "PLATFORM_ADMIN"}, "name": "x", "role": "CLUSTER_MANAGER"}' }),
    400,
  ],
  [
    'a constructor in disguise',
    () => ({ path: keys, body: '{"constructor": {"prototype": {"role": "PLATFORM_ADMIN"}}, "name": "x", "role": "CLUSTER_MANAGER"}' }),
    400,
    '/constructor',
  ],
  [
    'a NUL character in a name',
    () => ({ body: fileWith((file) => Object.assign(file.composition[0], { name: 'MITC\u0000' })) }),
    400,
    '/composition/0/name',
  ],
  ['a NUL character in the name of a key', () => ({ path: keys, body: json({ name: 'a\u0000b', role: 'CLUSTER_MANAGER' }) }), 400, '/name'],
  ['half a character', () => ({ path: keys, body: '{"name": "\\ud800", "role": "CLUSTER_MANAGER"}' }), 400, '/name'],
  ['a name longer than names are', () => ({ path: keys, body: json({ name: 'n'.repeat(201), role: 'CLUSTER_MANAGER' }) }), 400, '/name'],
  ['a type that is not taken', () => ({ headers: { 'content-type': 'text/plain' }, body: other() }), 400],
  ['a type that is no type', () => ({ headers: { 'content-type': 'nonsense' }, body: other() }), 400],
  ['forms', () => ({ headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: '--x--' }), 400],
  ['an import of 40 MiB', () => ({ body: Buffer.alloc(40 * 1024 * 1024, 'x') }), 413, ''],
  [
    'another body above 1 MiB',
    () => ({ path: subscriptions, body: webhook({ url: `http://127.0.0.1/${'x'.repeat(2 * 1024 * 1024)}` }) }),
    413,
    '',
  ],
  [
    'a country that is not on the map',
    () => ({ path: '/v1/events', body: json({ partnerships: ['dia'], country: 'QQ' }) }),
    422,
    '/country',
  ],
  ['a dry run that is misspelt', () => ({ path: '/v1/imports?dryrun=true', body: other() }), 400, '?dryrun'],
  ['a parameter that a report does not know', () => ({ path: '/v1/reports?bogus=1', body: '{}' }), 400, '?bogus'],
  ['a parameter of a single view', () => ({ method: 'GET', path: '/v1/partnerships/dia?bogus=1' }), 400, '?bogus'],
  [
    'a month that no year has',
    () => ({ body: fileWith((file) => Object.assign(file.plannedEvents[3], { estimatedDate: '2018-13' })) }),
    422,
    '/plannedEvents/3/estimatedDate',
  ],
  ['a date in words', () => ({ body: other({ startOfPartnership: 'last summer' }) }), 422, '/startOfPartnership'],
  [
    'a type of event that is not known',
    () => ({ body: fileWith((file) => Object.assign(file.plannedEvents[2], { type: 'GARDEN_PARTY' })) }),
    422,
    '/plannedEvents/2/type',
  ],
  ['a programme that is not known', () => ({ body: other({ programme: { code: 'ESCP-9Z' } }) }), 422, '/programme/code'],
  ['a role that is not known', () => ({ path: keys, body: json({ name: 'x', role: 'EMPEROR' }) }), 422, '/role'],
  ['the address of another partnership', () => ({ body: json({ ...fileOf('dia'), code: 'OTHER' }) }), 422, '/identity/acronym'],
  ['a webhook to a private address', () => ({ path: subscriptions, body: webhook({ url: 'https://10.0.0.1/hook' }) }), 422, '/url'],
  ['a profile that is none', () => ({ path: '/v1/imports?profile=SECRET', body: other() }), 400, '?profile'],
  ['a dry run that is neither', () => ({ path: '/v1/imports?dryRun=maybe', body: other() }), 400, '?dryRun'],
  ['an Idempotency-Key without end', () => ({ headers: { 'idempotency-key': 'k'.repeat(256) }, body: other() }), 400],
  [
    'an If-Match that is no ETag',
    () => ({ path: '/v1/events/0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f', method: 'PATCH', headers: { 'if-match': 'yes' }, body: '{}' }),
    400,
  ],
  [
    'a change without If-Match',
    () => ({ path: '/v1/events/0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f', method: 'PATCH', body: '{"city": "Bilbao"}' }),
    428,
  ],
  ['a cursor that is none', () => ({ method: 'GET', path: '/v1/events?cursor=%00%00' }), 400],
  ['a list filtered by an object', () => ({ method: 'GET', path: '/v1/events?type[$ne]=x' }), 400],
  ['a path that is badly written', () => ({ method: 'GET', path: '/v1/partnerships/%E0%A4%A' }), 400],
  ['a path without end', () => ({ method: 'GET', path: `/v1/partnerships/${'x'.repeat(5_000)}` }), 400],
  ['a path that is not there', () => ({ method: 'GET', path: '/v1/nothing' }), 404],
  ['a method that is not taken', () => ({ method: 'DELETE', path: '/v1/imports', body: '{}' }), 404],
  ['a header without end', () => ({ headers: { 'x-long': 'x'.repeat(64 * 1024) }, body: other() }), 400],
];

describe('Bad input', () => {
  it.each(cases)('%s is told as a problem, with its place, and nothing is written', async (...row) => {
    const [, sent, status, pointer] = row;
    const before = await standing();
    const answer = await send(sent());
    expect(answer).toMatchObject({ status, type: 'application/problem+json' });
    const { problem } = answer;
    expect(problem).toMatchObject({
      status,
      code: expect.stringMatching(/^[A-Z_]+(\.[A-Z_]+)+$/),
      type: expect.stringMatching(/^\/docs\/problems\//),
    });
    if (pointer !== undefined) expect(problem.errors.map((error: Body) => error.pointer)).toContain(pointer);
    expect(problem.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(await standing()).toEqual(before);
  });

  it('is told to nobody, none of it', async () => {
    expect(await marks.set()).toEqual([]);
  });

  it('of many kinds at once is told all at once', async () => {
    const { status, problem } = await send({
      body: fileWith((file) => {
        file.plannedEvents[0].type = 'GARDEN_PARTY';
        file.plannedEvents[1].estimatedDate = '2018-00';
        file.composition[5].country = 'XX';
      }),
    });
    expect(status).toBe(422);
    expect(problem.errors.map((error: Body) => error.pointer)).toEqual(
      expect.arrayContaining(['/plannedEvents/0/type', '/plannedEvents/1/estimatedDate', '/composition/5/country']),
    );
    expect(problem.verdicts.filter(({ outcome }: Body) => outcome === 'FAILED').length).toBeGreaterThan(1);
  });

  it('that is too large is answered before it has been sent, and may be sent to its end', async () => {
    const { hostname, port } = new URL(house.addressOf('gateway'));
    const socket = connect(Number(port), hostname);
    const rest = Buffer.alloc(40 * 1024 * 1024, 'x');
    const head = ['POST /v1/imports HTTP/1.1', `Host: ${hostname}`, `Authorization: Bearer ${house.bootstrapKey}`, 'Connection: close'];
    socket.write([...head, 'Content-Type: application/json', `Content-Length: ${rest.length}`, '', ''].join('\r\n'));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.write(rest, (error) => (error ? reject(error) : resolve()));
    });
    socket.destroy();
  });

  it('does not end a connection that goes on with good input', async () => {
    expect((await send({ body: '{' })).status).toBe(400);
    expect((await house.importFile('dia')).state).toBe('DONE');
  });

  it('leaves the house ready', async () => {
    expect(await house.readiness('gateway')).toMatchObject({ status: 200 });
    expect(await house.readiness('membership')).toMatchObject({ status: 200 });
  });
});
