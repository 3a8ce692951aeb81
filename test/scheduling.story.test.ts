import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { EventHouse } from './event-house.js';
import type { Agent, Body, RunningHouse } from './running-house.js';
import { pointers } from './verdicts.js';

let at: EventHouse;
let house: RunningHouse;
let organiser: Agent;
beforeAll(async () => {
  at = await EventHouse.open();
  ({ house, organiser } = at);
});
afterAll(() => at?.close());

const workshop = {
  type: 'REGIONAL_WORKSHOP',
  zone: 'Europe/Madrid',
  mode: 'HYBRID',
  country: 'ES',
  city: 'Bilbao',
  start: '2027-05-12T09:00',
  end: '2027-05-12T17:00',
};
const forRegistrants = {
  capacity: 20,
  targetGroups: ['SMES'],
  deadline: '2027-05-01T23:59',
  privacyNotice: { en: 'Kept for a year.' },
  joinUrl: 'https://meet.example/secret-room',
};

const planned = (more: object = {}): Promise<Body> => at.planned(more);
const give = (id: string, command: string, said?: object) => organiser.post(`/v1/events/${id}/${command}`).send(said);
const read = async (id: string): Promise<Body> => (await organiser.get(`/v1/events/${id}`).expect(200)).body;
const factsOf = (id: string) => house.announced().filter(({ subject }) => subject.endsWith(id));

describe('An event', () => {
  it('says what is missing, is scheduled, opened, and goes on by itself as its times come', async () => {
    const { id } = await planned({ type: 'REGIONAL_WORKSHOP' });
    const { body: early } = await give(id, 'schedule').expect(422);
    expect([early.code, pointers(early)]).toEqual(['EVENT.SCHEDULE.COMPLETE', ['/start', '/end', '/zone', '/mode', '/country', '/city']]);
    await organiser.patch(`/v1/events/${id}`).set('if-match', '*').send(workshop).expect(200);
    const { body: scheduled } = await give(id, 'schedule').expect(200);
    expect(scheduled).toMatchObject({ state: 'SCHEDULED', when: { edtf: '2027-05-12' }, startsAt: '2027-05-12T07:00:00.000Z' });
    expect(pointers((await give(id, 'open-registration').expect(422)).body)).toEqual([
      '/capacity',
      '/targetGroups',
      '/deadline',
      '/privacyNotice',
    ]);
    await organiser.patch(`/v1/events/${id}`).set('if-match', '*').send(forRegistrants).expect(200);
    await give(id, 'open-registration').expect(200);
    const { body: shown } = await house.public.get(`/v1/events/${id}`).expect(200);
    expect(shown).toMatchObject({ state: 'REGISTRATION_OPEN', capacity: 20 });
    expect(shown).not.toHaveProperty('joinUrl');
    expect((await read(id)).joinUrl).toBe(forRegistrants.joinUrl);

    for (const [at, state] of [
      ['2027-05-01T22:00:00Z', 'REGISTRATION_CLOSED'],
      ['2027-05-12T07:00:30Z', 'RUNNING'],
      ['2027-05-12T15:00:30Z', 'HELD'],
    ] as const) {
      house.setClock(at);
      await eventually(async () => expect((await read(id)).state).toBe(state), 20_000);
    }
    await give(id, 'evaluate', { outcomes: { en: 'Two agreements.' } }).expect(200);
    await eventually(() =>
      expect(factsOf(id).map(({ type }) => type.replace(/^event\.|\.v1$/g, ''))).toEqual([
        ...['planned', 'changed', 'scheduled', 'changed', 'registration-opened'],
        ...['registration-closed', 'started', 'finished', 'evaluated'],
      ]),
    );
    expect(JSON.stringify(factsOf(id))).not.toContain('meet.example');
    const { body: history } = await organiser.get(`/v1/events/${id}/history`).expect(200);
    expect(JSON.stringify(history)).not.toContain('meet.example');
    house.setClock('2027-01-01T00:00:00Z');
  });

  it('is postponed and scheduled anew, then cancelled; who only sees it does neither', async () => {
    const { id } = await planned(workshop);
    await give(id, 'schedule').expect(200);
    const stranger = house.as(await house.keyFor('EVENT_ORGANISER', newId())).set('prefer', 'wait=30');
    expect((await stranger.post(`/v1/events/${id}/cancel`).send({ reason: 'Mine' }).expect(403)).body.code).toBe('EVENT.CANCEL.ACTOR');
    const { body: postponed } = await give(id, 'postpone', { reason: 'Strike' }).expect(200);
    expect(postponed).toMatchObject({ state: 'POSTPONED', reason: 'Strike', when: null, startsAt: null });
    const anew = { start: '2027-09-01T09:00', end: '2027-09-02T12:00' };
    await organiser.patch(`/v1/events/${id}`).set('if-match', '*').send(anew).expect(200);
    expect((await give(id, 'schedule').expect(200)).body.when.edtf).toBe('2027-09-01/2027-09-02');
    expect((await give(id, 'cancel', { reason: 'No room' }).expect(200)).body).toMatchObject({ state: 'CANCELLED', reason: 'No room' });
    expect((await give(id, 'schedule').expect(409)).body.code).toBe('EVENT.SCHEDULE.STATE');
  });

  it('that took place before it was scheduled here is recorded as held, with evidence', async () => {
    const { id, version } = await planned({ when: '2026-05' });
    const evidence = [{ label: 'Minutes', url: 'https://partner.example/minutes.pdf' }];
    expect((await give(id, 'record-held', { when: '2027-06', evidence }).expect(422)).body).toMatchObject({
      code: 'EVENT.RECORD_HELD.PAST',
      errors: [{ pointer: '/when' }],
    });
    expect((await read(id)).version).toBe(version);
    expect((await give(id, 'record-held', { when: '2026-05-12', evidence }).expect(200)).body).toMatchObject({ state: 'HELD', evidence });
  });
});

describe('What is wrong with its times', () => {
  it.each([
    ['an end before the start', { end: '2027-05-12T08:00' }, 'EVENT.TIMES.ORDER', '/end'],
    ['a zone that does not exist', { zone: 'Europe/Atlantis' }, 'EVENT.ZONE.KNOWN', '/zone'],
    ['a time that does not exist on that day', { start: '2027-03-28T02:30' }, 'EVENT.TIMES.REAL', '/start'],
    ['a deadline after the start', { deadline: '2027-05-13T09:00' }, 'EVENT.TIMES.ORDER', '/deadline'],
    ['a date that is not that of start and end', { when: '2027-06' }, 'EVENT.WHEN.AGREES', '/when'],
  ])('%s is told, and nothing changes', async (_, wrong, code, pointer) => {
    const { id, version } = await planned(workshop);
    const { body } = await organiser.patch(`/v1/events/${id}`).set('if-match', '*').send(wrong).expect(422);
    expect([body.code, pointers(body)]).toEqual([code, expect.arrayContaining([pointer])]);
    expect((await read(id)).version).toBe(version);
  });
});
