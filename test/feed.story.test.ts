import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { FactRecord } from '#libs/contracts/message';
import { FEED } from '#libs/messaging/topics';
import { eventually } from '#libs/testing/eventually';
import { Listener } from './listener.js';
import { type Body, fileOf, RunningHouse } from './running-house.js';
import { allTold } from './tape.js';

let house: RunningHouse;
let dia: Body;
/** A partner system that holds no role in any partnership. */
let stranger: string;
const listeners: Listener[] = [];

beforeAll(async () => {
  house = await RunningHouse.open();
  await house.importFile('dia');
  await house.importFile('pimap');
  ({ body: dia } = await house.admin.get('/v1/partnerships/dia'));
  stranger = await house.keyFor('PARTNERSHIP_COORDINATOR', '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f');
  await allTold(house);
});
afterEach(() => {
  for (const listener of listeners.splice(0)) listener.close();
});
afterAll(() => house?.close());

async function page(query = '', by = house.admin): Promise<Body> {
  const { status, body } = await by.get(`/v1/feed${query}`);
  expect({ query, status, code: body.code }).toEqual({ query, status: 200, code: undefined });
  return body;
}

/** All of the feed, page by page. */
async function pages(query: string, by = house.admin): Promise<Body[]> {
  const items: Body[] = [];
  for (let next = -1; ; ) {
    const found = await page(`?after=${next}${query}`, by);
    items.push(...found.items);
    if (found.next === next) return items;
    next = found.next;
  }
}

async function listen(query = '', key = house.bootstrapKey, headers: Record<string, string> = {}): Promise<Listener> {
  const url = `${house.addressOf('gateway')}/v1/feed/stream${query}`;
  const listener = new Listener(url, { authorization: `Bearer ${key}`, ...headers });
  listeners.push(listener);
  await listener.opened;
  return listener;
}

let changes = 0;
/** Something happens to DIA, and to nothing else. */
async function changeDia(): Promise<number> {
  changes += 1;
  const durationMonths = 30 + (changes % 100);
  const before = house.announced('partnership.imported.v1').length;
  await house.importFile({ ...fileOf('dia'), durationMonths });
  await eventually(() => expect(house.announced('partnership.imported.v1').length).toBeGreaterThan(before));
  return durationMonths;
}
const durations = (items: Body[]) => items.filter(({ type }) => type === 'partnership.recorded.v1').map(({ data }) => data.durationMonths);

describe('The feed', () => {
  it('tells every fact once, in one order, as CloudEvents with their cursors', async () => {
    const { items, next } = await page('?limit=200');
    expect(items.map(({ id }: Body) => id).sort()).toEqual(
      house
        .announced()
        .map(({ id }) => id)
        .sort(),
    );
    const cursors = items.map(({ cursor }: Body) => cursor);
    expect(cursors).toEqual([...cursors].sort((a, b) => a - b));
    expect(next).toBe(cursors.at(-1));
    const imported = items.find(({ type, subject }: Body) => type === 'partnership.imported.v1' && subject.endsWith(dia.id));
    expect(imported).toMatchObject({
      specversion: '1.0',
      source: '/membership',
      subject: `/v1/partnerships/${dia.id}`,
      sequence: expect.stringMatching(/^\d{10}\.\d{3}$/),
      dataschema: '/v1/event-types/partnership.imported.v1',
      data: { slug: 'dia', profile: 'PUBLISHED' },
    });
  });

  it('is read on from a cursor, page by page, to its end', async () => {
    const { items: all, next: end } = await page('?limit=200');
    const first = await house.admin.get('/v1/feed?limit=3');
    expect(first.headers.link).toBe(`</v1/feed?limit=3&after=${first.body.next}>; rel="next"`);
    expect(await pages('&limit=7')).toEqual(all);
    expect(await page(`?after=${end}`)).toEqual({ items: [], next: end });
    const again = await house.admin.get('/v1/feed').set('Last-Event-ID', String(all[4].cursor));
    expect(again.body.items[0]).toEqual(all[5]);
  });

  it('is narrowed to types and to what has to do with a partnership, by id or slug', async () => {
    const all = await pages('');
    const events = await pages('&types=event.*');
    expect(events).toEqual(all.filter(({ type }) => type.startsWith('event.')));
    expect(events.length).toBeGreaterThan(0);
    const ofDia = await pages('&partnership=dia');
    expect(await pages(`&partnership=${dia.id}`)).toEqual(ofDia);
    expect(ofDia.some(({ type }) => type === 'membership.recorded.v1')).toBe(true);
    expect(ofDia.every(({ data, subject }) => JSON.stringify({ data, subject }).includes(dia.id))).toBe(true);
    const { next } = await page('?limit=200');
    expect(await page(`?after=${next}&partnership=dia`)).toEqual({ items: [], next });
    const durationMonths = await changeDia();
    await allTold(house);
    expect(durations((await page(`?after=${next}&partnership=dia`)).items)).toEqual([durationMonths]);
    expect((await page(`?after=${next}&partnership=pimap`)).items).toEqual([]);
  });

  it('is narrowed by type and reference at once', async () => {
    const ofDia = await pages('&partnership=dia');
    const both = await pages('&partnership=dia&types=partnership.imported.v1,event.*');
    expect(both).toEqual(ofDia.filter(({ type }) => /^partnership\.imported|^event\./.test(type)));
  });

  it('waits for something to happen, and says so when nothing does', async () => {
    const { next } = await page('?limit=200');
    const waiting = page(`?after=${next}&wait=25&types=partnership.recorded.v1`);
    const durationMonths = await changeDia();
    const { items } = await waiting;
    expect(durations(items)).toEqual([durationMonths]);
    await allTold(house);
    const { next: end } = await page(`?after=${next}&limit=200`);
    const began = Date.now();
    expect(await page(`?after=${end}&wait=1`)).toEqual({ items: [], next: end });
    expect(Date.now() - began).toBeGreaterThanOrEqual(950);
  });

  it('tells nobody what they may not see, and moves on', async () => {
    const { next: before } = await page('?limit=200');
    expect((await house.admin.post('/v1/imports?profile=DRAFT').send(fileOf('exxtra'))).status).toBe(201);
    await allTold(house);
    const all = await page(`?after=${before}&limit=200`);
    expect(all.items.length).toBeGreaterThan(10);
    const theirs = await page(`?after=${before}&limit=200`, house.as(stranger));
    expect(theirs).toEqual({ items: [], next: all.next });
    const { body: exxtra } = await house.admin.get('/v1/partnerships/exxtra');
    const coordinator = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', exxtra.id));
    const own = await page(`?after=${before}&limit=200&types=partnership.*`, coordinator);
    expect(own.items.map(({ type }: Body) => type)).toEqual(['partnership.recorded.v1', 'partnership.imported.v1']);
  });

  it('tells a fact once that a projector which died has appended twice', async () => {
    const [again] = house.announced('partnership.imported.v1') as [FactRecord];
    const before = await pages('');
    await house.kafka.send(FEED, [{ key: dia.id, value: JSON.stringify(again), headers: {} }]);
    await changeDia();
    await allTold(house);
    const after = await pages('');
    expect(after.filter(({ id }) => id === again.id)).toHaveLength(1);
    expect(after.slice(0, before.length)).toEqual(before);
  });

  it.each([
    ['?after=99999999', 400, 'QUERY.CURSOR'],
    ['?after=-2', 400, 'QUERY.CURSOR'],
    ['?after=new', 400, 'QUERY.CURSOR'],
    ['?after=1&after=2', 400, 'QUERY.CURSOR'],
    ['?wait=26', 400, 'QUERY.MALFORMED'],
    ['?limit=0', 400, 'QUERY.MALFORMED'],
    ['?types=Event', 400, 'QUERY.MALFORMED'],
    ['?partnership=', 400, 'QUERY.MALFORMED'],
    ['?cursor=1', 400, 'QUERY.UNKNOWN_PARAMETER'],
  ])('refuses %s with %d %s, as does its stream', async (query, status, code) => {
    for (const path of ['/v1/feed', '/v1/feed/stream'].slice(0, query.startsWith('?limit') ? 1 : 2)) {
      const { body, headers } = await house.admin.get(path + query);
      expect(headers['content-type']).toContain('application/problem+json');
      const expected = path.endsWith('stream') && query.startsWith('?wait') ? 'QUERY.UNKNOWN_PARAMETER' : code;
      expect({ query, status: body.status, code: body.code }).toEqual({ query, status, code: expected });
    }
  });

  it('is for known callers whose scopes allow it', async () => {
    const narrow = house.as(await house.keyFor('PLATFORM_ADMIN', undefined, { scopes: ['partnerships:read'] }));
    const reader = house.as(await house.keyFor('PLATFORM_ADMIN', undefined, { scopes: ['feed:read', 'events:read'] }));
    for (const path of ['/v1/feed', '/v1/feed/stream']) {
      expect((await house.public.get(path)).body).toMatchObject({ status: 401, code: 'AUTH.REQUIRED' });
      expect((await narrow.get(path)).body).toMatchObject({ status: 403, code: 'AUTH.SCOPE', scope: 'feed:read' });
    }
    const kinds = new Set((await pages('', reader)).map(({ type }) => type.split('.')[0]));
    expect([...kinds]).toEqual(['event']);
  });
});

describe('The stream of the feed', () => {
  it('begins now, says where that is, and tells what happens from then on', async () => {
    const listener = await listen();
    expect(listener.headers['content-type']).toContain('text/event-stream');
    expect(listener.told[0]).toEqual({ retry: expect.stringMatching(/^[1-4]\d{3}$/), id: expect.stringMatching(/^\d+$/) });
    const durationMonths = await changeDia();
    await eventually(() => expect(durations(listener.items())).toEqual([durationMonths]));
    const [told] = listener.told.filter(({ event }) => event === 'partnership.recorded.v1');
    const item = JSON.parse(told!.data!);
    expect(told).toEqual({ id: String(item.cursor), event: item.type, data: JSON.stringify(item) });
    const { items } = await page(`?after=${item.cursor - 1}&limit=1`);
    expect(items).toEqual([item]);
  });

  it('goes on where somebody lost it, without a gap and without a repetition', async () => {
    const all = await pages('');
    const listener = await listen('?after=-1');
    await eventually(() => expect(listener.items()).toEqual(all));
    listener.close();
    const durationMonths = await changeDia();
    const back = await listen('?after=-1', house.bootstrapKey, { 'last-event-id': listener.lastId! });
    await eventually(() => expect(durations(back.items())).toEqual([durationMonths]));
    expect(back.items().filter(({ cursor }) => cursor <= Number(listener.lastId))).toEqual([]);
  });

  it('is narrowed as its pages are', async () => {
    const listener = await listen('?after=-1&types=partnership.imported.v1&partnership=dia');
    const wanted = await pages('&types=partnership.imported.v1&partnership=dia');
    await eventually(() => expect(listener.items()).toEqual(wanted));
  });

  it('tells each what they may see', async () => {
    const [admin, other] = [await listen('?after=-1'), await listen('?after=-1', stranger)];
    const [all, theirs] = [await pages(''), await pages('', house.as(stranger))];
    expect(theirs.length).toBeLessThan(all.length);
    await eventually(() => expect(admin.items()).toEqual(all));
    await eventually(() => expect(other.items()).toEqual(theirs));
  });

  it('ends with the problem when the key is revoked, and tells nothing after it', async () => {
    const { body: issued } = await house.admin.post('/v1/api-keys').send({ name: 'Soon gone', role: 'PLATFORM_ADMIN', test: true });
    const listener = await listen('', issued.key);
    await changeDia();
    await eventually(() => expect(listener.items().length).toBeGreaterThan(0));
    expect((await house.admin.post(`/v1/api-keys/${issued.id}/revoke`)).status).toBe(200);
    const before = listener.items().filter(({ cursor }) => cursor).length;
    await changeDia();
    await listener.ended;
    expect(listener.items().filter(({ cursor }) => cursor)).toHaveLength(before);
    expect(listener.items('problem')).toEqual([expect.objectContaining({ status: 401, code: 'AUTH.UNKNOWN' })]);
  });

  it('ends a silent stream within ten seconds of the revocation', async () => {
    const { body: issued } = await house.admin.post('/v1/api-keys').send({ name: 'Silent', role: 'PLATFORM_ADMIN', test: true });
    const listener = await listen('?types=report.*', issued.key);
    await house.admin.post(`/v1/api-keys/${issued.id}/revoke`);
    const began = Date.now();
    await listener.ended;
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(listener.items('problem')).toHaveLength(1);
  });

  it('says goodbye when the gateway closes, and goes on at the next one', async () => {
    const listener = await listen();
    process.kill(house.pidOf('gateway')!, 'SIGTERM');
    await listener.ended;
    expect(listener.comments.at(-1)).toContain('Last-Event-ID');
    expect(listener.told.at(-1)).toEqual({ retry: expect.stringMatching(/^\d{4}$/) });
    await eventually(() => expect(house.pidOf('gateway')).toBeUndefined(), 20_000);
    await house.start('gateway');
    const durationMonths = await changeDia();
    const back = await listen('', house.bootstrapKey, { 'last-event-id': listener.lastId! });
    await eventually(() => expect(durations(back.items())).toEqual([durationMonths]));
  });
});

describe('A listener that reads slower than facts come', () => {
  const MANY = 1600;
  const SIZE = 20_000;

  it('is told so and let go, has lost nothing it cannot read, and holds up nobody', async () => {
    const { next: before } = await page('?limit=200');
    const [slow, quick] = [await listen('?types=partnership.recorded.v1'), await listen('?types=partnership.recorded.v1')];
    slow.pause();
    const [known] = house.announced('partnership.recorded.v1').filter(({ subject }) => subject.endsWith(dia.id)) as [FactRecord];
    const again = (at: number) => ({ ...known, id: `again-${at}`, sequence: `0000009999.${at}`, data: { note: 'x'.repeat(SIZE) } });
    const facts = Array.from({ length: MANY }, (_, at) => again(at + 1000));
    await house.kafka.send(
      FEED,
      facts.map((fact) => ({ key: dia.id, value: JSON.stringify(fact), headers: {} })),
    );
    await eventually(() => expect(quick.items()).toHaveLength(MANY), 20_000);
    const metrics = async () => (await (await fetch(`${house.addressOf('gateway')}/metrics`)).text()) as string;
    await eventually(async () => expect(await metrics()).toContain('feed_resyncs_total{reason="TOO_SLOW"} 1'));
    slow.resume();
    await slow.ended;
    const [resync] = slow.items('resync');
    expect(resync).toMatchObject({ code: 'FEED.RESYNC', reason: 'TOO_SLOW', cursor: Number(slow.lastId) });
    const heard = slow.items('partnership.recorded.v1').map(({ id }) => id);
    expect(heard.length).toBeLessThan(MANY);
    const rest = await page(`?after=${resync.cursor}&limit=1`);
    expect(rest.items[0].id).toBe(`again-${1000 + heard.length}`);
    expect(before).toBeLessThan(resync.cursor);
    // The newest part in memory holds less than that: what came before is read from the topic.
    const ids = (await pages('&limit=200&types=partnership.recorded.v1')).map(({ id }) => id).filter((id) => id.startsWith('again-'));
    expect(ids).toEqual(facts.map(({ id }) => id));
  });
});

describe('The event types', () => {
  it('are told with name, version, schema and example, and each at the address facts name', async () => {
    const { body } = await house.public.get('/v1/event-types');
    const types = body.items.map(({ type }: Body) => type);
    expect(types).toEqual(expect.arrayContaining(['partnership.imported.v1', 'event.changed.v1', 'reminder.due.v1']));
    for (const item of await pages('')) expect(types).toContain(item.type);
    const { body: one } = await house.public.get('/v1/event-types/event.changed.v1');
    expect(one).toMatchObject({ name: 'event.changed', version: 1, aggregate: 'event', schema: { type: 'object' } });
    expect(one.example).toMatchObject({ type: 'event.changed.v1', dataschema: '/v1/event-types/event.changed.v1' });
    expect((await house.public.get('/v1/event-types/event.forgotten.v1')).status).toBe(404);
  });
});
