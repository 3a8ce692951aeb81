import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { type Company, EventHouse, onRegistration as on, START, workshop } from './event-house.js';
import type { Agent, Body } from './running-house.js';
import { failing, pointers } from './verdicts.js';

let at: EventHouse;
/** Two companies of an event that has taken place long ago: the events service knows them. */
let firm: Company;
let other: Company;
beforeAll(async () => {
  at = await EventHouse.open();
  [firm, other] = [await at.company(['Ada', 'Grace', 'Hedy', 'Ida', 'Joan']), await at.company(['Alan', 'Kurt'])];
  const known = await at.opened();
  for (const each of [firm, other]) await at.registered(each, known, each.persons);
});
afterEach(() => at.house.setClock(START));
afterAll(() => at?.close());

const register = (agent: Agent, event: string, said: object) => agent.post(`/v1/events/${event}/registrations`).send(said);
const own = (persons: readonly string[], more: object = {}, { id } = firm) => ({ organisation: id, persons, ...more });
const admitted = async (event: string, person: number, more: object = {}): Promise<Body> =>
  (await register(firm.agent, event, own([firm.persons[person]!], more)).expect(201)).body;
const state = async (event: string, { id }: Body) => (await at.registration(event, id)).state;
const becomes = (event: string, { id }: Body, said: object) =>
  eventually(async () => {
    const now = await at.registration(event, id);
    expect(now).toMatchObject(said);
    return now;
  });

/** As everybody is told. */
const seats = (event: string, said: object) => eventually(async () => expect(await at.availability(event)).toMatchObject(said));

const sum = (all: Body[], field: string): number => all.reduce((so, each) => so + each[field], 0);

/** Registrations and seats of an event once they say the same: seats are told of a moment later. */
const settled = (event: string) =>
  eventually(async () => {
    const { items } = (await at.organiser.get(`/v1/events/${event}/registrations?limit=200`).expect(200)).body;
    const told = await at.availability(event);
    const of = (...states: string[]) =>
      items.filter((each: Body) => states.includes(each.state)).flatMap(({ persons }: Body) => persons).length;
    expect(told.held).toBeGreaterThanOrEqual(of('HELD_SEAT', 'OFFERED'));
    expect(told.held).toBeLessThanOrEqual(of('HELD_SEAT', 'OFFERED', 'SUBMITTED'));
    expect([told.confirmed, told.waiting]).toEqual([of('APPROVED', 'ATTENDED', 'NO_SHOW'), of('WAITLISTED')]);
    expect(told.free).toBe(told.capacity - told.held - told.confirmed);
    // Whatever happened to a registration is one movement of seats, and one version of it.
    const happened = told.movements.filter(({ movement }: Body) => movement !== 'CAPACITY');
    expect(sum(happened, 'times')).toBe(sum(items, 'version'));
    return { items, told };
  });

/** What it is refused with; registrations and seats of the event stay as they were. */
async function refused(event: string, ask: () => PromiseLike<Body>, status: number): Promise<Body> {
  const before = await settled(event);
  const answer = await ask();
  expect([answer.status, answer.body.code]).toEqual([status, expect.any(String)]);
  expect(await settled(event)).toEqual(before);
  return answer.body;
}

describe('A registration that cannot be', () => {
  it('is refused before registration opens, after its deadline, and when the event is cancelled', async () => {
    const later = await at.moved(workshop, 'schedule');
    const [ended, off] = [await at.opened({ deadline: '2027-02-01T12:00' }), await at.opened()];
    const ask = (event: string) => () => register(firm.agent, event, own([firm.persons[0]!]));
    expect(failing(await refused(later, ask(later), 409))).toEqual(['REGISTRATION.EVENT.OPEN']);
    await at.organiser.post(`/v1/events/${off}/cancel`).send({ reason: 'The hall burnt down.' }).expect(200);
    expect(failing(await refused(off, ask(off), 409))).toEqual(['REGISTRATION.EVENT.OPEN']);
    at.house.setClock('2027-02-01T11:00:00Z');
    const late = await refused(ended, ask(ended), 422).catch(() => refused(ended, ask(ended), 409));
    expect(failing(late)).toContain('REGISTRATION.EVENT.DEADLINE');
    await eventually(async () =>
      expect((await at.organiser.get(`/v1/events/${ended}`).expect(200)).body.state).toBe('REGISTRATION_CLOSED'),
    );
    const closed = await refused(ended, ask(ended), 409);
    expect(failing(closed)).toEqual(['REGISTRATION.EVENT.OPEN', 'REGISTRATION.EVENT.DEADLINE']);
  });

  it('is refused of persons who are registered, of a foreign organisation, and of persons of another one', async () => {
    const event = await at.opened();
    await admitted(event, 0);
    const twice = await refused(event, () => register(firm.agent, event, own(firm.persons.slice(0, 2))), 422);
    expect([failing(twice), pointers(twice)]).toEqual([['REGISTRATION.PERSONS.ONCE'], ['/persons/0']]);
    const foreign = await refused(event, () => register(other.agent, event, own([other.persons[0]!])), 403);
    expect(failing(foreign)).toEqual(['REGISTRATION.REGISTER.ACTOR', 'REGISTRATION.PERSONS.OWN']);
    // Also of who is not there at all: whose persons they are is told to nobody.
    for (const stranger of [other.persons[0]!, newId()]) {
      const theirs = await refused(event, () => register(firm.agent, event, own([firm.persons[1]!, stranger])), 422);
      expect([failing(theirs), pointers(theirs)]).toEqual([['REGISTRATION.PERSONS.OWN'], ['/persons/1']]);
    }
    await refused(event, () => register(at.house.public, event, own([firm.persons[1]!])), 401);
    const same = await refused(event, () => register(firm.agent, event, own([firm.persons[1]!, firm.persons[1]!])), 400);
    expect([same.code, pointers(same)]).toEqual(['BODY.SHAPE', ['/persons']]);
  });

  it('is refused where organisation, country, group or their number are not meant', async () => {
    const authority = await at.company(1, { type: 'PUBLIC_AUTHORITY', country: 'FI' });
    const event = await at.opened({ capacity: 3, admission: { countries: ['FI', 'SE'], perOrganisation: 2 } });
    const { body: meant } = await at.register(authority, event, authority.persons);
    expect([failing(meant), pointers(meant)]).toEqual([['REGISTRATION.ELIGIBLE.TARGET_GROUP'], ['/organisation']]);
    const there = await refused(event, () => register(firm.agent, event, own(firm.persons.slice(0, 4))), 422);
    expect(failing(there)).toEqual(['REGISTRATION.ELIGIBLE.COUNTRY', 'REGISTRATION.SEATS.WHOLE', 'REGISTRATION.LIMITS.ORGANISATION']);
    const { body: told } = await firm.agent.get(`/v1/events/${event}/eligibility?organisation=${firm.id}`).expect(200);
    expect([told.eligible, failing(told)]).toEqual([false, ['REGISTRATION.ELIGIBLE.COUNTRY']]);

    const few = await at.opened({ admission: { perOrganisation: 2 } });
    await admitted(few, 0);
    const { body: held } = await firm.agent
      .post(`/v1/events/${few}/registrations/hold`)
      .send(own([firm.persons[1]!]))
      .expect(201);
    const more = await refused(few, () => register(firm.agent, few, own([firm.persons[2]!])), 422);
    expect([failing(more), pointers(more)]).toEqual([['REGISTRATION.LIMITS.ORGANISATION'], ['/persons']]);
    expect(more.verdicts.find(({ rule }: Body) => rule === 'REGISTRATION.LIMITS.ORGANISATION').inputs).toMatchObject({
      limit: 2,
      taken: 2,
    });
    await register(other.agent, few, own(other.persons, {}, other)).expect(201);
    await on(firm.agent, few, held.id, 'cancel').expect(200);
    await admitted(few, 2);
  });

  it('is refused where answers break the form, field by field', async () => {
    const form = {
      type: 'object',
      required: ['diet', 'arrival'],
      additionalProperties: false,
      properties: {
        diet: { enum: ['ALL', 'VEGETARIAN'] },
        arrival: { type: 'string', format: 'date' },
        nights: { type: 'integer', minimum: 0, maximum: 3 },
        firstVisit: { type: 'boolean' },
        topics: { type: 'array', maxItems: 2, uniqueItems: true, items: { type: 'string', maxLength: 10 } },
        contact: { type: 'object', required: ['phone'], properties: { phone: { type: 'string', pattern: '^\\+[0-9]{6,15}$' } } },
      },
    };
    const event = await at.opened({ form });
    const ask = (answers?: unknown) => () => register(firm.agent, event, own([firm.persons[0]!], { ...(answers ? { answers } : {}) }));
    const right = { diet: 'ALL', arrival: '2027-05-11' };
    const wrong: [object | undefined, string[]][] = [
      [undefined, ['/answers/arrival', '/answers/diet']],
      [{ ...right, diet: 'NONE' }, ['/answers/diet']],
      [{ ...right, arrival: '2027-02-30' }, ['/answers/arrival']],
      [{ ...right, nights: 4 }, ['/answers/nights']],
      [{ ...right, nights: 1.5 }, ['/answers/nights']],
      [{ ...right, firstVisit: 'yes' }, ['/answers/firstVisit']],
      [{ ...right, topics: ['Photonics and more', 3] }, ['/answers/topics/0', '/answers/topics/1']],
      [{ ...right, topics: ['A', 'A'] }, ['/answers/topics']],
      [{ ...right, contact: {} }, ['/answers/contact/phone']],
      [{ ...right, contact: { phone: '112' } }, ['/answers/contact/phone']],
      [{ ...right, shoeSize: 43 }, ['/answers/shoeSize']],
    ];
    for (const [answers, places] of wrong) {
      const body = await refused(event, ask(answers), 422);
      expect([failing(body), pointers(body).sort()]).toEqual([['REGISTRATION.ANSWERS.FORM'], places]);
    }
    expect((await refused(event, ask(['ALL']), 400)).code).toBe('BODY.SHAPE');
    const first = await admitted(event, 0, { answers: right });
    expect(first).toMatchObject({ answers: right, formVersion: 1 });
    const change = { form: { ...form, required: ['diet'] } };
    await at.organiser.patch(`/v1/events/${event}`).set('if-match', '*').send(change).expect(200);
    expect(await admitted(event, 1, { answers: { diet: 'ALL' } })).toMatchObject({ formVersion: 2 });
    expect(await at.registration(event, first.id)).toMatchObject({ answers: right, formVersion: 1 });
    const plain = await at.opened();
    const unasked = await refused(plain, () => register(firm.agent, plain, own([firm.persons[0]!], { answers: right })), 422);
    expect([failing(unasked), pointers(unasked)]).toEqual([['REGISTRATION.ANSWERS.FORM'], ['/answers']]);
  });
});

describe('An event for members alone', () => {
  it('admits who belongs to a cluster of its partnership on its day, and says by what', async () => {
    const { body: composed } = await at.house.public.get('/v1/memberships?partnership=dia&limit=1').expect(200);
    const [{ cluster, id: inPartnership }] = composed.items;
    const manager = await at.house.holding('CLUSTER_MANAGER', 'CLUSTER', cluster);
    const event = await at.opened({ admission: { membersOnly: true } });
    const ask = () => register(firm.agent, event, own([firm.persons[0]!]));
    const judged = ({ verdicts }: Body) => verdicts.find(({ rule }: Body) => rule === 'REGISTRATION.ELIGIBLE.MEMBER');
    const stranger = await refused(event, ask, 422);
    expect([failing(stranger), pointers(stranger)]).toEqual([['REGISTRATION.ELIGIBLE.MEMBER'], ['/organisation']]);
    expect(judged(stranger).inputs).toMatchObject({ on: '2027-05-12', memberships: [] });

    const join = async (on: string) => {
      const { body } = await firm.agent.post('/v1/memberships/request').send({ cluster, organisation: firm.id }).expect(201);
      return (await manager.post(`/v1/memberships/${body.id}/accept`).send({ on }).expect(200)).body;
    };
    const short = await join('2025-01-01');
    await firm.agent.post(`/v1/memberships/${short.id}/end`).send({ reason: 'moved', on: '2026-06-30' }).expect(200);
    const eligibility = async () => (await firm.agent.get(`/v1/events/${event}/eligibility?organisation=${firm.id}`).expect(200)).body;
    await eventually(async () => expect(judged(await eligibility()).inputs.memberships).toMatchObject([{ membership: short.id }]));
    expect(judged(await refused(event, ask, 422)).outcome).toBe('FAILED');
    const lasting = await join('2026-09-01');
    const { body: seat } = await eventually(() => ask().expect(201));
    expect(judged({ verdicts: seat.eligibility })).toMatchObject({
      outcome: 'PASSED',
      inputs: {
        on: '2027-05-12',
        by: 'MEMBERSHIP',
        membership: lasting.id,
        cluster,
        partnership: at.dia.id,
        inPartnership,
        since: '2026-09-01',
      },
    });
    expect((await eligibility()).eligible).toBe(true);
  });
});

describe('A registration that the organiser decides on', () => {
  it('is approved or rejected with a reason that is told to its organisation alone', async () => {
    const event = await at.opened({ capacity: 1, admission: { approval: true } });
    const [first, second, third] = [await admitted(event, 0), await admitted(event, 1), await admitted(event, 2)];
    expect([first.state, second.state, third.state]).toEqual(['SUBMITTED', 'SUBMITTED', 'SUBMITTED']);
    const asks = (command: string, { id }: Body, said?: object, agent = at.organiser) => on(agent, event, id, command, said);
    expect(failing(await refused(event, () => asks('approve', first, {}, firm.agent), 403))).toEqual(['REGISTRATION.APPROVE.ACTOR']);
    expect(failing(await refused(event, () => asks('waitlist', first), 422))).toEqual(['REGISTRATION.WAITLIST.FULL']);
    expect((await asks('approve', first).expect(200)).body).toMatchObject({ state: 'APPROVED', version: 2 });
    expect(failing(await refused(event, () => asks('approve', second), 422))).toEqual(['REGISTRATION.APPROVE.FREE']);
    expect((await asks('waitlist', second).expect(200)).body).toMatchObject({ state: 'WAITLISTED', position: 1, waitsFor: 'SEATS' });
    expect(pointers(await refused(event, () => asks('reject', third, {}), 400))).toEqual(['/reason']);
    const reason = 'The workshop is for those who begin.';
    expect((await asks('reject', third, { reason }).expect(200)).body).toMatchObject({ state: 'REJECTED', reason });
    expect(failing(await refused(event, () => asks('approve', third), 409))).toEqual([
      'REGISTRATION.APPROVE.STATE',
      'REGISTRATION.APPROVE.FREE',
    ]);
    const { body: shown } = await firm.agent.get(`/v1/events/${event}/registrations/${third.id}`).expect(200);
    expect(shown).toMatchObject({ state: 'REJECTED', reason });
    await eventually(() => {
      const told = at.house.announced('registration.rejected.v1').filter(({ subject }) => subject.endsWith(third.id));
      expect(told).toHaveLength(1);
      expect(JSON.stringify(told)).not.toContain(reason);
    });
    expect(await admitted(event, 2)).toMatchObject({ state: 'SUBMITTED' });
    await asks('cancel', first).expect(200);
    await becomes(event, second, { state: 'APPROVED', position: null, waitsFor: null });
  });

  it('keeps seats that were held before until it is decided on', async () => {
    const event = await at.opened({ capacity: 1, admission: { approval: true } });
    const { body: held } = await firm.agent
      .post(`/v1/events/${event}/registrations/hold`)
      .send(own([firm.persons[0]!]))
      .expect(201);
    expect((await on(firm.agent, event, held.id, 'register').expect(200)).body).toMatchObject({ state: 'SUBMITTED', until: null });
    await seats(event, { held: 1, confirmed: 0, free: 0 });
    const full = await refused(event, () => firm.agent.post(`/v1/events/${event}/registrations/hold`).send(own([firm.persons[1]!])), 422);
    expect(failing(full)).toEqual(['REGISTRATION.HOLD.FREE']);
    await on(at.organiser, event, held.id, 'approve').expect(200);
    await seats(event, { held: 0, confirmed: 1, free: 0 });
  });
});

describe('Who waits', () => {
  it('is told its place and what it waits for, and moves up as others leave', async () => {
    const event = await at.opened({ capacity: 3 });
    const [seated] = [await admitted(event, 0), await admitted(event, 1)];
    const { body: pair } = await register(firm.agent, event, own(firm.persons.slice(2, 4))).expect(201);
    await becomes(event, pair, { state: 'WAITLISTED', position: 1, waitsFor: 'SEATS_TOGETHER' });
    const { body: single } = await register(other.agent, event, own(other.persons.slice(0, 1), {}, other)).expect(201);
    expect(single).toMatchObject({ state: 'APPROVED', position: null });
    const { body: last } = await register(other.agent, event, own(other.persons.slice(1), {}, other)).expect(201);
    expect(last).toMatchObject({ state: 'WAITLISTED', position: 2 });
    for (const [{ id }, position] of [
      [pair, 1],
      [last, 2],
    ] as const)
      await becomes(event, { id }, { position, waitsFor: 'SEATS' });
    await on(firm.agent, event, seated!.id, 'cancel', { reason: 'ill' }).expect(200);
    await becomes(event, last, { state: 'APPROVED', version: 2 });
    expect(await at.registration(event, pair.id)).toMatchObject({ state: 'WAITLISTED', position: 1 });
    await at.organiser.patch(`/v1/events/${event}`).set('if-match', '*').send({ capacity: 5 }).expect(200);
    await becomes(event, pair, { state: 'APPROVED', position: null });
    await at.organiser.patch(`/v1/events/${event}`).set('if-match', '*').send({ capacity: 3 }).expect(200);
    await seats(event, { capacity: 3, held: 0, confirmed: 5, waiting: 0, free: -2 });
    expect(await state(event, pair)).toBe('APPROVED');
    const { movements, ...told } = await at.availability(event);
    for (const term of ['capacity', 'held', 'confirmed', 'waiting']) expect([term, sum(movements, term)]).toEqual([term, told[term]]);
  });

  it('is not there where the event has no waiting list: who comes when it is full is refused', async () => {
    const event = await at.opened({ capacity: 1, admission: { waitingList: false } });
    await admitted(event, 0);
    const full = await refused(event, () => register(firm.agent, event, own([firm.persons[1]!])), 422);
    expect(failing(full)).toEqual(['REGISTRATION.SEATS.LISTED']);
  });

  it('is offered a freed seat where the event asks to confirm it, and loses it to the next when it does not in time', async () => {
    const event = await at.opened({ capacity: 1, admission: { confirmFreedSeat: true, offerMinutes: 60 } });
    const [seated, first, second] = [await admitted(event, 0), await admitted(event, 1), await admitted(event, 2)];
    await on(firm.agent, event, seated.id, 'cancel').expect(200);
    const offered = await becomes(event, first, { state: 'OFFERED', until: expect.any(String), position: null });
    expect(Date.parse(offered.until) - Date.parse(START)).toBeLessThan(65 * 60_000);
    await seats(event, { held: 1, confirmed: 0, waiting: 1, free: 0 });
    expect(failing(await refused(event, () => on(at.organiser, event, first.id, 'accept-offer'), 403))).toEqual([
      'REGISTRATION.ACCEPT_OFFER.ACTOR',
    ]);
    await on(other.agent, event, first.id, 'accept-offer').expect(404);
    at.house.setClock(offered.until);
    await becomes(event, first, { state: 'WAITLISTED', position: 1, until: null });
    const next = await becomes(event, second, { state: 'OFFERED' });
    expect(failing(await refused(event, () => on(firm.agent, event, first.id, 'accept-offer'), 409))).toContain(
      'REGISTRATION.ACCEPT_OFFER.STATE',
    );
    expect(Date.parse(next.until)).toBeGreaterThan(Date.parse(offered.until));
    expect((await on(firm.agent, event, second.id, 'accept-offer').expect(200)).body).toMatchObject({ state: 'APPROVED', until: null });
    await eventually(() => {
      const types = at.house.announced().filter(({ subject }) => subject.endsWith(first.id));
      expect(types.map(({ type }) => type)).toEqual(['registered', 'offered', 'offer-lapsed'].map((name) => `registration.${name}.v1`));
    });
  });
});

describe('A seat', () => {
  it('passes to a colleague alone, by who may give it, until the event is over', async () => {
    const event = await at.opened({ capacity: 1 });
    const seat = await admitted(event, 0);
    const [from, to] = firm.persons as [string, string];
    const give = (said: object, agent = firm.agent) => on(agent, event, seat.id, 'transfer', said);
    const foreign = await refused(event, () => give({ from, to: other.persons[0] }), 422);
    expect([failing(foreign), pointers(foreign)]).toEqual([['REGISTRATION.PERSONS.OWN'], ['/to']]);
    const nobody = await refused(event, () => give({ from: to, to: firm.persons[2] }), 422);
    expect([failing(nobody), pointers(nobody)]).toEqual([['REGISTRATION.TRANSFER.SEATED'], ['/from']]);
    await refused(event, () => give({ from, to }, other.agent), 404);
    expect((await give({ from, to }, at.organiser).expect(200)).body).toMatchObject({ persons: [to], state: 'APPROVED' });
    await at.organiser.post(`/v1/events/${event}/cancel`).send({ reason: 'The hall burnt down.' }).expect(200);
    await becomes(event, seat, { state: 'CANCELLED', reason: 'The hall burnt down.' });
    expect(failing(await refused(event, () => give({ from: to, to: from }), 409))).toContain('REGISTRATION.TRANSFER.STATE');
    await seats(event, { held: 0, confirmed: 0, waiting: 0 });
  });

  it('is given back before the event begins, and marked once it does', async () => {
    const event = await at.opened();
    const seat = await admitted(event, 0);
    const early = await refused(event, () => on(at.organiser, event, seat.id, 'mark-attended', {}), 409);
    expect(failing(early)).toEqual(['REGISTRATION.MARK.EVENT']);
    at.house.setClock('2027-05-12T07:00:30Z');
    expect(failing(await refused(event, () => on(firm.agent, event, seat.id, 'cancel'), 409))).toEqual(['REGISTRATION.EVENT.BEGUN']);
    await eventually(async () => expect((await at.organiser.get(`/v1/events/${event}`)).body.state).toBe('RUNNING'), 20_000);
    expect(failing(await refused(event, () => on(at.organiser, event, seat.id, 'mark-no-show', {}), 409))).toEqual([
      'REGISTRATION.MARK.EVENT',
    ]);
    await on(at.organiser, event, seat.id, 'mark-attended', {}).expect(200);
    at.house.setClock('2027-05-12T15:00:30Z');
    await eventually(async () => expect((await at.organiser.get(`/v1/events/${event}`)).body.state).toBe('HELD'), 20_000);
    const bare = await refused(event, () => on(at.organiser, event, seat.id, 'mark-no-show', {}), 422);
    expect([failing(bare), pointers(bare)]).toEqual([['REGISTRATION.MARK.REASON'], ['/reason']]);
    await on(at.organiser, event, seat.id, 'mark-no-show', { reason: 'a namesake' }).expect(200);
  });
});

describe('What a registration says', () => {
  it('is read by the organiser, its organisation and who comes; others do not see it, and everybody sees how many there are', async () => {
    const self = await at.house.holding('VISITOR', 'ORGANISATION', newId());
    const { id: account } = (await self.get('/v1/me').expect(200)).body;
    const person = { name: 'Mary', email: `${newId()}@company.example`, organisation: firm.id, account };
    const { body: mary } = await at.house.admin.post('/v1/persons').send(person).expect(201);
    const event = await at.opened({ form: { type: 'object', properties: { diet: { type: 'string' } } } });
    const seat = await at.registered(firm, event, [mary.id], { answers: { diet: 'no nuts' } });
    const path = `/v1/events/${event}/registrations`;
    const list = async (agent: Agent) => (await agent.get(path).expect(200)).body.items.map(({ id }: Body) => id);
    const colleague = await at.house.holding('ORGANISATION_REPRESENTATIVE', 'ORGANISATION', firm.id);
    for (const agent of [at.organiser, firm.agent, colleague, self]) {
      const { body } = await agent.get(`${path}/${seat.id}`).expect(200);
      expect(body).toMatchObject({ persons: [mary.id], answers: { diet: 'no nuts' }, state: 'APPROVED' });
      expect(await list(agent)).toEqual([seat.id]);
      // Who registered it, and who they are when they sign in, is nothing to others of the organisation.
      for (const field of ['accounts', 'owner']) expect([field, Object.hasOwn(body, field)]).toEqual([field, agent !== colleague]);
    }
    const elsewhere = await at.house.holding('EVENT_ORGANISER', 'PARTNERSHIP', newId());
    for (const agent of [other.agent, elsewhere]) {
      await agent.get(`${path}/${seat.id}`).expect(404);
      expect(await list(agent)).toEqual([]);
    }
    await at.house.public.get(path).expect(401);
    await at.house.public.get(`${path}/${seat.id}`).expect(401);
    await seats(event, { capacity: 20, held: 0, confirmed: 1, waiting: 0, free: 19 });
    await eventually(() => {
      const facts = at.house.announced('registration.registered.v1').filter(({ subject }) => subject.endsWith(seat.id));
      expect(facts).toHaveLength(1);
      for (const secret of [mary.id, 'no nuts', account]) expect(JSON.stringify(facts)).not.toContain(secret);
    });
  });
});
