import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { commandsOf, eventsOf, FEED, HISTORY, REPLIES, stateOf } from '#libs/messaging/topics';
import { eventually } from '#libs/testing/eventually';
import { compacted, holding, keysHolding, readAll } from '#libs/testing/traces';
import { type Body, RunningHouse, SERVICES } from './running-house.js';

const MINUTE_MS = 60_000;

let house: RunningHouse;
let organisation: string;
beforeAll(async () => {
  house = await RunningHouse.open();
  const company = { name: 'Company of persons', type: 'SME', country: 'FI' };
  organisation = (await house.admin.post('/v1/organisations').send(company).expect(201)).body.id;
});
afterAll(() => house?.close());

const marker = () => `Marker${newId().replaceAll('-', '')}`;
const record = (mark: string, more: Body = {}) =>
  house.admin.post('/v1/persons').send({ name: `Ada ${mark}`, email: `${mark.toLowerCase()}@company.example`, organisation, ...more });
const keyed = async (role: string) => house.as(await house.keyFor(role, undefined, { bindings: [{ kind: 'ORGANISATION', id: newId() }] }));

/** Where a text can be read, in any engine; states as compaction leaves them, answers as long as they live. */
async function tracesOf(text: string): Promise<string[]> {
  const topics = [...SERVICES.flatMap((service) => [commandsOf(service), eventsOf(service)]), FEED, HISTORY];
  const [records, states] = await Promise.all([
    readAll(house.kafka, topics, `test.traces.${newId()}`),
    readAll(house.kafka, SERVICES.map(stateOf), `test.states.${newId()}`),
  ]);
  return [
    ...(await house.databases.holding(SERVICES, text)).map((place) => `mongodb ${place}`),
    ...holding([...records, ...compacted(states)], text).map((place) => `kafka ${place.split('@')[0]!.split('/')[0]}`),
    ...(await keysHolding(house.redisUrl, text)).map((key) => `redis ${key}`),
    ...(house.logs().includes(text) ? ['logs'] : []),
  ];
}

/** A mission whose registration is open; it asks for a passport. */
async function mission(): Promise<string> {
  const { dia } = await house.withDia();
  const said = {
    partnerships: [dia.id],
    type: 'THIRD_COUNTRY_MISSION',
    zone: 'America/Toronto',
    mode: 'ON_SITE',
    country: 'CA',
    city: 'Montréal',
    start: '2027-05-10T09:00',
    end: '2027-05-14T16:00',
    targetGroups: ['SMES'],
    deadline: '2027-05-01T23:59',
    privacyNotice: { en: 'Kept for a year.' },
    capacity: 10,
    form: { type: 'object', properties: { passport: { type: 'string' } } },
  };
  const { body } = await house.admin.post('/v1/events').send(said).expect(201);
  for (const command of ['schedule', 'open-registration']) await house.admin.post(`/v1/events/${body.id}/${command}`).expect(200);
  return body.id;
}

describe('Everything that is held of a person', () => {
  it('is exported for the person itself, with what it began and who made which version, and for nobody of its organisation', async () => {
    const self = await keyed('VISITOR');
    const { id: account } = (await self.get('/v1/me')).body;
    const mark = marker();
    const { body: person } = await record(mark, { account, consents: [{ purpose: 'DIRECTORY', text: 'privacy', version: '1' }] }).expect(
      201,
    );
    const webhook = { channel: 'WEBHOOK', url: 'http://127.0.0.1:9/', eventTypes: ['event.*'] };
    const { body: subscription } = await self.post('/v1/subscriptions').send(webhook).expect(201);
    const { body } = await self.get(`/v1/persons/${person.id}/export`).expect(200);
    expect(body.person).toEqual((await self.get(`/v1/persons/${person.id}`)).body);
    expect(body.person).toMatchObject({ name: `Ada ${mark}`, consents: [{ purpose: 'DIRECTORY', version: '1' }] });
    expect(body.records.subscriptions.map(({ id }: Body) => id)).toEqual([subscription.id]);
    expect(body.history).toHaveLength(1);
    const bindings = [{ kind: 'ORGANISATION', id: organisation }];
    const colleague = house.as(await house.keyFor('ORGANISATION_REPRESENTATIVE', undefined, { bindings }));
    await colleague.get(`/v1/persons/${person.id}/export`).expect(404);
  });
});

describe('A person that is erased', () => {
  it('is forgotten by every service, store, topic and log, with a certificate of what was erased and what is kept on which ground', async () => {
    const mark = marker();
    const lower = mark.toLowerCase();
    await house.admin
      .post('/v1/persons?dryRun=true')
      .send({ name: mark, email: `${lower}@try.example`, organisation })
      .expect(200);
    const refused = await house.admin
      .post('/v1/persons')
      .send({ name: mark, email: `${lower}@no.example`, organisation, zone: 'Mars/Base' });
    expect(refused.status).toBe(422);
    const key = newId();
    const at = `/v1/persons/by-external-id/CRM/${mark}`;
    const put = () =>
      house.admin
        .put(at)
        .set('idempotency-key', key)
        .send({ name: mark, email: `${lower}@company.example`, organisation });
    const { body: person } = await put().expect(201);
    const path = `/v1/persons/${person.id}`;
    await house.admin.patch(path).set('if-match', '"1"').send({ phone: mark }).expect(200);
    await house.admin.get(`/v1/persons?q=${mark}`).expect(200);
    const { headers } = await house.admin
      .patch(path)
      .set('if-match', '*')
      .set('prefer', 'respond-async')
      .send({ language: 'fi' })
      .expect(202);
    await eventually(async () => expect((await house.admin.get(headers.location!)).body.state).toBe('SUCCEEDED'));
    // Otherwise nothing would be shown by finding nothing.
    await eventually(async () =>
      expect(new Set(await tracesOf(mark))).toEqual(
        new Set([
          'mongodb gateway.operations',
          'mongodb gateway.view_persons',
          'mongodb membership.persons',
          'mongodb notifications.personCopies',
          'kafka membership.commands',
          'kafka membership.state',
        ]),
      ),
    );
    expect(await kept(person.id)).toBe(1);

    const { body: certificate, headers: said } = await house.admin.post(`${path}/erase`).expect(200);
    expect(said.location).toBe(`/v1/erasures/${certificate.id}`);
    expect(certificate).toMatchObject({ person: person.id, state: 'ERASED', waitingFor: [], owner: 'bootstrap' });
    const outcomes = new Map(certificate.parts.map(({ service, place, outcome }: Body) => [`${service} ${place}`, outcome]));
    expect(Object.fromEntries(outcomes)).toMatchObject({
      'membership PERSON': 'ERASED',
      'membership COMMANDS': 'ERASED',
      'membership STATES': 'EXPIRES',
      'membership REPLIES': 'EXPIRES',
      'membership HISTORY': 'KEPT',
      'gateway READ_MODEL': 'ERASED',
      'gateway IDEMPOTENCY': 'ERASED',
      'gateway OPERATIONS': 'ERASED',
      'worker KEPT_MESSAGES': 'NOTHING',
    });
    expect(new Set(certificate.parts.map(({ service }: Body) => service))).toEqual(new Set(SERVICES));
    for (const { outcome, until, ground } of certificate.parts) {
      expect(until !== null).toBe(outcome === 'EXPIRES');
      expect(ground !== null).toBe(outcome === 'KEPT');
    }

    await house.admin.get(path).expect(404);
    await house.admin.get(at).expect(404);
    expect(await kept(person.id)).toBe(0);
    for (const text of [mark, lower]) expect(await tracesOf(text)).toEqual([]);
    const answers = await readAll(house.kafka, [REPLIES], `test.replies.${newId()}`);
    const untilAnswers = certificate.parts.find(({ place }: Body) => place === 'REPLIES').until;
    expect(Date.parse(untilAnswers) - Date.parse(certificate.erasedAt)).toBeLessThanOrEqual(20 * MINUTE_MS);
    for (const { timestamp } of answers) expect(timestamp).toBeLessThan(Date.parse(untilAnswers) - 10 * MINUTE_MS);
    await eventually(() =>
      expect(house.facts('person.erased.v1').filter(({ subject }) => subject.endsWith(person.id))).toMatchObject([
        { data: { id: person.id } },
      ]),
    );
  });

  it('leaves no seat, check-in or calendar behind where it took part in a mission', async () => {
    const mark = marker();
    const self = await keyed('VISITOR');
    const { id: account } = (await self.get('/v1/me')).body;
    const { body: person } = await record(mark, { account }).expect(201);
    const event = await mission();
    const group = { organisation, persons: [person.id], answers: { passport: mark } };
    const path = `/v1/events/${event}`;
    const { body: seat } = await eventually(() => house.admin.post(`${path}/registrations`).send(group).expect(201));
    const { body: token } = await self
      .post('/v1/calendar-tokens')
      .send({ name: `Phone of ${mark}` })
      .expect(201);
    const calendar = () => house.public.get(`/v1/me/calendar.ics?token=${token.token}`);
    await calendar().expect(200);
    house.setClock('2027-05-10T14:00:00Z');
    await eventually(async () => expect((await house.admin.get(path)).body.state).toBe('RUNNING'), 20_000);
    await house.admin.post(`${path}/check-ins`).send({ person: person.id }).expect(201);
    await eventually(async () =>
      expect(await tracesOf(mark)).toEqual(
        expect.arrayContaining([
          'mongodb events.registrations',
          'mongodb gateway.calendar-tokens',
          'mongodb gateway.view_registrations',
          'mongodb gateway.view_calendar-tokens',
          'kafka events.commands',
          'kafka gateway.commands',
        ]),
      ),
    );
    const { records } = (await self.get(`/v1/persons/${person.id}/export`).expect(200)).body;
    expect(records['check-ins']).toMatchObject([{ event, person: person.id, via: 'LIST' }]);
    expect(records.registrations).toMatchObject([{ id: seat.id, answers: { passport: mark } }]);
    expect(records['calendar-tokens']).toMatchObject([{ id: token.id }]);
    const { body: certificate } = await house.admin.post(`/v1/persons/${person.id}/erase`).expect(200);
    const outcomes = certificate.parts.map(({ service, place, outcome, count }: Body) => [`${service} ${place}`, outcome, count]);
    for (const place of ['events REGISTRATIONS', 'events CHECK_INS', 'gateway CALENDAR_TOKENS'])
      expect(outcomes).toContainEqual([place, 'ERASED', 1]);
    expect(await tracesOf(mark)).toEqual([]);
    await calendar().expect(401);
    await eventually(async () => expect((await house.admin.get(`${path}/check-ins`).expect(200)).body.items).toEqual([]));
    const [checkIns, accounts] = [await house.databases.holding(SERVICES, person.id), await house.databases.holding(SERVICES, account)];
    expect(checkIns.filter((place) => place.includes('check-ins'))).toEqual([]);
    expect(accounts.filter((place) => /calendar-tokens|registrations/.test(place))).toEqual([]);
    await eventually(async () =>
      expect((await house.admin.get(`${path}/registrations/${seat.id}`).expect(200)).body).toMatchObject({
        state: 'ATTENDED',
        answers: null,
        accounts: [],
      }),
    );
    await eventually(() => expect(house.announced('check-in.forgotten.v1')).toMatchObject([{ data: { event } }]));
    house.setClock();
  });

  it('is gone from the topic of states when that has been moved on and compacted, which the certificate tells', async () => {
    const { body: person } = await record(marker()).expect(201);
    const { body: certificate } = await house.admin.post(`/v1/persons/${person.id}/erase`).expect(200);
    const tombstones = async () => {
      const all = await readAll(house.kafka, [stateOf('membership')], `test.states.${newId()}`);
      return all.filter(({ key, value }) => key === person.id && value === null).length;
    };
    const state = async () => (await house.admin.get(`/v1/erasures/${certificate.id}`)).body.state;
    expect(await tombstones()).toBe(1);
    const until = certificate.parts.find(({ place }: Body) => place === 'STATES').until;
    house.setClock(new Date(Date.parse(certificate.erasedAt) + 62 * MINUTE_MS).toISOString());
    await eventually(async () => expect(await state()).toBe('SETTLING'), 20_000);
    await eventually(async () => expect(await tombstones()).toBe(2));
    house.setClock(new Date(Date.parse(until) + 2 * MINUTE_MS).toISOString());
    await eventually(async () => expect(await state()).toBe('SETTLED'), 20_000);
    house.setClock();
  });

  it('is forgotten beside others that are erased at the same moment', async () => {
    const marks = [marker(), marker(), marker(), marker()];
    const persons = await Promise.all(marks.map(async (mark) => (await record(mark).expect(201)).body));
    const erase = ({ id }: Body) => house.admin.post(`/v1/persons/${id}/erase`).set('prefer', 'wait=30').expect(200);
    const answers = await Promise.all(persons.map(erase));
    expect(answers.map(({ body }) => body.state)).toEqual(marks.map(() => 'ERASED'));
    for (const mark of marks) expect(await tracesOf(mark)).toEqual([]);
  });

  it('is erased by itself, who recorded it, or the platform, also while a service is away', async () => {
    const self = await keyed('HOST');
    const { id: account } = (await self.get('/v1/me')).body;
    const { body: person } = await record(marker(), { account }).expect(201);
    const bindings = [{ kind: 'ORGANISATION', id: organisation }];
    const colleague = house.as(await house.keyFor('ORGANISATION_REPRESENTATIVE', undefined, { bindings })).set('prefer', 'wait=30');
    expect((await colleague.post(`/v1/persons/${person.id}/erase`).expect(403)).body.code).toBe('ERASURE.START.ACTOR');
    await (await keyed('HOST')).post(`/v1/persons/${person.id}/erase`).expect(404);
    const { body: tried } = await self.post(`/v1/persons/${person.id}/erase?dryRun=true`).expect(200);
    expect(tried).toMatchObject({ dryRun: true });
    await self.get(`/v1/persons/${person.id}`).expect(200);
    await house.kill('exchanges');
    const key = newId();
    const erase = () => self.post(`/v1/persons/${person.id}/erase`).set('idempotency-key', key).set('prefer', 'wait=2');
    const { body: operation } = await erase().expect(202);
    await house.admin.get(`/v1/persons/${person.id}`).expect(404);
    expect((await erase().expect(202)).body.id).toBe(operation.id);
    await house.start('exchanges');
    const done = await eventually(async () => {
      const { body } = await self.get(`/v1/operations/${operation.id}`);
      expect(body.state).toBe('SUCCEEDED');
      return body;
    }, 30_000);
    const { body: certificate } = await self.get(`/v1/erasures/${done.result.id}`).expect(200);
    expect(certificate).toMatchObject({ state: 'ERASED', person: person.id, owner: account });
  });
});

const kept = (id: string) => house.databases.collection('gateway', 'idempotency').countDocuments({ subjects: id });
