import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { type Body, RunningHouse } from './running-house.js';

type Agent = ReturnType<RunningHouse['as']>;

const START = '2027-01-01T00:00:00.000Z';

let house: RunningHouse;
let coordinator: Agent;
let organiser: Agent;
let firm: { id: string; persons: string[]; agent: Agent };
beforeAll(async () => {
  house = await RunningHouse.open({ at: START });
  const { dia } = await house.withDia();
  coordinator = await holding('PARTNERSHIP_COORDINATOR', 'PARTNERSHIP', dia.id);
  organiser = await holding('EVENT_ORGANISER', 'PARTNERSHIP', dia.id);
  firm = await company('ES', 2);
});
afterAll(() => house?.close());

const holding = async (role: string, kind: string, id: string): Promise<Agent> =>
  house.as(await house.keyFor(role, undefined, { bindings: [{ kind, id }] })).set('prefer', 'wait=30');

async function company(country: string, count: number) {
  const { body } = await house.admin
    .post('/v1/organisations')
    .send({ name: `Company ${newId()}`, type: 'SME', country })
    .expect(201);
  const persons: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const one = { name: `Person ${n}`, email: `${newId()}@company.example`, organisation: body.id };
    persons.push((await house.admin.post('/v1/persons').send(one).expect(201)).body.id);
  }
  return { id: body.id as string, persons, agent: await holding('ORGANISATION_REPRESENTATIVE', 'ORGANISATION', body.id) };
}

const about = { validFrom: '2026-01-01', source: 'Steering committee', confidence: 'STATED' };

/** A version put in force by who may. */
async function enacted(who: Agent, draft: Body): Promise<Body> {
  const { body } = await who
    .post('/v1/policies')
    .send({ ...about, ...draft })
    .expect(201);
  return (await who.post(`/v1/policies/${body.id}/enact`).send({}).expect(200)).body;
}

async function planned(more: object = {}): Promise<string> {
  const event = {
    ...{ partnerships: ['dia'], title: { en: 'Workshop' }, type: 'REGIONAL_WORKSHOP', zone: 'Europe/Madrid', mode: 'ON_SITE' },
    ...{ country: 'ES', city: 'Bilbao', start: '2027-05-12T09:00', end: '2027-05-12T17:00', targetGroups: ['SMES'] },
    ...{ deadline: '2027-05-01T23:59', privacyNotice: { en: 'Kept for a year.' }, capacity: 20, ...more },
  };
  return (await organiser.post('/v1/events').send(event).expect(201)).body.id;
}
async function opened(more: object = {}): Promise<string> {
  const id = await planned(more);
  for (const command of ['schedule', 'open-registration']) await organiser.post(`/v1/events/${id}/${command}`).send({}).expect(200);
  return id;
}

const verdictOf = ({ verdicts }: Body, code: string): Body => verdicts.find(({ rule }: Body) => rule === code);
/** How long seats would be held, and by which rule; nothing is taken. */
const holds = async (event: string): Promise<Body> => {
  const said = { organisation: firm.id, persons: firm.persons.slice(0, 1) };
  const { body } = await firm.agent.post(`/v1/events/${event}/registrations/hold?dryRun=true`).send(said).expect(200);
  return { until: body.view.until, by: verdictOf(body, 'REGISTRATION.HOLD.FREE').inputs };
};

describe('The seats of an event', () => {
  it('are held as long as the rule in force says, which its partnership may set', async () => {
    const event = await opened();
    // The events service learns of organisations and persons a moment after they are recorded.
    await eventually(async () =>
      expect(await holds(event)).toMatchObject({ by: { holdMinutes: 30, owner: { level: 'SCHEME', code: 'ESCP' } } }),
    );
    const version = await enacted(coordinator, { code: 'EVENT_SEATS_HOLD_MINUTES', level: 'PARTNERSHIP', partnership: 'dia', value: 5 });
    await eventually(async () => {
      const { until, by } = await holds(event);
      expect(by).toMatchObject({
        holdMinutes: 5,
        policy: 'EVENT_SEATS_HOLD_MINUTES',
        policyVersion: { id: version.id, no: 1 },
        owner: { level: 'PARTNERSHIP', code: 'DIA' },
      });
      expect(Date.parse(until) - Date.parse(START)).toBeLessThan(30 * 60_000);
    });
    const own = await opened({ admission: { holdMinutes: 60 } });
    expect((await holds(own)).by).toEqual({ seats: 1, free: 20, holdMinutes: 60 });
  });

  it('are not given by a value that no event could be run by', async () => {
    const wrong = { ...about, code: 'EVENT_SEATS_HOLD_MINUTES', level: 'PARTNERSHIP', partnership: 'dia', value: null };
    expect((await coordinator.post('/v1/policies').send(wrong).expect(422)).body.code).toBe('POLICY.VALUE.SHAPE');
    expect(
      (
        await coordinator
          .post('/v1/policies')
          .send({ ...wrong, value: 0 })
          .expect(422)
      ).body.code,
    ).toBe('POLICY.VALUE.SHAPE');
  });
});

describe('The list of COSME countries', () => {
  it('decides alike where missions lead to and who may visit, by the version in force', async () => {
    const mission = await planned({ type: 'THIRD_COUNTRY_MISSION', country: 'US', city: 'Boston' });
    const scheduled = async () => (await organiser.post(`/v1/events/${mission}/schedule?dryRun=true`).send({}).expect(200)).body;
    const abroad = await company('US', 0);
    const entitled = async (): Promise<Body> => {
      const { body } = await house.admin.get(`/v1/memberships/entitlement?organisation=${abroad.id}&for=visit`).expect(200);
      return verdictOf(body, 'ENTITLEMENT.COUNTRY');
    };
    expect(verdictOf(await scheduled(), 'EVENT.SCHEDULE.COUNTRY')).toMatchObject({
      outcome: 'PASSED',
      inputs: { policyVersion: { no: 1 } },
    });
    expect(await entitled()).toMatchObject({ outcome: 'FAILED', inputs: { policy: 'COSME_COUNTRIES', policyVersion: { no: 1 } } });
    const { body } = await house.public.get('/v1/policies?code=COSME_COUNTRIES&state=IN_FORCE&level=SCHEME').expect(200);
    const [{ value }] = body.items;
    const row = { country: 'US', name: 'United States', status: 'COSME_ARTICLE_6', eligible: true, memberStateUntil: null, policy: null };
    const wider = { code: 'COSME_COUNTRIES', level: 'SCHEME', owner: 'COSME', value: { ...value, rows: [...value.rows, row] } };
    const version = await enacted(house.admin, wider);
    const by = { policy: 'COSME_COUNTRIES', policyVersion: { id: version.id, no: 2 }, owner: { level: 'SCHEME', code: 'COSME' } };
    await eventually(async () => expect(await entitled()).toMatchObject({ outcome: 'PASSED', inputs: by }));
    await eventually(async () => {
      const refused = await organiser.post(`/v1/events/${mission}/schedule`).send({}).expect(422);
      expect(refused.body.code).toBe('EVENT.SCHEDULE.COUNTRY');
      expect(verdictOf(refused.body, 'EVENT.SCHEDULE.COUNTRY')).toMatchObject({ outcome: 'FAILED', inputs: by });
    });
    expect((await organiser.get(`/v1/events/${mission}`).expect(200)).body.state).toBe('PLANNED');
  });
});
