import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { EventHouse } from './event-house.js';
import type { Agent, Body, RunningHouse } from './running-house.js';
import { failing } from './verdicts.js';

let at: EventHouse;
let house: RunningHouse;
let organiser: Agent;
beforeAll(async () => {
  at = await EventHouse.open();
  ({ house, organiser } = at);
});
afterAll(() => at?.close());

const day = (from: string, to: string) => ({ from: `2027-05-12T${from}`, to: `2027-05-12T${to}` });
const MEETINGS = {
  hours: [day('09:00', '12:00')],
  breaks: [day('10:30', '11:00')],
  slotMinutes: 25,
  pauseMinutes: 5,
  tables: ['A', 'B'],
};

/** A matchmaking whose registration is open; booking is not yet. */
const matchmaking = (meetings: object = {}): Promise<string> =>
  at.opened({ type: 'MATCHMAKING_EVENT', capacity: 100, meetings: { ...MEETINGS, ...meetings } });

interface Participant {
  organisation: string;
  person: string;
  registration: string;
  agent: Agent;
}

/** Somebody of a company of their own, admitted to the event. */
async function participant(event: string, name = 'Somebody', country = 'ES'): Promise<Participant> {
  const firm = await at.company([name], { name: `Company of ${name}`, country });
  const { id: registration } = await at.registered(firm, event, firm.persons);
  return { organisation: firm.id, person: firm.persons[0]!, registration, agent: firm.agent };
}

const ask = (event: string, one: Participant, other: Participant, more: object = {}) =>
  one.agent.post(`/v1/events/${event}/meetings`).send({ requester: one.person, guest: other.person, ...more });
const give = (agent: Agent, event: string, id: string, command: string, said?: object) =>
  agent.post(`/v1/events/${event}/meetings/${id}/${command}`).send(said);
const read = async (event: string, id: string): Promise<Body> =>
  (await organiser.get(`/v1/events/${event}/meetings/${id}`).expect(200)).body;
const openBooking = (event: string) => organiser.post(`/v1/events/${event}/open-booking`).expect(200);

async function accepted(event: string, one: Participant, other: Participant, more: object = {}): Promise<string> {
  const { body } = await ask(event, one, other, more).expect(201);
  await give(other.agent, event, body.id, 'accept').expect(200);
  return body.id;
}

describe('A matchmaking', () => {
  it('goes from booking to what was held', async () => {
    const event = await matchmaking();
    const [ada, ben, eve] = [await participant(event, 'Ada'), await participant(event, 'Ben', 'FI'), await participant(event, 'Eve')];
    const early = await ask(event, ada, ben).expect(409);
    expect(failing(early.body)).toEqual(['MEETING.REQUEST.BOOKING']);
    expect((await openBooking(event)).body).toMatchObject({ booking: 'OPEN', state: 'REGISTRATION_OPEN' });

    const { body: asked, headers } = await ask(event, ada, ben, { message: 'We make lenses.', priority: 'HIGH' }).expect(201);
    expect(headers.location).toBe(`/v1/events/${event}/meetings/${asked.id}`);
    expect(asked).toMatchObject({ state: 'PENDING', kind: 'B2B', guest: { name: 'Ben', organisationName: 'Company of Ben', email: null } });
    expect(JSON.stringify(asked)).not.toContain('@company.example');
    await eve.agent.get(`/v1/events/${event}/meetings/${asked.id}`).expect(404);
    await house.public.get(`/v1/events/${event}/meetings`).expect(401);

    expect((await give(ada.agent, event, asked.id, 'accept').expect(403)).body.code).toBe('MEETING.ACCEPT.ACTOR');
    const { body: agreed } = await give(ben.agent, event, asked.id, 'accept').expect(200);
    expect(agreed).toMatchObject({ state: 'ACCEPTED', requester: { email: expect.stringContaining('@company.example') } });

    const { body: booked } = await give(ada.agent, event, asked.id, 'schedule', { start: '2027-05-12T09:30' }).expect(200);
    expect(booked).toMatchObject({ state: 'SCHEDULED', start: '2027-05-12T09:30', startsAt: '2027-05-12T07:30:00.000Z', table: 'A' });
    const agenda = await ben.agent.get(`/v1/events/${event}/meetings?person=${ben.person}&state=SCHEDULED&sort=start`).expect(200);
    expect(agenda.body.items.map(({ id }: Body) => id)).toEqual([asked.id]);

    expect((await give(organiser, event, asked.id, 'mark-held').expect(409)).body.code).toBe('MEETING.SLOT.OVER');
    house.setClock('2027-05-12T10:00:00Z');
    const { body: held } = await give(organiser, event, asked.id, 'mark-held', { outcome: 'FOLLOW_UP' }).expect(200);
    expect(held).toMatchObject({ state: 'HELD', outcome: 'FOLLOW_UP', version: 4 });
    await eventually(async () => {
      const { body } = await organiser.get('/v1/feed?types=meeting.*&limit=200').expect(200);
      const items = body.items.filter(({ subject }: Body) => subject.endsWith(asked.id));
      expect(items.map(({ type }: Body) => type)).toEqual(
        ['requested', 'accepted', 'scheduled', 'held'].map((fact) => `meeting.${fact}.v1`),
      );
      expect(JSON.stringify(items)).not.toContain(ada.person);
    });
    const { figures } = (await organiser.get(`/v1/events/${event}/outcomes`).expect(200)).body;
    expect(figures.meetings).toEqual({ requested: 1, agreed: 1, held: 1, noShows: 0, kinds: { B2B: 1 }, outcomes: { FOLLOW_UP: 1 } });
    house.setClock('2027-01-02T00:00:00Z');
  });

  it('refuses what cannot be, with every verdict, and changes nothing', async () => {
    const event = await matchmaking({ perPerson: 2 });
    const [ada, ben, eve, dan] = [await participant(event), await participant(event), await participant(event), await participant(event)];
    await openBooking(event);
    const self = await ask(event, ada, ada).expect(422);
    expect([self.body.code, self.body.errors[0].pointer]).toEqual(['MEETING.REQUEST.SELF', '/guest']);
    const nobody = await ask(event, ada, { ...ben, person: newId() }).expect(422);
    expect([nobody.body.code, nobody.body.errors[0].pointer]).toEqual(['MEETING.REQUEST.ADMITTED', '/guest']);
    expect((await ask(event, { ...ada, agent: eve.agent }, ben).expect(403)).body.code).toBe('MEETING.REQUEST.ACTOR');
    const other = await accepted(event, eve, dan);
    await give(eve.agent, event, other, 'schedule', { start: '2027-05-12T09:00', table: 'A' }).expect(200);
    const id = await accepted(event, ada, ben);
    expect((await ask(event, ben, ada).expect(422)).body.code).toBe('MEETING.REQUEST.PAIR');
    const cases: [object, number, string[], string][] = [
      [{ start: '2027-05-12T12:30' }, 422, ['MEETING.SLOT.HOURS'], '/start'],
      [{ start: '2027-05-12T09:00', table: 'A' }, 422, ['MEETING.TABLE.FREE'], '/table'],
      [{ start: '2027-05-12T09:00', table: 'Z' }, 422, ['MEETING.TABLE.KNOWN'], '/table'],
      [{ start: '2027-05-12T09:00', zone: 'Europe/Atlantis' }, 422, ['MEETING.ZONE.KNOWN', 'MEETING.SLOT.HOURS'], '/zone'],
      [{ start: '2027-03-28T02:30' }, 422, ['MEETING.START.REAL', 'MEETING.SLOT.HOURS'], '/start'],
    ];
    const before = await read(event, id);
    for (const [said, status, codes, pointer] of cases) {
      const { body } = await give(ada.agent, event, id, 'schedule', said).expect(status);
      expect([failing(body), body.errors[0].pointer]).toEqual([codes, pointer]);
    }
    expect((await give(ada.agent, event, id, 'schedule', { start: 'tomorrow' }).expect(400)).body.code).toBe('BODY.SHAPE');
    const dry = await ada.agent
      .post(`/v1/events/${event}/meetings/${id}/schedule?dryRun=true`)
      .send({ start: '2027-05-12T09:00' })
      .expect(200);
    expect(dry.body.view).toMatchObject({ state: 'SCHEDULED', table: 'B' });
    expect(await read(event, id)).toEqual(before);
    const meetings = { ...MEETINGS, hours: [{ from: '2027-05-12T12:00', to: '2027-05-12T09:00' }], tables: ['A', 'A'] };
    const { body: now } = await organiser.get(`/v1/events/${event}`);
    const wrong = await organiser.patch(`/v1/events/${event}`).set('if-match', `"${now.version}"`).send({ meetings }).expect(422);
    expect(failing(wrong.body)).toEqual(['EVENT.MEETINGS.ORDER', 'EVENT.MEETINGS.TABLES']);
  });

  it('is scheduled at once, as well as can be, and again when somebody has left', async () => {
    const event = await matchmaking({ scheduledBy: 'ORGANISER' });
    const all: Participant[] = [];
    for (let n = 0; n < 6; n++) all.push(await participant(event, `Guest ${n}`));
    await openBooking(event);
    const pairs = all.flatMap((one, i) => all.slice(i + 1).map((other) => [one, other] as const));
    const ids: string[] = [];
    for (const [one, other] of pairs) ids.push(await accepted(event, one, other));
    expect((await give(all[0]!.agent, event, ids[0]!, 'schedule', { start: '2027-05-12T09:00' }).expect(403)).body.code).toBe(
      'MEETING.SCHEDULE.MODE',
    );
    await all[0]!.agent.post(`/v1/events/${event}/meeting-schedule`).expect(403);

    const dry = await organiser.post(`/v1/events/${event}/meeting-schedule?dryRun=true`).send({ seed: 3 }).expect(200);
    // Five slots at two tables, of the fifteen that were wished.
    const worth = { wished: { count: 15, weight: 90 }, met: { count: 10, weight: 60 }, bound: { count: 10, weight: 60 } };
    expect(dry.body.view.schedule).toMatchObject({ state: 'DONE', ...worth });
    const { body: first } = await organiser.post(`/v1/events/${event}/meeting-schedule`).send({ seed: 3 }).expect(200);
    expect(first).toMatchObject({
      counts: { ACCEPTED: 5, SCHEDULED: 10 },
      schedule: { state: 'DONE', seed: 3, kept: 0, late: 0, ...worth },
    });
    const placed = async (): Promise<Body[]> =>
      (await organiser.get(`/v1/events/${event}/meetings?state=SCHEDULED&sort=start&limit=50`).expect(200)).body.items;
    const stood = await eventually(async () => {
      const found = await placed();
      expect(found).toHaveLength(10);
      return found;
    });
    const distinct = (keys: string[]) => expect(new Set(keys).size).toBe(keys.length);
    distinct(stood.map(({ start, table }) => `${start} ${table}`));
    distinct(stood.flatMap(({ start, persons }) => persons.map((person: string) => `${start} ${person}`)));

    const gone = all[0]!;
    await gone.agent.post(`/v1/events/${event}/registrations/${gone.registration}/cancel`).expect(200);
    const kept = await eventually(async () => {
      const found = await placed();
      expect(found.filter(({ persons }) => persons.includes(gone.person))).toEqual([]);
      return found;
    });
    const { body: second } = await organiser.post(`/v1/events/${event}/meeting-schedule`).expect(200);
    expect(second.schedule).toMatchObject({ state: 'DONE', kept: kept.length, met: second.schedule.bound });
    // Meetings are records of their own: they show what was computed a moment after it is answered.
    const now = await eventually(async () => {
      const found = new Map((await placed()).map((meeting) => [meeting.id, meeting]));
      expect(found.size).toBe(kept.length + second.schedule.met.count);
      return found;
    });
    for (const { id, start, table, version } of kept) expect(now.get(id)).toMatchObject({ start, table, version });
    expect((await organiser.get(`/v1/events/${event}/meeting-schedule`).expect(200)).body.schedule).toEqual(second.schedule);
    await gone.agent.get(`/v1/events/${event}/meeting-schedule`).expect(404);
  });

  it('suggests who suits somebody, and why, and minds when they are away', async () => {
    const event = await matchmaking();
    const [ada, ben, eve] = [await participant(event, 'Ada'), await participant(event, 'Ben', 'FI'), await participant(event, 'Eve', 'FI')];
    await openBooking(event);
    const { body: fields } = await house.public.get('/v1/taxonomies/technology-fields').expect(200);
    const code = fields.items[0].code;
    const write = ({ agent, person }: Participant, said: object) => agent.post('/v1/meeting-profiles').send({ event, person, ...said });
    await write(ada, { requests: [{ title: 'Sensors', technologyFields: [code] }] }).expect(201);
    const { body: profile, headers } = await write(ben, {
      offers: [{ title: 'Fine sensors', technologyFields: [code] }],
      away: [day('09:00', '11:00')],
    }).expect(201);
    expect((await write(ben, {}).expect(422)).body.code).toBe('MEETING_PROFILE.PERSON.ONCE');
    const wrong = await write(eve, { offers: [{ title: 'x', technologyFields: ['NONE'] }], away: [day('11:00', '09:00')] }).expect(422);
    expect(failing(wrong.body)).toEqual(['MEETING_PROFILE.CODES.KNOWN', 'MEETING_PROFILE.AWAY.REAL']);
    const suggested = (who: Participant, by = who.agent) => by.get(`/v1/events/${event}/meeting-suggestions?person=${who.person}`);
    const { items } = (await suggested(ada).expect(200)).body;
    expect(items.map(({ name, score }: Body) => [name, score])).toEqual([
      ['Ben', 25],
      ['Eve', 5],
    ]);
    for (const { score, parts } of items) expect(parts.reduce((sum: number, { points }: Body) => sum + points, 0)).toBe(score);
    expect(items[0].parts[0]).toMatchObject({ part: 'theyOfferWhatIsSought', points: 20 });
    await suggested(ada, eve.agent).expect(404);

    const id = await accepted(event, ada, ben);
    const early = await give(ada.agent, event, id, 'schedule', { start: '2027-05-12T09:00' }).expect(422);
    expect(failing(early.body)).toEqual(['MEETING.PERSONS.PRESENT']);
    await give(ada.agent, event, id, 'schedule', { start: '2027-05-12T11:00' }).expect(200);
    await ben.agent
      .patch(`/v1/meeting-profiles/${profile.id}`)
      .set('if-match', String(headers.etag))
      .send({ takesRequests: false })
      .expect(200);
    expect((await ask(event, eve, ben).expect(422)).body.code).toBe('MEETING.REQUEST.WILLING');
  });

  it('is off when the seat of one of the two goes to a colleague, or is given back, and the other is told why', async () => {
    const event = await matchmaking();
    const [ada, ben, eve] = [await participant(event), await participant(event), await participant(event)];
    await openBooking(event);
    const [passedOn, left] = [await accepted(event, ada, ben), await accepted(event, ben, eve)];
    await give(ada.agent, event, passedOn, 'schedule', { start: '2027-05-12T09:00' }).expect(200);
    const colleague = { name: 'Colleague', email: `${newId()}@company.example`, organisation: ada.organisation };
    const { body: to } = await house.admin.post('/v1/persons').send(colleague).expect(201);
    const transfer = { from: ada.person, to: to.id };
    await eventually(() => ada.agent.post(`/v1/events/${event}/registrations/${ada.registration}/transfer`).send(transfer).expect(200));
    await eve.agent.post(`/v1/events/${event}/registrations/${eve.registration}/cancel`).expect(200);
    for (const [id, reason] of [
      [passedOn, 'One of the two has given their seat to a colleague.'],
      [left, 'One of the two does not take part any more.'],
    ] as const)
      await eventually(async () =>
        expect((await ben.agent.get(`/v1/events/${event}/meetings/${id}`).expect(200)).body).toMatchObject({ state: 'CANCELLED', reason }),
      );
    await eventually(() => {
      const told = house.announced('meeting.cancelled.v1').filter(({ data }: Body) => data.event === event);
      expect(told.map(({ data }: Body) => data.id).sort()).toEqual([passedOn, left].sort());
    });
    // The colleague has the slot free, and asks for a meeting of their own.
    expect((await ask(event, { ...ada, person: to.id }, ben).expect(201)).body.state).toBe('PENDING');
  });

  it('forgets what nobody answers, and ends with its event', async () => {
    const event = await matchmaking({ answerHours: 2 });
    const [ada, ben, eve] = [await participant(event), await participant(event), await participant(event)];
    await openBooking(event);
    const { body: asked } = await ask(event, ada, ben).expect(201);
    const stays = await accepted(event, ada, eve);
    await give(ada.agent, event, stays, 'schedule', { start: '2027-05-12T09:00' }).expect(200);
    house.setClock(asked.until);
    await eventually(async () => expect((await read(event, asked.id)).state).toBe('EXPIRED'));
    await organiser.post(`/v1/events/${event}/postpone`).send({ reason: 'The hall is closed.' }).expect(200);
    await eventually(async () =>
      expect(await read(event, stays)).toMatchObject({ state: 'ACCEPTED', start: null, reason: 'The hall is closed.' }),
    );
    await organiser.post(`/v1/events/${event}/cancel`).send({ reason: 'It burnt down.' }).expect(200);
    await eventually(async () => expect(await read(event, stays)).toMatchObject({ state: 'CANCELLED', reason: 'It burnt down.' }));
    expect((await organiser.get(`/v1/events/${event}`)).body.booking).toBe('CLOSED');
  });
});
