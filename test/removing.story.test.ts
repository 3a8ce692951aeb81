import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { PartnerCopy } from './partner-copy.js';
import { type Body, RunningHouse } from './running-house.js';

let house: RunningHouse;
let dia: Body;
let coordinator: ReturnType<RunningHouse['as']>;
let stranger: ReturnType<RunningHouse['as']>;
beforeAll(async () => {
  house = await RunningHouse.open();
  ({ dia } = await house.withDia());
  coordinator = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', dia.id)).set('prefer', 'wait=30');
  stranger = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', newId())).set('prefer', 'wait=30');
});
afterAll(() => house?.close());

const planned = async (more: object = {}): Promise<Body> =>
  (
    await coordinator
      .post('/v1/events')
      .send({ partnerships: ['dia'], when: '2027-05', ...more })
      .expect(201)
  ).body;
const remove = (path: string, who = coordinator) => who.delete(path).set('if-match', '*');
const listed = async (id: string) =>
  (await house.public.get('/v1/events?partnership=dia&limit=200').expect(200)).body.items.some((item: Body) => item.id === id);

describe('An event planned by mistake', () => {
  it('is gone for everybody at once: from its place, its lists, its outside ids; and whoever saw it is told', async () => {
    const externalId = { system: 'PARTNER', id: newId() };
    const { id } = await planned({ externalIds: [externalId] });
    expect(await listed(id)).toBe(true);
    const { text, headers } = await remove(`/v1/events/${id}`).expect(204);
    expect([text, headers['content-type']]).toEqual(['', undefined]);
    await house.public.get(`/v1/events/${id}`).expect(404);
    await house.admin.get(`/v1/events/by-external-id/PARTNER/${externalId.id}`).expect(404);
    expect(await listed(id)).toBe(false);
    expect((await remove(`/v1/events/${id}`).expect(404)).body.code).toBe('RESOURCE.ABSENT');
    await eventually(async () => {
      const { body } = await coordinator.get('/v1/feed?types=event.removed.v1&limit=200').expect(200);
      expect(body.items.map(({ subject }: Body) => subject)).toContain(`/v1/events/${id}`);
    });
    const { body: foreign } = await stranger.get('/v1/feed?types=event.removed.v1&limit=200').expect(200);
    expect(foreign.items.map(({ subject }: Body) => subject)).toContain(`/v1/events/${id}`);
  });

  it('leaves a reminder behind that is dropped, and all stores agree', async () => {
    const { id } = await planned({ when: '2031-05' });
    const reminder = async () =>
      (await house.admin.get(`/v1/reminders?subject=${encodeURIComponent(`/v1/events/${id}`)}`)).body.items as Body[];
    await eventually(async () => expect(await reminder()).toEqual([expect.objectContaining({ state: 'PLANNED' })]), 20_000);
    await remove(`/v1/events/${id}`).expect(204);
    await eventually(
      async () => expect(await reminder()).toEqual([expect.objectContaining({ state: 'DROPPED', reason: 'EVENT_GONE' })]),
      20_000,
    );
    await eventually(async () => expect((await house.admin.get('/v1/integrity').expect(200)).body).toMatchObject({ agrees: true }), 30_000);
  });

  it('leaves the copy of a partner, too', async () => {
    const key = await house.keyFor('PARTNERSHIP_COORDINATOR', dia.id);
    const { id } = await planned();
    const copy = new PartnerCopy(house.api(key));
    await copy.load();
    expect(copy.all('events').map((event) => event.id)).toContain(id);
    await remove(`/v1/events/${id}`).expect(204);
    await eventually(async () => {
      await copy.follow();
      expect(copy.all('events').map((event) => event.id)).not.toContain(id);
    });
  });

  it('comes again under its outside id as what it is then, and not as it was', async () => {
    const at = `/v1/events/by-external-id/PARTNER/${newId()}`;
    const { body: first } = await coordinator
      .put(at)
      .send({ partnerships: ['dia'], city: 'Graz' })
      .expect(201);
    await remove(`/v1/events/${first.id}`).expect(204);
    const { body: again } = await coordinator.put(at).send({ partnerships: ['dia'], country: 'AT' });
    expect(again).toMatchObject({ city: null, country: 'AT', version: 3 });
    await house.public.get(`/v1/events/${again.id}`).expect(200);
  });

  it('is removed once under its key, and answered alike', async () => {
    const { id } = await planned();
    const key = newId();
    for (const _ of [1, 2]) await remove(`/v1/events/${id}`).set('idempotency-key', key).expect(204);
  });

  it('is told with dryRun what would become of it, and stays', async () => {
    const { id } = await planned();
    const { body } = await remove(`/v1/events/${id}?dryRun=true`).expect(200);
    expect(body).toMatchObject({ dryRun: true, changed: true, view: null });
    await house.public.get(`/v1/events/${id}`).expect(200);
  });

  it('is carried out when its service returns', async () => {
    const { id } = await planned();
    await house.kill('events');
    const { headers } = await remove(`/v1/events/${id}`).set('prefer', 'wait=1').expect(202);
    await house.start('events');
    await eventually(async () => expect((await coordinator.get(headers.location!)).body.state).toBe('SUCCEEDED'), 30_000);
    await house.public.get(`/v1/events/${id}`).expect(404);
  });
});

describe('What is not to be removed stays', () => {
  const refused = async (path: string, who: typeof coordinator, status: number, code: string) => {
    const { body } = await remove(path, who).expect(status);
    expect(body).toMatchObject({ code });
    expect((await house.admin.get(path)).status).toBe(200);
    return body;
  };

  it('an event, from whom it is not', async () => {
    const { id } = await planned();
    await refused(`/v1/events/${id}`, stranger, 403, 'EVENT.REMOVE.ACTOR');
    await coordinator.delete(`/v1/events/${id}`).expect(428);
    expect((await coordinator.delete(`/v1/events/${id}`).set('if-match', '"9.x"').expect(412)).body.currentVersion).toBe(1);
  });

  it('a partnership that others have seen, or that has events', async () => {
    await refused('/v1/partnerships/dia', coordinator, 409, 'PARTNERSHIP.REMOVE.STATE');
    const draft = { acronym: `D${Date.now()}`, name: 'Draft', programme: 'ESCP-4I' };
    const { body } = await house.admin.post('/v1/partnerships').send(draft).expect(201);
    const { body: event } = await house.admin
      .post('/v1/events')
      .send({ partnerships: [body.id] })
      .expect(201);
    const path = `/v1/partnerships/${body.id}`;
    const told = await refused(path, house.admin, 409, 'PARTNERSHIP.REMOVE.FREE');
    expect(told.verdicts.find(({ rule }: Body) => rule === 'PARTNERSHIP.REMOVE.FREE').inputs).toEqual({ dependents: { events: 1 } });
    await remove(`/v1/events/${event.id}`, house.admin).expect(204);
    await remove(path, house.admin).expect(204);
    await house.admin.post('/v1/partnerships').send(draft).expect(201);
  });

  it('a cluster that is a member; one that has only registered goes', async () => {
    const { body: clusters } = await house.admin.get('/v1/clusters?limit=1');
    const told = await refused(`/v1/clusters/${clusters.items[0].id}`, house.admin, 409, 'CLUSTER.REMOVE.STATE');
    expect(told.verdicts.map(({ outcome }: Body) => outcome)).toEqual(['PASSED', 'FAILED', 'FAILED']);
    const { body } = await house.admin
      .post('/v1/clusters')
      .send({ name: `Cluster ${newId()}`, country: 'SE' })
      .expect(201);
    await remove(`/v1/clusters/${body.slug}`, house.admin).expect(204);
  });
});
