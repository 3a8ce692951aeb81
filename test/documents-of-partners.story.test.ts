import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { managersOf, movesOf } from './partner-house.js';
import { type Agent, type Body, fileOf, RunningHouse } from './running-house.js';
import { failed } from './verdicts.js';

let house: RunningHouse;
let dia: Body;
let coordinator: Agent;
let writer: Agent;
let managers: Map<string, Agent>;
beforeAll(async () => {
  house = await RunningHouse.open();
  ({ dia } = await house.withDia());
  coordinator = await holding('PARTNERSHIP_COORDINATOR', 'PARTNERSHIP', dia.id);
  writer = await holding('PARTNERSHIP_MANAGER', 'PARTNERSHIP', dia.id);
  managers = await managersOf(house, 'dia');
});
afterAll(() => house?.close());

const holding: RunningHouse['holding'] = (...asked) => house.holding(...asked);
const { at, move, moved, change } = movesOf('documents');
const markets = (...countries: string[]) => ({ priorityMarkets: countries.map((country) => ({ country, text: null })) });

async function begun(more: object = {}): Promise<Body> {
  const said = { kind: 'JOINT_INTERNATIONALISATION_STRATEGY', title: { en: 'Strategy' }, text: { en: 'Where to.' }, partnership: 'dia' };
  return (
    await writer
      .post('/v1/documents')
      .send({ ...said, ...more })
      .expect(201)
  ).body;
}

/** Under review, with as many partners as are asked for. */
async function agreed(id: string): Promise<Body> {
  const { hash } = await moved(writer, id, 'submit');
  for (const manager of [...managers.values()].slice(0, 3)) await moved(manager, id, 'consent', { to: 'approve', hash });
  return (await house.admin.get(at(id)).expect(200)).body;
}

describe('The strategy of DIA', () => {
  it('goes from draft over review by its partners to approval, with no more markets than DIA has promised', async () => {
    const { id } = await begun({ parts: markets('US', 'CA', 'CN', 'JP') });
    const fifth = await change(writer, id, { parts: markets('US', 'CA', 'CN', 'JP', 'KR') }).expect(422);
    expect([failed(fifth), fifth.body.errors[0].pointer]).toEqual([['DOCUMENT.PRIORITY_MARKETS.LIMIT'], '/parts/priorityMarkets']);
    const [first] = [...managers.values()];
    const { hash } = await moved(writer, id, 'submit');
    expect((await move(first!, id, 'consent', { to: 'approve', hash: '0'.repeat(64) }).expect(422)).body.code).toBe(
      'DOCUMENT.CONSENT.SAME_HASH',
    );
    await moved(first!, id, 'consent', { to: 'approve', hash });
    expect(failed(await move(coordinator, id, 'approve').expect(422))).toEqual(['DOCUMENT.CONSENT.QUORUM']);
    // A partner has looked at it, which is another person than its writer.
    expect(failed(await move(writer, id, 'approve').expect(403))).toEqual(['DOCUMENT_VERSION.APPROVE.ACTOR', 'DOCUMENT.CONSENT.QUORUM']);
    const reviewer = await holding('PARTNERSHIP_MANAGER', 'PARTNERSHIP', dia.id);
    expect(failed(await move(writer, id, 'request-changes', { remarks: 'x' }).expect(422))).toEqual(['DOCUMENT.REVIEW.OTHER_PERSON']);
    await moved(reviewer, id, 'request-changes', { remarks: 'Say why these.' });
    expect((await move(writer, id, 'approve').expect(403)).body.code).toBe('DOCUMENT_VERSION.APPROVE.ACTOR');
    await change(writer, id, { text: { en: 'Where to, and why.' } }).expect(200);
    await agreed(id);
    const approved = await moved(coordinator, id, 'approve');
    expect(approved).toMatchObject({ state: 'APPROVED', approved: 1, open: null, approvedAt: expect.any(String) });
    await house.public.get(at(id)).expect(404);
    await moved(coordinator, id, 'release');
    const { body: open } = await house.public.get(at(id)).expect(200);
    expect(open).toMatchObject({ kind: 'JOINT_INTERNATIONALISATION_STRATEGY', partnership: dia.id, state: 'APPROVED' });
    expect(JSON.stringify(open)).not.toMatch(/Where to|Strategy"|versions|hash/);
  });

  it('is revised while the approved one stands, and replaced when the next is approved', async () => {
    const { id } = await begun();
    await agreed(id);
    await moved(coordinator, id, 'approve');
    expect((await change(writer, id, { text: { en: 'Otherwise.' } }).expect(409)).body.code).toBe('DOCUMENT.CHANGE.STATE');
    expect(await moved(writer, id, 'revise')).toMatchObject({ state: 'APPROVED', approved: 1, open: 2, stage: 'DRAFT' });
    expect((await move(writer, id, 'revise').expect(409)).body.code).toBe('DOCUMENT.REVISE.STATE');
    await change(writer, id, { text: { en: 'Otherwise.' } }).expect(200);
    await agreed(id);
    await moved(coordinator, id, 'approve');
    const { body } = await coordinator.get(at(id)).expect(200);
    expect(body.versions.map(({ state, text }: Body) => [state, text.en])).toEqual([
      ['SUPERSEDED', 'Where to.'],
      ['APPROVED', 'Otherwise.'],
    ]);
  });

  it('has files, which its partners read and nobody else', async () => {
    const { id } = await begun({ text: null });
    expect(failed(await move(writer, id, 'submit').expect(422))).toEqual(['DOCUMENT.CONTENT.THERE']);
    const content = Buffer.from('Markets, one by one.\n');
    const { body } = await writer
      .post(`${at(id)}/attach?name=markets.txt`)
      .set('content-type', 'text/plain')
      .send(content)
      .expect(200);
    const [file] = body.attachments;
    const other = await change(writer, id, { files: [newId()] }).expect(422);
    expect([failed(other), other.body.errors[0].pointer]).toEqual([['DOCUMENT.FILES.ATTACHED'], '/files/0']);
    await change(writer, id, { files: [file.id] }).expect(200);
    const [partner] = [...managers.values()];
    expect((await partner!.get(`${at(id)}/attachments/${file.id}`).expect(200)).text).toBe(content.toString());
    const stranger = await holding('CLUSTER_MANAGER', 'CLUSTER', newId());
    await stranger.get(`${at(id)}/attachments/${file.id}`).expect(404);
    const remove = () => writer.delete(`${at(id)}/attachments/${file.id}`).set('if-match', '*');
    expect(failed(await remove().expect(409))).toEqual(['ATTACHMENT.DETACH.FREE']);
    await change(writer, id, { files: [], text: { en: 'Markets.' } }).expect(200);
    await remove().expect(204);
    await partner!.get(`${at(id)}/attachments/${file.id}`).expect(404);
    await agreed(id);
    expect(
      failed(
        await writer
          .post(`${at(id)}/attach?name=b.txt`)
          .set('content-type', 'text/plain')
          .send(Buffer.from('b'))
          .expect(409),
      ),
    ).toEqual(['DOCUMENT.ATTACH.STATE']);
  });
});

describe('A document of a cluster', () => {
  it('is approved by another of its managers than who wrote it', async () => {
    const [[cluster, manager]] = [...managers] as [[string, Agent]];
    const said = { kind: 'GUIDELINES', cluster, title: { en: 'Guidelines' }, text: { en: 'How to.' } };
    const { body } = await manager.post('/v1/documents').send(said).expect(201);
    await moved(manager, body.id, 'submit');
    expect(failed(await move(manager, body.id, 'approve').expect(422))).toEqual(['DOCUMENT.REVIEW.OTHER_PERSON']);
    const second = await holding('CLUSTER_MANAGER', 'CLUSTER', cluster);
    expect(await moved(second, body.id, 'approve')).toMatchObject({ state: 'APPROVED' });
    await coordinator.get(at(body.id)).expect(404);
    const wrong = await manager
      .post('/v1/documents')
      .send({ ...said, kind: 'MOU', partnership: 'dia' })
      .expect(422);
    expect(failed(wrong)).toEqual(['DOCUMENT.OWNER.ONE', 'DOCUMENT.KIND.KNOWN']);
  });
});

describe('What DIA has promised', () => {
  it('is handed in by its month and accepted by the agency', async () => {
    const path = '/v1/partnerships/dia/deliverables';
    const title = { en: 'Joint Internationalisation Strategy' };
    expect((await coordinator.post(path).send({ title, dueMonth: 99 }).expect(422)).body.code).toBe('DELIVERABLE.DUE.WITHIN');
    const { body: promised } = await coordinator.post(path).send({ number: 'D2.1', title, dueMonth: 12 }).expect(201);
    // Nobody has said when DIA began.
    expect(promised).toMatchObject({ state: 'PLANNED', due: null, late: null });
    const began = { ...fileOf('dia'), startOfPartnership: '2018-02' };
    await house.importFile(began);
    expect((await coordinator.get(`/v1/deliverables/${promised.id}`).expect(200)).body).toMatchObject({ due: '2019-01-31', late: null });
    await house.public.get(path).expect(401);
    const submit = (said: object) => coordinator.post(`/v1/deliverables/${promised.id}/submit`).send(said);
    const { id } = await begun();
    expect(failed(await submit({ document: id }).expect(422))).toEqual(['DELIVERABLE.SUBMIT.APPROVED']);
    await agreed(id);
    await moved(coordinator, id, 'approve');
    expect((await submit({ document: id }).expect(200)).body).toMatchObject({ state: 'SUBMITTED', document: id, late: true });
    const accept = (who: Agent) => who.post(`/v1/deliverables/${promised.id}/accept`).send({});
    expect(failed(await accept(coordinator).expect(403))).toEqual(['DELIVERABLE.ACCEPT.ACTOR']);
    const officer = await holding('AGENCY_OFFICER', 'PARTNERSHIP', dia.id);
    await accept(officer).expect(200);
    const { body: listed } = await coordinator.get(`${path}?state=ACCEPTED`).expect(200);
    expect(listed.items).toMatchObject([{ id: promised.id, number: 'D2.1', state: 'ACCEPTED', due: '2019-01-31' }]);
    const [[, partner]] = [...managers] as [[string, Agent]];
    expect((await partner.get(path).expect(200)).body.items).toHaveLength(1);
    const stranger = await holding('CLUSTER_MANAGER', 'CLUSTER', newId());
    expect((await stranger.get(path).expect(200)).body.items).toEqual([]);
  });
});
