import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/testing/eventually';
import { type Body, RunningHouse } from './running-house.js';

let house: RunningHouse;
let dia: Body;
let coordinator: string;
beforeAll(async () => {
  house = await RunningHouse.open();
  ({ dia } = await house.withDia());
  coordinator = await house.keyFor('PARTNERSHIP_COORDINATOR', dia.id);
});
afterAll(() => house?.close());

const members = {
  ...{ code: 'CLUSTER_MIN_MEMBERS', level: 'SCHEME', owner: 'ECCP', value: 16 },
  ...{ validFrom: '2026-01-01', source: 'ECCP, profiles of 2026', confidence: 'STATED' },
};
const markets = { ...members, code: 'MAX_PRIORITY_MARKETS', level: 'PARTNERSHIP', owner: undefined, partnership: 'dia', value: 5 };

const as = (key: string) => house.as(key).set('prefer', 'wait=30');
const drafted = async (draft: Body, key = house.bootstrapKey): Promise<Body> =>
  (await as(key).post('/v1/policies').send(draft).expect(201)).body;
const enact = (id: string, key = house.bootstrapKey) => as(key).post(`/v1/policies/${id}/enact`);
const inForce = async (code: string, query = ''): Promise<Body[]> =>
  (await house.public.get(`/v1/policies?code=${code}&state=IN_FORCE${query}`).expect(200)).body.items;
const refused = ({ status, body }: Body) => ({ status, code: body.code });
const registered = async (name: string, count: number): Promise<Body> => {
  const about = {
    name,
    country: 'SE',
    website: 'https://cluster.example/',
    websiteLanguages: ['en'],
    fte: 1,
    memberTypes: ['INDUSTRY', 'RESEARCH'],
  };
  const totals = { members: { value: count, qualifier: null, asOf: null } };
  return (
    await house.admin
      .post('/v1/clusters')
      .send({ ...about, totals })
      .expect(201)
  ).body;
};
const validate = (id: string) => house.admin.post(`/v1/clusters/${id}/validate`);

describe('The rules of the house', () => {
  it('are there from the first start on, for everybody, each with its source', async () => {
    await eventually(async () => {
      const [first] = await inForce('CLUSTER_MIN_MEMBERS');
      expect(first).toMatchObject({ no: 1, value: 15, owner: { level: 'SCHEME', code: 'ECCP' }, source: expect.stringContaining('ECCP') });
      const [tariff] = await inForce('LUMP_SUM_TABLE');
      expect(tariff!.value.rows.find(({ country }: Body) => country === 'FI')).toMatchObject({ full: 950 });
      expect(await inForce('SME_DEFINITION')).toHaveLength(1);
      expect(await inForce('GRANT_MAX_EUR', '&level=CALL')).not.toHaveLength(0);
    });
  });

  it('are with those that a partnership sets itself', async () => {
    await eventually(async () => {
      const [own] = await inForce('MAX_PRIORITY_MARKETS', '&partnership=dia');
      expect(own).toMatchObject({ value: 4, partnership: dia.id, owner: { level: 'PARTNERSHIP', code: 'DIA' } });
    });
  });
});

describe('A draft', () => {
  it('is seen by who may put it in force, and changed until it is', async () => {
    const draft = await drafted(markets, coordinator);
    expect(draft).toMatchObject({ state: 'DRAFT', no: null, partnership: dia.id });
    expect((await house.public.get(`/v1/policies/${draft.id}`)).status).toBe(404);
    expect((await as(coordinator).get(`/v1/policies/${draft.id}`)).status).toBe(200);
    const other = await house.keyFor('PARTNERSHIP_COORDINATOR', '01434b19-8400-7000-8000-000000000000');
    expect((await as(other).get(`/v1/policies/${draft.id}`)).status).toBe(404);
    const change = (patch: Body) => as(coordinator).patch(`/v1/policies/${draft.id}`).set('if-match', '*').send(patch);
    expect((await change({ value: 6 }).expect(200)).body.value).toBe(6);
    expect(refused(await change({ value: [] }))).toEqual({ status: 422, code: 'POLICY.VALUE.SHAPE' });
    expect((await as(coordinator).delete(`/v1/policies/${draft.id}`).set('if-match', '*')).status).toBe(204);
  });

  it('tells all that is wrong with it at once, and is not written', async () => {
    const before = (await house.admin.get('/v1/policies?state=DRAFT')).body.items.length;
    const wrong = { ...members, code: 'MIN_HAPPINESS', owner: undefined, validTo: '2025-01-01' };
    const { status, body } = await house.admin.post('/v1/policies').send(wrong);
    expect(status).toBe(422);
    const failing = body.verdicts.filter(({ outcome }: Body) => outcome === 'FAILED').map(({ rule }: Body) => rule);
    expect(failing).toEqual(['POLICY.OWNER.NAMED', 'POLICY.CODE.KNOWN', 'POLICY.PERIOD.ORDER']);
    expect((await house.admin.get('/v1/policies?state=DRAFT')).body.items).toHaveLength(before);
  });

  it('of a scheme is not a coordinator’s, nor is that of another partnership', async () => {
    expect(refused(await as(coordinator).post('/v1/policies').send(members))).toEqual({ status: 403, code: 'POLICY.DRAFT.ACTOR' });
    await house.importFile('pimap');
    expect(
      refused(
        await as(coordinator)
          .post('/v1/policies')
          .send({ ...markets, partnership: 'pimap' }),
      ),
    ).toEqual({
      status: 403,
      code: 'POLICY.DRAFT.ACTOR',
    });
  });

  it('needs what is said of a rule in force, and says what is missing', async () => {
    const draft = await drafted({ ...members, validFrom: null, source: null, confidence: null });
    const { status, body } = await enact(draft.id);
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'POLICY.ENACT.COMPLETE' });
    expect(body.errors.map(({ pointer }: Body) => pointer)).toEqual(['/validFrom', '/source', '/confidence']);
    const { body: actions } = await house.admin.get(`/v1/policies/${draft.id}/actions`);
    expect(actions.items.find(({ command }: Body) => command === 'enact')).toMatchObject({
      allowed: false,
      missing: body.errors.map(({ pointer }: Body) => pointer),
    });
  });
});

describe('A version that is put in force', () => {
  it('is compared before, judges after, and ends what held until then', async () => {
    const [small, large] = [await registered('Fifteen of the North', 15), await registered('Sixty of the North', 60)];
    const judged = await validate(small.id).expect(200);
    await validate(large.id).expect(200);
    expect(judged.body.state).toBe('VALIDATED');
    const draft = await drafted(members);

    const { body: compared } = await house.admin.get(`/v1/policies/${draft.id}/comparison`).expect(200);
    expect(compared).toMatchObject({ code: 'CLUSTER_MIN_MEMBERS', inForce: { no: 1, value: 15 }, value: 16 });
    const told = compared.judged.find(({ id }: Body) => id === small.id);
    expect(told).toMatchObject({
      resource: 'clusters',
      before: 'VALIDATED',
      after: 'REFUSED',
      why: expect.stringContaining('16 asked for'),
    });
    expect(compared.judged.map(({ id }: Body) => id)).not.toContain(large.id);
    expect(compared.otherwise).toBe(compared.judged.length);
    expect((await house.admin.get(`/v1/policies/${draft.id}`)).body).toMatchObject({ state: 'DRAFT', version: draft.version });

    const { body: enacted } = await enact(draft.id).expect(200);
    expect(enacted).toMatchObject({ state: 'IN_FORCE', no: 2 });
    await eventually(async () => {
      const { body } = await house.public.get('/v1/policies?code=CLUSTER_MIN_MEMBERS&state=SUPERSEDED');
      expect(body.items).toMatchObject([{ no: 1, validTo: '2025-12-31', value: 15 }]);
    });
    expect(await inForce('CLUSTER_MIN_MEMBERS')).toMatchObject([{ id: draft.id, value: 16 }]);

    const next = await registered('Fifteen of the South', 15);
    const { status, body } = await validate(next.id);
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'CLUSTER.VALIDATE.MEMBERS' });
    const verdict = body.verdicts.find(({ rule }: Body) => rule === 'CLUSTER.VALIDATE.MEMBERS');
    expect(verdict.inputs).toMatchObject({ asked: 16, policy: 'CLUSTER_MIN_MEMBERS', policyVersion: { id: draft.id, no: 2 } });
    expect((await house.admin.get(`/v1/clusters/${next.id}`)).body.state).toBe('REGISTERED');
  });

  it('is not edited, nor removed, nor put in force twice, nor met by another', async () => {
    const [version] = await inForce('CLUSTER_MIN_MEMBERS');
    const at = `/v1/policies/${version!.id}`;
    expect(refused(await house.admin.patch(at).set('if-match', '*').send({ value: 1 }))).toEqual({
      status: 409,
      code: 'POLICY.CHANGE.STATE',
    });
    expect(refused(await house.admin.delete(at).set('if-match', '*'))).toEqual({ status: 409, code: 'POLICY.REMOVE.STATE' });
    expect(refused(await enact(version!.id))).toEqual({ status: 409, code: 'POLICY.ENACT.STATE' });
    const rival = await drafted(members);
    const { body } = await enact(rival.id);
    expect(body).toMatchObject({ status: 422, code: 'POLICY.ENACT.OVERLAP', errors: [{ pointer: '/validFrom' }] });
    expect((await house.admin.get(at)).body).toMatchObject({ value: 16, version: version!.version });
  });

  it('is one of two that come at once', async () => {
    const same = { ...members, code: 'CLUSTER_MIN_FTE', value: 1 };
    const drafts = await Promise.all([drafted(same), drafted(same)]);
    const answers = await Promise.all(drafts.map(({ id }) => enact(id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
    expect(answers.find(({ status }) => status === 422)!.body.code).toBe('POLICY.ENACT.OVERLAP');
  });

  it('moves a class of enterprises, and says by which version', async () => {
    const [definition] = await inForce('SME_DEFINITION');
    const size = { years: [{ year: 2024, headcount: 260, turnover: { cents: 100, currency: 'EUR' }, balanceSheet: null }] };
    const company = { name: 'Just Too Large AB', type: 'SME', country: 'SE', size };
    const { body: large } = await house.admin.post('/v1/organisations').send(company).expect(201);
    expect(large.sizeClass).toMatchObject({ value: 'LARGE', isSme: false });
    const rows = definition!.value.rows.map((row: Body) => (row.code === 'MEDIUM' ? { ...row, headcountBelow: 300 } : row));
    const about = {
      code: 'SME_DEFINITION',
      level: 'SCHEME',
      owner: 'EU',
      validFrom: '2026-01-01',
      source: 'a later recommendation',
      confidence: 'STATED',
    };
    const draft = await drafted({ ...about, value: { ...definition!.value, rows } });
    const { body: compared } = await house.admin.get(`/v1/policies/${draft.id}/comparison`).expect(200);
    expect(compared.judged).toMatchObject([{ resource: 'organisations', id: large.id, before: 'LARGE', after: 'MEDIUM' }]);
    await enact(draft.id).expect(200);
    const { body: now } = await house.admin
      .post('/v1/organisations')
      .send({ ...company, name: 'Not Too Large AB' })
      .expect(201);
    expect(now.sizeClass).toMatchObject({ value: 'MEDIUM', isSme: true, verdict: { inputs: { policyVersion: { id: draft.id, no: 2 } } } });
    // What was made before says by which version it was, and is made anew when the record changes.
    const at = `/v1/organisations/${large.id}`;
    const before = (await house.admin.get(at).expect(200)).body.sizeClass;
    expect(before).toMatchObject({ value: 'LARGE', verdict: { inputs: { policyVersion: { id: definition!.id, no: 1 } } } });
    await house.admin.patch(at).set('if-match', '*').send({ website: 'https://too-large.example/' }).expect(200);
    expect((await house.admin.get(at).expect(200)).body.sizeClass).toMatchObject({
      value: 'MEDIUM',
      verdict: { inputs: { policyVersion: { id: draft.id, no: 2 } } },
    });
  });

  it('tells whose strategy it would refuse, of the partnership that would set it', async () => {
    const parts = { priorityMarkets: ['US', 'CA', 'CN', 'JP'].map((country) => ({ country, text: null })) };
    const said = { kind: 'JOINT_STRATEGY', partnership: 'dia', title: { en: 'Four markets' }, text: { en: 'Where to.' }, parts };
    const { body } = await house.admin.post('/v1/documents').send(said).expect(201);
    const at = `/v1/documents/${body.id}`;
    const { hash } = (await house.admin.post(`${at}/submit`).send({}).expect(200)).body;
    const { body: partners } = await house.public.get('/v1/memberships?partnership=dia').expect(200);
    for (const { cluster } of partners.items.slice(0, 3)) {
      const manager = await house.keyFor('CLUSTER_MANAGER', undefined, { bindings: [{ kind: 'CLUSTER', id: cluster }] });
      await as(manager).post(`${at}/consent`).send({ to: 'approve', hash }).expect(200);
    }
    await as(coordinator).post(`${at}/approve`).send({}).expect(200);
    const draft = await drafted({ ...markets, value: 3 }, coordinator);
    const { body: compared } = await as(coordinator).get(`/v1/policies/${draft.id}/comparison`).expect(200);
    expect(compared).toMatchObject({ decisions: 1, otherwise: 1, inForce: { value: 4 }, value: 3 });
    expect(compared.judged).toMatchObject([{ resource: 'documents', id: body.id, name: 'Four markets', after: 'REFUSED' }]);
  });

  it('ends when it is said to, and explains the decisions of its days for ever', async () => {
    const draft = await drafted({ ...markets, validFrom: '2027-01-01' }, coordinator);
    await enact(draft.id, coordinator).expect(200);
    const now = (await inForce('MAX_PRIORITY_MARKETS', '&partnership=dia')).find(({ validFrom }) => validFrom === null);
    expect(now).toMatchObject({ value: 4, validTo: null });
    const future = await as(coordinator).post(`/v1/policies/${now!.id}/supersede`).send({ on: '2999-01-01' });
    expect(refused(future)).toEqual({ status: 422, code: 'POLICY.SUPERSEDE.DAY' });
    const stranger = await house.keyFor('CLUSTER_MANAGER');
    expect(refused(await as(stranger).post(`/v1/policies/${now!.id}/supersede`).send({}))).toEqual({
      status: 403,
      code: 'POLICY.SUPERSEDE.ACTOR',
    });
    const { body } = await as(coordinator).post(`/v1/policies/${now!.id}/supersede`).send({}).expect(200);
    expect(body.state).toBe('SUPERSEDED');
    expect((await house.public.get(`/v1/policies/${now!.id}`)).body).toMatchObject({ value: 4, state: 'SUPERSEDED' });
  });

  it('is compared by those only who may put it in force', async () => {
    const [version] = await inForce('CLUSTER_MIN_MEMBERS');
    expect(refused(await as(coordinator).get(`/v1/policies/${version!.id}/comparison`))).toEqual({
      status: 403,
      code: 'POLICY.COMPARE.ACTOR',
    });
    expect((await house.public.get(`/v1/policies/${version!.id}/comparison`)).status).toBe(401);
  });
});
