import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Body, fileOf, RunningHouse } from './running-house.js';

let house: RunningHouse;
let dia: Body;
let pimap: Body;
beforeAll(async () => {
  house = await RunningHouse.open();
  await house.importFile('dia');
  await house.importFile('pimap');
  ({ body: dia } = await house.public.get('/v1/partnerships/dia'));
  ({ body: pimap } = await house.public.get('/v1/partnerships/pimap'));
});
afterAll(() => house?.close());

const webhook = { channel: 'WEBHOOK', url: 'http://127.0.0.1:9/', eventTypes: ['*'] };
const report = { kind: 'COMPOSITION', format: 'CSV', parameters: { partnership: 'dia' } };
const problemOf = ({ status, type, body }: { status: number; type: string; body: Body }) => ({ status, type, code: body.code });

describe('Somebody without a key', () => {
  it.each([
    ['post', '/v1/imports', fileOf('dia')],
    ['post', '/v1/subscriptions', webhook],
    ['post', '/v1/reports', report],
    ['post', '/v1/api-keys', { name: 'x', role: 'PLATFORM_ADMIN' }],
    ['get', '/v1/imports', undefined],
    ['get', '/v1/subscriptions', undefined],
    ['get', '/v1/reports', undefined],
    ['get', '/v1/reminders', undefined],
    ['get', '/v1/api-keys', undefined],
    ['get', '/v1/me', undefined],
  ] as const)('is not let in to %s %s', async (method, path, body) => {
    const answer = await house.public[method](path).send(body);
    expect(problemOf(answer)).toEqual({ status: 401, type: 'application/problem+json', code: 'AUTH.REQUIRED' });
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it('reads what is public', async () => {
    for (const path of [
      '/v1/partnerships',
      '/v1/partnerships/dia',
      '/v1/clusters',
      '/v1/memberships',
      '/v1/events',
      '/v1/taxonomies',
      '/v1/event-types',
    ])
      expect({ path, status: (await house.public.get(path)).status }).toEqual({ path, status: 200 });
  });
});

describe('A key', () => {
  it.each([
    ['mistyped', 'cb_test_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['of another kind', 'secret'],
    ['empty', ''],
  ])('that is %s is refused, also where no key is needed', async (_, key) => {
    const answer = await house.public.get('/v1/partnerships').set('authorization', `Bearer ${key}`);
    expect(problemOf(answer)).toMatchObject({ status: 401, code: 'AUTH.UNKNOWN' });
  });

  it('is shown once, and nowhere stands in a list', async () => {
    const key = await house.keyFor('PARTNERSHIP_MANAGER', dia.id);
    expect(key).toMatch(/^cb_test_[0-9A-Za-z]{38}$/);
    const { text } = await house.admin.get('/v1/api-keys');
    expect(text).not.toContain(key);
    expect(text).not.toContain('sha256');
  });

  it('tells its holder who that is', async () => {
    const { body } = await house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', dia.id)).get('/v1/me');
    expect(body).toMatchObject({
      kind: 'CLIENT',
      roles: [{ role: 'PARTNERSHIP_COORDINATOR', binding: { kind: 'PARTNERSHIP', id: dia.id } }],
    });
  });

  it('that is revoked is void at once', async () => {
    const { body: key } = await house.admin.post('/v1/api-keys').send({ name: 'short', role: 'PARTNERSHIP_MANAGER', test: true });
    const holder = house.as(key.key);
    expect((await holder.get('/v1/me')).status).toBe(200);
    expect((await holder.get('/v1/partnerships/dia')).status).toBe(200);
    expect((await house.admin.post(`/v1/api-keys/${key.id}/revoke`)).body).toMatchObject({ state: 'REVOKED' });
    expect((await holder.get('/v1/me')).status).toBe(401);
    expect((await holder.get('/v1/partnerships/dia')).status).toBe(401);
    expect((await holder.post('/v1/subscriptions').send(webhook)).status).toBe(401);
  });

  it('that has expired is void', async () => {
    const { body: key } = await house.admin
      .post('/v1/api-keys')
      .send({ name: 'of yesterday', role: 'PARTNERSHIP_MANAGER', test: true, expiresAt: '2020-01-01T00:00:00Z' });
    expect((await house.as(key.key).get('/v1/me')).status).toBe(401);
  });

  it('does what its scopes name, and no more', async () => {
    const holder = house.as(await house.keyFor('PLATFORM_ADMIN', undefined, { scopes: ['partnerships:read', 'events:read'] }));
    expect((await holder.get('/v1/partnerships/dia')).status).toBe(200);
    expect((await holder.get('/v1/events')).status).toBe(200);
    expect(problemOf(await holder.get('/v1/clusters'))).toMatchObject({ status: 403, code: 'AUTH.SCOPE' });
    expect(problemOf(await holder.post('/v1/imports').send(fileOf('dia')))).toMatchObject({ status: 403, code: 'AUTH.SCOPE' });
  });
});

describe('A role', () => {
  it.each(['CLUSTER_MANAGER', 'ORGANISATION_REPRESENTATIVE', 'PARTNERSHIP_MANAGER'])('%s imports no partnership', async (role) => {
    const { status, body } = await house
      .as(await house.keyFor(role))
      .post('/v1/imports')
      .send(fileOf('dia'));
    expect(status).toBe(403);
    expect(body.verdicts).toEqual(expect.arrayContaining([expect.objectContaining({ rule: 'IMPORT.START.ACTOR', outcome: 'FAILED' })]));
  });

  it('PARTNERSHIP_COORDINATOR imports the own partnership, and no other', async () => {
    const coordinator = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', dia.id));
    expect((await coordinator.post('/v1/imports').send(fileOf('dia'))).status).toBe(201);
    expect((await coordinator.post('/v1/imports').send(fileOf('pimap'))).status).toBe(403);
    const { body } = await coordinator.get('/v1/imports');
    expect(new Set(body.items.map(({ partnership }: Body) => partnership))).toEqual(new Set([dia.id]));
  });

  it('other than PLATFORM_ADMIN gives no keys and sees none of others', async () => {
    const coordinator = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', dia.id));
    expect((await coordinator.post('/v1/api-keys').send({ name: 'x', role: 'PLATFORM_ADMIN', test: true })).status).toBe(403);
    expect((await coordinator.get('/v1/api-keys')).body.items).toEqual([]);
    const { body: key } = await house.admin.post('/v1/api-keys').send({ name: 'y', role: 'CLUSTER_MANAGER', test: true });
    expect([403, 404]).toContain((await coordinator.post(`/v1/api-keys/${key.id}/revoke`)).status);
    expect((await house.as(key.key).get('/v1/me')).status).toBe(200);
  });

  it('sees the reminders of its own partnership only', async () => {
    const coordinator = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', pimap.id));
    const { body } = await coordinator.get('/v1/reminders?limit=200');
    expect(body.items.filter(({ partnerships }: Body) => !partnerships.includes(pimap.id))).toEqual([]);
  });

  it('in a body or header is not taken from there', async () => {
    const holder = house.as(await house.keyFor('CLUSTER_MANAGER'));
    const { status } = await holder.post('/v1/imports').set('x-role', 'PLATFORM_ADMIN').send(fileOf('dia'));
    expect(status).toBe(403);
    expect((await holder.post('/v1/imports?role=PLATFORM_ADMIN').send(fileOf('dia'))).status).toBe(400);
  });
});

describe('A partnership that is imported as a draft', () => {
  it('is there for its coordinator and the platform, and for nobody else, in no list and by no address', async () => {
    const secret = { ...fileOf('dia'), code: 'SECRET', identity: { acronym: 'SECRET', name: 'Not yet told' } };
    const { body } = await house.admin.post('/v1/imports?profile=DRAFT').send(secret);
    const own = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', body.partnership));
    const foreign = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', dia.id));
    for (const insider of [own, house.admin])
      expect((await insider.get('/v1/partnerships/secret')).body).toMatchObject({ profile: 'DRAFT' });
    for (const stranger of [foreign, house.public]) {
      for (const path of ['', '/composition', '/remarks', '/exchange-profile'])
        expect((await stranger.get(`/v1/partnerships/secret${path}`)).status).toBe(404);
      const lists = await Promise.all(
        ['partnerships', 'events?partnership=secret', 'memberships'].map((list) => stranger.get(`/v1/${list}`)),
      );
      for (const list of lists) expect(list.text).not.toContain(body.partnership);
    }
  });
});
