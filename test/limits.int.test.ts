import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/testing/eventually';
import { Wire } from '#libs/testing/wire';
import { Gateways } from './gateways.js';
import type { Body } from './running-house.js';

let wire: Wire;
let house: Gateways;
beforeAll(async () => {
  wire = await Wire.to(process.env.REDIS_URL!);
  house = await Gateways.open(2, {
    REDIS_URL: wire.url,
    LIMITS: 'READ=20/600,WRITE=8/600,IMPORT=2/600,TOKEN=4/600',
    TRUSTED_PROXIES: '127.0.0.0/8',
  });
});
afterAll(async () => {
  await house?.close();
  await wire?.close();
});

/** A request of the public from an address of its own. */
const from = (address: string, gateway = 0) => house.as(undefined, gateway).set('x-forwarded-for', address);
const left = ({ headers }: { headers: Record<string, string> }) => Number(/r=(\d+)/.exec(headers.ratelimit ?? '')?.[1]);
const key = async (more: Body = {}): Promise<Body> => {
  const draft = { name: 'k', role: 'PARTNERSHIP_MANAGER', test: true, ...more };
  const { body } = await house.admin().post('/v1/api-keys').send(draft);
  return body;
};
describe('A client', () => {
  it('is told its quota, what is left of it, and when it begins anew', async () => {
    const { headers } = await from('192.0.2.1').get('/v1/partnerships');
    expect(headers['ratelimit-policy']).toBe('"read";q=20;w=600');
    expect(headers.ratelimit).toMatch(/^"read";r=19;t=\d{3}$/);
  });

  it('who asks too often is told to wait, with kept answers counted as all others', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 22; i += 1) statuses.push((await from('192.0.2.2').get('/v1/partnerships')).status);
    expect(statuses).toEqual([...Array<number>(20).fill(200), 429, 429]);
    const answer = await from('192.0.2.2').get('/v1/clusters');
    expect(answer.headers['content-type']).toMatch('application/problem+json');
    expect(answer.body).toMatchObject({ code: 'RATE.EXCEEDED', status: 429, retryable: true });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(500);
    expect(answer.headers.ratelimit).toMatch(/^"read";r=0;t=/);
    expect((await from('192.0.2.3').get('/v1/partnerships')).status).toBe(200);
  });

  it('is counted over all gateways, within a fifth of a second', async () => {
    for (let i = 0; i < 12; i += 1) await from('192.0.2.4', 0).get('/v1/partnerships');
    await from('192.0.2.4', 1).get('/v1/partnerships');
    await eventually(async () => expect(left(await from('192.0.2.4', 1).get('/v1/events'))).toBeLessThanOrEqual(6));
    let granted = 0;
    for (let i = 0; i < 10; i += 1) if ((await from('192.0.2.4', 1).get('/v1/events')).status === 200) granted += 1;
    expect(granted).toBeLessThanOrEqual(6);
  });

  it('is counted by who it is, not by where it comes from', async () => {
    const holder = (await key()).key;
    const ask = (address: string) => house.as(holder).get('/v1/partnerships').set('x-forwarded-for', address);
    expect([left(await ask('192.0.2.10')), left(await ask('192.0.2.11'))]).toEqual([19, 18]);
  });

  it('who guesses keys is counted by address', async () => {
    const guess = () => house.as('cb_test_guess').get('/v1/partnerships').set('x-forwarded-for', '192.0.2.20');
    const statuses: number[] = [];
    for (let i = 0; i < 21; i += 1) statuses.push((await guess()).status);
    expect(statuses).toEqual([...Array<number>(20).fill(401), 429]);
  });

  it('of IPv6 is counted by its network', async () => {
    expect(left(await from('2001:db8:1:2::1').get('/v1/partnerships'))).toBe(19);
    expect(left(await from('2001:db8:1:2:ffff::9').get('/v1/partnerships'))).toBe(18);
    expect(left(await from('2001:db8:1:3::1').get('/v1/partnerships'))).toBe(19);
  });

  it('has quotas of their own for writes and imports, exact over both gateways, and what is refused is not done', async () => {
    const holder = (await key({ role: 'PLATFORM_ADMIN' })).key;
    const write = (gateway: number) => house.as(holder, gateway).post('/v1/clients').send({});
    const statuses = await Promise.all(Array.from({ length: 10 }, async (_, i) => (await write(i % 2)).status));
    expect(statuses.sort()).toEqual([...Array<number>(8).fill(400), 429, 429]);
    const draft = { name: 'too many', role: 'CLUSTER_MANAGER', test: true };
    expect((await house.as(holder).post('/v1/api-keys').send(draft)).status).toBe(429);
    const { items } = (await house.admin().get('/v1/api-keys?limit=200')).body;
    expect(items.map(({ name }: Body) => name)).not.toContain('too many');
    const { headers, status } = await house.as(holder).post('/v1/imports').send({});
    expect([status, headers['ratelimit-policy']]).toEqual([400, '"import";q=2;w=600']);
    expect((await house.as(holder).get('/v1/partnerships')).status).toBe(200);
  });
});

describe('The token endpoint', () => {
  const ask = (address: string, gateway = 0) =>
    house
      .as(undefined, gateway)
      .post('/v1/oauth/token')
      .type('form')
      .set('x-forwarded-for', address)
      .send({ grant_type: 'client_credentials', client_id: 'nobody', client_secret: 'guessed' });

  it('is stricter, by address, over both gateways', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 6; i += 1) statuses.push((await ask('198.51.100.1', i % 2)).status);
    expect(statuses).toEqual([401, 401, 401, 401, 429, 429]);
    expect((await ask('198.51.100.2')).status).toBe(401);
  });
});

describe('While Redis is away', () => {
  it('reads and writes go on uncounted, and guesses at the token endpoint are counted by each gateway', async () => {
    const holder = (await key({ role: 'PLATFORM_ADMIN' })).key;
    await wire.close();
    await eventually(async () => expect((await from('203.0.113.1').get('/v1/partnerships')).headers.ratelimit).toBeUndefined());
    for (let i = 0; i < 25; i += 1) expect((await from('203.0.113.1').get('/v1/partnerships')).status).toBe(200);
    for (let i = 0; i < 10; i += 1) expect((await house.as(holder).post('/v1/clients').send({})).status).toBe(400);
    const { status } = await house.as(holder).post('/v1/api-keys').send({ name: 'x', role: 'CLUSTER_MANAGER', test: true });
    expect(status).toBe(201);
    const form = { grant_type: 'client_credentials', client_id: 'nobody', client_secret: 'guessed' };
    const guess = () => house.as().post('/v1/oauth/token').type('form').set('x-forwarded-for', '203.0.113.9').send(form);
    const statuses: number[] = [];
    for (let i = 0; i < 6; i += 1) statuses.push((await guess()).status);
    expect(statuses).toEqual([401, 401, 401, 401, 429, 429]);
  });
});
