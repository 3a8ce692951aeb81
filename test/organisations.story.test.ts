import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { type Body, RunningHouse } from './running-house.js';

let house: RunningHouse;
beforeAll(async () => {
  house = await RunningHouse.open();
});
afterAll(() => house?.close());

const named = () => `Company ${newId().slice(-12)}`;
const registered = async (more: Body = {}) => {
  const { body } = await house.admin
    .post('/v1/organisations')
    .send({ name: named(), type: 'SME', country: 'FI', ...more })
    .expect(201);
  return body;
};
const bound = async (role: string, kind: string, id: string) => {
  const bindings = [{ kind, id }];
  return house.as(await house.keyFor(role, undefined, { bindings })).set('prefer', 'wait=30');
};
const codes = ({ verdicts }: Body) => verdicts.filter(({ outcome }: Body) => outcome === 'FAILED').map(({ rule }: Body) => rule);

describe('An organisation', () => {
  it('needs a name, a type and a country, is read by everybody, and whole by its representative', async () => {
    const size = { years: [{ year: 2024, headcount: 12, turnover: { cents: 150_000_000, currency: 'EUR' }, balanceSheet: null }] };
    const whole = { address: { city: 'Oulu' }, contact: { email: 'office@company.example' }, size, website: 'https://company.example/' };
    const { id, name } = await registered({ ...whole, region: { code: 'FI1D', version: 'NUTS 2021', label: 'Pohjois-Suomi' } });
    const { body: seen } = await house.public.get(`/v1/organisations/${id}`).expect(200);
    expect(seen).toEqual({
      id,
      version: 1,
      updatedAt: expect.any(String),
      name,
      type: 'SME',
      country: 'FI',
      region: { code: 'FI1D', version: 'NUTS 2021', label: 'Pohjois-Suomi' },
      formerIds: [],
    });
    const representative = await bound('ORGANISATION_REPRESENTATIVE', 'ORGANISATION', id);
    const { body: own } = await representative.get(`/v1/organisations/${id}`).expect(200);
    expect(own).toMatchObject({ ...whole, sizeClass: { value: 'SMALL', isSme: true, verdict: { outcome: 'PASSED' } } });
    const { body: found } = await house.public.get(`/v1/organisations?q=${name.split(' ')[1]}&country=FI&type=SME`).expect(200);
    expect(found.items.map((each: Body) => each.id)).toEqual([id]);
  });

  it('is changed by its representative from the version that was read, and its class with its figures', async () => {
    const { id } = await registered();
    const representative = await bound('ORGANISATION_REPRESENTATIVE', 'ORGANISATION', id);
    await representative
      .patch(`/v1/organisations/${id}`)
      .send({ offers: { en: 'Lenses' } })
      .expect(428);
    const size = { years: [{ year: 2024, headcount: 300, turnover: null, balanceSheet: null }] };
    const { body } = await representative
      .patch(`/v1/organisations/${id}`)
      .set('if-match', '"1"')
      .send({ offers: { en: 'Lenses' }, size })
      .expect(200);
    expect(body).toMatchObject({ version: 2, offers: { en: 'Lenses' }, sizeClass: { value: 'LARGE', verdict: { outcome: 'FAILED' } } });
    await eventually(() => {
      const facts = house.facts().filter(({ subject }) => subject.endsWith(id));
      expect(facts.map(({ type }) => type)).toEqual(['organisation.registered.v1', 'organisation.changed.v1']);
      expect(JSON.stringify(facts)).not.toContain('Lenses');
    });
  });

  it('is written by nobody else, nor with what is not sound', async () => {
    const { id } = await registered();
    const stranger = await bound('ORGANISATION_REPRESENTATIVE', 'ORGANISATION', newId());
    const refused = await stranger.patch(`/v1/organisations/${id}`).set('if-match', '*').send({ name: 'Mine' }).expect(403);
    expect(refused.body.code).toBe('ORGANISATION.CHANGE.ACTOR');
    expect((await stranger.post('/v1/organisations').send({ name: named(), type: 'SME', country: 'FI' }).expect(403)).body.code).toBe(
      'ORGANISATION.REGISTER.ACTOR',
    );
    const money = { cents: 1, currency: 'USD' };
    const wrong = {
      name: named(),
      type: 'GUILD',
      country: 'QQ',
      establishments: [{ country: 'XX' }],
      size: {
        years: [1, 2].map(() => ({ year: 2024, headcount: 1, turnover: money, balanceSheet: null })),
        related: [{ relation: 'PARTNER', share: 60, headcount: 1, turnover: null, balanceSheet: null }],
      },
    };
    const { body } = await house.admin.post('/v1/organisations').send(wrong).expect(422);
    expect(codes(body)).toEqual(['ORGANISATION.TYPE.KNOWN', 'ORGANISATION.COUNTRIES.KNOWN', 'ORGANISATION.SIZE.COHERENT']);
    expect(body.errors.map(({ pointer }: Body) => pointer)).toEqual([
      '/type',
      '/country',
      '/establishments/0/country',
      '/size/years/1/year',
      '/size/years/0/turnover/currency',
      '/size/years/1/turnover/currency',
      '/size/related/0/share',
    ]);
    expect(
      (await house.admin.post('/v1/organisations').send({ name: named() }).expect(400)).body.errors.map((e: Body) => e.pointer),
    ).toEqual(['/type', '/country']);
    expect((await house.public.get(`/v1/organisations/${id}`)).body.version).toBe(1);
  });

  it('is brought in by a cluster manager, who then owns its record', async () => {
    const manager = await bound('CLUSTER_MANAGER', 'CLUSTER', newId());
    const { body } = await manager.post('/v1/organisations').send({ name: named(), type: 'SME', country: 'SE' }).expect(201);
    expect((await manager.get(`/v1/organisations/${body.id}`).expect(200)).body.sizeClass.value).toBeNull();
    await manager.delete(`/v1/organisations/${body.id}`).set('if-match', '"1"').expect(204);
    await house.admin.get(`/v1/organisations/${body.id}`).expect(404);
  });

  it('is one by its outside id, in batches too', async () => {
    const vat = `FI${newId().slice(-8)}`;
    const at = `/v1/organisations/by-external-id/VAT/${vat}`;
    expect((await house.admin.put(at).send({}).expect(422)).body).toMatchObject({ code: 'ORGANISATION.PUT.NAMED', errors: { length: 3 } });
    const { body } = await house.admin.put(at).send({ name: named(), type: 'SME', country: 'FI' }).expect(201);
    const items = [
      { externalId: { system: 'VAT', id: vat }, body: { website: 'https://company.example/' } },
      { body: { name: named(), type: 'UNIVERSITY', country: 'FI', externalIds: [{ system: 'VAT', id: vat }] } },
    ];
    const { body: batch } = await house.admin.post('/v1/organisations/batch').send({ items }).expect(207);
    expect(batch.items.map(({ status }: Body) => status)).toEqual([200, 422]);
    expect(batch.items[1].problem.code).toBe('ORGANISATION.EXTERNAL_IDS.UNIQUE');
    expect((await house.admin.get(at).expect(200)).body).toMatchObject({ id: body.id, website: 'https://company.example/' });
  });
});
