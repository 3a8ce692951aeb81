import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { MailReceiver } from '#libs/testing/mail-receiver';
import { type Body, RunningHouse, SERVICES } from './running-house.js';
import { allTold } from './tape.js';

const DAY_MS = 86_400_000;

type Agent = ReturnType<RunningHouse['as']>;

let house: RunningHouse;
let relay: MailReceiver;
let dia: Body;
let cluster: string;
let manager: Agent;
beforeAll(async () => {
  relay = await MailReceiver.listen();
  house = await RunningHouse.open({ own: { notifications: { SMTP_URL: relay.url } } });
  ({ dia } = await house.withDia());
  cluster = (await house.public.get('/v1/memberships?partnership=dia&limit=1').expect(200)).body.items[0].cluster;
  manager = house
    .as(await house.keyFor('CLUSTER_MANAGER', undefined, { bindings: [{ kind: 'CLUSTER', id: cluster }] }))
    .set('prefer', 'wait=30');
});
afterAll(async () => {
  await house?.close();
  await relay?.close();
});

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

  it('declines with a reason; it is written to in the language that is asked for, else in its own', async () => {
    const email = address();
    const { id } = await invite(email, { language: 'fr' });
    const link = await linkTo(email);
    expect(relay.to(email)[0]!.text).toContain('est invité à rejoindre');
    await house.public.post(link).set('prefer', 'wait=30').send({ answer: 'decline', reason: 'not now' }).expect(200);
    expect(await read(id)).toMatchObject({ state: 'DECLINED', reason: 'not now' });
    const { body: firm } = await house.admin.post('/v1/organisations').send({ name: `Company ${newId()}`, type: 'SME', country: 'AT' });
    const known = address();
    await house.admin.post('/v1/persons').send({ name: 'Ada', email: known, organisation: firm.id, language: 'de-AT' }).expect(201);
    await manager.post('/v1/memberships/invite').send({ cluster, organisation: firm.id, email: known }).expect(201);
    await linkTo(known);
    expect(relay.to(known)[0]!.text).toContain('ist eingeladen in');
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
    expect((await house.public.get(second).expect(200)).body.holds).toBe(true);
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
    expect(JSON.stringify(await allTold(house))).not.toContain(email);
    // What asked for the mail leaves the outbox of the membership a moment after it was handed over.
    await eventually(async () => expect(await house.databases.holding(SERVICES, email)).toEqual([]));
    await house.public.get(`/v1/mails/${invitation.mail}`).expect(401);
  });
});

describe('Who opens the link in a browser', () => {
  const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
  const open = (link: string, language = 'en') => house.public.get(link).set('accept', BROWSER).set('accept-language', language);
  const choose = (link: string, answer: string, reason = '') =>
    house.public.post(link).set('accept', BROWSER).set('prefer', 'wait=30').type('form').send({ answer, reason });

  it('is asked by a page that does nothing, answers by its button, and is told what came of it', async () => {
    const email = address();
    const { id, name } = await invite(email);
    const link = await linkTo(email);
    const { text, headers } = await open(link)
      .expect(200)
      .expect('content-type', /^text\/html/);
    expect(text).toContain(`${name} is invited into`);
    expect(text).toMatch(/<form method="post">.*value="accept".*value="decline".*<\/form>/s);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex' });
    expect((await open(link, 'es').expect(200)).text).toContain('recibe una invitación');
    expect((await read(id)).state).toBe('INVITED');
    expect((await choose(link, 'accept').expect(200)).text).toContain('it is accepted');
    expect((await read(id)).state).toBe('ACTIVE');
    expect((await choose(link, 'decline').expect(409)).text).toContain('This link holds no more');
    expect((await open(link).expect(200)).text).not.toContain('<form');
    // Programs are told the same as JSON.
    expect((await house.public.get(link).set('accept', 'application/json').expect(200)).body.holds).toBe(false);
  });

  it('declines, with a reason or without', async () => {
    const [with_, without] = [address(), address()];
    const [first, second] = [await invite(with_), await invite(without)];
    expect((await choose(await linkTo(with_), 'decline', 'Not <now>').expect(200)).text).toContain('it is declined');
    await choose(await linkTo(without), 'decline').expect(200);
    expect([await read(first.id), await read(second.id)]).toMatchObject([{ reason: 'Not <now>' }, { state: 'DECLINED', reason: null }]);
  });

  it('is told clearly when the link is none, or the answer is none of its answers', async () => {
    const email = address();
    const { id } = await invite(email);
    const link = await linkTo(email);
    expect((await open(`${link}x`).expect(404)).text).toContain('There is no such link');
    expect((await choose('/v1/links/nothing', 'accept').expect(404)).text).toContain('There is no such link');
    expect((await choose(link, 'sing').expect(400)).text).toContain('could not be taken');
    expect((await choose(link, '').expect(400)).text).toContain('could not be taken');
    await house.public.post(link).set('accept', BROWSER).type('form').send({ answer: 'accept', more: 'x' }).expect(400);
    await house.public.post('/v1/memberships/invite').type('form').send({ answer: 'accept' }).expect(401);
    expect((await read(id)).state).toBe('INVITED');
  });
});

describe('What cannot be sent or answered', () => {
  const pointers = ({ body }: { body: Body }) => body.errors.map(({ pointer }: Body) => pointer);

  it('is refused with where it is wrong, and nothing is sent or changed', async () => {
    const email = address();
    const { id } = await invite(email);
    const link = await linkTo(email);
    const sent = relay.received.length;
    const again = (said: object) => manager.post(`/v1/memberships/${id}/send-invitation`).send(said).expect(400);
    expect(pointers(await again({}))).toEqual(['/email']);
    expect(pointers(await again({ email: 'nobody' }))).toEqual(['/email']);
    expect(pointers(await again({ email: `${email}, ${email}` }))).toEqual(['/email']);
    expect(pointers(await again({ email, language: 'as I speak' }))).toEqual(['/language']);
    expect(pointers(await again({ email, more: true }))).toEqual(['/more']);
    const answer = (said: object) => house.public.post(link).send(said).expect(400);
    expect(pointers(await answer({}))).toEqual(['/answer']);
    expect(pointers(await answer({ answer: 'constructor' }))).toEqual(['/answer']);
    expect(pointers(await answer({ answer: 'decline', reason: ' ' }))).toEqual(['/reason']);
    expect(pointers(await answer({ answer: 'decline', reason: 'x'.repeat(2001) }))).toEqual(['/reason']);
    expect(pointers(await answer({ answer: 'accept', more: true }))).toEqual(['/more']);
    await house.public.get(`${link}?more=true`).expect(400);
    expect([relay.received.length, (await read(id)).state]).toEqual([sent, 'INVITED']);
  });
});

/** A cluster that everybody may see. */
async function published(): Promise<Body> {
  const draft = {
    name: `Cluster ${newId()}`,
    country: 'SE',
    fte: 2,
    website: 'https://cluster.example/',
    websiteLanguages: ['en'],
    memberTypes: ['INDUSTRY', 'RESEARCH'],
    totals: { members: { value: 100, qualifier: 'MORE_THAN', asOf: null } },
    summary: { en: 'Digital industry' },
    classifications: { sectoralIndustries: ['Automotive'] },
  };
  const { body } = await house.admin.post('/v1/clusters').send(draft).expect(201);
  const at = `/v1/clusters/${body.id}`;
  await house.admin.post(`${at}/validate`).expect(200);
  const bindings = [{ kind: 'CLUSTER', id: body.id }];
  const its = house.as(await house.keyFor('CLUSTER_MANAGER', undefined, { bindings })).set('prefer', 'wait=30');
  await its.post(`${at}/profile/submit-for-review`).expect(200);
  await house.admin.post(`${at}/profile/publish`).expect(200);
  return body;
}

describe('A cluster that a partnership invites by mail', () => {
  it('is told what stands in its way as long as it is suspended, accepts by its link, and is a partner then', async () => {
    const coordinator = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', dia.id)).set('prefer', 'wait=30');
    const invited = await published();
    const email = address();
    const said = { cluster: invited.id, partnership: 'dia', email };
    expect((await manager.post('/v1/memberships/invite').send(said).expect(403)).body.code).toBe('MEMBERSHIP.INVITE.ACTOR');
    expect(
      (
        await coordinator
          .post('/v1/memberships/invite')
          .send({ ...said, email: 'nobody' })
          .expect(400)
      ).body.errors,
    ).toMatchObject([{ pointer: '/email' }]);
    const { body: membership } = await coordinator.post('/v1/memberships/invite').send(said).expect(201);
    expect((await coordinator.post('/v1/memberships/invite').send(said).expect(422)).body.code).toBe('MEMBERSHIP.PAIR.OPEN');
    const link = await linkTo(email);
    expect(relay.to(email)).toHaveLength(1);
    expect(relay.to(email)[0]!.subject).toBe(`Invitation: ${invited.name} in ${dia.name}`);
    const accept = () => house.public.post(link).set('prefer', 'wait=30').send({ answer: 'accept' });
    await house.admin.post(`/v1/clusters/${invited.id}/suspend`).send({ reason: 'Under review.' }).expect(200);
    expect((await accept().expect(422)).body.code).toBe('MEMBERSHIP.ACCEPT.VALIDATED');
    expect((await house.public.get(link).expect(200)).body).toMatchObject({ holds: true, names: { cluster: invited.name } });
    await house.admin.post(`/v1/clusters/${invited.id}/validate`).expect(200);
    expect((await accept().expect(200)).body).toMatchObject({ state: 'ACTIVE', holds: false });
    const { body: now } = await coordinator.get(`/v1/memberships/${membership.id}`).expect(200);
    expect(now).toMatchObject({ state: 'ACTIVE', role: 'PARTNER', periods: [{ from: expect.any(String), to: null }] });
    const { body: partners } = await coordinator.get(`/v1/partnerships/dia/composition`).expect(200);
    expect(partners.items.map(({ name }: Body) => name)).toContain(invited.name);
    const isVoid = expect.objectContaining({ rule: 'MEMBERSHIP.LINK.HOLDS', outcome: 'FAILED' });
    expect((await accept().expect(409)).body.verdicts).toContainEqual(isVoid);
    // Left again, the link is as void as before.
    await coordinator.post(`/v1/memberships/${membership.id}/end`).send({ reason: 'By agreement.' }).expect(200);
    expect((await accept().expect(409)).body.verdicts).toContainEqual(isVoid);
    expect((await coordinator.post(`/v1/memberships/${membership.id}/send-invitation`).send({ email }).expect(409)).body.code).toBe(
      'MEMBERSHIP.SEND_INVITATION.STATE',
    );
  });
});

describe('A mail', () => {
  it('that was in hand when its service was killed is sent when it is back, once', async () => {
    const email = address();
    let killed: Promise<void> | null = null;
    relay.answer = async (to) => {
      if (to !== email || killed) return '250 taken';
      killed = house.kill('notifications');
      await killed;
      return '451 too late to hear this';
    };
    await invite(email);
    await eventually(() => expect(killed).not.toBeNull(), 20_000);
    await killed;
    await house.start('notifications');
    await eventually(() => expect(relay.to(email)).toHaveLength(1), 50_000);
    const link = await linkTo(email);
    await house.public.post(link).set('prefer', 'wait=30').send({ answer: 'accept' }).expect(200);
    expect(relay.to(email)).toHaveLength(1);
  });
});
