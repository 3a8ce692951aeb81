import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { type Body, RunningHouse } from './running-house.js';
import { failed } from './verdicts.js';

type Caller = ReturnType<RunningHouse['as']>;

let house: RunningHouse;
let dia: Body;
let coordinator: Caller;
/** Manages a cluster that has nothing to do with any of this: reads what the public reads. */
let stranger: Caller;
beforeAll(async () => {
  house = await RunningHouse.open();
  ({ dia } = await house.withDia());
  coordinator = patient(await house.keyFor('PARTNERSHIP_COORDINATOR', dia.id));
  stranger = await managerOf(newId());
});
afterAll(() => house?.close());

const patient = (key: string): Caller => house.as(key).set('prefer', 'wait=30');
const patch = (who: Caller, path: string, said: object) => who.patch(path).set('if-match', '*').send(said);
const at = '/v1/partnerships/dia';
const managerOf = async (cluster: string) =>
  patient(await house.keyFor('CLUSTER_MANAGER', undefined, { bindings: [{ kind: 'CLUSTER', id: cluster }] }));
const clusterCalled = async (name: string): Promise<Body> => (await house.public.get(`/v1/clusters?q=${name}`).expect(200)).body.items[0];

describe('A partnership in public', () => {
  it('is changed in a draft that its own read everywhere, and nobody else anywhere', async () => {
    const before = (await house.public.get(at).expect(200)).body;
    const mitc = await clusterCalled('mitc');
    const member = await managerOf(mitc.id);
    const { cursor } = JSON.parse((await stranger.get('/v1/snapshot?resources=partnerships').expect(200)).text.split('\n')[0]!);

    const said = { longName: 'Zyxomma', targetCountries: ['NZ'], description: { aim: { en: 'Zyxomma <script>x</script><b>now</b>' } } };
    const changed = (await patch(coordinator, at, said).expect(200)).body;
    expect(changed).toMatchObject({ longName: 'Zyxomma', profile: 'DRAFT', draftOf: 'PUBLISHED', targetCountries: ['NZ'] });
    expect(changed.description.aim.en).toBe('Zyxomma <b>now</b>');
    expect(changed).not.toHaveProperty('draft');

    for (const own of [coordinator, member, house.admin])
      expect((await own.get(at).expect(200)).body).toMatchObject({ longName: 'Zyxomma', profile: 'DRAFT', draftOf: 'PUBLISHED' });
    for (const other of [house.public, stranger]) {
      const { body } = await other.get(at).expect(200);
      expect({ ...body, version: 0, updatedAt: '' }).toEqual({ ...before, version: 0, updatedAt: '' });
      for (const query of ['q=zyxomma', 'targetCountry=NZ'])
        expect((await other.get(`/v1/partnerships?${query}`).expect(200)).body.items).toEqual([]);
      expect((await other.get('/v1/partnerships').expect(200)).text).not.toContain('Zyxomma');
    }

    expect((await stranger.get('/v1/snapshot?resources=partnerships').expect(200)).text).not.toContain('Zyxomma');
    await eventually(async () => {
      const { body } = await coordinator.get(`/v1/feed?after=${cursor}&limit=200`).expect(200);
      expect(body.items.map(({ type }: Body) => type)).toContain('partnership.draft-changed.v1');
    });
    const { body: told } = await stranger.get(`/v1/feed?after=${cursor}&limit=200`).expect(200);
    expect(told.items.filter(({ subject }: Body) => subject.endsWith(dia.id))).toEqual([]);
    const history = (who: Caller) => who.get(`${at}/history?sort=-version&limit=1`).expect(200);
    expect((await history(coordinator)).body.items[0].change).toMatchObject([{ pointer: '/draft', after: { longName: 'Zyxomma' } }]);
    expect((await history(stranger)).text).not.toContain('Zyxomma');
  });

  it('is reviewed by somebody else, returned with remarks, published; its former address leads on', async () => {
    await patch(coordinator, at, { acronym: 'DIA Europe' }).expect(200);
    expect(failed(await coordinator.post(`${at}/profile/publish`).expect(403))).toEqual([
      'PROFILE.PUBLISH.STATE',
      'PROFILE.PUBLISH.REVIEWER',
    ]);
    expect(failed(await coordinator.post(`${at}/profile/submit-for-review`).expect(422))).toEqual(['PROFILE.SUBMIT_FOR_REVIEW.COMPLETE']);
    const { body: actions } = await coordinator.get(`${at}/actions`).expect(200);
    const submit = actions.items.find(({ path }: Body) => path === '{id}/profile/submit-for-review');
    expect(submit).toMatchObject({ allowed: false, missing: ['/start'] });
    expect(actions.items.find(({ path }: Body) => path === '{id}/profile/unpublish')).toMatchObject({ allowed: true });

    await patch(coordinator, at, { start: '2018-02' }).expect(200);
    expect((await coordinator.post(`${at}/profile/submit-for-review`).expect(200)).body.profile).toBe('NEEDS_REVIEW');
    const refused = await patch(coordinator, at, { longName: 'Another' }).expect(409);
    expect(refused.body.code).toBe('PARTNERSHIP.CHANGE.PROFILE');
    await house.admin.post(`${at}/profile/request-changes`).send({}).expect(400);
    const remarks = 'Say who the members are.';
    expect((await house.admin.post(`${at}/profile/request-changes`).send({ remarks }).expect(200)).body).toMatchObject({
      profile: 'CHANGES_REQUESTED',
      profileReason: remarks,
    });
    expect((await house.public.get(at).expect(200)).body).not.toHaveProperty('profileReason');
    await patch(coordinator, at, { benefits: ['Members’ members'] }).expect(200);
    await coordinator.post(`${at}/profile/submit-for-review`).expect(200);
    expect(failed(await coordinator.post(`${at}/profile/publish`).expect(403))).toEqual(['PROFILE.PUBLISH.REVIEWER']);
    expect((await house.public.get(at).expect(200)).body.longName).not.toBe('Zyxomma');

    const { body: published } = await house.admin.post(`${at}/profile/publish`).expect(200);
    expect(published).toMatchObject({
      profile: 'PUBLISHED',
      slug: 'dia-europe',
      formerSlugs: ['dia'],
      longName: 'Zyxomma',
      profileReason: null,
    });
    expect(published.draftOf ?? null).toBeNull();
    await house.public.get(at).redirects(0).expect(308).expect('location', '/v1/partnerships/dia-europe');
    const { body: seen } = await house.public.get('/v1/partnerships/dia-europe').expect(200);
    expect(seen).toMatchObject({
      longName: 'Zyxomma',
      benefits: [{ en: 'Members’ members' }],
      targetCountries: ['NZ'],
      start: { edtf: '2018-02' },
    });
    expect((await house.public.get('/v1/partnerships?q=zyxomma').expect(200)).body.items).toHaveLength(1);
    await eventually(async () => {
      const { body } = await stranger.get('/v1/feed?types=partnership.profile-published.v1&limit=200').expect(200);
      expect(body.items).toMatchObject([{ data: { longName: 'Zyxomma', slug: 'dia-europe' } }]);
    });
  });

  it('is withdrawn with a reason, written on meanwhile, and comes back as it was reviewed', async () => {
    const path = `/v1/partnerships/${dia.id}`;
    await coordinator.post(`${path}/profile/unpublish`).send({ reason: 'A mistake in the figures.' }).expect(200);
    await house.public.get(path).expect(404);
    expect((await patch(coordinator, path, { longName: 'Not reviewed' }).expect(200)).body).toMatchObject({ draftOf: 'UNPUBLISHED' });
    expect(failed(await coordinator.post(`${path}/profile/republish`).expect(403))).toEqual(['PROFILE.REPUBLISH.ACTOR']);
    await house.admin.post(`${path}/profile/republish`).expect(200);
    expect((await house.public.get(path).expect(200)).body).toMatchObject({ longName: 'Zyxomma', profile: 'PUBLISHED' });
    expect((await coordinator.get(path).expect(200)).body).toMatchObject({ longName: 'Not reviewed', draftOf: 'PUBLISHED' });
  });
});

describe('A profile that was never in public', () => {
  it('is not told to the public when it is, as it was before', async () => {
    const secret = `Xenolith${newId().slice(-6)}`;
    const { body: made } = await house.admin
      .post('/v1/partnerships')
      .send({ acronym: secret, name: 'North', programme: 'ESCP-4X' })
      .expect(201);
    const path = `/v1/partnerships/${made.id}`;
    const runs = patient(await house.keyFor('PARTNERSHIP_COORDINATOR', made.id));
    const full = {
      acronym: `N${newId().slice(-8)}`,
      start: '2027-01',
      durationMonths: 24,
      description: { aim: { en: 'Rail' } },
      classifications: { sectoralIndustries: ['Aerospace Vehicles and Defence'] },
    };
    const { body: complete } = await patch(runs, path, full).expect(200);
    expect(complete).toMatchObject({ profile: 'DRAFT', classifications: { sectoralIndustries: ['01'] } });
    await runs.post(`${path}/profile/submit-for-review`).expect(200);
    await house.admin.post(`${path}/profile/publish`).expect(200);
    await eventually(async () => {
      const { body } = await stranger.get('/v1/feed?types=partnership.profile-published.v1&limit=200').expect(200);
      expect(body.items.map(({ subject }: Body) => subject)).toContain(path);
    });
    const { body } = await stranger.get('/v1/feed?types=partnership.registered.v1&types=partnership.changed.v1&limit=200').expect(200);
    expect(body.items.filter(({ subject }: Body) => subject === path)).toEqual([]);
  });
});

describe('The profile of a cluster', () => {
  it('is written by its manager, and reviewed by who coordinates what it belongs to; its row stays as it was till then', async () => {
    const mitc = await clusterCalled('mitc');
    const path = `/v1/clusters/${mitc.id}`;
    const manager = await managerOf(mitc.id);
    const ecosystem = { headline: { en: 'Rails of the North' }, sections: [{ kind: 'OPERATORS', items: ['Two operators'] }] };
    const said = { totals: { members: { value: 9, qualifier: null, asOf: null } }, ecosystem, summary: { en: 'Mechatronics' } };
    const { body: changed } = await patch(manager, path, said).expect(200);
    expect(changed).toMatchObject({ draftOf: 'PUBLISHED', ecosystem: { headline: { en: 'Rails of the North' } } });
    const row = async () =>
      (await house.public.get(`/v1/partnerships/${dia.id}/composition`).expect(200)).body.items.find(({ id }: Body) => id === mitc.id);
    expect((await row()).members).toEqual(mitc.totals.members);
    expect((await coordinator.get(path).expect(200)).body).toMatchObject({ draftOf: 'PUBLISHED', totals: { members: { value: 9 } } });
    await patch(coordinator, path, { foundedYear: 1900 }).expect(403);

    const missing = (await manager.post(`${path}/profile/submit-for-review`).expect(422)).body;
    expect(missing.errors.map(({ pointer }: Body) => pointer)).toEqual(['/website']);
    await patch(manager, path, { website: 'https://mitc.example/', websiteLanguages: ['en'] }).expect(200);
    await manager.post(`${path}/profile/submit-for-review`).expect(200);
    const { body: actions } = await coordinator.get(`${path}/actions`).expect(200);
    expect(actions.items.filter(({ allowed }: Body) => allowed).map(({ command }: Body) => command)).toEqual(['requestChanges', 'publish']);
    expect(failed(await coordinator.post(`${path}/profile/publish`).expect(422))).toEqual(['CLUSTER.VALIDATE.MEMBERS']);
    await coordinator.post(`${path}/profile/request-changes`).send({ remarks: 'Are these all?' }).expect(200);
    await patch(manager, path, { totals: { members: { value: 99, qualifier: null, asOf: null } } }).expect(200);
    await manager.post(`${path}/profile/submit-for-review`).expect(200);
    expect((await coordinator.post(`${path}/profile/publish`).expect(200)).body).toMatchObject({ profile: 'PUBLISHED' });
    expect((await row()).members).toMatchObject({ value: 99 });
    expect((await house.public.get(path).expect(200)).body.ecosystem.sections).toMatchObject([{ kind: 'OPERATORS' }]);
  });
});
