import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/testing/eventually';
import { EventHouse, onRegistration as give } from './event-house.js';
import type { Body, RunningHouse } from './running-house.js';
import { failing } from './verdicts.js';

let at: EventHouse;
let house: RunningHouse;
beforeAll(async () => {
  at = await EventHouse.open();
  ({ house } = at);
});
afterAll(() => at?.close());

/** An event whose registration is open. */
const opened = (capacity: number, more: object = {}) => at.opened({ capacity, ...more });
const company = (persons: number) => at.company(persons);
const register: EventHouse['register'] = (...asked) => at.register(...asked);
const read = (event: string, id: string) => at.registration(event, id);
const availability = (event: string) => at.availability(event);

describe('Seats of an event', () => {
  it('go to who comes first; others wait in order, and the next has a freed one within a second', async () => {
    const event = await opened(2);
    const firm = await company(4);
    const answers: Body[] = [];
    for (const person of firm.persons) answers.push(await register(firm, event, [person]));
    expect(answers.map(({ status, body }) => [status, body.state, body.position])).toEqual([
      [201, 'APPROVED', null],
      [201, 'APPROVED', null],
      [201, 'WAITLISTED', 1],
      [201, 'WAITLISTED', 2],
    ]);
    expect(answers[0]!.headers.location).toBe(`/v1/events/${event}/registrations/${answers[0]!.body.id}`);
    expect(answers[2]!.body.waitsFor).toBe('SEATS');
    const { body: cancelled } = await give(firm.agent, event, answers[0]!.body.id, 'cancel').expect(200);
    expect(cancelled).toMatchObject({ state: 'CANCELLED', version: 2 });
    await eventually(
      async () => expect(await read(event, answers[2]!.body.id)).toMatchObject({ state: 'APPROVED', version: 2, position: null }),
      1000,
    );
    expect((await read(event, answers[3]!.body.id)).position).toBe(1);
    await eventually(async () =>
      expect(await availability(event)).toMatchObject({ capacity: 2, held: 0, confirmed: 2, waiting: 1, free: 0 }),
    );
  });

  it('are the sum of their movements, term by term', async () => {
    const event = await opened(3);
    const firm = await company(4);
    const { body: pair } = await register(firm, event, firm.persons.slice(0, 2));
    await register(firm, event, firm.persons.slice(2, 4));
    await give(firm.agent, event, pair.id, 'cancel').expect(200);
    const { movements, free, ...counted } = await eventually(async () => {
      const now = await availability(event);
      expect(now.movements.map(({ movement }: Body) => movement)).toContain('ADMIT_NEXT');
      return now;
    });
    for (const term of ['capacity', 'held', 'confirmed', 'waiting'])
      expect([term, movements.reduce((sum: number, each: Body) => sum + each[term], 0)]).toEqual([term, counted[term]]);
    expect(free).toBe(counted.capacity - counted.held - counted.confirmed);
    expect(movements.map(({ movement }: Body) => movement)).toEqual(['CAPACITY', 'ADMIT', 'WAIT', 'CANCEL', 'ADMIT_NEXT']);
  });

  it('are given to a group whole or not at all', async () => {
    const event = await opened(3);
    const firm = await company(6);
    await register(firm, event, firm.persons.slice(0, 2));
    const { body: pair } = await register(firm, event, firm.persons.slice(2, 4));
    expect(pair).toMatchObject({ state: 'WAITLISTED', position: 1 });
    const { body: one } = await register(firm, event, firm.persons.slice(4, 5));
    expect(one.state).toBe('APPROVED');
    const { status, body } = await firm.agent.post(`/v1/events/${event}/registrations`).send({ organisation: firm.id, persons: [] });
    expect([status, body.code]).toEqual([400, 'BODY.SHAPE']);
  });

  it('pass to a colleague though it is full, and never become free', async () => {
    const event = await opened(1);
    const firm = await company(3);
    const { body: seat } = await register(firm, event, [firm.persons[0]!]);
    const { body: waits } = await register(firm, event, [firm.persons[1]!]);
    const to = (to: string) => give(firm.agent, event, seat.id, 'transfer', { from: firm.persons[0], to });
    expect(failing((await to(firm.persons[1]!).expect(422)).body)).toEqual(['REGISTRATION.PERSONS.ONCE']);
    expect((await to(firm.persons[2]!).expect(200)).body).toMatchObject({ state: 'APPROVED', persons: [firm.persons[2]] });
    expect((await read(event, waits.id)).state).toBe('WAITLISTED');
  });

  it('are held for a while, and go on to the next when nobody completes in time', async () => {
    const event = await opened(1, { admission: { holdMinutes: 10 } });
    const firm = await company(2);
    await register(firm, await opened(5), firm.persons);
    const group = { organisation: firm.id, persons: [firm.persons[0]] };
    const { body: held } = await firm.agent.post(`/v1/events/${event}/registrations/hold`).send(group).expect(201);
    expect(held).toMatchObject({ state: 'HELD_SEAT', until: expect.any(String) });
    const { body: next } = await register(firm, event, [firm.persons[1]!]);
    expect(next.state).toBe('WAITLISTED');
    house.setClock(held.until);
    await eventually(async () => expect((await read(event, next.id)).state).toBe('APPROVED'));
    await eventually(async () => expect(await read(event, held.id)).toMatchObject({ state: 'CANCELLED', until: null }));
    expect((await give(firm.agent, event, held.id, 'register').expect(409)).body.code).toBe('REGISTRATION.REGISTER.STATE');
  });
});
