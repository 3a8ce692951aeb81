import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { type Body, RunningHouse } from './running-house.js';

type Agent = ReturnType<RunningHouse['as']>;

let house: RunningHouse;
let coordinator: Agent;
let partnership: Body;
beforeAll(async () => {
  house = await RunningHouse.open();
  const said = { acronym: 'RAIL', name: 'Rail of Europe', programme: 'ESCP-4X' };
  partnership = (await house.admin.post('/v1/partnerships').send(said).expect(201)).body;
  coordinator = await holding('PARTNERSHIP_COORDINATOR', 'PARTNERSHIP', partnership.id);
});
afterAll(() => house?.close());

const holding = async (role: string, kind: string, id: string): Promise<Agent> =>
  house.as(await house.keyFor(role, undefined, { bindings: [{ kind, id }] })).set('prefer', 'wait=30');
const registered = async (): Promise<{ id: string; manager: Agent }> => {
  const said = { name: `Cluster ${newId().slice(-12)}`, country: 'SE' };
  const { id } = (await house.admin.post('/v1/clusters').send(said).expect(201)).body;
  return { id, manager: await holding('CLUSTER_MANAGER', 'CLUSTER', id) };
};
const at = (id: string) => `/v1/agreements/${id}`;
const read = async (id: string, who: Agent = house.admin): Promise<Body> => (await who.get(at(id)).expect(200)).body;
const moved = async (who: Agent, path: string, said: object = {}): Promise<Body> => (await who.post(path).send(said).expect(200)).body;
const sign = (who: Agent, { id, hash }: Body, party: string) => who.post(`${at(id)}/sign`).send({ party, hash });
const becomes = (id: string, what: object) => eventually(async () => expect(await read(id)).toMatchObject(what), 20_000);

interface Side {
  id: string;
  manager: Agent;
}

async function negotiated(sides: readonly Side[]): Promise<Body> {
  const parties = sides.map(({ id }) => ({ cluster: id }));
  const said = { kind: 'COOPERATION_AGREEMENT', partnership: partnership.id, text: { en: 'We share our tracks.' }, parties };
  const { body } = await house.admin.post('/v1/agreements').send(said).expect(201);
  await moved(coordinator, `${at(body.id)}/draft`);
  return moved(coordinator, `${at(body.id)}/negotiate`);
}
async function frozen(sides: readonly Side[], now?: Body): Promise<Body> {
  const { id, hash } = now ?? (await negotiated(sides));
  for (const { id: party, manager } of sides) await moved(manager, `${at(id)}/consent`, { to: 'freeze', hash, party });
  return moved(coordinator, `${at(id)}/freeze`);
}

describe('A cluster that has become part of another', () => {
  it('goes on in what is in work, stays named in what is frozen, and its keys open what the other’s do', async () => {
    const [old, other, into] = [await registered(), await registered(), await registered()];
    const sides = [old, other];
    const half = await frozen(sides);
    await sign(old.manager, half, old.id).expect(200);
    const unsigned = await frozen(sides);
    const open = await negotiated(sides);
    await moved(old.manager, `${at(open.id)}/consent`, { to: 'freeze', hash: open.hash });
    const paper = { kind: 'GUIDELINES', cluster: old.id, title: { en: 'Guidelines' }, text: { en: 'How to.' } };
    const { body: document } = await old.manager.post('/v1/documents').send(paper).expect(201);
    await into.manager.get(at(half.id)).expect(404);

    await house.admin.post(`/v1/clusters/${old.id}/merge`).send({ into: into.id }).expect(200);
    await becomes(open.id, { clusters: expect.arrayContaining([into.id, other.id]) });

    // What was signed is as it was signed, and says where its party leads.
    await becomes(half.id, { clusters: expect.arrayContaining([old.id, into.id, other.id]) });
    const signed = await read(half.id, into.manager);
    expect(signed).toMatchObject({ hash: half.hash, signedBy: [old.id], missing: [other.id] });
    expect(signed.parties).toEqual([
      expect.objectContaining({ id: old.id, mergedInto: into.id }),
      expect.objectContaining({ id: other.id }),
    ]);
    expect((await sign(into.manager, half, into.id).expect(422)).body.code).toBe('AGREEMENT.SIGN.ONCE_PER_PARTY');
    await sign(other.manager, half, other.id).expect(200);
    await becomes(half.id, { state: 'IN_FORCE', hash: half.hash, signedBy: [old.id, other.id] });

    // What is frozen and not signed yet is signed by those who run the other now.
    await becomes(unsigned.id, { clusters: expect.arrayContaining([into.id]) });
    await sign(other.manager, unsigned, into.id).expect(403);
    await sign(into.manager, unsigned, into.id).expect(200);
    await sign(other.manager, unsigned, other.id).expect(200);
    await becomes(unsigned.id, { state: 'IN_FORCE', hash: unsigned.hash, signedBy: [old.id, other.id] });

    // What is in work names the other: its text is agreed to anew, also by who came by the old key.
    const now = await read(open.id);
    expect(now.parties).toEqual([expect.objectContaining({ id: into.id }), expect.objectContaining({ id: other.id })]);
    expect(now.hash).not.toBe(open.hash);
    expect(
      (
        await coordinator
          .post(`${at(open.id)}/freeze`)
          .send({})
          .expect(422)
      ).body.code,
    ).toBe('AGREEMENT.CONSENT.QUORUM');
    const last = await frozen([{ ...old, id: into.id }, other], now);
    await sign(old.manager, last, into.id).expect(200);
    await sign(other.manager, last, other.id).expect(200);
    await becomes(open.id, { state: 'IN_FORCE', signedBy: [into.id, other.id] });

    const { body: me } = await old.manager.get('/v1/me').expect(200);
    expect(me.roles.map(({ binding }: Body) => binding.id)).toEqual([old.id, into.id]);
    expect((await into.manager.get(`/v1/documents/${document.id}`).expect(200)).body).toMatchObject({
      cluster: into.id,
      hash: document.hash,
    });
    await old.manager
      .patch(`/v1/documents/${document.id}`)
      .set('if-match', '*')
      .send({ title: { en: 'Ours' } })
      .expect(200);
    await other.manager.get(`/v1/documents/${document.id}`).expect(404);

    // Amended, it names the other, once.
    const amended = await moved(coordinator, `${at(half.id)}/amend`);
    expect(amended.versions[1].parties.map(({ id }: Body) => id)).toEqual([into.id, other.id]);
    expect(amended.versions[0].parties.map(({ id }: Body) => id)).toEqual([old.id, other.id]);
    await eventually(async () => expect((await house.admin.get('/v1/integrity').expect(200)).body).toMatchObject({ agrees: true }), 30_000);
  });
});

describe('An organisation that has become part of another', () => {
  it('is a party by the other, and its representatives speak for it', async () => {
    const organisation = async (): Promise<Side> => {
      const said = { name: `Company ${newId()}`, type: 'SME', country: 'SE' };
      const { id } = (await house.admin.post('/v1/organisations').send(said).expect(201)).body;
      return { id, manager: await holding('ORGANISATION_REPRESENTATIVE', 'ORGANISATION', id) };
    };
    const [old, into, cluster] = [await organisation(), await organisation(), await registered()];
    const parties = [{ organisation: old.id }, { cluster: cluster.id }];
    const said = { kind: 'COOPERATION_AGREEMENT', partnership: partnership.id, text: { en: 'We share.' }, parties };
    const { body } = await house.admin.post('/v1/agreements').send(said).expect(201);
    await into.manager.get(at(body.id)).expect(404);
    await house.admin.post(`/v1/organisations/${old.id}/merge`).send({ into: into.id }).expect(200);
    await becomes(body.id, { organisations: [into.id], clusters: [cluster.id] });
    for (const { manager } of [old, into]) await manager.get(at(body.id)).expect(200);
  });
});
