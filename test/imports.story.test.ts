import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fold } from '#libs/domain/text';
import { eventually } from '#libs/testing/eventually';
import { type Body, fileOf, RunningHouse } from './running-house.js';

let house: RunningHouse;
beforeAll(async () => {
  house = await RunningHouse.open();
  await house.importFile('dia');
});
afterAll(() => house?.close());

const named = (code: string, acronym = code): Body => ({ ...fileOf('dia'), code, identity: { acronym, name: `Partnership ${code}` } });
const send = (file: Body, query = '', key = house.bootstrapKey) =>
  house.as(key).set('prefer', 'wait=30').post(`/v1/imports${query}`).send(file);
const imports = async (): Promise<string[]> => (await house.admin.get('/v1/imports?limit=200')).body.items.map(({ id }: Body) => id);

/** What is stored of files, whole or in pieces. */
const stored = () => Promise.all(['files.files', 'files.chunks'].map((name) => house.databases.collection('files', name).countDocuments()));

describe('A dry run of an import', () => {
  it('answers like every dry run, with the report as the view, and leaves nothing behind', async () => {
    const before = await imports();
    const { status, body } = await send(named('DRY'), '?dryRun=true');
    expect({ status, ...body }).toMatchObject({
      status: 200,
      dryRun: true,
      changed: true,
      view: { state: 'DONE', dryRun: true, code: 'DRY', counts: { created: 15, changed: 6, left: 0, refused: 0 } },
    });
    expect(body.verdicts).toEqual(expect.arrayContaining([expect.objectContaining({ rule: 'IMPORT.START.ACTOR', outcome: 'PASSED' })]));
    expect(await imports()).toEqual(before);
    expect((await house.admin.get(`/v1/imports/${body.view.id}`)).status).toBe(404);
    expect((await house.admin.get('/v1/partnerships/dry')).status).toBe(404);
    expect(await stored()).toEqual([0, 0]);
  });

  it('says that nothing would change where nothing would', async () => {
    const { body } = await send(fileOf('dia'), '?dryRun=true');
    expect(body).toMatchObject({ changed: false, view: { counts: { created: 0, changed: 0, left: 21, refused: 0 } } });
  });

  it('is refused as the import would be', async () => {
    const { status, body } = await send(named('OTHER', 'DIA'), '?dryRun=true');
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'PARTNERSHIP.SLUG.UNIQUE' });
    expect(await stored()).toEqual([0, 0]);
  });

  it.each(['membership', 'events'] as const)('is unavailable while %s is away', async (service) => {
    await house.kill(service);
    const { status, body } = await send(named('DRY'), '?dryRun=true').set('prefer', 'wait=2');
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'SERVICE.UNAVAILABLE' });
    expect(await stored()).toEqual([0, 0]);
    await house.start(service);
  });
});

describe('The file of an import', () => {
  const gone = () => eventually(async () => expect(await stored()).toEqual([0, 0]));

  it('is gone once the import is done, or was refused, whoever sent it', async () => {
    expect((await send(named('ONE'))).status).toBe(201);
    expect((await send(named('OTHER', 'DIA'))).status).toBe(422);
    expect((await send(named('TWO'), '', await house.keyFor('CLUSTER_MANAGER'))).status).toBe(403);
    await gone();
  });

  it('is not stored anew by a repetition with its Idempotency-Key', async () => {
    const again = () => send(named('THREE')).set('idempotency-key', 'three');
    const [first, second] = [await again(), await again()];
    expect([first.status, second.status, second.body]).toEqual([201, 201, first.body]);
    expect((await send(named('FOUR')).set('idempotency-key', 'three')).status).toBe(422);
    await gone();
  });
});

describe('A partnership that has another acronym by now', () => {
  const led = async (path: string, by = house.public) => {
    const { status, headers } = await by.get(path).redirects(0);
    return [status, headers.location];
  };

  it('is found by the slug it had, which leads to the one it has, with all that follows in the path', async () => {
    await send(named('MOVED', 'BEFORE')).expect(201);
    const { body } = await house.public.get('/v1/partnerships/before').expect(200);
    await send(named('MOVED', 'AFTER')).expect(201);
    expect(await led('/v1/partnerships/before')).toEqual([308, '/v1/partnerships/after']);
    expect(await led('/v1/partnerships/before/composition')).toEqual([308, '/v1/partnerships/after/composition']);
    expect(await led('/v1/partnerships/before/history?limit=1', house.admin)).toEqual([308, '/v1/partnerships/after/history?limit=1']);
    expect(await led('/v1/partnerships/after')).toEqual([200, undefined]);
    expect(await led(`/v1/partnerships/${body.id}`)).toEqual([200, undefined]);
    expect((await house.public.get('/v1/partnerships/after')).body).toMatchObject({ id: body.id, slug: 'after', formerSlugs: ['before'] });
    expect((await house.public.get('/v1/events?partnership=before')).body.items).toHaveLength(8);
  });

  it('does not say so to who may not see it', async () => {
    await send(named('HIDDEN', 'DARK'), '?profile=DRAFT').expect(201);
    await send(named('HIDDEN', 'NIGHT'), '?profile=DRAFT').expect(201);
    expect(await led('/v1/partnerships/dark', house.admin)).toEqual([308, '/v1/partnerships/night']);
    expect(await led('/v1/partnerships/dark')).toEqual([404, undefined]);
  });

  it('has no more than the slug it has, once another has taken the one it had', async () => {
    await send(named('HEIR', 'BEFORE')).expect(201);
    expect(await led('/v1/partnerships/before')).toEqual([200, undefined]);
  });
});

describe('A list', () => {
  it('is sorted by several keys, over its pages', async () => {
    const order = ({ country, name }: Body) => [fold(country), fold(name)];
    const whole = (await house.public.get('/v1/clusters?sort=country,-name&limit=200')).body.items.map(order);
    const sorted = whole.toSorted(([a, x]: string[], [b, y]: string[]) => (a === b ? (x! < y! ? 1 : -1) : a! < b! ? -1 : 1));
    expect(whole).toEqual(sorted);
    const paged: unknown[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const { body }: Body = await house.public.get(
        `/v1/clusters?sort=country,-name&limit=2${next && `&cursor=${encodeURIComponent(next)}`}`,
      );
      paged.push(...body.items.map(order));
      next = body.next;
    }
    expect(paged).toEqual(whole);
  });
});
