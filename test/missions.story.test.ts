import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { EventHouse, START } from './event-house.js';
import type { Agent, Body, RunningHouse } from './running-house.js';
import { allTold } from './tape.js';
import { pointers } from './verdicts.js';

let at: EventHouse;
let house: RunningHouse;
let organiser: Agent;
let stranger: Agent;
beforeAll(async () => {
  at = await EventHouse.open();
  ({ house, organiser } = at);
  stranger = house.as(await house.keyFor('EVENT_ORGANISER', newId()));
});
afterEach(() => house.setClock(START));
afterAll(() => at?.close());

const mission = {
  title: { en: 'Mission to Canada and the United States' },
  type: 'THIRD_COUNTRY_MISSION',
  zone: 'America/Toronto',
  mode: 'ON_SITE',
  country: 'CA',
  city: 'Montréal',
  start: '2027-05-10T09:00',
  end: '2027-05-14T16:00',
  delegation: { leader: 'Mechatronic Cluster', localPartners: [{ name: 'Optonique', country: 'CA' }] },
  stops: [
    { country: 'CA', city: 'Montréal', host: 'Optonique', from: '2027-05-10', to: '2027-05-12' },
    { country: 'US', city: 'Boston', host: null, from: '2027-05-13', to: '2027-05-14' },
  ],
};
const report = {
  summary: { en: 'One memorandum, nine new contacts.' },
  contacts: 9,
  meetingsHeld: 14,
  results: [{ kind: 'AGREEMENT', what: 'Memorandum of understanding', with: 'Optonique', country: 'CA', due: '2027-09-30' }],
  lessons: { en: 'Ask for visas earlier.' },
  evidence: [{ label: 'Programme', url: 'https://partner.example/programme.pdf' }],
};

const planned = (more: object): Promise<Body> => at.planned(more);
const give = (id: string, command: string, said?: object) => organiser.post(`/v1/events/${id}/${command}`).send(said);
const firmUp = (id: string, said: object) => organiser.patch(`/v1/events/${id}`).set('if-match', '*').send(said);
const read = async (id: string): Promise<Body> => (await organiser.get(`/v1/events/${id}`).expect(200)).body;

describe('A mission to third countries', () => {
  it('goes to several places in order, is held, reported on and only then evaluated', async () => {
    const { id } = await planned(mission);
    await give(id, 'schedule').expect(200);
    const { body: early } = await give(id, 'report-outcomes', report).expect(409);
    expect(early.code).toBe('EVENT.REPORT_OUTCOMES.STATE');
    house.setClock('2027-05-14T20:00:30Z');
    await eventually(async () => expect((await read(id)).state).toBe('HELD'), 20_000);
    expect((await give(id, 'evaluate', { outcomes: { en: 'Fine.' } }).expect(422)).body.code).toBe('EVENT.EVALUATE.OUTCOMES');

    const results = [{ kind: 'PROJECT', what: 'x', with: 'y', country: 'QQ' }];
    const { body: wrong } = await give(id, 'report-outcomes', { ...report, results }).expect(422);
    expect([wrong.code, pointers(wrong)]).toEqual(['EVENT.REPORT_OUTCOMES.COUNTRY', ['/results/0/country']]);
    const { body: misshapen } = await give(id, 'report-outcomes', { ...report, meetings: 3, contacts: -1 }).expect(400);
    expect([misshapen.code, pointers(misshapen).sort()]).toEqual(['BODY.SHAPE', ['/contacts', '/meetings']]);
    expect((await read(id)).outcomeReport).toBeNull();

    await give(id, 'report-outcomes', report).expect(200);
    const path = `/v1/events/${id}/outcomes`;
    expect((await organiser.get(path).expect(200)).body).toMatchObject({ event: id, state: 'HELD', outcomes: null, report });
    expect((await house.public.get(path).expect(200)).body).toEqual({ event: id, state: 'HELD', outcomes: null, evidence: null });
    await give(id, 'evaluate').expect(200);
    const { body: told } = await house.public.get(path).expect(200);
    expect(told).toEqual({ event: id, state: 'EVALUATED', outcomes: report.summary, evidence: null });
    expect((await house.public.get(`/v1/events/${id}`)).body).not.toHaveProperty('outcomeReport');
    const facts = await allTold(house);
    expect(facts).toContainEqual(expect.objectContaining({ type: 'event.evaluated.v1', subject: `/v1/events/${id}` }));
    expect(JSON.stringify(facts)).not.toContain('visas');
    const { body: history } = await stranger.get(`/v1/events/${id}/history`).expect(200);
    expect(JSON.stringify(history)).not.toContain('visas');
  });

  it.each([
    ['a stop that ends before it begins', { from: '2027-05-14', to: '2027-05-13' }, '/stops/1/to'],
    ['stops out of their order', { from: '2027-05-11', to: '2027-05-12' }, '/stops/1/from'],
    ['a stop outside the mission', { from: '2027-05-14', to: '2027-05-15' }, '/stops/1'],
  ])('%s is told, and nothing changes', async (_, wrong, pointer) => {
    const { id, version } = await planned(mission);
    const [first, second] = mission.stops;
    const { body } = await firmUp(id, { stops: [first, { ...second, ...wrong }] }).expect(422);
    expect([body.code, pointers(body)]).toEqual(['EVENT.TIMES.ORDER', expect.arrayContaining([pointer])]);
    expect((await read(id)).version).toBe(version);
  });

  it('within the COSME countries is none', async () => {
    const { id } = await planned({ ...mission, country: 'FR', city: 'Lyon' });
    expect((await give(id, 'schedule').expect(422)).body).toMatchObject({
      code: 'EVENT.SCHEDULE.COUNTRY',
      errors: [{ pointer: '/country' }],
    });
  });
});

describe('A date that becomes clearer', () => {
  const steps = ['2027', '2027-09~', '2027-09', '2027-09-14', '2027-09-14/2027-09-16'];

  it('is in the history step by step, and found by whatever it may overlap with', async () => {
    const { id } = await planned({ when: steps[0] });
    const found = async (from: string, to: string) =>
      (await house.public.get(`/v1/events?partnership=dia&from=${from}&to=${to}&limit=200`).expect(200)).body.items.some(
        (event: Body) => event.id === id,
      );
    expect([await found('2027-03-01', '2027-03-01'), await found('2028-01-01', '2028-12-31')]).toEqual([true, false]);
    for (const when of steps.slice(1)) await firmUp(id, { when }).expect(200);
    expect([
      await found('2027-03-01', '2027-03-01'),
      await found('2027-09-16', '2027-12-31'),
      await found('2027-09-17', '2027-12-31'),
    ]).toEqual([false, true, false]);
    await eventually(async () => {
      const { body } = await organiser.get(`/v1/events/${id}/history?sort=version`).expect(200);
      expect(body.items).toHaveLength(steps.length);
      for (const when of steps) expect(JSON.stringify(body.items)).toContain(`"${when}"`);
    });
  });

  it('moves the reminders with it; postponed or cancelled there are none', async () => {
    const { id } = await planned({ ...mission, stops: null });
    const reminderIs = (state: string, more: object) =>
      eventually(async () => {
        const { body } = await house.admin.get(`/v1/reminders?subject=/v1/events/${id}`).expect(200);
        expect(body.items).toEqual([expect.objectContaining({ state, ...more })]);
      }, 20_000);
    await reminderIs('PLANNED', { dueAt: '2027-04-26T12:00:00.000Z' });
    await give(id, 'schedule').expect(200);
    await give(id, 'postpone', { reason: 'Strike' }).expect(200);
    await reminderIs('DROPPED', { reason: 'EVENT_POSTPONED' });
    await firmUp(id, { start: '2027-11-08T09:00', end: '2027-11-10T16:00' }).expect(200);
    await give(id, 'schedule').expect(200);
    await reminderIs('PLANNED', { dueAt: '2027-10-25T12:00:00.000Z' });
    await give(id, 'cancel', { reason: 'No visas' }).expect(200);
    await reminderIs('DROPPED', { reason: 'EVENT_CANCELLED' });
  });
});
