import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { type Body, RunningHouse } from './running-house.js';

let house: RunningHouse;
let organisation: string;
beforeAll(async () => {
  house = await RunningHouse.open();
  organisation = await company();
});
afterAll(() => house?.close());

const company = async () => {
  const { body } = await house.admin
    .post('/v1/organisations')
    .send({ name: `Company ${newId().slice(-12)}`, type: 'SME', country: 'FI' })
    .expect(201);
  return body.id as string;
};
const email = () => `p${newId().slice(-12)}@company.example`;
const recorded = async (more: Body = {}) => {
  const { body } = await house.admin
    .post('/v1/persons')
    .send({ name: 'Aino Virtanen', email: email(), organisation, ...more })
    .expect(201);
  return body;
};
const bound = async (role: string, id: string) => {
  const bindings = [{ kind: 'ORGANISATION', id }];
  return house.as(await house.keyFor(role, undefined, { bindings })).set('prefer', 'wait=30');
};

describe('A person', () => {
  it('is seen by itself whole, by its organisation with name, address and roles, and by nobody else', async () => {
    const self = await bound('VISITOR', newId());
    const { id: account } = (await self.get('/v1/me')).body;
    const roles = [{ role: 'VISITOR', binding: { kind: 'ORGANISATION', id: organisation } }];
    const { id, email: address } = await recorded({ account, language: 'fi', zone: 'Europe/Helsinki', relation: 'OWNER', roles });
    await house.public.get(`/v1/persons/${id}`).expect(401);
    await (await bound('ORGANISATION_REPRESENTATIVE', newId())).get(`/v1/persons/${id}`).expect(404);
    const colleague = await bound('ORGANISATION_REPRESENTATIVE', organisation);
    const { body: some } = await colleague.get(`/v1/persons/${id}`).expect(200);
    expect(some).toEqual({
      id,
      version: 1,
      updatedAt: expect.any(String),
      name: 'Aino Virtanen',
      email: address,
      organisation,
      roles,
    });
    expect((await self.get(`/v1/persons/${id}`).expect(200)).body).toMatchObject({ language: 'fi', zone: 'Europe/Helsinki', account });
    const { body: list } = await colleague.get(`/v1/persons?organisation=${organisation}&q=aino`).expect(200);
    expect(list.items.map((each: Body) => each.id)).toContain(id);
  });

  it('is recorded by who represents its organisation, once per address', async () => {
    const representative = await bound('ORGANISATION_REPRESENTATIVE', organisation);
    const address = email();
    const draft = { name: 'Eero', email: address, organisation };
    const { body } = await representative.post('/v1/persons').send(draft).expect(201);
    const twice = await representative
      .post('/v1/persons')
      .send({ ...draft, email: address.toUpperCase(), zone: 'Europe/Atlantis' })
      .expect(422);
    expect(twice.body.errors.map(({ pointer }: Body) => pointer)).toEqual(['/zone', '/email']);
    const elsewhere = await company();
    await house.admin
      .post('/v1/persons')
      .send({ ...draft, organisation: elsewhere })
      .expect(201);
    const refused = await representative
      .post('/v1/persons')
      .send({ ...draft, organisation: elsewhere })
      .expect(403);
    expect(refused.body.code).toBe('PERSON.RECORD.ACTOR');
    const nowhere = await house.admin
      .post('/v1/persons')
      .send({ ...draft, organisation: newId() })
      .expect(404);
    expect(nowhere.body.errors).toEqual([{ pointer: '/organisation', message: expect.any(String) }]);
    await representative.delete(`/v1/persons/${body.id}`).set('if-match', '"1"').expect(204);
  });

  it('is changed by itself; facts and history tell nothing of it', async () => {
    const self = await bound('HOST', newId());
    const { id: account } = (await self.get('/v1/me')).body;
    const { id } = await recorded({ account });
    const { body } = await self.patch(`/v1/persons/${id}`).set('if-match', '"1"').send({ name: 'Zebedee Quux' }).expect(200);
    expect(body).toMatchObject({ version: 2, name: 'Zebedee Quux' });
    const { body: history } = await house.admin.get(`/v1/persons/${id}/history`).expect(200);
    expect(history.items).toHaveLength(2);
    expect(JSON.stringify(history)).not.toMatch(/Zebedee|Aino/);
    await eventually(() => {
      const facts = house.facts().filter(({ subject }) => subject.endsWith(id));
      expect(facts.map(({ data }) => data)).toEqual([1, 2].map(() => ({ id, organisation })));
    });
  });

  it('gives and withdraws consents, each with its text, version and time', async () => {
    const self = await bound('HOST', newId());
    const { id: account } = (await self.get('/v1/me')).body;
    const { id } = await recorded({ account, consents: [{ purpose: 'DIRECTORY', text: 'privacy', version: '1' }] });
    const consent = (body: Body) => self.post(`/v1/persons/${id}/give-consent`).send(body);
    expect((await consent({ purpose: 'DIRECTORY', text: 'privacy', version: '1' }).expect(409)).body.code).toBe('PERSON.CONSENT.NEW');
    const { body } = await consent({ purpose: 'DIRECTORY', text: 'privacy', version: '2' }).expect(200);
    expect(body.consents).toEqual([
      { purpose: 'DIRECTORY', text: 'privacy', version: '1', givenAt: expect.any(String), withdrawnAt: expect.any(String) },
      { purpose: 'DIRECTORY', text: 'privacy', version: '2', givenAt: expect.any(String), withdrawnAt: null },
    ]);
    const withdraw = () => self.post(`/v1/persons/${id}/withdraw-consent`).send({ purpose: 'DIRECTORY' });
    expect((await withdraw().expect(200)).body.consents[1].withdrawnAt).toEqual(expect.any(String));
    expect((await withdraw().expect(409)).body.code).toBe('PERSON.CONSENT.STANDS');
    const colleague = await bound('ORGANISATION_REPRESENTATIVE', organisation);
    const others = await colleague.post(`/v1/persons/${id}/withdraw-consent`).send({ purpose: 'DIRECTORY' }).expect(403);
    expect(others.body.code).toBe('PERSON.CONSENT.ACTOR');
    const removed = await house.admin.delete(`/v1/persons/${id}`).set('if-match', '*').expect(409);
    expect(removed.body.code).toBe('PERSON.REMOVE.STATE');
  });

  it('is one by its outside id, and stays with its organisation', async () => {
    const at = `/v1/persons/by-external-id/CRM/${newId()}`;
    expect((await house.admin.put(at).send({ name: 'Eero' }).expect(422)).body.code).toBe('PERSON.PUT.NAMED');
    const { body } = await house.admin.put(at).send({ name: 'Eero', email: email(), organisation }).expect(201);
    expect((await house.admin.put(at).send({ name: 'Eero K.' }).expect(200)).body).toMatchObject({ id: body.id, name: 'Eero K.' });
    const moved = await house.admin
      .put(at)
      .send({ organisation: await company() })
      .expect(422);
    expect(moved.body.errors).toEqual([{ pointer: '/organisation', message: expect.any(String) }]);
    const held = await house.admin.delete(`/v1/organisations/${organisation}`).set('if-match', '*').expect(409);
    expect(held.body).toMatchObject({ code: 'ORGANISATION.REMOVE.FREE' });
  });
});
