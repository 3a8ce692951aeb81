import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Actor, system } from '#libs/contracts/actor';
import { type ImportView, StartImport } from '#libs/contracts/import';
import { newId, sourceId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { TestHouse } from '#libs/testing/house';
import { EventsModule } from '../apps/events/events.module.js';
import { ExchangesModule } from '../apps/exchanges/exchanges.module.js';
import { MembershipModule } from '../apps/membership/membership.module.js';

type Json = Record<string, unknown>;
const fileOf = (name: string): Json =>
  JSON.parse(readFileSync(new URL(`../libs/reference/data/partnerships/${name}.json`, import.meta.url), 'utf8'));

const admin: Actor = {
  ...system('gateway', '2026-01-01T00:00:00.000Z'),
  kind: 'CLIENT',
  roles: [{ role: 'PLATFORM_ADMIN', binding: null }],
};
const coordinatorOf = (code: string): Actor => ({
  ...admin,
  roles: [{ role: 'PARTNERSHIP_COORDINATOR', binding: { kind: 'PARTNERSHIP', id: sourceId(code) } }],
});

describe('An import', () => {
  let house: TestHouse;

  beforeAll(async () => {
    house = await TestHouse.open({ membership: MembershipModule, events: EventsModule, exchanges: ExchangesModule });
  });
  afterAll(() => house?.close());

  async function send(json: Json, { by = admin, dryRun = false, key = newId(), id = newId() } = {}) {
    const content = Buffer.from(JSON.stringify(json));
    const file = newId();
    await house.files.put(file, content, { name: 'partnership.json', type: 'application/json' });
    const sha256 = createHash('sha256').update(content).digest('hex');
    return house.ask(StartImport, { key, id, by, dryRun, data: { file, sha256, profile: 'PUBLISHED' } });
  }
  const files = () => house.mongo.collection('files.files').countDocuments();
  const pieces = () => house.mongo.collection('files.chunks').countDocuments();
  const viewOf = ({ view }: { view?: unknown }) => view as ImportView;

  /** Versions of everything there is, to see that nothing has moved. */
  async function standing() {
    const places = [
      ['membership', 'partnerships'],
      ['membership', 'clusters'],
      ['membership', 'memberships'],
      ['events', 'events'],
      ['exchanges', 'exchange-profiles'],
    ] as const;
    const found = await Promise.all(
      places.map(([service, name]) =>
        house
          .collection(service, name)
          .find({ state: { $ne: null } })
          .toArray(),
      ),
    );
    return found
      .flatMap((documents, place) => documents.map(({ _id, version }) => `${places[place]?.[1]}/${String(_id)}@${version}`))
      .sort();
  }

  it('brings the partnership of DIA with six clusters, six memberships and eight events', async () => {
    const outcome = await send(fileOf('dia'));
    expect(outcome).toMatchObject({ status: 'DONE', view: { state: 'DONE', counts: { created: 21, changed: 0, left: 0, refused: 0 } } });
    const kinds = viewOf(outcome).items.map(({ kind }) => kind);
    expect(Object.groupBy(kinds, (kind) => kind)).toMatchObject({ cluster: Array(6).fill('cluster'), event: Array(8).fill('event') });
    await eventually(() => expect(house.facts.filter(({ type }) => type === 'partnership.imported.v1')).toHaveLength(1));
  });

  it('of the same file again changes nothing and says so', async () => {
    const before = await standing();
    const outcome = await send(fileOf('dia'));
    expect(viewOf(outcome).counts).toEqual({ created: 0, changed: 0, left: 21, refused: 0 });
    expect(await standing()).toEqual(before);
    expect(house.facts.filter(({ type }) => type === 'partnership.imported.v1')).toHaveLength(1);
  });

  it.each(['pimap', 'exxtra'])('takes %s whole, and again without a change', async (name) => {
    expect(await send(fileOf(name))).toMatchObject({ status: 'DONE', view: { state: 'DONE', counts: { changed: 0, refused: 0 } } });
    const again = await send(fileOf(name));
    expect(viewOf(again).counts).toMatchObject({ created: 0, changed: 0, refused: 0 });
  });

  it('that comes twice as the same message is carried out once', async () => {
    const json = { ...fileOf('dia'), durationMonths: 36 };
    const [key, id] = [newId(), newId()];
    const content = Buffer.from(JSON.stringify(json));
    await house.files.put(key, content, { name: 'partnership.json', type: 'application/json' });
    const data = { file: key, sha256: createHash('sha256').update(content).digest('hex'), profile: 'PUBLISHED' as const };
    const outcomes = await Promise.all([
      house.ask(StartImport, { key, id, by: admin, data }),
      house.ask(StartImport, { key, id, by: admin, data }),
    ]);
    expect(outcomes.map((outcome) => viewOf(outcome).counts)).toEqual([
      { created: 0, changed: 1, left: 20, refused: 0 },
      { created: 0, changed: 1, left: 20, refused: 0 },
    ]);
    expect(await send(fileOf('dia'))).toMatchObject({ view: { counts: { changed: 1, left: 20 } } });
  });

  it('of one file by two at once ends as one', async () => {
    const json = { ...fileOf('dia'), code: 'TWIN', identity: { acronym: 'TWIN', name: 'Twins' } };
    const outcomes = await Promise.all([send(json), send(json)]);
    const counts = outcomes.map((outcome) => viewOf(outcome).counts);
    expect(counts.map(({ refused }) => refused)).toEqual([0, 0]);
    expect(await house.collection('events', 'events').countDocuments({ 'state.partnerships': sourceId('TWIN') })).toBe(8);
    expect(await house.collection('membership', 'memberships').countDocuments({ 'state.partnership': sourceId('TWIN') })).toBe(6);
  });

  it('finds the clusters that are there already', async () => {
    expect(await house.collection('membership', 'clusters').countDocuments({ 'state.country': 'PT', 'state.name': /TICE/ })).toBe(1);
  });

  it('is refused whole when another partnership has its address', async () => {
    const before = await standing();
    const outcome = await send({ ...fileOf('dia'), code: 'OTHER' });
    expect(outcome).toMatchObject({
      status: 'REFUSED',
      refusal: { kind: 'RULE', code: 'PARTNERSHIP.SLUG.UNIQUE', errors: [{ pointer: '/identity/acronym' }] },
    });
    expect(await standing()).toEqual(before);
  });

  it('that loses its address to another while both are on their way is refused whole', async () => {
    const twins = ['FIRST', 'SECOND'].map((code) => ({ ...fileOf('pimap'), code, identity: { acronym: 'SAME', name: code } }));
    const outcomes = await Promise.all(twins.map((json) => send(json)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['DONE', 'REFUSED']);
    const loser = twins[outcomes.findIndex(({ status }) => status === 'REFUSED')]?.code as string;
    expect(outcomes.find(({ status }) => status === 'REFUSED')).toMatchObject({
      refusal: { code: 'PARTNERSHIP.SLUG.UNIQUE', errors: [{ pointer: '/identity/acronym' }] },
    });
    expect(await house.collection('membership', 'memberships').countDocuments({ 'state.partnership': sourceId(loser) })).toBe(0);
  });

  it('with an unknown code is refused at the place of the code', async () => {
    const json = fileOf('dia');
    const before = await standing();
    (json.plannedEvents as Json[])[3]!.type = 'GARDEN_PARTY';
    const outcome = await send({ ...json, code: 'NEW', identity: { acronym: 'NEW', name: 'New' } });
    expect(outcome).toMatchObject({ status: 'REFUSED', refusal: { errors: [{ pointer: '/plannedEvents/3/type' }] } });
    expect(await standing()).toEqual(before);
  });

  it('leaves no file behind, whether it is done or refused', async () => {
    expect(await send(fileOf('dia'))).toMatchObject({ status: 'DONE' });
    expect(await send({ ...fileOf('dia'), code: 'OTHER' })).toMatchObject({ status: 'REFUSED' });
    await eventually(async () => expect([await files(), await pieces()]).toEqual([0, 0]));
  });

  it('as a dry run tells row by row what would be, and writes nothing, not even that it was asked', async () => {
    const [before, imports] = [await standing(), await house.collection('membership', 'imports').countDocuments()];
    const json = { ...fileOf('dia'), code: 'DRY', identity: { acronym: 'DRY', name: 'Dry' } };
    const outcome = await send(json, { dryRun: true });
    expect(outcome).toMatchObject({ status: 'DONE', changed: true });
    expect(viewOf(outcome)).toMatchObject({ state: 'DONE', dryRun: true, counts: { created: 15, changed: 6, left: 0, refused: 0 } });
    const same = await send(fileOf('dia'), { dryRun: true });
    expect(same).toMatchObject({ status: 'DONE', changed: false, view: { counts: { created: 0, changed: 0, left: 21, refused: 0 } } });
    expect(await standing()).toEqual(before);
    expect(await house.collection('membership', 'imports').countDocuments()).toBe(imports);
  });

  it('as a dry run is refused as it would be in earnest', async () => {
    expect(await send({ ...fileOf('dia'), code: 'OTHER' }, { dryRun: true })).toMatchObject({
      status: 'REFUSED',
      refusal: { code: 'PARTNERSHIP.SLUG.UNIQUE' },
    });
  });

  it('waits for a service that is away, and ends when it is back', async () => {
    await house.services.get('events')?.stop();
    const asked = send({ ...fileOf('dia'), code: 'LATE', identity: { acronym: 'LATE', name: 'Late' } });
    await eventually(async () =>
      expect(await house.collection('membership', 'imports').findOne({ 'state.code': 'LATE', 'state.waiting': [] })).not.toBeNull(),
    );
    await house.start('events', EventsModule);
    expect(await asked).toMatchObject({ status: 'DONE', view: { state: 'DONE', counts: { created: 15, changed: 6, refused: 0 } } });
  });

  it('of many rows ends with each of them', async () => {
    const [row] = fileOf('dia').plannedEvents as Json[];
    const plannedEvents = Array.from({ length: 600 }, (_, place) => ({ ...row, no: place + 1 }));
    const json = { code: 'MANY', identity: { acronym: 'MANY', name: 'Many' }, programme: { code: 'ESCP-4I' }, plannedEvents };
    expect(viewOf(await send(json)).counts).toEqual({ created: 601, changed: 0, left: 0, refused: 0 });
    expect(viewOf(await send(json)).counts).toEqual({ created: 0, changed: 0, left: 601, refused: 0 });
  });

  it('is not for the coordinator of another partnership', async () => {
    expect(await send(fileOf('dia'), { by: coordinatorOf('PIMAP') })).toMatchObject({
      status: 'REFUSED',
      refusal: { kind: 'NOT_YOURS', code: 'IMPORT.START.ACTOR' },
    });
    expect(await send(fileOf('dia'), { by: coordinatorOf('DIA') })).toMatchObject({ status: 'DONE' });
  });

  it('of a file that is not the one that was sent is refused', async () => {
    const file = newId();
    await house.files.put(file, Buffer.from('{}'), { name: 'partnership.json', type: 'application/json' });
    const data = { file, sha256: '0'.repeat(64), profile: 'PUBLISHED' as const };
    expect(await house.ask(StartImport, { key: newId(), by: admin, data })).toMatchObject({
      status: 'REFUSED',
      refusal: { code: 'IMPORT.START.FILE' },
    });
  });
});
