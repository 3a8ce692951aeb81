import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalJson } from '#libs/domain/canonical';
import { commandsOf } from '#libs/messaging/topics';
import { eventually } from '#libs/testing/eventually';
import { type Body, RunningHouse } from './running-house.js';

let house: RunningHouse;
let dia: Body;
let event: Body;
let coordinator: string;
let stranger: string;
beforeAll(async () => {
  house = await RunningHouse.open();
  ({ dia, event } = await house.withDia());
  coordinator = await house.keyFor('PARTNERSHIP_COORDINATOR', dia.id);
  stranger = await house.keyFor('CLUSTER_MANAGER');
});
afterAll(() => house?.close());

const change = (patch: object, key: string) => house.as(key).patch(`/v1/events/${event.id}`).set('if-match', '*').send(patch);
const me = async (key: string): Promise<string> => (await house.as(key).get('/v1/me')).body.id;
const items = async (path: string, key = house.bootstrapKey): Promise<Body[]> => (await house.as(key).get(path).expect(200)).body.items;
const audited = (query: string, key?: string, atLeast = 1) =>
  eventually(async () => {
    const found = await items(`/v1/audit?${query}`, key);
    expect(found.length).toBeGreaterThanOrEqual(atLeast);
    return found;
  });

describe('The audit log', () => {
  it('tells who asked for what, and how it was answered, with the message that the history names', async () => {
    await change({ city: 'Graz' }, coordinator).expect(200);
    const [entry] = await audited(`actor=${await me(coordinator)}&outcome=DONE`);
    expect(entry).toMatchObject({
      by: { kind: 'CLIENT', id: await me(coordinator) },
      method: 'PATCH',
      route: '/v1/events/:id',
      resource: 'events',
      subject: event.id,
      partnerships: [dia.id],
      status: 200,
      outcome: 'DONE',
      code: null,
      dryRun: false,
    });
    const history = await items(`/v1/events/${event.id}/history?sort=-version`);
    expect(history[0]).toMatchObject({ message: entry.message, trace: entry.trace });
  });

  it('holds every attempt, whatever became of it, and nothing that was sent', async () => {
    await change({ city: 'Nowhere-7f3' }, stranger).expect(403);
    await house.as(coordinator).patch(`/v1/events/${event.id}`).send({ city: 'Nowhere-7f3' }).expect(428);
    await change({ type: 'NO_SUCH_TYPE' }, coordinator).expect(422);
    await change({ nmae: 'Nowhere-7f3' }, coordinator).expect(400);
    await house.as(coordinator).post('/v1/no-such-path').send({}).expect(404);
    await house.as('cb_test_wrong').post('/v1/imports').send({}).expect(401);
    await house.public.post('/v1/imports').send({}).expect(401);
    const told = await audited('outcome=REFUSED', undefined, 7);
    expect(told.map(({ status, code }) => `${status} ${code}`)).toEqual(
      expect.arrayContaining([
        '403 EVENT.CHANGE.ACTOR',
        '428 HEADER.IF_MATCH_REQUIRED',
        '422 EVENT.TYPE.KNOWN',
        '400 BODY.SHAPE',
        '404 ROUTE.ABSENT',
        '401 AUTH.UNKNOWN',
        '401 AUTH.REQUIRED',
      ]),
    );
    expect(told.find(({ code }) => code === 'AUTH.UNKNOWN').by).toBeNull();
    expect(JSON.stringify(told)).not.toContain('Nowhere');
  });

  it('is one’s own for everybody, and that of a partnership for who runs it', async () => {
    const own = await audited(`subject=${event.id}`, stranger);
    expect(new Set(own.map(({ by }) => by.id))).toEqual(new Set([await me(stranger)]));
    const ofPartnership = await audited(`subject=${event.id}`, coordinator, 2);
    expect(ofPartnership.map(({ by }) => by.id)).toEqual(expect.arrayContaining([await me(stranger), await me(coordinator)]));
    expect((await items('/v1/audit?resource=api-keys', coordinator)).length).toBe(0);
    expect((await house.public.get('/v1/audit')).status).toBe(401);
  });

  it('is narrowed and read in pages, the newest first', async () => {
    const whole = await items('/v1/audit?limit=200');
    expect(whole.map(({ seq }) => seq)).toEqual(whole.map((_, i) => whole[0].seq - i));
    const { body } = await house.admin.get('/v1/audit?limit=2');
    const second = await items(`/v1/audit?limit=2&cursor=${encodeURIComponent(body.next)}`);
    expect([...body.items, ...second].map(({ seq }: Body) => seq)).toEqual(whole.slice(0, 4).map(({ seq }) => seq));
    expect(await items('/v1/audit?to=2001-01-01')).toEqual([]);
    expect((await house.admin.get('/v1/audit?outcome=GOOD')).body.code).toBe('QUERY.MALFORMED');
    expect((await house.admin.get('/v1/audit?who=me')).body.code).toBe('QUERY.UNKNOWN_PARAMETER');
  });

  it('leaves as lines that anybody can check', async () => {
    const { text, headers } = await house.admin.get('/v1/audit/export').expect(200);
    expect(headers['content-type']).toBe('application/x-ndjson');
    const lines: Body[] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    let before = '0'.repeat(64);
    for (const [i, { hash, ...rest }] of lines.entries()) {
      expect([rest.seq, rest.before]).toEqual([i + 1, before]);
      before = createHash('sha256').update(canonicalJson(rest)).digest('hex');
      expect(hash).toBe(before);
    }
    const { body } = await house.admin.get('/v1/audit/verify').expect(200);
    expect(body).toMatchObject({ holds: true, broken: null });
    expect(body.end.seq).toBeGreaterThanOrEqual(lines.length);
  });

  it('is checked by the platform alone, and shows what was changed behind its back', async () => {
    expect((await house.as(coordinator).get('/v1/audit/verify')).body.code).toBe('AUTH.ROLE');
    const chain = house.databases.collection('gateway', 'audit');
    const link = await chain.findOne({ 'entries.seq': 3 });
    const forged = link!.entries.map((entry: Body) => (entry.seq === 3 ? { ...entry, status: 500 } : entry));
    await chain.updateOne({ _id: link!._id }, { $set: { entries: forged } });
    expect((await house.admin.get('/v1/audit/verify')).body).toMatchObject({ holds: false, broken: { seq: 3 } });
    await chain.updateOne({ _id: link!._id }, { $set: { entries: link!.entries } });
    expect((await house.admin.get('/v1/audit/verify')).body).toMatchObject({ holds: true });
  });
});

describe('Operations', () => {
  it('are listed for whoever began them, by how far they are', async () => {
    await house.kill('events');
    const { body: accepted } = await change({ city: 'Wels' }, coordinator)
      .set('prefer', 'wait=1')
      .set('idempotency-key', 'wels')
      .expect(202);
    expect(await items('/v1/operations?state=PENDING', coordinator)).toMatchObject([
      { id: accepted.id, state: 'PENDING', command: 'event.change.v1', endedAt: null },
    ]);
    expect(await items('/v1/operations', stranger)).toEqual([]);
    expect((await items('/v1/operations')).map(({ id }) => id)).toContain(accepted.id);
    await house.start('events');
    await eventually(async () => {
      expect(await items('/v1/operations?state=SUCCEEDED', coordinator)).toMatchObject([{ id: accepted.id, result: { city: 'Wels' } }]);
    }, 60_000);
    expect(await items('/v1/operations?state=PENDING', coordinator)).toEqual([]);
    const [entry] = await audited('outcome=ACCEPTED');
    expect(entry).toMatchObject({ status: 202, message: accepted.id });
  });

  it('are read page by page, each leading to the next', async () => {
    for (const city of ['Linz', 'Wels']) await change({ city }, coordinator).set('prefer', 'respond-async').expect(202);
    const { body: page, headers } = await house.as(coordinator).get('/v1/operations?limit=1').expect(200);
    const [, path = ''] = /^<(.+)>; rel="next"$/.exec(headers.link ?? '') ?? [];
    const { body: next } = await house.as(coordinator).get(path).expect(200);
    expect(new Set([...page.items, ...next.items].map(({ id }) => id)).size).toBe(2);
  });

  it.each([
    ['?state=DONE', 'QUERY.MALFORMED'],
    ['?owner=me', 'QUERY.UNKNOWN_PARAMETER'],
  ])('take no %s', async (query, code) => {
    expect((await house.admin.get(`/v1/operations${query}`)).body).toMatchObject({ status: 400, code });
  });
});

describe('What a service could not handle', () => {
  const parked = async (): Promise<Body[]> =>
    eventually(async () => {
      const found = await items('/v1/parked?service=events&state=KEPT');
      expect(found.length).toBeGreaterThan(0);
      return found;
    });

  beforeAll(async () => {
    const message = {
      key: event.id,
      value: JSON.stringify({ city: 'Forged-91' }),
      headers: { id: 'forged', type: 'event.change.v1', by: 'x.y' },
    };
    await house.kafka.send(commandsOf('events'), [message]);
  });

  it('is listed and shown for the platform, with its reason and without what it holds', async () => {
    const [kept] = await parked();
    expect(kept).toMatchObject({
      kind: 'SHELVED',
      type: 'event.change.v1',
      key: event.id,
      reason: 'the actor is not signed by the gateway',
    });
    expect((await house.admin.get(`/v1/parked/${kept.id}`).expect(200)).body).toEqual(kept);
    expect(JSON.stringify(kept)).not.toContain('Forged-91');
    expect((await house.as(coordinator).get('/v1/parked')).body.code).toBe('AUTH.ROLE');
    expect(await items('/v1/parked?service=worker')).toEqual([]);
  });

  it('is replayed, in a dry run first', async () => {
    const [kept] = await parked();
    const { body } = await house.admin.post(`/v1/parked/${kept.id}/replay?dryRun=true`).expect(200);
    expect(body).toMatchObject({ dryRun: true, view: { result: { status: 'FAILED' } } });
    expect(await parked()).toEqual([kept]);
    const replayed = await house.admin.post(`/v1/parked/${kept.id}/replay`).expect(200);
    expect(replayed.body).toMatchObject({ state: 'REPLAYED', result: { status: 'FAILED' } });
    const [anew] = await parked();
    expect(anew.id).not.toBe(kept.id);
    expect((await house.admin.post(`/v1/parked/${kept.id}/replay`)).body).toMatchObject({ status: 409, code: 'KEPT_MESSAGE.REPLAY.STATE' });
  });

  it('is discarded with a reason, and its history says by whom', async () => {
    const [kept] = await parked();
    expect((await house.admin.post(`/v1/parked/${kept.id}/discard`).send({})).status).toBe(400);
    await house.admin.post(`/v1/parked/${kept.id}/discard`).send({ reason: 'forged' }).expect(200);
    expect(await items('/v1/parked?state=KEPT')).toEqual([]);
    const history = await items(`/v1/parked/${kept.id}/history`);
    expect(history.at(-1)).toMatchObject({ command: 'events-kept-message.discard.v1', by: { id: 'bootstrap' } });
    expect((await house.public.get(`/v1/events/${event.id}`)).body.city).toBe('Wels');
  });
});

describe('The integrity of the house', () => {
  it('is that store, topic and read model agree, for every kind of record', async () => {
    const { body } = await house.admin.get('/v1/integrity').expect(200);
    expect(body.items.filter(({ agrees }: Body) => !agrees)).toEqual([]);
    expect(body.agrees).toBe(true);
    const told = Object.fromEntries(body.items.map((item: Body) => [item.aggregate, item]));
    expect(told.event).toMatchObject({ service: 'events', resource: 'events', outbox: { unpublished: 0 } });
    expect(told.event.store).toEqual(told.event.readModel);
    expect(told.event.store.count).toBeGreaterThan(0);
    expect(told['events-kept-message'].store.count).toBe(2);
  });

  it('tells where they do not', async () => {
    const views = house.databases.collection('gateway', 'view_events');
    const { version } = (await views.findOne({ _id: event.id }))!;
    await views.updateOne({ _id: event.id }, { $set: { version: version + 1 } });
    const { body } = await house.admin.get('/v1/integrity').expect(200);
    expect(body.items.filter(({ agrees }: Body) => !agrees).map(({ aggregate }: Body) => aggregate)).toEqual(['event']);
    await views.updateOne({ _id: event.id }, { $set: { version } });
    expect((await house.admin.get('/v1/integrity')).body.agrees).toBe(true);
  });

  it('is for the platform to look at', async () => {
    expect((await house.as(coordinator).get('/v1/integrity')).body.code).toBe('AUTH.ROLE');
  });
});
