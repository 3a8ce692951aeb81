import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { type Body, RunningHouse } from './running-house.js';

let house: RunningHouse;
beforeAll(async () => {
  house = await RunningHouse.open();
  await house.importFile('dia');
});
afterAll(() => house?.close());

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

  it('is given to one in public at once; its profile stands in public as it was reviewed', async () => {
    const id = newId();
    const { body } = await house.public.get('/v1/clusters?q=mitc');
    const [mitc] = body.items;
    const manager = await managerOf(mitc.id);
    const change = (patch: object) => manager.patch(`/v1/clusters/${mitc.id}`).set('if-match', '*').send(patch);
    await change({ externalIds: [{ system: 'ECCP', id }] }).expect(200);
    expect((await house.public.get(at(id)).expect(200)).body).toMatchObject({ id: mitc.id, name: mitc.name });
    expect((await change({ foundedYear: 1900 }).expect(200)).body).toMatchObject({
      foundedYear: 1900,
      profile: 'DRAFT',
      draftOf: 'PUBLISHED',
    });
    await house.admin.put(at(id)).send({ foundedYear: 1901 }).expect(200);
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

describe('What may not be seen', () => {
  it('is not there for who would write it either', async () => {
    const id = newId();
    const { body: hidden } = await house.admin.put(at(id)).send({ name: named(), country: 'SE' }).expect(201);
    const stranger = await managerOf(newId());
    for (const query of ['', '?dryRun=true']) {
      await stranger.patch(`/v1/clusters/${hidden.id}${query}`).set('if-match', '"99"').send({ foundedYear: 1 }).expect(404);
      await stranger
        .put(`${at(id)}${query}`)
        .send({ foundedYear: 1 })
        .expect(404);
    }
    const items = [{ id: hidden.id, ifMatch: '*', body: { foundedYear: 1 } }, { body: { name: hidden.name, country: 'SE' } }];
    const { body } = await stranger.post('/v1/clusters/batch').send({ items }).expect(207);
    expect(body.items.map(({ status }: Body) => status)).toEqual([404, 403]);
    expect(JSON.stringify(body)).not.toContain(hidden.externalIds[0].id);
    expect(JSON.stringify(body.items[1])).not.toContain(hidden.id);
    expect((await house.admin.get(`/v1/clusters/${hidden.id}`)).body.version).toBe(1);
  });
});

describe('A name', () => {
  it('is one cluster’s in its country, however many come at once, in one batch and by renaming', async () => {
    const name = named();
    const register = () => house.admin.post('/v1/clusters').send({ name, country: 'SE' });
    const all = await Promise.all([register(), register(), register(), register()]);
    expect(all.map(({ status }) => status).toSorted()).toEqual([201, 422, 422, 422]);
    const twice = named();
    const items = [{ body: { name: twice, country: 'SE' } }, { body: { name: twice, country: 'SE' } }];
    const { body } = await house.admin.post('/v1/clusters/batch').send({ items });
    expect(body.items.map(({ status }: Body) => status).toSorted()).toEqual([201, 422]);
    const { body: other } = await house.admin.post('/v1/clusters').send({ name: named(), country: 'SE' }).expect(201);
    const rename = await house.admin.patch(`/v1/clusters/${other.id}`).set('if-match', '*').send({ name }).expect(422);
    expect(rename.body.code).toBe('CLUSTER.REGISTER.DISTINCT');
  });
});

describe('What is said back as it was read', () => {
  it('is no change, whatever is blank in it', async () => {
    const { body } = await house.admin
      .post('/v1/clusters')
      .send({ name: named(), country: 'SE', summary: { en: 'Rails' } })
      .expect(201);
    const { name, aliases, totals, classifications, region, summary, website } = body;
    const said = { name, aliases, totals, classifications, region, summary, website };
    const again = await house.admin.patch(`/v1/clusters/${body.id}`).set('if-match', '"1"').send(said).expect(200);
    expect(again.body).toEqual(body);
  });
});

describe('A partnership', () => {
  it('registers as a draft, is changed by who runs it, and led to by its former address', async () => {
    const acronym = `P ${newId()}`;
    const { body } = await house.admin.post('/v1/partnerships').send({ acronym, name: 'North', programme: 'ESCP-4X' }).expect(201);
    await house.public.get(`/v1/partnerships/${body.slug}`).expect(404);
    const coordinator = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', body.id)).set('prefer', 'wait=30');
    const { body: changed } = await coordinator
      .patch(`/v1/partnerships/${body.slug}`)
      .set('if-match', '"1"')
      .send({ acronym: `${acronym} 2`, start: '2027', durationMonths: 24 })
      .expect(200);
    expect(changed).toMatchObject({ version: 2, formerSlugs: [body.slug], start: { precision: 'year' } });
    await coordinator.get(`/v1/partnerships/${body.slug}`).redirects(0).expect(308);
  });

  it('in public takes outside ids, and stands otherwise', async () => {
    const id = newId();
    const path = `/v1/partnerships/by-external-id/ECCP/${id}`;
    const change = (patch: object) => house.admin.patch('/v1/partnerships/dia').set('if-match', '*').send(patch);
    await change({ externalIds: [{ system: 'ECCP', id }] }).expect(200);
    expect((await house.public.get(path).expect(200)).body.slug).toBe('dia');
    expect((await house.public.get(`/v1/partnerships?externalId=ECCP:${id}`).expect(200)).body.items).toHaveLength(1);
    await house.admin.put(path).send({ durationMonths: 99 }).expect(200);
    expect((await house.public.get('/v1/partnerships/dia').expect(200)).body.durationMonths).toBe(24);
    const put = await house.admin
      .put(`/v1/partnerships/by-external-id/ECCP/${newId()}`)
      .send({ acronym: 'DIA', name: 'x', programme: 'ESCP-4I' });
    expect([put.status, put.body.code]).toEqual([422, 'PARTNERSHIP.SLUG.UNIQUE']);
  });
});
