import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { type Agent, type Body, RunningHouse } from './running-house.js';
import { failing } from './verdicts.js';

let house: RunningHouse;
let cluster: Body;
let company: Body;
let representative: Agent;
beforeAll(async () => {
  house = await RunningHouse.open();
  await house.withDia();
  const { body } = await house.public.get('/v1/memberships?partnership=dia&limit=1').expect(200);
  cluster = (await house.admin.get(`/v1/clusters/${body.items[0].cluster}`).expect(200)).body;
  company = await registered();
  representative = await house.holding('ORGANISATION_REPRESENTATIVE', 'ORGANISATION', company.id);
  const { body: asked } = await representative
    .post('/v1/memberships/request')
    .send({ cluster: cluster.id, organisation: company.id })
    .expect(201);
  const manager = await house.holding('CLUSTER_MANAGER', 'CLUSTER', cluster.id);
  await manager.post(`/v1/memberships/${asked.id}/accept`).send({ on: '2020-06-01' }).expect(200);
});
afterAll(() => house?.close());

const registered = async (): Promise<Body> => {
  const draft = {
    name: `Company ${newId()}`,
    type: 'SME',
    country: 'FI',
    size: { years: [{ year: 2025, headcount: 12, turnover: euros(1e6), balanceSheet: euros(1e6) }] },
  };
  return (await house.admin.post('/v1/organisations').send(draft).expect(201)).body;
};
const euros = (amount: number) => ({ cents: amount * 100, currency: 'EUR' });
const ask = (who: Agent, purpose = 'visit', more = '') =>
  who.get(`/v1/memberships/entitlement?organisation=${company.id}&for=${purpose}${more}`);

describe('The right of a Finnish SME to visit', () => {
  it('is judged by the day', async () => {
    const { body } = await ask(representative, 'visit', '&on=2020-05-31').expect(200);
    expect(failing(body)).toContain('ENTITLEMENT.MEMBERSHIP');
    expect((await ask(representative, 'visit', '&on=2021-05-31').expect(200)).body.entitled).toBe(true);
  });

  it('is told to itself, its clusters and whoever assesses, and to nobody else', async () => {
    const manager = await house.holding('CLUSTER_MANAGER', 'CLUSTER', cluster.id);
    const assessing = await house.holding('EXCHANGE_OPERATIONAL_MANAGER', 'PARTNERSHIP', newId());
    for (const who of [manager, assessing, house.admin]) await ask(who).expect(200);
    await ask(await house.holding('ORGANISATION_REPRESENTATIVE', 'ORGANISATION', newId())).expect(404);
    await ask(house.public).expect(401);
  });

  it('says what is missing in the question', async () => {
    const { body } = await house.admin.get('/v1/memberships/entitlement?for=sing&on=2020-13-01&call=none').expect(400);
    expect(body.errors.map(({ pointer }: Body) => pointer)).toEqual(['?organisation', '?for', '?on', '?call']);
    await house.admin.get(`/v1/memberships/entitlement?organisation=${newId()}&for=visit`).expect(404);
  });

  it('stands while its cluster is validated and published, and is gone at once when that is suspended', async () => {
    const { body } = await ask(representative).expect(200);
    expect(body).toMatchObject({
      organisation: company.id,
      for: 'visit',
      on: new Date().toISOString().slice(0, 10),
      call: null,
      entitled: true,
    });
    await house.admin.post(`/v1/clusters/${cluster.id}/suspend`).send({ reason: 'criteria' }).expect(200);
    const { body: now } = await ask(representative).expect(200);
    expect([now.entitled, failing(now)]).toEqual([false, ['ENTITLEMENT.CLUSTER_PROFILED']]);
    expect((await ask(representative, 'host').expect(200)).body).toMatchObject({ entitled: false, exceptionPossible: true });
  });
});
