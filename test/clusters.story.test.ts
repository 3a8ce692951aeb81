import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { type Body, RunningHouse } from './running-house.js';

let house: RunningHouse;
beforeAll(async () => {
  house = await RunningHouse.open();
});
afterAll(() => house?.close());

describe('A cluster on its way', () => {
  it('is told every criterion it misses, meets them, is validated, suspended with a reason, and closed', async () => {
    const { body: made } = await house.admin
      .post('/v1/clusters')
      .send({ name: `Cluster ${newId()}`, country: 'SE' })
      .expect(201);
    const at = `/v1/clusters/${made.id}`;
    const bindings = [{ kind: 'CLUSTER', id: made.id }];
    const manager = house.as(await house.keyFor('CLUSTER_MANAGER', undefined, { bindings })).set('prefer', 'wait=30');
    const { body: refused } = await house.admin.post(`${at}/validate`).expect(422);
    expect(refused.verdicts.filter(({ outcome }: Body) => outcome === 'FAILED')).toHaveLength(4);
    expect(refused.errors.map(({ pointer }: Body) => pointer)).toEqual(['/fte', '/website', '/totals/members', '/memberTypes']);

    const said = {
      fte: 1.5,
      website: 'https://cluster.example/',
      websiteLanguages: ['sv', 'en'],
      memberTypes: ['INDUSTRY', 'PUBLIC'],
      totals: { members: { value: 40, qualifier: null, asOf: null } },
      services: [{ name: { en: 'Advice on subsidies' }, freeOfCharge: true, forWhom: 'members' }],
      businessModel: { en: 'Membership fees' },
      policyRole: { en: 'Speaks for rail in the regional strategy' },
      regionClass: 'TRANSITION',
      legalEntity: { name: 'Cluster AB', form: 'AB', registration: null, country: 'SE' },
    };
    const { body: changed } = await manager.patch(at).set('if-match', '"1"').send(said).expect(200);
    expect(changed).toMatchObject(said);
    const waiver = { kind: 'OFFICIAL_CLUSTER_PROGRAMME', evidence: null };
    expect((await manager.patch(at).set('if-match', '"2"').send({ waiver }).expect(403)).body.code).toBe('CLUSTER.WAIVER.ACTOR');
    expect((await manager.post(`${at}/validate`).expect(403)).body.code).toBe('CLUSTER.VALIDATE.ACTOR');

    expect((await house.admin.post(`${at}/validate`).expect(200)).body).toMatchObject({ state: 'VALIDATED', version: 3 });
    await house.admin.post(`${at}/suspend`).send({}).expect(400);
    await house.admin.post(`${at}/suspend`).send({ reason: 'The website is gone.' }).expect(200);
    expect((await manager.get(at).expect(200)).body).toMatchObject({ state: 'SUSPENDED', stateReason: 'The website is gone.' });
    const own = await house.admin.post(`${at}/close`).send({ successor: made.slug }).expect(422);
    expect(own.body).toMatchObject({ code: 'CLUSTER.CLOSE.SUCCESSOR', errors: [{ pointer: '/successor' }] });
    await house.admin.post(`${at}/close`).send({ successor: newId() }).expect(404);
    expect((await house.admin.post(`${at}/close`).expect(200)).body).toMatchObject({ state: 'CLOSED', successor: null });
  });
});
