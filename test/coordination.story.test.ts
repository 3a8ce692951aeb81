import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/testing/eventually';
import { type Agent, type Body, RunningHouse } from './running-house.js';
import { failed } from './verdicts.js';

let house: RunningHouse;
let exxtra: Body;
let coordinator: Agent;
let first: Body;
let second: Body;
let third: Body;
beforeAll(async () => {
  house = await RunningHouse.open();
  await house.importFile('exxtra');
  exxtra = (await house.public.get('/v1/partnerships/exxtra').expect(200)).body;
  coordinator = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', exxtra.id)).set('prefer', 'wait=30');
  const { items } = await partners();
  first = items.find(({ role }: Body) => role === 'COORDINATOR');
  [second, third] = items.filter(({ role }: Body) => role === 'PARTNER');
});
afterAll(() => house?.close());

const partners = async (): Promise<Body> => (await house.public.get('/v1/memberships?partnership=exxtra').expect(200)).body;
const coordinators = async () => (await partners()).items.filter(({ role }: Body) => role === 'COORDINATOR').map(({ id }: Body) => id);
const standing = async () => (await house.public.get('/v1/partnerships/exxtra').expect(200)).body.coordinator.cluster;
const managerOf = ({ cluster }: Body): Promise<Agent> => house.holding('CLUSTER_MANAGER', 'CLUSTER', cluster);
const agree = async (membership: Body, more = {}) =>
  (await managerOf(membership)).post(`/v1/memberships/${membership.id}/consent`).send({ to: 'hand-over-coordination', ...more });
const handOver = (from: Body, to: Body, more = {}, who = coordinator) =>
  who.post(`/v1/memberships/${from.id}/hand-over-coordination`).send({ to: to.id, ...more });

describe('The coordination of a partnership', () => {
  it('is not handed over without the word of the other, and not by others', async () => {
    expect(failed(await handOver(first, second).expect(422))).toEqual(['MEMBERSHIP.COORDINATION.AGREED']);
    expect(failed(await handOver(first, first).expect(422))).toEqual([
      'MEMBERSHIP.COORDINATION.SUCCESSOR',
      'MEMBERSHIP.COORDINATION.AGREED',
    ]);
    expect(failed(await handOver(second, third).expect(409))).toContain('MEMBERSHIP.COORDINATION.HELD');
    const stranger = await managerOf(second);
    expect((await handOver(first, second, {}, stranger).expect(403)).body.code).toBe('MEMBERSHIP.HAND_OVER_COORDINATION.ACTOR');
    const another = await managerOf(third);
    expect((await another.post(`/v1/memberships/${second.id}/consent`).send({ to: 'hand-over-coordination' }).expect(403)).body.code).toBe(
      'MEMBERSHIP.CONSENT.ACTOR',
    );
    expect((await (await agree(first)).body).code).toBe('MEMBERSHIP.CONSENT.STATE');
    expect(await coordinators()).toEqual([first.id]);
  });

  it('goes to the partner that has agreed, once; two at once leave one coordinator', async () => {
    const { body: agreed } = await agree(second, { version: second.version });
    expect(agreed).toMatchObject({ agreed: [{ to: 'hand-over-coordination', with: first.cluster }] });
    expect((await agree(second, { version: second.version })).body.code).toBe('MEMBERSHIP.CONSENT.VERSION');
    expect((await agree(third)).status).toBe(200);
    const { body: tried } = await coordinator
      .post(`/v1/memberships/${first.id}/hand-over-coordination?dryRun=true`)
      .send({ to: second.id })
      .expect(200);
    expect(tried).toMatchObject({ dryRun: true });
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    expect(failed(await handOver(first, second, { on: tomorrow }).expect(422))).toEqual(['MEMBERSHIP.COORDINATION.DAY']);
    const answers = await Promise.all([handOver(first, second), handOver(first, third)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const [won, lost] = answers[0]!.status === 200 ? [second, third] : [third, second];
    await eventually(async () => expect(await standing()).toBe(won.cluster));
    await eventually(async () => expect(await coordinators()).toEqual([won.id]));
    const { coordinators: all } = (await house.public.get('/v1/partnerships/exxtra').expect(200)).body;
    const today = new Date().toISOString().slice(0, 10);
    expect(all).toEqual([
      { cluster: first.cluster, from: null, to: today },
      { cluster: won.cluster, from: today, to: null },
    ]);
    // Its word was given to another.
    expect(failed(await handOver(won, lost).expect(422))).toEqual(['MEMBERSHIP.COORDINATION.AGREED']);
    const end = (membership: Body) => house.admin.post(`/v1/memberships/${membership.id}/end`).send({ reason: 'over' });
    expect(failed(await end(won).expect(409))).toEqual(['MEMBERSHIP.COORDINATION.HANDED_OVER']);
    await end(first).expect(200);
    await eventually(() => {
      const told = (id: string) =>
        house
          .facts()
          .filter(({ subject }) => subject.endsWith(id))
          .map(({ type }) => type);
      expect(told(exxtra.id)).toContain('partnership.coordination-passed.v1');
      expect(told(won.id)).toContain('membership.coordination-taken-over.v1');
      expect(told(first.id)).toContain('membership.coordination-handed-over.v1');
    });
  });

  it('begins with the partner that the platform names, where there is none yet', async () => {
    const { body: partnership } = await house.admin
      .post('/v1/partnerships')
      .send({ acronym: 'NEWCO', name: 'New', programme: 'ESCP-4X' })
      .expect(201);
    const { body: invited } = await house.admin
      .post('/v1/memberships/invite')
      .send({ partnership: partnership.id, cluster: second.cluster })
      .expect(201);
    const { body: active } = await (await managerOf(second)).post(`/v1/memberships/${invited.id}/accept`).send({}).expect(200);
    const own = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', partnership.id)).set('prefer', 'wait=30');
    expect(failed(await handOver(active, active, {}, own).expect(409))).toEqual(['MEMBERSHIP.COORDINATION.HELD']);
    expect((await handOver(active, active, {}, house.admin).expect(200)).body.role).toBe('COORDINATOR');
    await eventually(async () => {
      const { body } = await house.admin.get(`/v1/partnerships/${partnership.id}`).expect(200);
      expect(body.coordinator?.cluster).toBe(second.cluster);
    });
  });
});
