import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { type Body, RunningHouse } from './running-house.js';

let house: RunningHouse;
beforeAll(async () => {
  house = await RunningHouse.open();
});
afterAll(() => house?.close());

const register = async (more: Body = {}) => {
  const draft = { name: `Company ${newId().slice(-12)}`, type: 'SME', country: 'FI', ...more };
  return (await house.admin.post('/v1/organisations').send(draft).expect(201)).body;
};
const read = async (path: string) => (await house.admin.get(path).expect(200)).body;
const merge = (from: string, into: string) => house.admin.post(`/v1/organisations/${from}/merge`).send({ into });

describe('Two records of one organisation', () => {
  it('are suspected when the second is registered, in a dry run too, with a score that is a sum of named parts', async () => {
    const name = `Nordlicht ${newId().slice(-8)} Optik`;
    const first = await register({
      name: `${name} GmbH`,
      country: 'DE',
      website: `https://${newId()}.example/`,
      address: { city: 'Jena' },
    });
    const again = { name, type: 'SME', country: 'DE', website: first.website, address: { city: 'Jéna' } };
    const { body: dry } = await house.admin.post('/v1/organisations?dryRun=true').send(again).expect(200);
    const told = dry.verdicts.find(({ rule }: Body) => rule === 'ORGANISATION.DUPLICATES.SUSPECTED');
    const suspected = {
      organisation: first.id,
      name: `${name} GmbH`,
      score: 100,
      parts: [
        { code: 'NAME', score: 50, weight: 50 },
        { code: 'WEBSITE', score: 30, weight: 30 },
        { code: 'COUNTRY', score: 10, weight: 10 },
        { code: 'TOWN', score: 10, weight: 10 },
        { code: 'TYPE', score: 5, weight: 5 },
      ],
    };
    expect(told).toMatchObject({ outcome: 'NOT_APPLICABLE', inputs: { suspected: [suspected] } });
    const second = await register(again);
    expect(second.duplicates).toEqual([suspected]);
    const { items } = await read(`/v1/organisations/${first.id}/duplicates`);
    expect(items).toMatchObject([{ organisation: second.id, score: 100 }]);
    const stranger = house.as(await house.keyFor('CLUSTER_MANAGER', undefined, { bindings: [{ kind: 'CLUSTER', id: newId() }] }));
    await stranger.get(`/v1/organisations/${first.id}/duplicates`).expect(404);
    expect((await register()).duplicates).toEqual([]);
  });

  it('become one: the old address leads on, what it was called elsewhere and whoever belongs to it moves over', async () => {
    const vat = `FI${newId().slice(-8)}`;
    const from = await register({ externalIds: [{ system: 'VAT', id: vat }], website: 'https://old.example/', address: { city: 'Oulu' } });
    const into = await register({ website: 'https://new.example/' });
    const draft = { name: 'Aino', email: 'aino@company.example', organisation: from.id };
    const { body: person } = await house.admin.post('/v1/persons').send(draft).expect(201);
    const { body } = await merge(from.id, into.id).expect(200);
    expect(body).toMatchObject({
      id: into.id,
      name: into.name,
      website: 'https://new.example/',
      address: { city: 'Oulu' },
      aliases: [from.name],
      externalIds: [{ system: 'VAT', id: vat }],
      formerIds: [from.id],
    });
    const led = await house.public.get(`/v1/organisations/${from.id}`).redirects(0).expect(308);
    expect(led.headers.location).toBe(`/v1/organisations/${into.id}`);
    const further = await house.admin.get(`/v1/organisations/${from.id}/history`).redirects(0).expect(308);
    expect(further.headers.location).toBe(`/v1/organisations/${into.id}/history`);
    expect(await read(`/v1/organisations/by-external-id/VAT/${vat}`)).toMatchObject({ id: into.id });
    await eventually(async () => expect((await read(`/v1/persons/${person.id}`)).organisation).toBe(into.id));
    for (const id of [from.id, into.id])
      expect((await read(`/v1/persons?organisation=${id}`)).items.map((each: Body) => each.id)).toEqual([person.id]);
    const { body: later } = await house.admin
      .post('/v1/persons')
      .send({ ...draft, email: 'eero@company.example' })
      .expect(201);
    expect(later.organisation).toBe(into.id);
    const representative = house.as(
      await house.keyFor('ORGANISATION_REPRESENTATIVE', undefined, { bindings: [{ kind: 'ORGANISATION', id: from.id }] }),
    );
    expect((await representative.get(`/v1/organisations/${into.id}`)).body.website).toBe('https://new.example/');
    await eventually(() => {
      const of = (id: string) => house.facts().filter(({ subject }) => subject.endsWith(id));
      expect(of(from.id).map(({ type }) => type)).toEqual(['organisation.registered.v1', 'organisation.yielded.v1']);
      expect(of(into.id).at(-1)).toMatchObject({ type: 'organisation.merged.v1', data: { from: from.id } });
    });
    const third = await register();
    await merge(into.id, third.id).expect(200);
    expect((await house.public.get(`/v1/organisations/${from.id}`).redirects(0).expect(308)).headers.location).toBe(
      `/v1/organisations/${third.id}`,
    );
  });

  it('belong to clusters as one: what both belonged to ends once', async () => {
    const clusters = await Promise.all(
      ['A', 'B'].map((name) => house.admin.post('/v1/clusters').send({ name: `${name} ${newId()}`, country: 'FI' })),
    );
    const [a, b] = clusters.map(({ body }) => body.id);
    const [from, into] = [await register(), await register()];
    const join = async (organisation: string, cluster: string) => {
      const { body } = await house.admin.post('/v1/memberships/invite').send({ cluster, organisation }).expect(201);
      const representative = house.as(
        await house.keyFor('ORGANISATION_REPRESENTATIVE', undefined, { bindings: [{ kind: 'ORGANISATION', id: organisation }] }),
      );
      return (await representative.post(`/v1/memberships/${body.id}/accept`).send({}).expect(200)).body;
    };
    const [alone, double, stays] = [await join(from.id, a), await join(from.id, b), await join(into.id, b)];
    await merge(from.id, into.id).expect(200);
    const now = (id: string) => read(`/v1/memberships/${id}`);
    await eventually(async () => expect(await now(alone.id)).toMatchObject({ organisation: into.id, state: 'ACTIVE' }));
    await eventually(async () => expect(await now(double.id)).toMatchObject({ organisation: from.id, state: 'ENDED' }));
    expect(await now(stays.id)).toMatchObject({ organisation: into.id, state: 'ACTIVE' });
    for (const id of [from.id, into.id]) expect((await read(`/v1/memberships?organisation=${id}&state=ACTIVE`)).items).toHaveLength(2);
  });

  it('are merged once, by who is in charge of both, and not into themselves', async () => {
    const [from, into] = [await register(), await register()];
    expect((await merge(from.id, from.id).expect(422)).body).toMatchObject({
      code: 'ORGANISATION.MERGE.OTHER',
      errors: [{ pointer: '/into' }],
    });
    expect((await merge(from.id, newId()).expect(404)).body.errors).toEqual([{ pointer: '/into', message: expect.any(String) }]);
    const one = house.as(
      await house.keyFor('ORGANISATION_REPRESENTATIVE', undefined, { bindings: [{ kind: 'ORGANISATION', id: from.id }] }),
    );
    const refused = await one.post(`/v1/organisations/${from.id}/merge`).send({ into: into.id }).expect(403);
    expect(refused.body.code).toBe('ORGANISATION.MERGE.ACTOR');
    const { body: dry } = await house.admin.post(`/v1/organisations/${from.id}/merge?dryRun=true`).send({ into: into.id }).expect(200);
    expect(dry).toMatchObject({ dryRun: true, changed: true });
    expect(await read(`/v1/organisations/${from.id}`)).toMatchObject({ version: 1 });
    const key = newId();
    const keyed = () => merge(from.id, into.id).set('idempotency-key', key);
    const { body } = await keyed().expect(200);
    expect((await keyed().expect(200)).body).toEqual(body);
    const both = await Promise.all([register(), register()]);
    const answers = await Promise.all([merge(both[0].id, both[1].id), merge(both[1].id, both[0].id)]);
    const done = answers.filter(({ status }) => status === 200).length;
    expect(done).toBeLessThanOrEqual(1);
    const now = await Promise.all(both.map(async ({ id }) => (await house.admin.get(`/v1/organisations/${id}`).redirects(0)).status));
    expect(now.toSorted()).toEqual(done === 1 ? [200, 308] : [200, 200]);
  });
});
