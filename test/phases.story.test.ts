import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/testing/eventually';
import { type Body, fileOf, RunningHouse } from './running-house.js';
import { failed } from './verdicts.js';

type Caller = ReturnType<RunningHouse['as']>;

let house: RunningHouse;
beforeAll(async () => {
  house = await RunningHouse.open({ at: '2018-01-15T09:00:00.000Z' });
});
afterAll(() => house?.close());

const patient = (key: string): Caller => house.as(key).set('prefer', 'wait=30');

/** A cluster of DIA as it registers: it meets the criteria, is validated, and its profile is published. */
async function validated({ name, country }: Body): Promise<{ id: string; manager: Caller }> {
  const draft = {
    name,
    country,
    fte: 2,
    website: 'https://cluster.example/',
    websiteLanguages: ['en'],
    memberTypes: ['INDUSTRY', 'RESEARCH'],
    totals: { members: { value: 100, qualifier: 'MORE_THAN', asOf: null } },
  };
  const { body } = await house.admin.post('/v1/clusters').send(draft).expect(201);
  await house.admin.post(`/v1/clusters/${body.id}/validate`).expect(200);
  const bindings = [{ kind: 'CLUSTER', id: body.id }];
  const manager = patient(await house.keyFor('CLUSTER_MANAGER', undefined, { bindings }));
  const said = { summary: { en: 'Digital industry' }, classifications: { sectoralIndustries: ['Automotive'] } };
  await manager.patch(`/v1/clusters/${body.id}`).set('if-match', '*').send(said).expect(200);
  await manager.post(`/v1/clusters/${body.id}/profile/submit-for-review`).expect(200);
  await house.admin.post(`/v1/clusters/${body.id}/profile/publish`).expect(200);
  return { id: body.id, manager };
}

describe('DIA', () => {
  it('goes from nothing through preparation and implementation to its end, each step when all is there', async () => {
    const { composition } = fileOf('dia') as Body;
    const begun = { acronym: 'DIA', name: 'European Digital Industry Alliance', programme: 'ESCP-4I' };
    const { body: dia } = await house.admin.post('/v1/partnerships').send(begun).expect(201);
    const at = `/v1/partnerships/${dia.id}`;
    const coordinator = patient(await house.keyFor('PARTNERSHIP_COORDINATOR', dia.id));
    const organiser = patient(await house.keyFor('EVENT_ORGANISER', dia.id));
    const manager = patient(await house.keyFor('PARTNERSHIP_MANAGER', dia.id));
    expect(dia.state).toBe('DRAFT');

    const missing = ['PARTNERS', 'COUNTRIES', 'DATES'].map((each) => `PARTNERSHIP.START_PREPARATION.${each}`);
    const early = await coordinator.post(`${at}/start-preparation`).expect(422);
    expect(failed(early)).toEqual(missing);
    expect(early.body.errors.map(({ pointer }: Body) => pointer)).toEqual(['/start', '/durationMonths']);
    expect(failed(await manager.post(`${at}/start-preparation`).expect(403))).toEqual(['PARTNERSHIP.START_PREPARATION.ACTOR', ...missing]);
    await organiser.post(`${at}/start-preparation`).expect(404);

    for (const row of composition) {
      const cluster = await validated(row);
      const { body: invited } = await coordinator
        .post('/v1/memberships/invite')
        .send({ cluster: cluster.id, partnership: dia.id })
        .expect(201);
      await cluster.manager.post(`/v1/memberships/${invited.id}/accept`).expect(200);
    }
    const dates = { start: '2018-02', durationMonths: 24, call: 'COS-CLUSINT-2016-03-01', strand: '1' };
    await coordinator.patch(at).set('if-match', '*').send(dates).expect(200);
    const dry = await coordinator.post(`${at}/start-preparation?dryRun=true`).expect(200);
    expect(dry.body).toMatchObject({ dryRun: true, changed: true, view: { state: 'PREPARATION' } });
    expect((await coordinator.get(at).expect(200)).body.state).toBe('DRAFT');
    const { body: preparing } = await coordinator.post(`${at}/start-preparation`).expect(200);
    expect(preparing).toMatchObject({
      state: 'PREPARATION',
      statusLabel: 'Preparation Phase - Strand1',
      profile: 'DRAFT',
      end: { edtf: '2020-01' },
    });
    expect(failed(await coordinator.post(`${at}/start-preparation`).expect(409))).toEqual(['PARTNERSHIP.START_PREPARATION.STATE']);

    const refused = await coordinator.post(`${at}/start-implementation`).send({ basis: 'STRAND_OF_CALL' }).expect(422);
    expect(failed(refused)).toEqual(['PARTNERSHIP.START_IMPLEMENTATION.BASIS']);
    await coordinator.post(`${at}/start-implementation`).send({ basis: 'BECAUSE' }).expect(400);
    const { body: implementing } = await coordinator
      .post(`${at}/start-implementation`)
      .send({ basis: 'STRAND_OF_CALL', strand: '2' })
      .expect(200);
    expect(implementing).toMatchObject({ state: 'IMPLEMENTATION', basis: 'STRAND_OF_CALL', statusLabel: 'Implementation Phase - Strand2' });

    await coordinator.post(`${at}/extend`).send({ durationMonths: 24, reason: 'More fairs' }).expect(422);
    const { body: extended } = await coordinator.post(`${at}/extend`).send({ durationMonths: 30, reason: 'More fairs' }).expect(200);
    expect(extended).toMatchObject({
      durationMonths: 30,
      end: { edtf: '2020-07' },
      formerDurations: [{ durationMonths: 24, reason: 'More fairs' }],
    });
    expect(failed(await coordinator.post(`${at}/complete`).expect(409))).toEqual(['PARTNERSHIP.COMPLETE.END']);

    house.setClock('2020-08-01T00:00:01.000Z');
    await eventually(
      async () => expect((await coordinator.get(at).expect(200)).body).toMatchObject({ state: 'COMPLETED', endedOn: '2020-07-31' }),
      20_000,
    );
    expect((await coordinator.post(`${at}/sustain`).expect(200)).body.state).toBe('SUSTAINED');
    expect(failed(await house.admin.post(`${at}/archive`).expect(409))).toEqual(['PARTNERSHIP.ARCHIVE.RETENTION']);
    house.setClock('2025-08-01T00:00:00.000Z');
    await eventually(async () => expect((await house.admin.post(`${at}/archive`).expect(200)).body.state).toBe('ARCHIVED'), 20_000);
    const over = await coordinator.patch(at).set('if-match', '*').send({ longName: 'x' }).expect(409);
    expect(over.body.code).toBe('PARTNERSHIP.CHANGE.STATE');
    const { body: history } = await coordinator.get(`${at}/history?limit=200`).expect(200);
    const commands = history.items.map(({ command }: Body) => command);
    expect(commands.filter((each: string) => /start|extend|complete|sustain|archive/.test(each))).toEqual(
      ['start-preparation', 'start-implementation', 'extend', 'complete', 'sustain', 'archive'].map((each) => `partnership.${each}.v1`),
    );
  });

  it('may be ended early, with a reason told to those who run it', async () => {
    const { body } = await house.admin.post('/v1/partnerships').send({ acronym: 'SHORT', name: 'Short', programme: 'ESCP-4X' }).expect(201);
    const at = `/v1/partnerships/${body.id}`;
    const coordinator = patient(await house.keyFor('PARTNERSHIP_COORDINATOR', body.id));
    await coordinator.post(`${at}/start-implementation`).send({ basis: 'VOLUNTARY' }).expect(200);
    await coordinator.post(`${at}/terminate`).send({}).expect(400);
    const { body: ended } = await coordinator.post(`${at}/terminate`).send({ reason: 'The coordinator left.' }).expect(200);
    expect(ended).toMatchObject({ state: 'TERMINATED', stateReason: 'The coordinator left.' });
  });
});
