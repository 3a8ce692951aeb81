import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { readCsv } from '#libs/tables/csv';
import { CSV, XLSX } from '#libs/tables/forms';
import { readXlsx, xlsxOf } from '#libs/tables/xlsx';
import { type Body, fileOf, RunningHouse } from './running-house.js';

const files = ['dia', 'pimap', 'exxtra'];

let house: RunningHouse;
let coordinator: string;
beforeAll(async () => {
  house = await RunningHouse.open();
  for (const name of files) await house.importFile(name);
  const { body } = await house.public.get('/v1/partnerships/dia');
  coordinator = await house.keyFor('PARTNERSHIP_COORDINATOR', body.id);
});
afterAll(() => house?.close());

const exported = async (name: string, by = house.admin): Promise<Body> =>
  (await by.get(`/v1/partnerships/${name}/export`).expect(200)).body;
const bytes = (response: Response, done: (error: Error | null, body: Buffer) => void) => {
  const parts: Buffer[] = [];
  response.on('data', (part: Buffer) => parts.push(part));
  response.on('end', () => done(null, Buffer.concat(parts)));
};
const tableOf = async (type: string, by = house.public): Promise<Buffer> =>
  (
    await by
      .get('/v1/partnerships/dia/composition')
      .set('accept', type)
      .buffer(true)
      .parse(bytes as never)
      .expect(200)
  ).body;
const send = (content: Buffer, type: string, query = '', key = coordinator) =>
  house.as(key).set('prefer', 'wait=30').post(`/v1/imports?partnership=dia${query}`).set('content-type', type).send(content);
const csv = (rows: (string | number)[][]) => Buffer.from(rows.map((row) => row.join(',')).join('\r\n'));
const composition = async () => (await house.public.get('/v1/partnerships/dia/composition')).body;

describe('The export of a partnership', () => {
  it.each(files)('of %s changes nothing when it is imported again', async (name) => {
    const file = await exported(name);
    const { body } = await house.admin.post('/v1/imports').send(file).expect(201);
    expect(body.items.filter(({ outcome }: Body) => outcome !== 'LEFT')).toEqual([]);
    expect(await exported(name)).toEqual(file);
  });

  it('holds what is said by the file it came from', async () => {
    const [file, seed] = [await exported('exxtra'), fileOf('exxtra') as Body];
    expect(Object.keys(seed).filter((section) => !(section in file) && section !== 'links')).toEqual([]);
    expect(file.computedTotals).toEqual(seed.computedTotals);
    expect(file.remarks).toHaveLength(seed.remarks.length);
    expect(file.ecosystems.map(({ partner }: Body) => partner)).toEqual(seed.ecosystems.map(({ partner }: Body) => partner));
  });

  it('is without remarks and contacts for the public, and still an import that takes nothing away', async () => {
    const file = await exported('dia', house.public);
    expect(file).not.toHaveProperty('remarks');
    const { body } = await house.admin.post('/v1/imports').send(file).expect(201);
    expect(body.counts).toMatchObject({ created: 0, refused: 0 });
    expect((await exported('dia')).remarks).toHaveLength(20);
  });

  it('is of nobody who may not be seen', async () => {
    await house.admin
      .post('/v1/imports?profile=DRAFT')
      .send({ ...fileOf('dia'), code: 'DARK', identity: { acronym: 'DARK', name: 'Dark' } });
    expect((await house.public.get('/v1/partnerships/dark/export')).status).toBe(404);
    expect((await house.admin.get('/v1/partnerships/dark/export')).status).toBe(200);
  });

  it('of one that was registered here finds it again, and what was changed here stands', async () => {
    const draft = { acronym: 'NORDRAIL', name: 'Railways of the North', programme: 'ESCP-4X', durationMonths: 30 };
    const { body: registered } = await house.admin.post('/v1/partnerships').send(draft).expect(201);
    const file = await exported('nordrail');
    const { body } = await house.admin.post('/v1/imports?profile=DRAFT').send(file).expect(201);
    expect(body.partnership).toBe(registered.id);
    expect((await house.admin.get('/v1/partnerships/nordrail')).body).toMatchObject({
      id: registered.id,
      durationMonths: 30,
      profile: 'DRAFT',
    });
  });
});

describe('A composition as a table', () => {
  it.each([CSV, XLSX])('as %s has the rows of the composition, and says nothing new when it is imported', async (type) => {
    const content = await tableOf(type);
    const { rows } = type === CSV ? readCsv(content) : await readXlsx(content);
    const { items } = await composition();
    expect(rows!.slice(1).map(([no, id, name]) => [no === null ? null : Number(no), id, name])).toEqual(
      items.map(({ no, id, name }: Body) => [no, id, name]),
    );
    const { body } = await send(content, type).expect(201);
    expect(body).toMatchObject({ state: 'DONE', counts: { created: 0, changed: 0, left: 12, refused: 0 } });
    expect(body.items.map(({ row, outcome }: Body) => [row, outcome])).toEqual(
      [2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6, 7].map((row) => [row, 'LEFT']),
    );
  });

  it('is asked for by Accept, and is a file with a name and an ETag', async () => {
    const { headers } = await house.public.get('/v1/partnerships/dia/composition').set('accept', CSV).expect(200);
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="dia-composition.csv"',
      vary: expect.stringContaining('Accept'),
    });
    const again = house.public.get('/v1/partnerships/dia/composition').set({ accept: CSV, 'if-none-match': headers.etag });
    expect((await again).status).toBe(304);
    expect((await house.public.get('/v1/partnerships/dia/composition').set('accept', '*/*')).body.items).toHaveLength(6);
  });

  it('is told row by row by a dry run: what would change, come in, stay, and whom it looks like', async () => {
    const before = await composition();
    const [first, second] = before.items;
    const rows = csv([
      ['no', 'name', 'country', 'smes'],
      [1, `"${first.name}"`, first.country, 21],
      [2, `"${second.name}"`, second.country, second.smes.value],
      [9, `"${first.name} Oy"`, first.country, 5],
    ]);
    const { body } = await send(rows, CSV, '&dryRun=true').expect(200);
    const told = body.view.items.map(({ row, kind, outcome }: Body) => [row, kind, outcome]);
    expect(told).toEqual([
      [2, 'cluster', 'CHANGED'],
      [3, 'cluster', 'LEFT'],
      [4, 'cluster', 'CREATED'],
      [2, 'membership', 'LEFT'],
      [3, 'membership', 'LEFT'],
      [4, 'membership', 'CREATED'],
    ]);
    const [suspect] = body.view.items[2].suspects;
    expect(suspect).toMatchObject({ id: first.id, name: first.name });
    expect(suspect.score).toBe(suspect.parts.reduce((sum: number, { score }: Body) => sum + score, 0));
    expect(body.view.findings).toHaveLength(4);
    expect(await composition()).toEqual(before);
  });

  it('brings in what it says, once', async () => {
    const rows = await xlsxOf({
      name: 'Partners',
      columns: ['no', 'name', 'country', 'members', 'technology_fields'].map((header) => ({ header })),
      rows: [[7, 'Cluster of the Seventh', 'Finland', 70, 'Internet of Things']],
    });
    const { body } = await send(rows, XLSX).expect(201);
    expect(body.items.map(({ outcome }: Body) => outcome)).toEqual(['CREATED', 'CREATED']);
    const { items } = await composition();
    expect(items.at(-1)).toMatchObject({
      no: 7,
      country: 'FI',
      role: 'PARTNER',
      members: { value: 70 },
      classifications: { technologyFields: ['EL.IOT'] },
    });
    const again = await send(rows, XLSX).expect(201);
    expect(again.body.counts).toEqual({ created: 0, changed: 0, left: 2, refused: 0 });
  });

  it('with wrong rows is refused with every row and column, and nothing of it is recorded', async () => {
    const before = await composition();
    const rows = csv([
      ['no', 'name', 'country', 'members', 'role'],
      ['x', 'Right in part', 'SE', 4, ''],
      [31, 'Nowhere', 'Atlantis', 'many', ''],
      [32, 'Wants the lead', 'SE', 4, 'COORDINATOR'],
      [33, 'Is right', 'SE', 4, ''],
    ]);
    for (const query of ['', '&dryRun=true']) {
      const { status, body } = await send(rows, CSV, query);
      expect({ status, code: body.code }).toEqual({ status: 422, code: 'IMPORT.START.ROWS' });
      expect(body.errors.map(({ pointer }: Body) => pointer)).toEqual(['/2/no', '/3/country', '/3/members', '/4/role']);
      expect(body.errors[1].message).toBe('Row 3: "Atlantis" is not in ISO 3166-1.');
      expect(body.verdicts.map(({ rule }: Body) => rule)).toContain('IMPORT.START.ACTOR');
    }
    expect(await composition()).toEqual(before);
  });

  it.each([
    ['no table at all', Buffer.from('PK and nothing more'), XLSX, 'IMPORT.START.FILE'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00]), CSV, 'IMPORT.START.FILE'],
    ['columns nobody knows', Buffer.from('name,land\nOne,SE'), CSV, 'IMPORT.START.ROWS'],
  ])('is refused with %s', async (_, content, type, code) => {
    const { status, body } = await send(content, type);
    expect({ status, code: body.code }).toEqual({ status: 422, code });
  });

  it('is for the platform and the coordinator of this very partnership', async () => {
    const { body: other } = await house.public.get('/v1/partnerships/pimap');
    const stranger = await house.keyFor('PARTNERSHIP_COORDINATOR', other.id);
    const { status, body } = await send(await tableOf(CSV), CSV, '', stranger);
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'IMPORT.START.ACTOR' });
  });

  it('says whose it is, and is taken by imports only', async () => {
    const asked = () => house.as(coordinator).post('/v1/imports').set('content-type', CSV);
    expect((await asked().send('name,country\n')).body).toMatchObject({ status: 400, errors: [{ pointer: '?partnership' }] });
    expect((await house.as(coordinator).post('/v1/imports?partnership=nobody').set('content-type', CSV).send('name\n')).status).toBe(404);
    expect((await house.as(coordinator).post('/v1/imports?partnership=dia').send(fileOf('dia'))).body).toMatchObject({
      status: 400,
      errors: [{ pointer: '?partnership' }],
    });
    expect((await house.admin.post('/v1/clusters').set('content-type', CSV).send('name\n')).body.code).toBe('BODY.MEDIA_TYPE');
  });

  it('is sent once with an Idempotency-Key', async () => {
    const rows = csv([
      ['name', 'country'],
      ['Cluster of the Key', 'SE'],
    ]);
    const keyed = (content: Buffer) => send(content, CSV).set('idempotency-key', 'table-1');
    const [first, second] = [await keyed(rows), await keyed(rows)];
    expect([first.status, second.body]).toEqual([201, first.body]);
    expect((await keyed(Buffer.from('name,country\nAnother,SE'))).status).toBe(422);
  });
});

describe('Organisations of an imported cluster', () => {
  const named = (members: Body[]): Body => ({
    code: 'PHOTO',
    identity: { acronym: 'PHOTO', name: 'Light of the North' },
    programme: { code: 'ESCP-4I' },
    composition: [
      { no: 1, name: 'Photonics One', country: 'FI', members },
      { no: 2, name: 'Photonics Two', country: 'SE', members: members.slice(0, 1) },
    ],
  });
  const members = [
    { name: 'Lumen Oy', type: 'SME', country: 'FI', city: 'Joensuu', externalIds: [{ system: 'VAT', id: 'FI20000001' }] },
    { name: 'Prisma Oy', type: 'SME', country: 'FI' },
  ];

  it('come in once each, belong to every cluster that names them, and go out again', async () => {
    const { body } = await house.admin.post('/v1/imports').send(named(members)).expect(201);
    const count = (kind: string) => body.items.filter((item: Body) => item.kind === kind && item.outcome === 'CREATED').length;
    expect([count('organisation'), count('membership')]).toEqual([2, 5]);
    const file = await exported('photo');
    expect(file.composition.map((row: Body) => row.members.map(({ name }: Body) => name).sort())).toEqual([
      ['Lumen Oy', 'Prisma Oy'],
      ['Lumen Oy'],
    ]);
    const again = await house.admin.post('/v1/imports').send(file).expect(201);
    expect(again.body.items.filter(({ outcome }: Body) => outcome !== 'LEFT')).toEqual([]);
  });

  it('are the same by an outside id they share, and told to look like another by their name', async () => {
    const told = [
      { ...members[0]!, name: 'Lumen Optics' },
      { name: 'PRISMA', type: 'SME', country: 'FI' },
    ];
    const { body } = await house.admin.post('/v1/imports?dryRun=true').send(named(told)).expect(200);
    const organisations = body.view.items.filter(({ kind }: Body) => kind === 'organisation');
    expect(organisations.map(({ outcome }: Body) => outcome)).toEqual(['CHANGED', 'CREATED']);
    expect(organisations[1].suspects).toMatchObject([{ name: 'Prisma Oy', score: expect.any(Number) }]);
  });
});
