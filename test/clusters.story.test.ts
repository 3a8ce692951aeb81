import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { type Body, RunningHouse } from './running-house.js';

jest.setTimeout(60_000);

let house: RunningHouse;
beforeAll(async () => {
  house = await RunningHouse.open();
  await house.importFile('dia');
}, 120_000);
afterAll(() => house?.close(), 60_000);

const at = (id: string) => `/v1/clusters/by-external-id/ECCP/${id}`;
const named = () => `Cluster ${newId()}`;
const managerOf = async (cluster: string) => {
  const bindings = [{ kind: 'CLUSTER', id: cluster }];
  return house.as(await house.keyFor('CLUSTER_MANAGER', undefined, { bindings })).set('prefer', 'wait=30');
};

describe('A cluster that registers', () => {
  it('is there for the platform and its manager, and for nobody else before its profile is published', async () => {
    const { body, headers } = await house.admin.post('/v1/clusters').send({ name: named(), country: 'SE', externalIds: [] }).expect(201);
    expect(body).toMatchObject({ state: 'REGISTERED', profile: 'DRAFT', version: 1, slug: expect.stringMatching(/^cluster-.*-se$/) });
    expect(headers.location).toBe(`/v1/clusters/${body.id}`);
    await house.public.get(`/v1/clusters/${body.id}`).expect(404);
    const manager = await managerOf(body.id);
    const { body: changed } = await manager
      .patch(`/v1/clusters/${body.slug}`)
      .set('if-match', '"1"')
      .send({ foundedYear: 2001 })
      .expect(200);
    expect(changed).toMatchObject({ id: body.id, version: 2, foundedYear: 2001 });
    await eventually(() =>
      expect(
        house
          .facts()
          .filter(({ subject }) => subject.endsWith(body.id))
          .map(({ type }) => type),
      ).toEqual(['cluster.registered.v1', 'cluster.changed.v1']),
    );
    const { body: feed } = await house.public.get('/v1/clusters?limit=200');
    expect(feed.items.map(({ id }: Body) => id)).not.toContain(body.id);
  });

  it('is not registered twice, nor by anybody, nor with what is not sound', async () => {
    const count = async () => (await house.admin.get('/v1/clusters?limit=200')).body.items.length;
    const before = await count();
    const { body: mitc } = await house.public.get('/v1/clusters?q=mitc');
    const twice = await house.admin.post('/v1/clusters').send({ name: mitc.items[0].name, country: mitc.items[0].country }).expect(422);
    expect(twice.body).toMatchObject({ code: 'CLUSTER.REGISTER.DISTINCT', errors: [{ pointer: '/name' }] });
    const stranger = await managerOf(newId());
    expect((await stranger.post('/v1/clusters').send({ name: named(), country: 'SE' }).expect(403)).body.code).toBe(
      'CLUSTER.REGISTER.ACTOR',
    );
    const wrong = { name: named(), country: 'QQ', classifications: { technologyFields: ['MAGIC'] } };
    const { body } = await house.admin.post('/v1/clusters').send(wrong).expect(422);
    expect(body.errors.map(({ pointer }: Body) => pointer)).toEqual(['/country', '/classifications/technologyFields/0']);
    expect(await count()).toBe(before);
  });
});

describe('A cluster by its outside id', () => {
  it('is registered by the first PUT, changed by the next, and one, however many put it at once', async () => {
    const [id, name] = [newId(), named()];
    const answers = await Promise.all(
      [2001, 2002, 2003].map((foundedYear) => house.admin.put(at(id)).send({ name, country: 'FI', foundedYear })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    const { body: listed } = await house.admin.get(`/v1/clusters?externalId=ECCP:${id}`).expect(200);
    expect(listed.items.map((item: Body) => item.id)).toEqual([answers[0]!.body.id]);
  });

  it('is given to one in public without touching its profile, which stands as it was reviewed', async () => {
    const id = newId();
    const { body } = await house.public.get('/v1/clusters?q=mitc');
    const [mitc] = body.items;
    const manager = await managerOf(mitc.id);
    const change = (patch: object) => manager.patch(`/v1/clusters/${mitc.id}`).set('if-match', '*').send(patch);
    await change({ externalIds: [{ system: 'ECCP', id }] }).expect(200);
    expect((await house.public.get(at(id)).expect(200)).body).toMatchObject({ id: mitc.id, name: mitc.name });
    expect((await change({ foundedYear: 1900 }).expect(409)).body.code).toBe('CLUSTER.CHANGE.PROFILE');
    expect((await house.admin.put(at(id)).send({ foundedYear: 1900 }).expect(409)).body.code).toBe('CLUSTER.CHANGE.PROFILE');
    expect((await house.public.get(`/v1/clusters/${mitc.id}`)).body.foundedYear).toBe(mitc.foundedYear);
  });
});

describe('A batch of clusters', () => {
  it('is answered item by item', async () => {
    const [id, name] = [newId(), named()];
    const items = [
      { body: { name, country: 'SE' } },
      { externalId: { system: 'ECCP', id }, body: { name: named(), country: 'PT' } },
      { externalId: { system: 'ECCP', id }, body: { foundedYear: 2001 } },
      { externalId: { system: 'ECCP', id: newId() }, body: { foundedYear: 2001 } },
    ];
    const { body } = await house.admin.post('/v1/clusters/batch').send({ items }).expect(207);
    expect(body.items.map(({ status, problem }: Body) => problem?.code ?? status)).toEqual([201, 201, 200, 'CLUSTER.PUT.NAMED']);
  });
});
