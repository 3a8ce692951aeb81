import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/testing/eventually';
import { type Body, RunningHouse } from './running-house.js';

const SEATS = 40;
const PERSONS = 200;
const CONNECTIONS = 50;
const PATIENCE_MS = 60_000;

let house: RunningHouse;
beforeAll(async () => {
  house = await RunningHouse.open();
  await house.importFile('dia');
});
afterAll(() => house?.close());

const batch = async (resource: string, items: object[]): Promise<string[]> => {
  const { body } = await house.admin.post(`/v1/${resource}/batch`).send({ items }).expect(207);
  expect(body.items.filter(({ status }: Body) => status !== 201)).toEqual([]);
  return body.items.map((item: Body) => item.body.id);
};

async function opened(): Promise<string> {
  const when = { zone: 'Europe/Madrid', start: '2037-05-12T09:00', end: '2037-05-12T17:00', deadline: '2037-05-01T23:59' };
  const what = { type: 'REGIONAL_WORKSHOP', mode: 'ONLINE', capacity: SEATS, targetGroups: ['SMES'], privacyNotice: { en: 'Kept.' } };
  const { body } = await house.admin
    .post('/v1/events')
    .send({ partnerships: ['dia'], ...when, ...what })
    .expect(201);
  for (const command of ['schedule', 'open-registration']) await house.admin.post(`/v1/events/${body.id}/${command}`).expect(200);
  return body.id;
}

const all = async (event: string): Promise<Body[]> => {
  const found: Body[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await house.admin.get(`/v1/events/${event}/registrations?limit=200${cursor}`).expect(200);
    found.push(...body.items);
    if (body.next === null) return found;
    cursor = `&cursor=${body.next}`;
  }
};

describe('Seats that many want', () => {
  it('are sold exactly once though the events service is killed amid it, and who was answered has what was answered', async () => {
    const [organisation = ''] = await batch('organisations', [{ body: { name: 'Everybody', type: 'SME', country: 'ES' } }]);
    const bodies = Array.from({ length: PERSONS }, (_, i) => ({ body: { name: `P ${i}`, email: `p${i}@firm.example`, organisation } }));
    const persons = await batch('persons', bodies);
    const event = await opened();
    const path = `/v1/events/${event}/registrations`;
    await eventually(async () => {
      for (const person of persons.slice(-10))
        await house.admin
          .post(`${path}?dryRun=true`)
          .send({ organisation, persons: [person] })
          .expect(200);
    }, PATIENCE_MS);

    const answered: Body[] = [];
    const pending: string[] = [];
    const queue = [...persons.entries()];
    let killed: Promise<void> | null = null;
    const desk = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const [i, person] = next;
        const { status, body, headers } = await house
          .as(house.bootstrapKey)
          .post(path)
          .set({ prefer: 'wait=2', 'idempotency-key': `seat-${i}` })
          .send({ organisation, persons: [person] });
        expect([201, 202]).toContain(status);
        if (status === 201) answered.push(body);
        else pending.push(headers.location!);
        if (answered.length >= PERSONS / 4) killed ??= house.kill('events').then(() => house.start('events'));
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, desk));
    expect(killed).not.toBeNull();
    await killed;

    // What was taken on is carried out, once.
    for (const location of pending)
      await eventually(async () => expect((await house.admin.get(location)).body.state).toBe('SUCCEEDED'), PATIENCE_MS);
    const found = await eventually(async () => {
      const now = await all(event);
      expect(now).toHaveLength(PERSONS);
      return now;
    }, PATIENCE_MS);
    const byId = new Map(found.map((each) => [each.id, each]));
    for (const { id, state, order } of answered) expect(byId.get(id)).toMatchObject({ state, order });
    const admitted = found.filter(({ state }) => state === 'APPROVED');
    const waiting = found.filter(({ state }) => state === 'WAITLISTED').sort((a, b) => a.order - b.order);
    expect([admitted.length, waiting.length]).toEqual([SEATS, PERSONS - SEATS]);
    expect(new Set(found.flatMap((each) => each.persons)).size).toBe(PERSONS);
    expect(Math.max(...admitted.map(({ order }) => order))).toBeLessThan(waiting[0]!.order);
    expect(waiting.map(({ position }) => position)).toEqual(waiting.map((_, place) => place + 1));
    await eventually(async () => {
      const { body } = await house.public.get(`/v1/events/${event}/availability`);
      expect(body).toMatchObject({ capacity: SEATS, confirmed: SEATS, waiting: PERSONS - SEATS, held: 0, free: 0 });
    }, PATIENCE_MS);
    const told = house.facts().filter(({ type }) => type === 'registration.registered.v1');
    expect(new Set(told.map(({ subject }) => subject)).size).toBe(PERSONS);
  });
});
