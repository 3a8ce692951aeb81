import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { EventHouse, START } from './event-house.js';
import type { Agent, Body, RunningHouse } from './running-house.js';

let at: EventHouse;
let house: RunningHouse;
let dia: Body;
let organiser: Agent;
beforeAll(async () => {
  at = await EventHouse.open();
  ({ house, dia, organiser } = at);
});
afterAll(() => at?.close());

const visit = {
  title: { en: 'Study visit', fr: 'Visite d’étude' },
  type: 'STUDY_VISIT',
  zone: 'Europe/Stockholm',
  mode: 'HYBRID',
  country: 'SE',
  city: 'Västerås',
  start: '2027-05-12T09:00',
  end: '2027-05-14T16:00',
  joinUrl: 'https://meet.example/secret-room',
  stops: [
    { country: 'SE', city: 'Västerås', host: 'Robotdalen', from: '2027-05-12', to: '2027-05-13' },
    { country: 'DE', city: 'München', host: null, from: '2027-05-14', to: '2027-05-14' },
  ],
};

const planned = (more: object): Promise<Body> => at.planned(more);
const give = (id: string, command: string, said?: object) => organiser.post(`/v1/events/${id}/${command}`).send(said).expect(200);

/** Entries of a calendar as an independent reader finds them. */
function entriesIn(text: string): Body[] {
  const calendar = new ICAL.Component(ICAL.parse(text) as never);
  return calendar.getAllSubcomponents('vevent').map((vevent) => {
    const value = (name: string) => vevent.getFirstPropertyValue(name)?.toString() ?? null;
    const names = ['uid', 'sequence', 'status', 'dtstart', 'dtend', 'summary', 'description', 'location', 'transp', 'related-to'];
    return Object.fromEntries(names.map((name) => [name, value(name)]));
  });
}
const entryOf = (text: string, uid: string): Body => entriesIn(text).find((entry) => entry.uid === uid);

describe('An event as iCalendar', () => {
  it('is tentative over all of its month, then has its times, is postponed, and off', async () => {
    const { id } = await planned({ when: '2027-05', title: visit.title });
    const path = `/v1/events/${id}.ics`;
    const asked = await house.public.get(path).expect(200);
    expect(asked.headers['content-type']).toBe('text/calendar; charset=utf-8');
    const month = entryOf(asked.text, id);
    expect(month).toMatchObject({
      status: 'TENTATIVE',
      transp: 'TRANSPARENT',
      dtstart: '2027-05-01',
      dtend: '2027-06-01',
      summary: 'Study visit',
    });

    await organiser.patch(`/v1/events/${id}`).set('if-match', '*').send(visit).expect(200);
    await give(id, 'schedule');
    const { text } = await house.public.get(path).expect(200);
    const [whole, ...stops] = entriesIn(text);
    expect(whole).toMatchObject({ uid: id, status: 'CONFIRMED', dtstart: '2027-05-12T09:00:00', dtend: '2027-05-14T16:00:00' });
    expect(text).toContain('DTSTART;TZID=Europe/Stockholm:20270512T090000');
    expect(stops).toMatchObject([
      { uid: `${id}-1`, 'related-to': id, dtstart: '2027-05-12', dtend: '2027-05-14', location: 'Robotdalen, Västerås, Sweden' },
      { uid: `${id}-2`, 'related-to': id, dtstart: '2027-05-14', dtend: '2027-05-15', location: 'München, Germany' },
    ]);
    expect(Number(whole.sequence)).toBeGreaterThan(Number(month.sequence));

    await give(id, 'postpone', { reason: 'Strike' });
    const postponed = entryOf((await house.public.get(path)).text, id);
    expect(postponed).toMatchObject({ status: 'CANCELLED', dtstart: '2027-05-12T09:00:00', description: 'Postponed: Strike' });
    await organiser.patch(`/v1/events/${id}`).set('if-match', '*').send({ when: '2027-09' }).expect(200);
    expect(entryOf((await house.public.get(path)).text, id)).toMatchObject({
      status: 'TENTATIVE',
      dtstart: '2027-09-01',
      dtend: '2027-10-01',
    });
    await give(id, 'cancel', { reason: 'No room' });
    const off = entryOf((await house.public.get(path)).text, id);
    expect(off).toMatchObject({ status: 'CANCELLED', dtstart: '2027-09-01' });
    expect(Number(off.sequence)).toBeGreaterThan(Number(postponed.sequence));
  });

  it('is told in the language of whoever asks, with what they may see, and need not be sent twice', async () => {
    const { id } = await planned(visit);
    const path = `/v1/events/${id}.ics`;
    const french = await house.public.get(path).set('accept-language', 'fr-BE').expect(200);
    expect(french.headers['content-language']).toBe('fr');
    expect(entryOf(french.text, id)).toMatchObject({ summary: 'Visite d’étude', location: 'Västerås, Suède' });
    expect(french.text.replaceAll('\r\n ', '')).not.toContain('meet.example');
    expect((await organiser.get(path)).text.replaceAll('\r\n ', '')).toContain('https://meet.example/secret-room');
    const { etag } = french.headers as Record<string, string>;
    expect(etag).toMatch(/^"1\./);
    await house.public.get(path).set('accept-language', 'fr-BE').set('if-none-match', etag!).expect(304);
    await house.public.get(path).set('if-none-match', etag!).expect(200);
    await organiser.patch(`/v1/events/${id}`).set('if-match', '*').send({ city: 'Göteborg' }).expect(200);
    const { text } = await house.public.get(path).set('accept-language', 'fr-BE').set('if-none-match', etag!).expect(200);
    expect(entryOf(text, id).location).toBe('Göteborg, Suède');
  });

  it('stands in none without a date, and is absent for whom there is none', async () => {
    const { id } = await planned({});
    expect(entriesIn((await house.public.get(`/v1/events/${id}.ics`).expect(200)).text)).toEqual([]);
    expect((await house.public.get('/v1/events/nothing.ics').expect(404)).body.code).toBe('RESOURCE.ABSENT');
    expect((await house.public.get('/v1/calendars/nothing.ics').expect(404)).body.code).toBe('RESOURCE.ABSENT');
    expect((await house.public.get(`/v1/events/${id}.ics?zone=UTC`).expect(400)).body.code).toBe('QUERY.UNKNOWN_PARAMETER');
  });
});

describe('The calendar of a partnership', () => {
  it('holds its events that have a date, by id or slug', async () => {
    const { text } = await house.public.get('/v1/calendars/dia.ics').expect(200);
    const { body } = await house.public.get('/v1/events?partnership=dia&limit=200');
    const dated = body.items.filter(({ when, formerly }: Body) => when ?? formerly);
    const found = entriesIn(text).filter((entry) => entry['related-to'] === null);
    expect(found.map(({ uid }) => uid).sort()).toEqual(dated.map(({ id }: Body) => id).sort());
    expect(text).toContain('X-WR-CALNAME:DIA\r\n');
    expect((await house.public.get(`/v1/calendars/${dia.id}.ics`).expect(200)).text).toBe(text);
  });
});

describe('A calendar of one’s own', () => {
  const tokenOf = async (said: object = {}): Promise<Body> =>
    (
      await organiser
        .post('/v1/calendar-tokens')
        .send({ name: 'My phone', ...said })
        .expect(201)
    ).body;
  const opened = (token: string) => house.public.get(`/v1/me/calendar.ics?token=${token}`);

  it('is opened by a token that is shown once, sees what its owner sees, and is closed again', async () => {
    const { id } = await planned(visit);
    const issued = await tokenOf();
    expect(issued.url).toMatch(/\/v1\/me\/calendar\.ics\?token=cbc_/);
    const path = new URL(issued.url);
    const { text } = await house.public.get(path.pathname + path.search).expect(200);
    expect(entryOf(text, id).description).toContain('https://meet.example/secret-room');
    expect((await organiser.get('/v1/me/calendar.ics').expect(200)).text).toBe(text);
    const { body: shown } = await organiser.get(`/v1/calendar-tokens/${issued.id}`).expect(200);
    expect(JSON.stringify(shown)).not.toContain(issued.token);
    expect(shown).not.toHaveProperty('sha256');
    const stored = await house.databases.collection('gateway', 'view_calendar-tokens').find({}).toArray();
    expect(JSON.stringify(stored)).not.toContain(issued.token);
    expect(stored.length).toBeGreaterThan(0);
    await organiser.post(`/v1/calendar-tokens/${issued.id}/revoke`).expect(200);
    expect((await opened(issued.token).expect(401)).body.code).toBe('AUTH.UNKNOWN');
  });

  it('holds the meetings of whoever it belongs to, with table and place: newer with each change, and off when they are', async () => {
    const ada = await at.house.holding('VISITOR', 'ORGANISATION', newId());
    const [lenses, cameras] = [await at.company([]), await at.company(['Ben'])];
    const { id: account } = (await ada.get('/v1/me').expect(200)).body;
    const who = { name: 'Ada', email: `${newId()}@company.example`, organisation: lenses.id, account };
    const { body: person } = await house.admin.post('/v1/persons').send(who).expect(201);
    const hours = [{ from: '2027-05-12T09:00', to: '2027-05-12T12:00' }];
    const meetings = { hours, slotMinutes: 25, pauseMinutes: 5, tables: ['A', 'B'] };
    const event = await at.opened({ type: 'MATCHMAKING_EVENT', venue: { name: 'Palacio Euskalduna', address: null }, meetings });
    await at.registered(lenses, event, [person.id]);
    await at.registered(cameras, event, cameras.persons);
    await organiser.post(`/v1/events/${event}/open-booking`).expect(200);
    const wish = { requester: person.id, guest: cameras.persons[0] };
    const { id } = (await lenses.agent.post(`/v1/events/${event}/meetings`).send(wish).expect(201)).body;
    const { token } = (await ada.post('/v1/calendar-tokens').send({ name: 'My phone' }).expect(201)).body;
    const mine = async () => entryOf((await opened(token).expect(200)).text, id);
    const say = (agent: Agent, command: string, said?: object) =>
      agent.post(`/v1/events/${event}/meetings/${id}/${command}`).send(said).expect(200);
    await say(cameras.agent, 'accept');
    expect(await mine()).toBeUndefined();

    await say(lenses.agent, 'schedule', { start: '2027-05-12T09:00', table: 'A' });
    const first = await mine();
    expect(first).toMatchObject({
      status: 'CONFIRMED',
      transp: 'OPAQUE',
      dtstart: '2027-05-12T09:00:00',
      dtend: '2027-05-12T09:25:00',
      summary: `Meeting: Ben (${cameras.name})`,
      location: 'Table A, Palacio Euskalduna, Bilbao, Spain',
      'related-to': event,
    });
    // Who acts for them sees both names, and is not taken their time.
    const theirs = entryOf((await cameras.agent.get('/v1/me/calendar.ics').expect(200)).text, id);
    expect(theirs).toMatchObject({ summary: `Meeting: Ada (${lenses.name}) – Ben (${cameras.name})`, transp: 'TRANSPARENT' });
    expect(entryOf((await organiser.get('/v1/me/calendar.ics').expect(200)).text, id)).toBeUndefined();

    await say(cameras.agent, 'schedule', { start: '2027-05-12T09:30', table: 'B' });
    const moved = await mine();
    expect(moved).toMatchObject({ dtstart: '2027-05-12T09:30:00', location: expect.stringContaining('Table B') });
    await say(organiser, 'unschedule', { reason: 'The hall is closed.' });
    const lost = await mine();
    expect(lost).toMatchObject({ status: 'CANCELLED', transp: 'TRANSPARENT', dtstart: '2027-05-12T09:30:00' });
    await say(organiser, 'schedule', { start: '2027-05-12T09:30', table: 'B' });
    expect(await mine()).toMatchObject({ status: 'CONFIRMED', dtstart: '2027-05-12T09:30:00' });
    await say(cameras.agent, 'cancel', { reason: 'Ben is ill.' });
    const off = await mine();
    expect(off).toMatchObject({ status: 'CANCELLED', transp: 'TRANSPARENT', dtstart: '2027-05-12T09:30:00' });
    expect(off.description).toContain('Cancelled: Ben is ill.');
    const sequences = [first, moved, lost, off].map(({ sequence }) => Number(sequence));
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
  });

  it('is opened by nothing else', async () => {
    expect((await house.public.get('/v1/me/calendar.ics').expect(401)).body.code).toBe('AUTH.REQUIRED');
    for (const token of ['', 'cbc_', `cbc_${'a'.repeat(38)}`]) expect((await opened(token).expect(401)).body.code).toBe('AUTH.UNKNOWN');
    const { token } = await tokenOf();
    expect((await house.as(token).get('/v1/events').expect(401)).body.code).toBe('AUTH.UNKNOWN');
  });

  it('ends with its time, and with whoever it belongs to', async () => {
    const { token } = await tokenOf({ expiresAt: '2027-02-01T00:00:00Z' });
    await opened(token).expect(200);
    house.setClock('2027-02-01T00:00:01Z');
    await eventually(() => opened(token).expect(401));
    house.setClock(START);
    const { body: made } = await house.admin.post('/v1/api-keys').send({
      name: 'Leaving',
      role: 'PARTNERSHIP_MANAGER',
      bindings: [{ kind: 'PARTNERSHIP', id: dia.id }],
      test: true,
    });
    const { body: leaving } = await house.as(made.key).post('/v1/calendar-tokens').send({ name: 'Desk' }).expect(201);
    await opened(leaving.token).expect(200);
    await house.admin.post(`/v1/api-keys/${made.id}/revoke`).expect(200);
    await eventually(() => opened(leaving.token).expect(401));
  });

  it.each([
    ['would be over', '2026-12-31T00:00:00Z'],
    ['would last too long', '2037-01-01T00:00:00Z'],
  ])('is not given when it %s', async (_, expiresAt) => {
    const { body } = await organiser.post('/v1/calendar-tokens').send({ name: 'x', expiresAt }).expect(422);
    expect([body.code, body.errors[0].pointer]).toEqual(['CALENDAR_TOKEN.ISSUE.EXPIRY', '/expiresAt']);
  });

  it('is nobody else’s to see or to close, and the first key of the house has none', async () => {
    const { id } = await tokenOf();
    const other = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', dia.id));
    expect((await other.get(`/v1/calendar-tokens/${id}`).expect(404)).body.code).toBe('RESOURCE.ABSENT');
    expect((await other.post(`/v1/calendar-tokens/${id}/revoke`).expect(404)).body.code).toBe('RESOURCE.ABSENT');
    const { body } = await house.admin.post('/v1/calendar-tokens').send({ name: 'x' }).expect(403);
    expect(body.code).toBe('CALENDAR_TOKEN.ISSUE.ACTOR');
  });
});
