import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { told } from './api.js';
import { PartnerCopy } from './partner-copy.js';
import { type Body, fileOf, RunningHouse } from './running-house.js';
import { allTold } from './tape.js';

const LISTED = ['partnerships', 'clusters', 'memberships', 'events'] as const;
/** More than the gateway reads at once. */
const EVENTS = 230;

let house: RunningHouse;
let dia: Body;
let coordinator: string;

/** DIA with many events, so that one page does not hold them. */
function largeDia(durationMonths: number): Body {
  const file = fileOf('dia') as Body;
  const plannedEvents = Array.from({ length: EVENTS }, (_, at) => ({ no: at + 1, type: null, estimatedDate: '2018-09', country: 'US' }));
  const composition = file.composition.map((each: Body) => ({ ...each, totalMembers: durationMonths }));
  return { ...file, plannedEvents, composition, durationMonths };
}

beforeAll(async () => {
  house = await RunningHouse.open();
  await house.importFile(largeDia(24));
  await house.importFile('pimap');
  expect((await house.admin.post('/v1/imports?profile=DRAFT').send(fileOf('exxtra'))).status).toBe(201);
  ({ body: dia } = await house.admin.get('/v1/partnerships/dia'));
  coordinator = await house.keyFor('PARTNERSHIP_COORDINATOR', dia.id);
});
afterAll(() => house?.close());

async function list(resource: (typeof LISTED)[number], key: string) {
  const pages = [];
  for (let after: { cursor?: string } = {}; ; ) {
    const page = await told(house.api(key).GET(`/v1/${resource}`, { params: { query: { limit: 200, ...after } } }));
    pages.push(page.items);
    if (!page.next) return pages.flat();
    after = { cursor: page.next };
  }
}

/** Changes events one by one, as many at a time as asked, until it is told to stop. */
async function writing(lanes: number, isOver: () => boolean): Promise<number> {
  const events = await list('events', house.bootstrapKey);
  let written = 0;
  const lane = async (first: number) => {
    for (let at = first; !isOver(); at = (at + lanes) % events.length) {
      const key = newId();
      const city = `City ${written}`;
      // A machine under load may answer 503; the same request with its key is then carried out once.
      await eventually(async () => {
        const change = house.admin.patch(`/v1/events/${events[at]!.id}`).set({ 'if-match': '*', 'idempotency-key': key });
        expect((await change.send({ city })).status).toBe(200);
      });
      written += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, at) => lane(at)));
  return written;
}

describe('A snapshot', () => {
  it('is one line per view, between the cursor of the feed and the count', async () => {
    const asked = { params: { query: { resources: 'partnerships,events' } }, parseAs: 'text' } as const;
    const lines = (await told(house.api(house.bootstrapKey).GET('/v1/snapshot', asked))).split('\n');
    expect(lines.pop()).toBe('');
    const [first, ...views] = lines.map((line) => JSON.parse(line));
    const feed = await told(house.api(house.bootstrapKey).GET('/v1/feed', { params: { query: { after: first.cursor } } }));
    expect(feed.items).toEqual([]);
    expect(views.pop()).toEqual({ end: true, count: views.length });
    const events = await list('events', house.bootstrapKey);
    const partnerships = await list('partnerships', house.bootstrapKey);
    const expected = [...partnerships.map((view) => ['partnerships', view] as const), ...events.map((view) => ['events', view] as const)];
    expect(views).toEqual(expected.map(([resource, view]) => ({ resource, id: view.id, version: view.version, view })));
  });

  it('holds what the caller may see and nothing else', async () => {
    const copy = new PartnerCopy(house.api(coordinator));
    await copy.load();
    for (const resource of LISTED) expect([resource, copy.all(resource)]).toEqual([resource, await list(resource, coordinator)]);
    expect(
      copy
        .all('partnerships')
        .map(({ slug }) => slug)
        .sort(),
    ).toEqual(['dia', 'pimap']);
    const own = copy.all('partnerships').find(({ slug }) => slug === 'dia');
    const other = copy.all('partnerships').find(({ slug }) => slug === 'pimap');
    expect(own).toHaveProperty('remarks');
    expect(other).not.toHaveProperty('remarks');
  });

  it.each([
    ['?resources=castles', 400, 'QUERY.MALFORMED'],
    ['?resources=api-keys', 400, 'QUERY.MALFORMED'],
    ['?resources=', 400, 'QUERY.MALFORMED'],
    ['?resource=events', 400, 'QUERY.UNKNOWN_PARAMETER'],
  ])('refuses %s with %d %s', async (query, status, code) => {
    expect((await house.admin.get(`/v1/snapshot${query}`)).body).toMatchObject({ status, code });
  });

  it('is for known callers, within their scopes', async () => {
    expect((await house.public.get('/v1/snapshot')).status).toBe(401);
    const reader = house.as(await house.keyFor('PLATFORM_ADMIN', undefined, { scopes: ['snapshot:read', 'clusters:read'] }));
    const { body } = await reader.get('/v1/snapshot?resources=events');
    expect(body).toMatchObject({ status: 403, code: 'AUTH.SCOPE', scope: 'events:read' });
    const { text } = await reader.get('/v1/snapshot').buffer(true);
    const kinds = text.split('\n').flatMap((line) => (line.includes('"resource"') ? [JSON.parse(line).resource] : []));
    expect([...new Set(kinds)]).toEqual(['clusters']);
  });
});

describe('A partner that takes a snapshot and follows the feed from its cursor', () => {
  it('has a complete copy in the end, whenever it began', async () => {
    let isOver = false;
    const written = writing(6, () => isOver);
    const imported = (async () => {
      for (const months of [31, 32, 33, 34]) await house.importFile(largeDia(months));
    })();
    const copies: [string, PartnerCopy][] = [];
    for (const key of [house.bootstrapKey, coordinator, house.bootstrapKey, coordinator, house.bootstrapKey]) {
      const before = house.announced().length;
      await eventually(() => expect(house.announced().length).toBeGreaterThan(before + 20), 30_000);
      const copy = new PartnerCopy(house.api(key));
      await copy.load();
      copies.push([key, copy]);
      await copy.follow();
    }
    await imported;
    isOver = true;
    expect(await written).toBeGreaterThan(100);
    await allTold(house);
    for (const [key, copy] of copies) {
      await copy.follow();
      for (const resource of LISTED) expect([resource, copy.all(resource)]).toEqual([resource, await list(resource, key)]);
    }
    expect(copies[0]![1].told).toBeGreaterThan(50);
  });
});
