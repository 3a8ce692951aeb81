import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/testing/eventually';
import { type Body, RunningHouse } from './running-house.js';

type Agent = ReturnType<RunningHouse['as']>;

let house: RunningHouse;
let dia: Body;
let coordinator: Agent;
let writer: Agent;
/** Those who run DIA's six clusters, by cluster. */
const managers = new Map<string, Agent>();
beforeAll(async () => {
  house = await RunningHouse.open();
  ({ dia } = await house.withDia());
  coordinator = await holding('PARTNERSHIP_COORDINATOR', 'PARTNERSHIP', dia.id);
  writer = await holding('PARTNERSHIP_MANAGER', 'PARTNERSHIP', dia.id);
  const { body } = await house.public.get('/v1/memberships?partnership=dia').expect(200);
  for (const { cluster } of body.items) managers.set(cluster, await holding('CLUSTER_MANAGER', 'CLUSTER', cluster));
});
afterAll(() => house?.close());

const holding = async (role: string, kind: string, id: string): Promise<Agent> =>
  house.as(await house.keyFor(role, undefined, { bindings: [{ kind, id }] })).set('prefer', 'wait=30');
const failed = ({ body }: Body): string[] =>
  body.verdicts.filter(({ outcome }: Body) => outcome === 'FAILED').map(({ rule }: Body) => rule);
const verdictOf = ({ body }: Body, code: string): Body => body.verdicts.find(({ rule }: Body) => rule === code);
const moved = async (who: Agent, path: string, said: object = {}): Promise<Body> => (await who.post(path).send(said).expect(200)).body;
const start = (query = '') => coordinator.post(`/v1/partnerships/dia/start-implementation${query}`).send({ basis: 'VOLUNTARY' });

const AGREEMENT = 'PARTNERSHIP.AGREEMENT.IN_FORCE';
const STRATEGY = 'PARTNERSHIP.START_IMPLEMENTATION.STRATEGY';
const ROADMAP = 'PARTNERSHIP.START_IMPLEMENTATION.ROADMAP';
const keepsHere = {
  ...{ code: 'PARTNERSHIP_KEEPS_DOCUMENTS_HERE', level: 'PARTNERSHIP', partnership: 'dia', value: true },
  ...{ validFrom: '2026-01-01', source: 'Steering committee of DIA', confidence: 'STATED' },
};

/** Approved once three of the six partners have agreed to its text. */
async function approved(kind: string): Promise<Body> {
  const said = { kind, partnership: 'dia', title: { en: kind }, text: { en: 'Where to.' } };
  const { body } = await writer.post('/v1/documents').send(said).expect(201);
  const at = `/v1/documents/${body.id}`;
  const { hash } = await moved(writer, `${at}/submit`);
  for (const manager of [...managers.values()].slice(0, 3)) await moved(manager, `${at}/consent`, { to: 'approve', hash });
  return moved(coordinator, `${at}/approve`);
}

/** Of all six clusters: agreed and frozen, and signed by each on the hash. */
async function signedBySix(): Promise<void> {
  const parties = [...managers.keys()].map((cluster) => ({ cluster }));
  const said = { kind: 'PARTNERSHIP_AGREEMENT', partnership: 'dia', text: { en: 'We go to third markets together.' }, parties };
  const { body } = await coordinator.post('/v1/agreements').send(said).expect(201);
  const at = `/v1/agreements/${body.id}`;
  await moved(coordinator, `${at}/draft`);
  const { hash } = await moved(coordinator, `${at}/negotiate`);
  for (const manager of managers.values()) await moved(manager, `${at}/consent`, { to: 'freeze', hash });
  await moved(coordinator, `${at}/freeze`);
  for (const [cluster, manager] of managers) await moved(manager, `${at}/sign`, { party: cluster, hash });
  await eventually(async () => expect((await coordinator.get(at).expect(200)).body.state).toBe('IN_FORCE'), 20_000);
}

describe('A partnership that keeps its papers here', () => {
  it('says so by a policy of its own; without one no phase waits for them', async () => {
    const free = await start('?dryRun=true').expect(200);
    for (const code of [AGREEMENT, STRATEGY, ROADMAP]) expect(verdictOf(free, code)).toMatchObject({ outcome: 'NOT_APPLICABLE' });
    const { body: draft } = await coordinator.post('/v1/policies').send(keepsHere).expect(201);
    expect(failed(await start('?dryRun=true').expect(200))).toEqual([]);
    await moved(coordinator, `/v1/policies/${draft.id}/enact`);
    const refused = await start().expect(422);
    expect(failed(refused)).toEqual([AGREEMENT, STRATEGY, ROADMAP]);
    const told = { policy: keepsHere.code, policyVersion: { id: draft.id, no: 1 }, owner: { level: 'PARTNERSHIP', code: 'DIA' } };
    expect(verdictOf(refused, AGREEMENT).inputs).toMatchObject({ ...told, agreement: false, asked: true });
    expect((await coordinator.get('/v1/partnerships/dia').expect(200)).body.state).toBe('PREPARATION');
  });

  it('goes on once its agreement is signed by all six, and strategy and roadmap are approved', async () => {
    await approved('JOINT_INTERNATIONALISATION_STRATEGY');
    expect(failed(await start().expect(422))).toEqual([AGREEMENT, ROADMAP]);
    await signedBySix();
    expect(failed(await start().expect(422))).toEqual([ROADMAP]);
    await approved('IMPLEMENTATION_ROADMAP');
    const { body } = await start().expect(200);
    expect(body).toMatchObject({ state: 'IMPLEMENTATION', basis: 'VOLUNTARY' });
  });

  it('does not excuse itself from what its programme asks', async () => {
    const own = { ...keepsHere, code: 'PARTNERSHIP_MIN_PARTNERS', value: 1 };
    const refused = await coordinator.post('/v1/policies').send(own).expect(422);
    expect([failed(refused), refused.body.errors[0].pointer]).toEqual([['POLICY.OWNER.ASKED'], '/level']);
  });
});
