import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Service } from '#libs/contracts/actor';
import { versionOf } from '#libs/contracts/message';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { WebhookReceiver } from '#libs/testing/webhook-receiver';
import { Wire } from '#libs/testing/wire';
import { type Engines, type Kind, startEngines } from '../tools/engines.mjs';
import { type Body, fileOf, RunningHouse, SERVICES } from './running-house.js';

const PATIENCE_MS = 60_000;
const report = { kind: 'COMPOSITION', format: 'PDF', parameters: { partnership: 'dia' } };

let folder: string;
let engines: Engines;
let house: RunningHouse;
let partner: WebhookReceiver;
let wire: Wire;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'engines-'));
  const root = fileURLToPath(new URL('../', import.meta.url));
  engines = await startEngines({ root, dir: folder, only: ['kafka', 'mongo', 'redis'], given: {}, onLost: () => undefined });
  wire = await Wire.to(engines.env.MONGO_URL!);
  partner = await WebhookReceiver.listen();
  house = await RunningHouse.open({
    engines: { SMTP_URL: 'smtp://127.0.0.1:25', ...engines.env },
    own: { worker: { MONGO_URL: wire.url } },
    at: '2018-08-01T09:00:00Z',
  });
  await house.importFile('dia');
  const { status } = await house.admin.post('/v1/subscriptions').send({ channel: 'WEBHOOK', url: partner.url, eventTypes: ['*'] });
  expect(status).toBe(201);
});
afterAll(async () => {
  await house?.close();
  await wire?.close();
  await partner?.close();
  await engines?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const event = async (no: number): Promise<Body> => {
  const { body } = await house.admin.get('/v1/events?partnership=dia');
  return (await house.admin.get(`/v1/events/${body.items[no].id}`)).body;
};

/** What is answered meanwhile. */
const PUT_OFF = ['503 SERVICE.UNAVAILABLE', '409 IDEMPOTENCY.IN_PROGRESS'];

/** What a client does that will not be put off: the same request with the same key until it is told what became of it. */
async function changeFor(id: string, to: string, key: string, told = new Set<string>()): Promise<void> {
  await eventually(async () => {
    const answer = await house.admin
      .patch(`/v1/events/${id}`)
      .set({ 'if-match': '*', 'idempotency-key': key, prefer: 'wait=2' })
      .timeout(20_000)
      .send({ city: to });
    if (answer.status >= 400) told.add(`${answer.status} ${answer.body.code}`);
    if (answer.status !== 202) return expect(answer.status).toBe(200);
    const operation = await house.admin.get(answer.headers.location!);
    expect(operation.body).toMatchObject({ state: 'SUCCEEDED' });
  }, PATIENCE_MS);
}

const unready = (kind: string) => async () => {
  for (const service of SERVICES) {
    const { status, checks } = await house.readiness(service);
    expect({ service, status, told: checks[kind] === 'ok' }).toEqual({ service, status: 503, told: false });
  }
};
const allReady = () => Promise.all(SERVICES.map((service) => house.ready(service)));
const pids = () => SERVICES.map((service) => house.pidOf(service));

/** The partner has subscribed when the events had been imported: their first version may have passed by, and nothing after. */
const asDelivered = <T>(all: T[], delivered: T[]): T[] => (delivered[0] === all[0] ? all : all.slice(1));

/** Facts, feed and webhook agree about an aggregate, each once, in order, up to its version. */
async function toldOnce(id: string): Promise<void> {
  const { body } = await house.admin.get(`/v1/events/${id}`);
  const about = ({ subject }: { subject: string }) => subject.endsWith(id);
  await eventually(() => {
    const versions = (facts: { sequence: string }[]) => facts.map(({ sequence }) => versionOf(sequence));
    const all = Array.from({ length: body.version }, (_, place) => place + 1);
    expect(versions(house.facts().filter(about))).toEqual(all);
    expect(versions(house.announced().filter(about))).toEqual(all);
    const delivered = versions(partner.accepted.filter(about));
    expect(delivered).toEqual(asDelivered(all, delivered));
  }, PATIENCE_MS);
}

describe('While an engine is away', () => {
  it.each<[Kind, string]>([
    ['mongo', 'mongodb'],
    ['kafka', 'kafka'],
  ])('(%s) every service says so, comes back with it without a restart, and no change is lost or doubled', async (kind, check) => {
    const { id, version } = await event(0);
    const before = pids();
    const changes = Array.from({ length: 12 }, (_, place) => [`${kind} ${place}`, newId()] as const);
    const told = new Set<string>();
    const under = (async () => {
      for (const [to, key] of changes) await changeFor(id, to, key, told);
    })();
    await eventually(async () => expect((await event(0)).version).toBeGreaterThan(version));
    await engines.engines[kind].kill();
    await eventually(unready(check), PATIENCE_MS);
    await engines.engines[kind].start();
    await under;
    expect([...told].filter((answer) => !PUT_OFF.includes(answer))).toEqual([]);
    await allReady();
    expect(pids()).toEqual(before);
    expect(await event(0)).toMatchObject({ version: version + changes.length, city: changes.at(-1)![0] });
    await toldOnce(id);
  });

  it('(kafka) reads go on and a write is refused as not accepted', async () => {
    const { id } = await event(1);
    await engines.engines.kafka.kill();
    expect((await house.public.get('/v1/partnerships/dia')).status).toBe(200);
    const { status, body, headers } = await house.admin
      .patch(`/v1/events/${id}`)
      .set('if-match', '*')
      .timeout(60_000)
      .send({ city: 'Late' });
    expect({ status, code: body.code, retryable: body.retryable }).toEqual({ status: 503, code: 'SERVICE.UNAVAILABLE', retryable: true });
    expect(headers['retry-after']).toBeDefined();
    await engines.engines.kafka.start();
    await allReady();
  });

  it('(redis) reads and writes go on, and a report asked for is made when it is back', async () => {
    const { id, version } = await event(2);
    const { headers } = await house.public.get('/v1/partnerships/dia');
    await engines.engines.redis.kill();
    await eventually(async () => {
      const { status, checks } = await house.readiness('worker');
      expect({ status, redis: checks.redis === 'ok' }).toEqual({ status: 503, redis: false });
    }, PATIENCE_MS);
    expect((await house.public.get('/v1/partnerships/dia').set('if-none-match', headers.etag!)).status).toBe(304);
    await changeFor(id, 'Without Redis', newId());
    expect(await event(2)).toMatchObject({ version: version + 1, city: 'Without Redis' });
    const { body } = await house.admin.post('/v1/reports').send(report);
    await engines.engines.redis.start();
    await eventually(
      async () => expect((await house.admin.get(`/v1/reports/${body.id}`)).body).toMatchObject({ state: 'SUCCEEDED' }),
      PATIENCE_MS,
    );
    await allReady();
    await toldOnce(id);
  });
});

/** FLUSHALL, as an operator might. */
function flush(): Promise<string> {
  const { hostname, port } = new URL(engines.env.REDIS_URL!);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write('FLUSHALL\r\n'));
    socket.once('data', (answer) => resolve(String(answer)) ?? socket.destroy()).once('error', reject);
  });
}

describe('A Redis that is wiped', () => {
  it('in the middle of a job loses no report and doubles none', async () => {
    const begun = wire.holdAnswersAfter('%PDF');
    const { body } = await house.admin.post('/v1/reports').send(report);
    await begun;
    expect(await flush()).toBe('+OK\r\n');
    wire.release();
    await eventually(
      async () => expect((await house.admin.get(`/v1/reports/${body.id}`)).body).toMatchObject({ state: 'SUCCEEDED' }),
      PATIENCE_MS,
    );
    await eventually(() => expect(house.announced('report.ready.v1').filter(({ subject }) => subject.endsWith(body.id))).toHaveLength(1));
  });

  it('forgets no reminder, and none is sent twice', async () => {
    await flush();
    house.setClock('2018-08-18T08:00:05Z');
    await eventually(() => expect(house.announced('reminder.due.v1')).toHaveLength(1), PATIENCE_MS);
    await flush();
    house.setClock('2018-09-17T08:00:05Z');
    await eventually(() => expect(house.announced('reminder.due.v1')).toHaveLength(2), PATIENCE_MS);
    const subjects = house.announced('reminder.due.v1').map(({ data }) => (data as Body).when.edtf);
    expect(subjects).toEqual(['2018-09', '2018-10']);
  });

  it('leaves answers, versions and keys as they were', async () => {
    const key = await house.keyFor('PARTNERSHIP_MANAGER');
    const { headers, body } = await house.as(key).get('/v1/partnerships/dia');
    await flush();
    expect((await house.as(key).get('/v1/partnerships/dia').set('if-none-match', headers.etag!)).status).toBe(304);
    await house.importFile({ ...fileOf('dia'), durationMonths: 27 });
    const after = await house.as(key).get('/v1/partnerships/dia').set('if-none-match', headers.etag!);
    expect(after.body).toMatchObject({ durationMonths: 27 });
    expect(after.body.version).toBeGreaterThan(body.version);
  });
});

describe('A service that finds an engine away at its start', () => {
  it.each<[Kind, Service, RegExp]>([
    ['mongo', 'events', /mongo/i],
    ['kafka', 'events', /kafka/i],
    ['redis', 'worker', /redis/i],
    ['redis', 'notifications', /redis/i],
  ])('(%s, %s) waits for it, names it, and goes on', async (kind, service, name) => {
    await house.kill(service);
    await engines.engines[kind].kill();
    house.begin(service);
    await eventually(async () => {
      const { status, checks } = await house.readiness(service);
      expect(status).toBe(503);
      expect(Object.keys(checks).join()).toMatch(name);
    }, PATIENCE_MS);
    await engines.engines[kind].start();
    await allReady();
    expect((await house.importFile('dia')).state).toBe('DONE');
  });
});
