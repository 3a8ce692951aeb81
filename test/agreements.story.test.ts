import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { managersOf, movesOf } from './partner-house.js';
import { type Agent, type Body, RunningHouse } from './running-house.js';
import { failed } from './verdicts.js';

let house: RunningHouse;
let dia: Body;
let coordinator: Agent;
/** Those who run DIA's six clusters, by cluster. */
let managers: Map<string, Agent>;
beforeAll(async () => {
  house = await RunningHouse.open();
  ({ dia } = await house.withDia());
  await house.importFile('pimap');
  coordinator = await holding('PARTNERSHIP_COORDINATOR', 'PARTNERSHIP', dia.id);
  managers = await managersOf(house, 'dia');
});
afterAll(() => house?.close());

const holding: RunningHouse['holding'] = (...asked) => house.holding(...asked);
const { at, move, moved, change } = movesOf('agreements');
const read = async (id: string, who: Agent = house.admin): Promise<Body> => (await who.get(at(id)).expect(200)).body;
const becomes = (id: string, what: object) => eventually(async () => expect(await read(id)).toMatchObject(what), 20_000);
const attach = (who: Agent, id: string, content: Buffer, name = 'memorandum.pdf', type = 'application/pdf') =>
  who
    .post(`${at(id)}/attach?name=${encodeURIComponent(name)}`)
    .set('content-type', type)
    .send(content);
const pdf = (text: string) => Buffer.from(`%PDF-1.7\n%âãÏÓ\n${text}\n%%EOF\n`);
const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');
const sign = (who: Agent, id: string, party: string, hash: string) => move(who, id, 'sign', { party, hash });

/** An agreement of DIA's six clusters whose text lies with them, agreed by all and frozen. */
async function frozen(more: object = {}): Promise<Body> {
  const said = { kind: 'PARTNERSHIP_AGREEMENT', title: { en: 'Partnership agreement' }, text: { en: 'We go to third markets together.' } };
  const parties = [...managers.keys()].map((cluster) => ({ cluster }));
  const { body } = await coordinator
    .post('/v1/agreements')
    .send({ partnership: 'dia', ...said, parties, ...more })
    .expect(201);
  await moved(coordinator, body.id, 'draft');
  return agreedAndFrozen(body.id);
}
async function agreedAndFrozen(id: string): Promise<Body> {
  const { hash } = await moved(coordinator, id, 'negotiate');
  for (const manager of managers.values()) await moved(manager, id, 'consent', { to: 'freeze', hash });
  return moved(coordinator, id, 'freeze');
}
async function signedByAll({ id, hash }: Body): Promise<void> {
  for (const [cluster, manager] of managers) await sign(manager, id, cluster, hash).expect(200);
}

describe('The memorandum of PIMAP with the photonics cluster of Québec', () => {
  it('goes from prospect to in force, signed there on paper and here on the hash', async () => {
    const { body: pimap } = await house.public.get('/v1/partnerships/pimap');
    const own = await holding('PARTNERSHIP_COORDINATOR', 'PARTNERSHIP', pimap.id);
    const { body: listed } = await own.get('/v1/agreements?partnership=pimap&kind=MOU&state=PROSPECT').expect(200);
    const [prospect] = listed.items;
    expect(prospect.parties).toMatchObject([
      { kind: 'PARTNERSHIP', id: pimap.id },
      { kind: 'OUTSIDE', name: 'Quebec Photonics', country: 'CA' },
    ]);
    const { id } = prospect;
    const quebec = prospect.parties[1].id;
    await house.public.get(at(id)).expect(404);
    await moved(own, id, 'draft');
    expect(failed(await move(own, id, 'negotiate').expect(422))).toEqual(['AGREEMENT.TEXT.THERE']);
    const text = pdf('The parties share contacts, good practice and joint visits.');
    const { body: withFile } = await attach(own, id, text).expect(200);
    const [file] = withFile.attachments;
    expect(file).toMatchObject({ name: 'memorandum.pdf', type: 'application/pdf', bytes: text.length, sha256: sha256(text) });
    const contact = { name: 'Marie Tremblay', email: 'marie@quebec.example' };
    const parties = [{ partnership: 'pimap' }, { outside: { name: 'Quebec Photonics', country: 'CA', contact } }];
    const { body: said } = await change(own, id, { title: { en: 'MoU' }, file: file.id, parties, validTo: '2029-12-31' }).expect(200);
    expect(said.versions[0]).toMatchObject({ fileSha256: sha256(text), hash: said.hash });
    await moved(own, id, 'negotiate');
    expect(failed(await move(own, id, 'freeze').expect(422))).toEqual(['AGREEMENT.CONSENT.QUORUM']);
    const consent = { to: 'freeze', hash: said.hash, party: quebec };
    expect(failed(await move(own, id, 'consent', consent).expect(422))).toEqual(['AGREEMENT.CONSENT.ABOUT']);
    await moved(own, id, 'consent', { ...consent, note: 'Letter of 3 March.' });
    const { hash } = await moved(own, id, 'freeze');
    expect(hash).toBe(said.hash);
    await sign(own, id, pimap.id, hash).expect(200);
    const { body: scan } = await attach(own, id, pdf('signed'), 'signed.pdf').expect(200);
    const paper = { party: quebec, hash, name: 'Jean Gagnon', function: 'President', signedOn: '2026-01-15' };
    expect(failed(await move(own, id, 'record-paper-signature', { ...paper, evidence: newId() }).expect(422))).toEqual([
      'AGREEMENT.PAPER.EVIDENCE',
    ]);
    await moved(own, id, 'record-paper-signature', { ...paper, evidence: scan.attachments[1].id });
    await becomes(id, { state: 'IN_FORCE', missing: [] });
    // The public: what it is, between whom and since when. No text, no person.
    const { body: open } = await house.public.get(at(id)).expect(200);
    expect(open).toMatchObject({ kind: 'MOU', state: 'IN_FORCE', validTo: '2029-12-31', inForceSince: expect.any(String) });
    expect(Object.keys(open)).not.toEqual(expect.arrayContaining(['versions']));
    for (const secret of ['Tremblay', 'Gagnon', 'memorandum.pdf', hash]) expect(JSON.stringify(open)).not.toContain(secret);
    expect(
      JSON.stringify(house.tape.map(({ value }) => value?.toString() ?? '').filter((told) => told.includes('"specversion"'))),
    ).not.toMatch(/Tremblay|Gagnon/);
    const reminders = async () => (await own.get(`/v1/reminders?subject=${encodeURIComponent(at(id))}`).expect(200)).body.items;
    await eventually(async () => expect(await reminders()).toMatchObject([{ rule: 'AGREEMENT_ENDING', state: 'PLANNED' }]), 20_000);
    await moved(own, id, 'terminate', { reason: 'The cluster has merged.' });
    await eventually(async () => expect(await reminders()).toMatchObject([{ state: 'DROPPED', reason: 'AGREEMENT_TERMINATED' }]), 20_000);
  });
});

describe('The agreement of DIA’s six clusters', () => {
  it('is signed by each on the hash it has read, and then in force', async () => {
    const now = await frozen();
    const [first, second] = [...managers];
    const half = await sign(first![1], now.id, first![0], now.hash).expect(200);
    expect(half.body).toMatchObject({ state: 'PARTLY_SIGNED', signedBy: [first![0]] });
    const before = await read(now.id);
    // Each wrong signature is told all that is wrong with it, and changes nothing.
    expect(failed(await sign(second![1], now.id, second![0], '0'.repeat(64)).expect(422))).toEqual(['AGREEMENT.SIGN.SAME_HASH']);
    expect(failed(await sign(first![1], now.id, first![0], now.hash).expect(422))).toEqual(['AGREEMENT.SIGN.ONCE_PER_PARTY']);
    expect(failed(await sign(second![1], now.id, first![0], '0'.repeat(64)).expect(403))).toEqual([
      'AGREEMENT.SIGN.AUTHORISED',
      'AGREEMENT.SIGN.ONCE_PER_PARTY',
      'AGREEMENT.SIGN.SAME_HASH',
    ]);
    expect(failed(await sign(coordinator, now.id, second![0], now.hash).expect(403))).toEqual([
      'AGREEMENT.SIGN.ACTOR',
      'AGREEMENT.SIGN.AUTHORISED',
    ]);
    expect(failed(await sign(house.admin, now.id, second![0], now.hash).expect(403))).toEqual(['AGREEMENT.SIGN.AUTHORISED']);
    const stranger = await holding('CLUSTER_MANAGER', 'CLUSTER', newId());
    await sign(stranger, now.id, second![0], now.hash).expect(404);
    expect((await change(coordinator, now.id, { text: { en: 'Something else.' } }).expect(409)).body.code).toBe('AGREEMENT.CHANGE.STATE');
    expect(await read(now.id)).toEqual(before);
    for (const [cluster, manager] of [...managers].slice(1)) await sign(manager, now.id, cluster, now.hash).expect(200);
    await becomes(now.id, { state: 'IN_FORCE', inForce: 1, open: null, stage: 'IN_FORCE' });
    expect(failed(await sign(second![1], now.id, second![0], now.hash).expect(409))).toContain('AGREEMENT.SIGN.STATE');
  });

  it('that is declined by one is back with all, and says whose signatures went', async () => {
    const now = await frozen();
    const [first, second] = [...managers];
    await sign(first![1], now.id, first![0], now.hash).expect(200);
    const body = await moved(second![1], now.id, 'decline', { party: second![0], reason: 'Our board has not met.' });
    expect(body).toMatchObject({ state: 'IN_NEGOTIATION', signedBy: [], voided: [first![0]] });
    await eventually(() =>
      expect(house.facts().filter(({ subject, type }) => subject === at(now.id) && type === 'agreement.declined.v1')).toMatchObject([
        { data: { voided: [first![0]] } },
      ]),
    );
    expect((await move(first![1], now.id, 'freeze').expect(403)).body.code).toBe('AGREEMENT.FREEZE.ACTOR');
  });

  it('is amended without a gap: the text of before holds until the last has signed the new one', async () => {
    const now = await frozen();
    await signedByAll(now);
    await becomes(now.id, { state: 'IN_FORCE' });
    await moved(coordinator, now.id, 'amend');
    expect((await move(coordinator, now.id, 'amend', { version: 1 }).expect(409)).body.code).toBe('AGREEMENT.AMEND.ONE');
    const { body: rewritten } = await change(coordinator, now.id, {
      text: { en: 'We go to third markets together.\nCosts are shared.' },
    }).expect(200);
    expect(rewritten).toMatchObject({ state: 'IN_FORCE', inForce: 1, open: 2, stage: 'DRAFTING' });
    expect(rewritten.versions[1].changes).toEqual([{ pointer: '/text/en/1', after: 'Costs are shared.' }]);
    const next = await agreedAndFrozen(now.id);
    const [[cluster, manager]] = [...managers] as [[string, Agent]];
    expect(failed(await sign(manager, now.id, cluster, now.hash).expect(422))).toEqual(['AGREEMENT.SIGN.SAME_HASH']);
    for (const [each, by] of [...managers].slice(1)) await sign(by, now.id, each, next.hash).expect(200);
    expect(await read(now.id)).toMatchObject({ state: 'IN_FORCE', inForce: 1, missing: [cluster] });
    await sign(manager, now.id, cluster, next.hash).expect(200);
    await becomes(now.id, { state: 'IN_FORCE', inForce: 2, open: null });
    expect((await read(now.id)).versions.map(({ state }: Body) => state)).toEqual(['SUPERSEDED', 'IN_FORCE']);
  });

  it('expires by itself when its last day is over', async () => {
    const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
    const now = await frozen({ validTo: day(30) });
    await signedByAll(now);
    await becomes(now.id, { state: 'IN_FORCE' });
    house.setClock(`${day(32)}T00:00:00Z`);
    await becomes(now.id, { state: 'EXPIRED', endedOn: day(31) });
    house.setClock();
  });
});

describe('A party that names who signs for it', () => {
  it('is signed for by that person alone; erased, the person is known by an id', async () => {
    const now = await frozen();
    const [[cluster, manager]] = [...managers] as [[string, Agent]];
    const { body: company } = await house.admin
      .post('/v1/organisations')
      .send({ name: `Office ${newId()}`, type: 'SME', country: 'SE' })
      .expect(201);
    const president = await holding('CLUSTER_MANAGER', 'CLUSTER', cluster);
    const account = (await president.get('/v1/me').expect(200)).body.id;
    const said = { name: 'Astrid Lindqvist', email: 'astrid@office.example', organisation: company.id, account };
    const { body: person } = await house.admin.post('/v1/persons').send(said).expect(201);
    const signatories = [{ person: person.id, name: 'Astrid Lindqvist', function: 'President' }];
    const name = (who: Agent) => who.post(`${at(now.id)}/name-signatories`).send({ party: cluster, signatories });
    expect(failed(await name(house.admin).expect(403))).toEqual(['AGREEMENT.SIGNATORIES.ACTOR']);
    // Who names a person must see it: its own organisation does.
    const both = await house.keyFor('CLUSTER_MANAGER', undefined, {
      bindings: [
        { kind: 'CLUSTER', id: cluster },
        { kind: 'ORGANISATION', id: company.id },
      ],
    });
    await name(house.as(both).set('prefer', 'wait=30')).expect(200);
    expect(failed(await sign(manager, now.id, cluster, now.hash).expect(403))).toEqual(['AGREEMENT.SIGN.AUTHORISED']);
    await sign(president, now.id, cluster, now.hash).expect(200);
    const { body: certificate } = await house.admin.post(`/v1/persons/${person.id}/erase`).expect(200);
    expect(certificate.parts).toEqual(
      expect.arrayContaining([expect.objectContaining({ place: 'SIGNATORIES', outcome: 'ERASED', count: 1 })]),
    );
    // The certificate tells of the agreement where it is kept; its copy for readers follows.
    await eventually(async () =>
      expect((await read(now.id)).signatories).toEqual([{ party: cluster, person: person.id, name: null, function: null }]),
    );
  });
});

describe('What is wrong with an agreement', () => {
  it('is told all at once, where it stands, and nothing is made', async () => {
    const count = async () => (await coordinator.get('/v1/agreements?partnership=dia&limit=200')).body.items.length;
    const before = await count();
    const parties = [{ partnership: 'dia' }, { partnership: 'dia' }, {}, { outside: { name: 'X', country: 'QQ' } }];
    const wrong = { partnership: 'dia', kind: 'BUSINESS_PLAN', parties, file: newId(), validFrom: '2027-01-01', validTo: '2026-01-01' };
    const answer = await coordinator.post('/v1/agreements').send(wrong).expect(422);
    expect(failed(answer)).toEqual([
      'AGREEMENT.KIND.KNOWN',
      'AGREEMENT.PARTIES.NAMED',
      'AGREEMENT.PARTIES.COUNTRY',
      'AGREEMENT.VALIDITY.ORDER',
      'AGREEMENT.FILE.ATTACHED',
    ]);
    expect(answer.body.errors.map(({ pointer }: Body) => pointer)).toEqual([
      ...['/kind', '/parties/1', '/parties/2', '/parties/3/outside/country', '/validTo', '/file'],
    ]);
    expect(await count()).toBe(before);
  });
});

describe('A file', () => {
  it('is taken by its content, and read by who may read the agreement, as it was sent', async () => {
    const now = await frozen();
    const content = Buffer.concat([pdf('x'), Buffer.alloc(700_000, 7)]);
    const { body } = await attach(coordinator, now.id, content, 'Protokoll über alles.pdf', 'image/png').expect(200);
    const file = body.attachments.at(-1);
    expect(file).toMatchObject({ type: 'application/pdf', bytes: content.length, sha256: sha256(content) });
    const [manager] = [...managers.values()];
    const got = await manager!
      .get(`${at(now.id)}/attachments/${file.id}`)
      .buffer(true)
      .expect(200);
    expect([sha256(got.body), got.headers['content-type']]).toEqual([sha256(content), 'application/pdf']);
    await manager!
      .get(`${at(now.id)}/attachments/${file.id}`)
      .set('if-none-match', got.headers.etag!)
      .expect(304);
    const stranger = await holding('CLUSTER_MANAGER', 'CLUSTER', newId());
    await stranger.get(`${at(now.id)}/attachments/${file.id}`).expect(404);
    await house.public.get(`${at(now.id)}/attachments/${file.id}`).expect(401);
    await manager!.get(`${at(now.id)}/attachments/${newId()}`).expect(404);
    const again = await attach(coordinator, now.id, content, 'Protokoll über alles.pdf').expect(200);
    expect(again.body.version).toBe(body.version);
  });

  it('attached by mistake is taken away again, unless the text or a signature stands on it', async () => {
    const remove = (who: Agent, id: string, file: string, query = '') =>
      who.delete(`${at(id)}/attachments/${file}${query}`).set('if-match', '*');
    const said = { kind: 'MOU', partnership: 'dia', parties: [{ partnership: 'dia' }, { outside: { name: 'Kobe', country: 'JP' } }] };
    const { id } = (await coordinator.post('/v1/agreements').send(said).expect(201)).body;
    const [text, wrong] = ['text', 'wrong'].map((content) => pdf(content)) as [Buffer, Buffer];
    await attach(coordinator, id, text, 'text.pdf').expect(200);
    const { body } = await attach(coordinator, id, wrong, 'wrong.pdf').expect(200);
    const [first, second] = body.attachments.map((each: Body) => each.id);
    await change(coordinator, id, { file: first }).expect(200);
    expect(failed(await remove(coordinator, id, first).expect(409))).toEqual(['ATTACHMENT.DETACH.FREE']);
    expect((await coordinator.delete(`${at(id)}/attachments/${second}`).expect(428)).body.code).toBe('HEADER.IF_MATCH_REQUIRED');
    expect((await remove(coordinator, id, newId()).expect(404)).body.code).toBe('ATTACHMENT.DETACH.THERE');
    const [manager] = [...managers.values()];
    await remove(manager!, id, second).expect(404);
    const party = await holding('PARTNERSHIP_MANAGER', 'PARTNERSHIP', dia.id);
    expect((await remove(party, id, second, '?dryRun=true').expect(200)).body).toMatchObject({ dryRun: true, changed: true });
    await coordinator.get(`${at(id)}/attachments/${second}`).expect(200);
    await remove(coordinator, id, second).set('idempotency-key', 'once').expect(204);
    await remove(coordinator, id, second).set('idempotency-key', 'once').expect(204);
    await coordinator.get(`${at(id)}/attachments/${second}`).expect(404);
    expect((await read(id)).attachments.map((each: Body) => each.id)).toEqual([first]);
    // What all have frozen stays as it is, with what lies beside it.
    const now = await frozen();
    const [aside] = (await attach(coordinator, now.id, wrong, 'aside.pdf').expect(200)).body.attachments;
    expect(failed(await remove(coordinator, now.id, aside.id).expect(409))).toEqual(['AGREEMENT.DETACH.STATE']);
    expect(failed(await remove(manager!, now.id, aside.id).expect(403))).toEqual(['AGREEMENT.DETACH.ACTOR', 'AGREEMENT.DETACH.STATE']);
  });

  it('of the wrong kind, too large, empty or from whom it is not, is told so and leaves nothing behind', async () => {
    const now = await frozen();
    const before = await read(now.id);
    const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]);
    expect(failed(await attach(coordinator, now.id, program, 'memorandum.pdf').expect(422))).toEqual(['ATTACHMENT.TYPE.ALLOWED']);
    expect(failed(await attach(coordinator, now.id, Buffer.from([1, 2, 3]), 'a.pdf').expect(422))).toEqual(['ATTACHMENT.TYPE.ALLOWED']);
    expect((await attach(coordinator, now.id, Buffer.alloc(21 * 1024 * 1024), 'a.pdf').expect(413)).body.code).toBe('BODY.TOO_LARGE');
    expect((await attach(coordinator, now.id, Buffer.alloc(0), 'a.pdf').expect(400)).body.code).toBe('BODY.SHAPE');
    expect((await attach(coordinator, now.id, pdf('x'), '../a.pdf').expect(400)).body.code).toBe('QUERY.MALFORMED');
    expect(
      (
        await coordinator
          .post(`${at(now.id)}/attach?name=a.json`)
          .send({ a: 1 })
          .expect(400)
      ).body.code,
    ).toBe('BODY.MEDIA_TYPE');
    const stranger = await holding('CLUSTER_MANAGER', 'CLUSTER', newId());
    await attach(stranger, now.id, pdf('x')).expect(404);
    const dry = await coordinator
      .post(`${at(now.id)}/attach?name=a.pdf&dryRun=true`)
      .set('content-type', 'application/pdf')
      .send(pdf('dry'))
      .expect(200);
    expect(dry.body).toMatchObject({ dryRun: true, changed: true });
    expect(await read(now.id)).toEqual(before);
  });
});
