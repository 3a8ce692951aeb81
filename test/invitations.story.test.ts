import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { MailReceiver } from '#libs/testing/mail-receiver';
import { type Body, RunningHouse } from './running-house.js';

jest.setTimeout(60_000);

const DAY_MS = 86_400_000;

type Agent = ReturnType<RunningHouse['as']>;

let house: RunningHouse;
let relay: MailReceiver;
let cluster: string;
let manager: Agent;
beforeAll(async () => {
  relay = await MailReceiver.listen();
  house = await RunningHouse.open({ own: { notifications: { SMTP_URL: relay.url } } });
  await house.withDia();
  cluster = (await house.public.get('/v1/memberships?partnership=dia&limit=1').expect(200)).body.items[0].cluster;
  manager = house
    .as(await house.keyFor('CLUSTER_MANAGER', undefined, { bindings: [{ kind: 'CLUSTER', id: cluster }] }))
    .set('prefer', 'wait=30');
}, 120_000);
afterAll(async () => {
  await house?.close();
  await relay?.close();
}, 60_000);

const address = () => `Somebody.${newId()}@company.example`;
const invite = async (email: string, more: object = {}): Promise<Body> => {
  const draft = { name: `Company ${newId()}`, type: 'SME', country: 'FI' };
  const { body: organisation } = await house.admin.post('/v1/organisations').send(draft).expect(201);
  const { body } = await manager
    .post('/v1/memberships/invite')
    .send({ cluster, organisation: organisation.id, email, ...more })
    .expect(201);
  return { ...body, name: organisation.name };
};
const linkTo = (email: string, place = 0): Promise<string> =>
  eventually(() => {
    const [, link] = /(\/v1\/links\/[\w-]+)/.exec(relay.to(email)[place]?.text ?? '') ?? [];
    expect(link).toBeDefined();
    return link!;
  }, 20_000);
const read = async (id: string) => (await manager.get(`/v1/memberships/${id}`).expect(200)).body;

describe('A company that is invited by mail', () => {
  it('reads what it is asked without a token, accepts by the link, and only once', async () => {
    const email = address();
    const { id, name, invitation } = await invite(email);
    expect(invitation).toMatchObject({ mail: expect.any(String) });
    const link = await linkTo(email);
    const { body: asked } = await house.public.get(link).expect(200);
    expect(asked).toMatchObject({
      purpose: 'MEMBERSHIP_INVITATION',
      subject: `/v1/memberships/${id}`,
      holds: true,
      state: 'INVITED',
      answers: ['accept', 'decline'],
    });
    expect(asked.names.organisation).toBe(name);
    // Opening it, however often, does nothing.
    await house.public.get(link).expect(200);
    expect((await read(id)).state).toBe('INVITED');
    const answer = (said: object) => house.public.post(link).set('prefer', 'wait=30').send(said);
    expect((await answer({ answer: 'sing' }).expect(400)).body.errors).toEqual([{ pointer: '/answer', message: expect.any(String) }]);
    expect((await house.public.post(`${link}?dryRun=true`).send({ answer: 'accept' }).expect(200)).body).toMatchObject({ dryRun: true });
    expect((await answer({ answer: 'accept' }).expect(200)).body).toMatchObject({ state: 'ACTIVE', holds: false, answers: [] });
    expect(await read(id)).toMatchObject({ state: 'ACTIVE', invitation: null });
    expect((await answer({ answer: 'decline' }).expect(409)).body.verdicts).toContainEqual(
      expect.objectContaining({ rule: 'MEMBERSHIP.LINK.HOLDS', outcome: 'FAILED' }),
    );
    expect((await house.public.get(link).expect(200)).body).toMatchObject({ holds: false, answers: [] });
  });

  it('declines with a reason', async () => {
    const email = address();
    const { id } = await invite(email, { language: 'fr' });
    const link = await linkTo(email);
    expect(relay.to(email)[0]!.text).toContain('est invité à rejoindre');
    await house.public.post(link).set('prefer', 'wait=30').send({ answer: 'decline', reason: 'not now' }).expect(200);
    expect(await read(id)).toMatchObject({ state: 'DECLINED', reason: 'not now' });
  });

  it('is written to again: the link before is void, as is one that is too old or was tampered with', async () => {
    const email = address();
    const { id } = await invite(email);
    const first = await linkTo(email);
    const stranger = house.as(await house.keyFor('CLUSTER_MANAGER', undefined, { bindings: [{ kind: 'CLUSTER', id: newId() }] }));
    await stranger.post(`/v1/memberships/${id}/send-invitation`).send({ email }).expect(404);
    await manager.post(`/v1/memberships/${id}/send-invitation`).send({ email }).expect(200);
    const second = await linkTo(email, 1);
    const accept = (link: string) => house.public.post(link).set('prefer', 'wait=30').send({ answer: 'accept' });
    expect((await accept(first).expect(409)).body.code).toBe('MEMBERSHIP.LINK.HOLDS');
    await house.public.get(`${second.slice(0, -1)}${second.endsWith('A') ? 'B' : 'A'}`).expect(404);
    await accept('/v1/links/nothing').expect(404);
    house.setClock(new Date(Date.now() + 15 * DAY_MS).toISOString());
    try {
      expect((await house.public.get(second).expect(200)).body.holds).toBe(false);
      expect((await accept(second).expect(409)).body.code).toBe('MEMBERSHIP.LINK.HOLDS');
    } finally {
      house.setClock();
    }
    expect((await accept(second).expect(200)).body.state).toBe('ACTIVE');
  });

  it('has its address in no fact, log, view or audit; who invited sees how far the mail is', async () => {
    const email = address();
    const { invitation, id } = await invite(email);
    await linkTo(email);
    const { body: mail } = await eventually(async () => {
      const found = await manager.get(`/v1/mails/${invitation.mail}`).expect(200);
      expect(found.body.state).toBe('SENT');
      return found;
    });
    expect(mail).toMatchObject({ about: `/v1/memberships/${id}`, attempts: [{ status: 250 }] });
    expect(house.logs()).not.toContain(email);
    expect(JSON.stringify([house.facts(), house.announced()])).not.toContain(email);
    expect(await house.databases.holding(['gateway', 'membership', 'events', 'exchanges', 'notifications', 'worker'], email)).toEqual([]);
    await house.public.get(`/v1/mails/${invitation.mail}`).expect(401);
  });
});
