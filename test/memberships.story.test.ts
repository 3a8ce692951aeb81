import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { type Agent, type Body, RunningHouse } from './running-house.js';
import { failed } from './verdicts.js';

let house: RunningHouse;
let dia: Body;
let coordinator: Agent;
/** A validated cluster that belongs to DIA. */
let known: Body;
let manager: Agent;
beforeAll(async () => {
  house = await RunningHouse.open();
  ({ dia } = await house.withDia());
  coordinator = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', dia.id)).set('prefer', 'wait=30');
  const { body } = await house.public.get(`/v1/memberships?partnership=dia&limit=1`).expect(200);
  known = body.items[0];
  manager = await house.holding('CLUSTER_MANAGER', 'CLUSTER', known.cluster);
});
afterAll(() => house?.close());

const registered = async (): Promise<string> => {
  const draft = { name: `Company ${newId()}`, type: 'SME', country: 'FI' };
  return (await house.admin.post('/v1/organisations').send(draft).expect(201)).body.id;
};
const yesterday = () => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const move = (who: Agent, id: string, command: string, said: object = {}) => who.post(`/v1/memberships/${id}/${command}`).send(said);

describe('A Finnish company that joins a cluster, leaves and joins again', () => {
  it('has both of its periods to be read, and the cluster answers', async () => {
    const organisation = await registered();
    const company = await house.holding('ORGANISATION_REPRESENTATIVE', 'ORGANISATION', organisation);
    const ask = () => company.post('/v1/memberships/request').send({ cluster: known.cluster, organisation });
    const { body: first } = await ask().expect(201);
    expect(first).toMatchObject({ kind: 'ORGANISATION_IN_CLUSTER', state: 'REQUESTED', role: 'MEMBER', periods: [] });
    await house.public.get(`/v1/memberships/${first.id}`).expect(404);
    expect(failed(await ask().expect(422))).toEqual(['MEMBERSHIP.PAIR.OPEN']);
    expect(failed(await move(company, first.id, 'accept').expect(403))).toEqual(['MEMBERSHIP.ACCEPT.ACTOR']);
    await move(manager, first.id, 'accept', { on: '2019-01-01' }).expect(200);
    const { body: left } = await move(company, first.id, 'end', { reason: 'moved', on: '2020-06-30' }).expect(200);
    expect(left).toMatchObject({ state: 'ENDED', reason: 'moved', periods: [{ from: '2019-01-01', to: '2020-06-30' }] });
    const { body: second } = await ask().expect(201);
    expect(failed(await move(manager, second.id, 'accept', { on: '2020-01-01' }).expect(422))).toEqual(['MEMBERSHIP.PERIOD.ORDER']);
    await move(manager, second.id, 'accept', { on: '2022-03-01' }).expect(200);
    const { body: listed } = await company.get(`/v1/memberships?organisation=${organisation}`).expect(200);
    expect(listed.items.flatMap(({ periods }: Body) => periods.map(({ from, to }: Body) => [from, to])).toSorted()).toEqual([
      ['2019-01-01', '2020-06-30'],
      ['2022-03-01', null],
    ]);
    const then = async (query: string) =>
      (await company.get(`/v1/memberships?organisation=${organisation}&${query}`).expect(200)).body.items.map(({ id }: Body) => id);
    expect(await then('on=2019-03-01')).toEqual([first.id]);
    expect((await company.get(`/v1/memberships/${second.id}`).expect(200)).body.continuousSince).toBe('2022-03-01');
    expect(await then('on=2020-06-30')).toEqual([]);
    expect(await then('on=2023-01-01')).toEqual([second.id]);
    // Here nobody knew of it before today.
    expect(await then('on=2019-03-01&asKnownOn=2019-03-01')).toEqual([]);
    const { body: odd } = await company.get('/v1/memberships?on=2019-02-30').expect(400);
    expect(odd).toMatchObject({ code: 'QUERY.MALFORMED', errors: [{ pointer: '?on' }] });
  });

  it('is one that is there', async () => {
    const company = await house.holding('ORGANISATION_REPRESENTATIVE', 'ORGANISATION', await registered());
    const { body } = await company.post('/v1/memberships/request').send({ cluster: known.cluster, organisation: newId() }).expect(404);
    expect(body.errors).toEqual([{ pointer: '/organisation', message: expect.any(String) }]);
  });

  it('asks once, however often at once', async () => {
    const organisation = await registered();
    const company = await house.holding('ORGANISATION_REPRESENTATIVE', 'ORGANISATION', organisation);
    const ask = () => company.post('/v1/memberships/request').send({ cluster: known.cluster, organisation });
    const all = await Promise.all([ask(), ask(), ask()]);
    expect(all.map(({ status }) => status).toSorted()).toEqual([201, 422, 422]);
  });
});

describe('A cluster that is invited into a partnership', () => {
  const invite = (cluster: string, who = coordinator) => who.post('/v1/memberships/invite').send({ partnership: 'dia', cluster });
  const newcomer = async (country = 'FI'): Promise<Body> =>
    (
      await house.admin
        .post('/v1/clusters')
        .send({ name: `Cluster ${newId()}`, country })
        .expect(201)
    ).body;

  it('answers itself, and hears all that stands against it', async () => {
    const { id } = await newcomer('US');
    // Nobody invites what is not there for them.
    await invite(id).expect(404);
    const { body } = await invite(id, house.admin).expect(201);
    const own = await house.holding('CLUSTER_MANAGER', 'CLUSTER', id);
    const { body: actions } = await own.get(`/v1/memberships/${body.id}/actions`).expect(200);
    const may = actions.items.filter(({ allowed }: Body) => allowed).map(({ command }: Body) => command);
    expect(may).toEqual(['accept', 'decline']);
    const refused = await move(own, body.id, 'accept').expect(422);
    expect(failed(refused)).toEqual(['MEMBERSHIP.ACCEPT.VALIDATED', 'MEMBERSHIP.ACCEPT.COSME']);
    expect((await move(own, body.id, 'decline', { reason: 'not now' }).expect(200)).body.state).toBe('DECLINED');
    await invite(id, house.admin).expect(201);
  });

  it('that belongs already is not invited again', async () => {
    expect(failed(await invite(known.cluster).expect(422))).toEqual(['MEMBERSHIP.PAIR.OPEN']);
    expect((await move(manager, known.id, 'suspend', { reason: 'x' }).expect(403)).body.code).toBe('MEMBERSHIP.SUSPEND.SIDE');
  });

  it('is suspended, comes back, leaves and joins again; why is for those it concerns', async () => {
    const { body: suspended } = await move(coordinator, known.id, 'suspend', { reason: 'fees', on: yesterday() }).expect(200);
    expect(suspended).toMatchObject({ state: 'SUSPENDED', reason: 'fees', periods: [{ from: null, to: yesterday() }] });
    const composition = async () => (await house.public.get('/v1/partnerships/dia/composition').expect(200)).body.items as Body[];
    expect((await composition()).map(({ id }) => id)).not.toContain(known.cluster);
    expect(failed(await move(manager, known.id, 'resume').expect(403))).toEqual(['MEMBERSHIP.SUSPEND.SIDE']);
    await move(coordinator, known.id, 'resume').expect(200);
    expect((await composition()).map(({ id }) => id)).toContain(known.cluster);
    await move(manager, known.id, 'end', { reason: 'merged' }).expect(200);
    const { body: again } = await manager.post('/v1/memberships/request').send({ partnership: 'dia', cluster: known.cluster }).expect(201);
    const { body: active } = await move(coordinator, again.id, 'accept').expect(200);
    expect(active).toMatchObject({ state: 'ACTIVE', role: 'PARTNER' });
    expect((await composition()).map(({ id }) => id)).toContain(known.cluster);
    await eventually(() => {
      const told = house.facts().filter(({ subject }) => subject.endsWith(known.id));
      expect(told.map(({ type }) => type.split('.')[1])).toEqual(['recorded', 'suspended', 'resumed', 'ended']);
      expect(JSON.stringify(told)).not.toMatch(/fees|merged/);
    });
  });
});
