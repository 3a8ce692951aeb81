import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/testing/eventually';
import { type Body, RunningHouse } from './running-house.js';

let house: RunningHouse;
let dia: Body;
let event: Body;
beforeAll(async () => {
  house = await RunningHouse.open();
  ({ dia, event } = await house.withDia());
});
afterAll(() => house?.close());

const change = (patch: object, who = house.admin) => who.patch(`/v1/events/${event.id}`).set('if-match', '*').send(patch);
const historyOf = async (path: string, who = house.admin): Promise<Body[]> => (await who.get(`${path}/history`).expect(200)).body.items;

describe('The history of a record', () => {
  it('says when a version was made, as its view and its fact do; lists are sorted by it', async () => {
    const { body: before } = await house.admin.get(`/v1/events/${event.id}`);
    const { body: view } = await change({ city: `Graz ${before.version}` }).expect(200);
    expect(view.updatedAt > before.updatedAt).toBe(true);
    const made = (await historyOf(`/v1/events/${event.id}`)).find(({ version }) => version === view.version);
    expect(made!.at).toBe(view.updatedAt);
    await eventually(() =>
      expect(house.facts('event.changed.v1').find(({ time }) => time === view.updatedAt)?.subject).toContain(event.id),
    );
    const { body: list } = await house.admin.get('/v1/events?sort=-updatedAt&limit=1').expect(200);
    expect(list.items[0].id).toBe(event.id);
  });

  it('tells who did what when, as soon as the change is answered', async () => {
    const { body: before } = await house.admin.get(`/v1/events/${event.id}`);
    const { body: after } = await change({ city: 'Bilbao', country: 'ES' }).expect(200);
    const last = (await historyOf(`/v1/events/${event.id}`)).at(-1);
    expect(last).toMatchObject({ version: after.version, command: 'event.change.v1', by: { kind: 'CLIENT', id: 'bootstrap' } });
    expect(last.change).toEqual(
      expect.arrayContaining([
        { pointer: '/city', before: before.city, after: 'Bilbao' },
        { pointer: '/country', before: before.country, after: 'ES' },
      ]),
    );
  });

  it('has every version, also of changes that came together', async () => {
    const cities = Array.from({ length: 40 }, (_, i) => `Town ${i}`);
    await Promise.all(cities.map((city) => change({ city }).expect(200)));
    const { body } = await house.admin.get(`/v1/events/${event.id}`);
    const all = await historyOf(`/v1/events/${event.id}`);
    expect(all.map(({ version }) => version)).toEqual(Array.from({ length: body.version }, (_, i) => i + 1));
    const told = all.flatMap(({ change: places }) => places).filter(({ pointer }) => pointer === '/city');
    expect(told.slice(1).map(({ before }) => before)).toEqual(told.slice(0, -1).map(({ after }) => after));
    expect(told.at(-1).after).toBe(body.city);
  });

  it('is read in pages, from either end', async () => {
    const whole = (await historyOf(`/v1/events/${event.id}`)).map(({ version }) => version);
    for (const sort of ['version', '-version']) {
      const versions: number[] = [];
      let next: string | null = null;
      do {
        const cursor: string = next ? `&cursor=${encodeURIComponent(next)}` : '';
        const { body } = await house.admin.get(`/v1/events/${event.id}/history?sort=${sort}&limit=7${cursor}`).expect(200);
        versions.push(...body.items.map((item: Body) => item.version));
        next = body.next;
      } while (next);
      expect(versions).toEqual(sort === 'version' ? whole : whole.toReversed());
    }
  });

  it('is found by slug, and begins with the import', async () => {
    const [first] = await historyOf('/v1/partnerships/dia');
    expect(first).toMatchObject({ version: 1, command: 'partnership.record.v1', by: { kind: 'SYSTEM', id: 'membership' } });
    expect(first.change.map(({ pointer }: Body) => pointer)).toContain('/acronym');
  });

  it('is nothing for the public, and their own actions for others', async () => {
    expect((await house.public.get(`/v1/events/${event.id}/history`)).status).toBe(401);
    const coordinator = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', dia.id));
    const stranger = house.as(await house.keyFor('CLUSTER_MANAGER'));
    await change({ city: 'Linz' }, coordinator).expect(200);
    expect((await historyOf(`/v1/events/${event.id}`, coordinator)).length).toBeGreaterThan(40);
    expect(await historyOf(`/v1/events/${event.id}`, stranger)).toEqual([]);
    const { body } = await house.as(await house.keyFor('PARTNERSHIP_MANAGER', dia.id)).get(`/v1/partnerships/dia/history`);
    expect(body.items[0].change.map(({ pointer }: Body) => pointer)).toContain('/remarks');
  });

  it('holds neither personal data nor what is shown to nobody', async () => {
    const key = await house.admin.post('/v1/api-keys').send({ name: 'k', role: 'CLUSTER_MANAGER', test: true });
    const [issued] = await historyOf(`/v1/api-keys/${key.body.id}`);
    expect(issued.command).toBe('api-key.issue.v1');
    expect(JSON.stringify(issued)).not.toContain('sha256');
    expect(JSON.stringify(await historyOf('/v1/partnerships/dia'))).not.toMatch(/"email"/);
  });

  it('stands while the service is away, and after it is read anew', async () => {
    const before = await historyOf(`/v1/events/${event.id}`);
    await house.kill('events');
    expect(await historyOf(`/v1/events/${event.id}`)).toEqual(before);
    await house.start('events');
    await change({ city: 'Graz' }).expect(200);
    expect((await historyOf(`/v1/events/${event.id}`)).length).toBe(before.length + 1);
  });

  it.each([
    ['?sort=at', 'QUERY.SORT'],
    ['?limit=0', 'QUERY.MALFORMED'],
    ['?who=me', 'QUERY.UNKNOWN_PARAMETER'],
    ['?cursor=x.y', 'QUERY.CURSOR'],
  ])('takes no %s', async (query, code) => {
    const { status, body } = await house.admin.get(`/v1/events/${event.id}/history${query}`);
    expect({ status, code: body.code }).toEqual({ status: 400, code });
  });
});

describe('The actions of a record', () => {
  it('tell what may come next, for whom, and why not', async () => {
    const coordinator = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', dia.id));
    const { body } = await coordinator.get('/v1/partnerships/dia/actions').expect(200);
    const complete = body.items.find(({ command }: Body) => command === 'complete');
    expect(complete).toMatchObject({ machine: 'PARTNERSHIP', whoMay: ['PARTNERSHIP_COORDINATOR', 'SYSTEM'] });
    expect(complete.allowed).toBe(complete.href !== null && ['PREPARATION', 'IMPLEMENTATION'].includes(dia.state));
    const publish = body.items.find(({ command }: Body) => command === 'publish');
    expect(publish).toMatchObject({ machine: 'PROFILE', allowed: false });
  });

  it('name the route where there is one, and it does what they say', async () => {
    const owner = house.as(await house.keyFor('PARTNERSHIP_MANAGER', dia.id));
    const { body: subscription } = await owner
      .post('/v1/subscriptions')
      .send({ channel: 'WEBHOOK', url: 'http://127.0.0.1:9/', eventTypes: ['*'] });
    const actions = async () => (await owner.get(`/v1/subscriptions/${subscription.id}/actions`).expect(200)).body.items as Body[];
    for (const action of await actions()) {
      if (!action.href || action.path === '{id}/end' || action.path === 'subscribe') continue;
      const { status } = await owner.post(`${action.href}?dryRun=true`);
      expect([action.command, status === 200]).toEqual([action.command, action.allowed]);
    }
    await owner.post(`/v1/subscriptions/${subscription.id}/pause`).expect(200);
    expect((await actions()).find(({ command }) => command === 'resume')).toMatchObject({ allowed: true });
  });

  it('are told in the language of the reader', async () => {
    const { body, headers } = await house.admin.get('/v1/partnerships/dia/actions').set('accept-language', 'de-AT, fr;q=0.5');
    expect(headers['content-language']).toBe('de');
    expect(headers.vary).toContain('Accept-Language');
    expect(body.items.find(({ command }: Body) => command === 'publish').verdicts[0].message).toMatch(/^„publish“ ist möglich aus/);
  });

  it('are for nobody who may not see the record', async () => {
    expect((await house.public.get('/v1/partnerships/dia/actions')).status).toBe(401);
    expect((await house.admin.get('/v1/partnerships/none/actions')).status).toBe(404);
  });
});

describe('A problem', () => {
  it.each([
    ['fr', 'Introuvable'],
    ['de-CH', 'Nicht gefunden'],
    ['nl, es;q=0.3', 'No encontrado'],
    ['nl', 'Not found'],
  ])('is told to who asks in %s: %s', async (wanted, title) => {
    const { body, headers } = await house.public.get('/v1/partnerships/none').set('accept-language', wanted);
    expect(body).toMatchObject({ title, status: 404, code: 'RESOURCE.ABSENT' });
    expect(headers['content-language']).toBe(/^(fr|de|es)$/.exec(wanted.replace(/^nl, /, '').slice(0, 2))?.[0] ?? 'en');
    expect(headers.vary).toContain('Accept-Language');
  });
});
