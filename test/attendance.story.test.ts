import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PDFParse } from 'pdf-parse';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { type Company, EventHouse, START } from './event-house.js';
import type { Agent, Body, RunningHouse } from './running-house.js';
import { failing, pointers } from './verdicts.js';

let at: EventHouse;
let house: RunningHouse;
let organiser: Agent;
beforeAll(async () => {
  at = await EventHouse.open();
  ({ house, organiser } = at);
});
afterAll(() => at?.close());

const joinUrl = 'https://meet.example/secret-room';

/** An event whose registration is open. */
function opened(more: object = {}): Promise<string> {
  house.setClock(START);
  return at.opened({ mode: 'HYBRID', joinUrl, ...more });
}

const company = (names: string[]) => at.company(names);
const register = (firm: Company, event: string, persons: string[]) => at.registered(firm, event, persons);

async function goesOn(event: string, at: string, state: string): Promise<void> {
  house.setClock(at);
  await eventually(async () => expect((await organiser.get(`/v1/events/${event}`)).body.state).toBe(state), 20_000);
}
const runs = (event: string) => goesOn(event, '2027-05-12T07:00:30Z', 'RUNNING');
const isHeld = (event: string) => goesOn(event, '2027-05-12T15:00:30Z', 'HELD');

const participants = async (event: string, agent = organiser): Promise<Body[]> =>
  (await agent.get(`/v1/events/${event}/participants`).expect(200)).body.items;
const checkIn = (event: string, said: object, agent = organiser) => agent.post(`/v1/events/${event}/check-ins`).send(said);

describe('Those who have a seat', () => {
  it('are listed person by person, see how to join, have it in their calendar, and wear a badge', async () => {
    const event = await opened();
    const [firm, other] = [await company(['Ada Łovelace', 'Grace Hopper']), await company(['Alan Turing'])];
    const path = `/v1/events/${event}`;
    expect((await firm.agent.get(path).expect(200)).body).not.toHaveProperty('joinUrl');
    await register(firm, event, firm.persons);
    await register(other, event, other.persons);
    await eventually(async () => expect((await firm.agent.get(path).expect(200)).body.joinUrl).toBe(joinUrl));
    const { text } = await firm.agent.get('/v1/me/calendar.ics').expect(200);
    expect(text.replaceAll('\r\n ', '')).toContain('https://meet.example/secret-room');
    expect((await house.public.get(path)).body).not.toHaveProperty('joinUrl');

    const all = await participants(event);
    expect(all.map(({ name, organisationName }) => [name, organisationName]).sort()).toEqual(
      [
        ['Ada Łovelace', firm.name],
        ['Alan Turing', other.name],
        ['Grace Hopper', firm.name],
      ].sort(),
    );
    expect((await participants(event, other.agent)).map(({ name }) => name)).toEqual(['Alan Turing']);
    await house.public.get(`${path}/participants`).expect(401);
    const { body: delegation } = await organiser.get(`${path}/delegation`).expect(200);
    expect(delegation).toMatchObject({ delegation: null, organisations: 2, countries: ['ES'] });
    expect(delegation.members).toHaveLength(3);

    const { body: file, headers } = await organiser.get(`${path}/badges`).expect(200).responseType('blob');
    expect(headers['content-type']).toBe('application/pdf');
    const parser = new PDFParse({ data: new Uint8Array(file) });
    const printed = (await parser.getText()).text.replaceAll(/\s+/g, ' ');
    await parser.destroy();
    for (const said of ['Ada Łovelace', 'Grace Hopper', 'Alan Turing', 'Workshop on digital twins']) expect(printed).toContain(said);
    await organiser.get(`${path}/badges`).set('if-none-match', String(headers.etag)).expect(304);
  });

  it('are checked in by code or from the list, once however often, and counted', async () => {
    const event = await opened();
    const firm = await company(['Ada', 'Grace', 'Alan']);
    await register(firm, event, firm.persons.slice(0, 2));
    await register(firm, event, firm.persons.slice(2));
    const rows = await participants(event);
    const [ada, grace] = ['Ada', 'Grace'].map((name) => rows.find((row) => row.name === name));
    const { body: early } = await checkIn(event, { code: ada.code }).expect(409);
    expect(early.code).toBe('CHECK_IN.ENTER.STATE');
    await runs(event);
    const { body: first } = await checkIn(event, { code: ada.code }).expect(201);
    expect(first).toMatchObject({ event, person: ada.person, via: 'CODE', version: 1 });
    expect((await checkIn(event, { code: ada.code }).expect(200)).body).toEqual(first);
    expect((await checkIn(event, { person: ada.person }).expect(200)).body).toEqual(first);
    await checkIn(event, { person: grace.person }).expect(201);
    const { body: list } = await organiser.get(`/v1/events/${event}/check-ins`).expect(200);
    expect(list.items.map(({ person }: Body) => person).sort()).toEqual([ada.person, grace.person].sort());
    expect((await participants(event)).map(({ name, state, checkedInAt }) => [name, state, checkedInAt !== null]).sort()).toEqual([
      ['Ada', 'ATTENDED', true],
      ['Alan', 'APPROVED', false],
      ['Grace', 'ATTENDED', true],
    ]);
    await isHeld(event);
    const evaluate = () => organiser.post(`/v1/events/${event}/evaluate`).send({ outcomes: { en: 'Liked.' } });
    const { body: incomplete } = await evaluate().expect(422);
    expect(failing(incomplete)).toEqual(['EVENT.EVALUATE.ATTENDANCE']);
    const { registration } = rows.find(({ name }) => name === 'Alan');
    await organiser.post(`/v1/events/${event}/registrations/${registration}/mark-no-show`).send({}).expect(200);
    expect((await evaluate().expect(200)).body.state).toBe('EVALUATED');
    const { body: outcomes } = await organiser.get(`/v1/events/${event}/outcomes`).expect(200);
    const meetings = { requested: 0, agreed: 0, held: 0, noShows: 0, kinds: {}, outcomes: {} };
    expect(outcomes.figures).toEqual({ registrations: 2, admitted: 3, attended: 2, noShows: 1, organisations: 1, countries: 1, meetings });
    expect((await house.public.get(`/v1/events/${event}/outcomes`)).body).not.toHaveProperty('figures');
    await eventually(() => expect(house.announced('check-in.entered.v1').filter(({ data }: Body) => data.event === event)).toHaveLength(2));
    expect(JSON.stringify(house.announced('check-in.entered.v1'))).not.toContain(ada.person);
  });

  it('are nobody else: who has no seat, a code of another event, and whoever does not run it are refused', async () => {
    const [event, another] = [await opened(), await opened()];
    const firm = await company(['Ada', 'Grace']);
    await register(firm, event, firm.persons.slice(0, 1));
    await register(firm, another, firm.persons.slice(0, 1));
    const [[here], [there]] = [await participants(event), await participants(another)];
    expect(here.code).not.toBe(there.code);
    await runs(event);
    for (const [said, pointer] of [
      [{ code: there.code }, '/code'],
      [{ code: 'cbp_nonsense' }, '/code'],
      [{ person: firm.persons[1] }, '/person'],
      [{ person: newId() }, '/person'],
    ] as const) {
      const { body } = await checkIn(event, said).expect(422);
      expect([body.code, pointers(body)]).toEqual(['CHECK_IN.ENTER.ADMITTED', [pointer]]);
    }
    expect((await checkIn(event, {}).expect(400)).body.code).toBe('BODY.SHAPE');
    expect((await checkIn(event, { code: here.code }, firm.agent).expect(403)).body.code).toBe('CHECK_IN.ENTER.ACTOR');
    expect((await organiser.get(`/v1/events/${event}/check-ins`)).body.items).toEqual([]);
  });
});

describe('An announcement', () => {
  it('is read by those it went to and by nobody else, and a webhook is told there is one', async () => {
    const event = await opened({ capacity: 1 });
    const [seated, waiting, stranger] = [await company(['Ada']), await company(['Grace']), await company(['Alan'])];
    await register(seated, event, seated.persons);
    expect((await register(waiting, event, waiting.persons)).state).toBe('WAITLISTED');
    const path = `/v1/events/${event}/announcements`;
    const said = { subject: { en: 'Another room' }, text: { en: 'We meet on the second floor.' }, to: ['APPROVED'] };
    const { body: announced } = await organiser.post(path).send(said).expect(201);
    expect(announced).toMatchObject({ ...said, event, registrations: 1 });
    const read = async (agent: Agent) => (await agent.get(path).expect(200)).body.items.map(({ id }: Body) => id);
    expect([await read(organiser), await read(seated.agent), await read(waiting.agent), await read(stranger.agent)]).toEqual([
      [announced.id],
      [announced.id],
      [],
      [],
    ]);
    const [shown] = (await seated.agent.get(path)).body.items;
    for (const field of ['accounts', 'organisations']) expect(shown).not.toHaveProperty(field);
    expect((await house.public.get(path).expect(401)).body.code).toBe('AUTH.REQUIRED');
    await eventually(() => expect(house.announced('announcement.published.v1')).toHaveLength(1));
    expect(JSON.stringify(house.announced('announcement.published.v1'))).not.toContain('second floor');
    expect((await seated.agent.post(path).send(said).expect(403)).body.code).toBe('ANNOUNCEMENT.PUBLISH.ACTOR');
    const { body: wrong } = await organiser
      .post(path)
      .send({ ...said, subject: {}, to: ['INVITED'] })
      .expect(400);
    expect([wrong.code, pointers(wrong).sort()]).toEqual(['BODY.SHAPE', ['/subject', '/to/0']]);
    expect(await read(organiser)).toHaveLength(1);
  });
});

describe('Feedback', () => {
  const path = (event: string) => `/v1/events/${event}/feedback`;
  const answer = ({ agent }: Company, event: string, person: string, answers: object) => agent.post(path(event)).send({ person, answers });

  it('is given once by each who was there, shown in sum when enough have answered, and never by whom', async () => {
    const event = await opened();
    const firm = await company(['A', 'B', 'C', 'D', 'E']);
    for (const person of firm.persons) await register(firm, event, [person]);
    expect((await house.public.get(path(event)).expect(200)).body).toMatchObject({ open: false });
    const { body: early } = await answer(firm, event, firm.persons[0]!, { OVERALL: 5 }).expect(409);
    expect(early.code).toBe('FEEDBACK.ANSWER.STATE');
    await runs(event);
    const ratings = [5, 4, 4, 3, 5];
    const { body: absent } = await answer(firm, event, firm.persons[0]!, { OVERALL: 5 }).expect(422);
    expect([failing(absent), pointers(absent)]).toEqual([['FEEDBACK.ANSWER.ATTENDED'], ['/person']]);
    for (const person of firm.persons) await checkIn(event, { person }).expect(201);
    for (const [i, person] of firm.persons.entries()) {
      const { body: before } = await organiser.get(path(event)).expect(200);
      expect(before.figures).toBeNull();
      await answer(firm, event, person, { OVERALL: ratings[i], FOLLOW_UP: i < 2, COMMENT: `Said by ${i}` }).expect(201);
    }
    const { body } = await eventually(async () => {
      const found = await organiser.get(path(event)).expect(200);
      expect(found.body.answers).toBe(5);
      return found;
    });
    const of = (code: string) => body.figures.find((figure: Body) => figure.code === code);
    expect(of('OVERALL')).toMatchObject({ answers: 5, mean: 4.2, counts: { 3: 1, 4: 2, 5: 2 } });
    expect(of('FOLLOW_UP')).toMatchObject({ answers: 5, mean: null, counts: { false: 3, true: 2 } });
    expect(of('COMMENT').texts).toEqual([0, 1, 2, 3, 4].map((i) => `Said by ${i}`));
    expect(of('NEW_CONTACTS')).toMatchObject({ answers: 0, mean: null, counts: null });
    expect((await firm.agent.get(path(event)).expect(200)).body).not.toHaveProperty('figures');
    const { body: twice } = await answer(firm, event, firm.persons[0]!, { OVERALL: 1 }).expect(422);
    expect([twice.code, pointers(twice)]).toEqual(['FEEDBACK.ANSWER.ONCE', ['/person']]);

    const stored = await house.databases.collection('events', 'feedback-figures').find({}).toArray();
    expect(stored).toHaveLength(1);
    for (const person of firm.persons) expect(JSON.stringify(stored)).not.toContain(person);
    await eventually(async () => {
      const rounds = await house.databases.collection('events', 'feedback-rounds').find({}).toArray();
      expect(JSON.stringify(rounds)).not.toContain('Said by');
    });
    await isHeld(event);
    await organiser
      .post(`/v1/events/${event}/evaluate`)
      .send({ outcomes: { en: 'Liked.' } })
      .expect(200);
    const { body: late } = await answer(firm, event, firm.persons[0]!, { OVERALL: 1 }).expect(409);
    expect(failing(late)).toEqual(['FEEDBACK.ANSWER.STATE', 'FEEDBACK.ANSWER.ONCE']);
  });

  it('asks what the organiser asks, until somebody has answered', async () => {
    const event = await opened();
    const firm = await company(['A']);
    await register(firm, event, firm.persons);
    const room = {
      code: 'ROOM',
      kind: 'CHOICE',
      text: { en: 'Where?' },
      options: ['MAIN', 'SMALL'].map((code) => ({ code, text: { en: code } })),
    };
    const ask = (questions: object[], agent = organiser) => agent.put(path(event)).send({ questions });
    expect((await ask([room], firm.agent).expect(403)).body.code).toBe('FEEDBACK.ASK.ACTOR');
    const { body: unsound } = await ask([room, { ...room, options: [] }]).expect(422);
    expect([unsound.code, pointers(unsound).sort()]).toEqual(['FEEDBACK.ASK.SOUND', ['/questions/1/code', '/questions/1/options']]);
    const { body: asked } = await ask([{ ...room, required: true }]).expect(200);
    expect(asked.questions).toEqual([{ ...room, required: true }]);
    await runs(event);
    await checkIn(event, { person: firm.persons[0] }).expect(201);
    const { body: wrong } = await answer(firm, event, firm.persons[0]!, { HALL: 'MAIN', ROOM: 'NONE' }).expect(422);
    expect([wrong.code, pointers(wrong).sort()]).toEqual(['FEEDBACK.ANSWER.QUESTIONS', ['/answers/HALL', '/answers/ROOM']]);
    expect(pointers((await answer(firm, event, firm.persons[0]!, {}).expect(422)).body)).toEqual(['/answers/ROOM']);
    await answer(firm, event, firm.persons[0]!, { ROOM: 'MAIN' }).expect(201);
    expect((await ask([room]).expect(409)).body.code).toBe('FEEDBACK.ASK.STATE');
    const stranger = await company(['Z']);
    expect((await answer(stranger, event, firm.persons[0]!, { ROOM: 'MAIN' }).expect(404)).body.code).toBe('RESOURCE.ABSENT');
  });
});
