import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { type Body, fileOf, RunningHouse } from './running-house.js';

let house: RunningHouse;
beforeAll(async () => {
  house = await RunningHouse.open();
});
afterAll(() => house?.close());

const read = async (path: string) => (await house.admin.get(path).expect(200)).body;
const register = async (country: string) =>
  (
    await house.admin
      .post('/v1/clusters')
      .send({ name: `Cluster ${newId().slice(-12)}`, country })
      .expect(201)
  ).body;
const merge = (from: string, into: string) => house.admin.post(`/v1/clusters/${from}/merge`).send({ into });

describe('Two records of one cluster', () => {
  it('become one: its addresses, memberships and the partnership it coordinates follow, and an import finds it again', async () => {
    await house.importFile('exxtra');
    const exxtra = await read('/v1/partnerships/exxtra');
    const from = await read(`/v1/clusters/${exxtra.coordinator.cluster}`);
    const into = await register(from.country);
    const externalId = { system: 'ECCP', id: newId() };
    await house.admin
      .patch(`/v1/clusters/${from.id}`)
      .set('if-match', '*')
      .send({ externalIds: [externalId] })
      .expect(200);
    const bindings = [{ kind: 'CLUSTER', id: from.id }];
    const manager = house.as(await house.keyFor('CLUSTER_MANAGER', undefined, { bindings })).set('prefer', 'wait=30');
    await manager.post(`/v1/clusters/${from.id}/merge`).send({ into: from.id }).expect(422);

    const { body } = await merge(from.slug, into.slug).expect(200);
    expect(body).toMatchObject({
      id: into.id,
      name: into.name,
      slug: into.slug,
      formerIds: [from.id],
      formerSlugs: [from.slug],
      externalIds: [externalId],
      aliases: expect.arrayContaining([expect.objectContaining({ name: from.name })]),
      profile: 'DRAFT',
    });
    const led = await house.admin.get(`/v1/clusters/${from.id}`).redirects(0).expect(308);
    expect(led.headers.location).toBe(`/v1/clusters/${into.id}`);
    const bySlug = await house.admin.get(`/v1/clusters/${from.slug}/history`).redirects(0).expect(308);
    expect(bySlug.headers.location).toBe(`/v1/clusters/${into.slug}/history`);
    await house.public.get(`/v1/clusters/${from.id}`).redirects(0).expect(404);
    expect(await read(`/v1/clusters/by-external-id/ECCP/${externalId.id}`)).toMatchObject({ id: into.id });
    expect((await manager.get(`/v1/clusters/${into.id}`).expect(200)).body.id).toBe(into.id);

    await eventually(async () => {
      const { items } = await read('/v1/partnerships/exxtra/composition');
      expect(items).toHaveLength(7);
      expect(items.map(({ id }: Body) => id)).toContain(into.id);
      expect((await read('/v1/partnerships/exxtra')).coordinator.cluster).toBe(into.id);
    });
    for (const id of [from.id, into.id, from.slug])
      expect((await read(`/v1/memberships?cluster=${id}`)).items).toMatchObject([{ cluster: into.id, role: 'COORDINATOR' }]);
    const { items: all } = await read('/v1/memberships?partnership=exxtra');
    await house.importFile({ ...fileOf('exxtra'), identity: { ...(fileOf('exxtra') as Body).identity, fullName: 'Rail of all Europe' } });
    expect((await read('/v1/memberships?partnership=exxtra')).items.map(({ id }: Body) => id)).toEqual(all.map(({ id }: Body) => id));
    await house.admin.get(`/v1/clusters/${from.id}`).redirects(0).expect(308);
    await eventually(async () => expect(await read('/v1/integrity')).toMatchObject({ agrees: true }), 30_000);
  });

  it('are refused with every reason, and both stand', async () => {
    const [one, other] = [await register('SE'), await register('FI')];
    await house.admin.post(`/v1/clusters/${other.id}/close`).expect(200);
    const { body } = await merge(one.id, other.id).expect(409);
    expect(body.verdicts.flatMap(({ rule, outcome }: Body) => (outcome === 'FAILED' ? [rule] : []))).toEqual([
      'CLUSTER.MERGE.CLOSED',
      'CLUSTER.MERGE.COUNTRY',
    ]);
    const { body: self } = await merge(one.id, one.id).expect(422);
    expect(self).toMatchObject({ code: 'CLUSTER.MERGE.OTHER', errors: [{ pointer: '/into' }] });
    await merge(one.id, newId()).expect(404);
    const bindings = [{ kind: 'CLUSTER', id: one.id }];
    const manager = house.as(await house.keyFor('CLUSTER_MANAGER', undefined, { bindings })).set('prefer', 'wait=30');
    await manager.post(`/v1/clusters/${one.id}/merge`).send({ into: other.id }).expect(404);
    expect(await read(`/v1/clusters/${one.id}`)).toMatchObject({ version: 1 });
    expect(await read(`/v1/clusters/${other.id}`)).toMatchObject({ version: 2, formerIds: [] });
  });
});
