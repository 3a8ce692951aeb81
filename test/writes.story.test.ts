import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { type Body, RunningHouse } from './running-house.js';

let house: RunningHouse;
let dia: Body;
let coordinator: ReturnType<RunningHouse['as']>;
let stranger: ReturnType<RunningHouse['as']>;
beforeAll(async () => {
  house = await RunningHouse.open();
  ({ dia } = await house.withDia());
  coordinator = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', dia.id)).set('prefer', 'wait=30');
  stranger = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', newId())).set('prefer', 'wait=30');
});
afterAll(() => house?.close());

/** What a partner's system calls an event, never said before. */
const outside = () => `visit-${newId()}`;
const at = (id: string) => `/v1/events/by-external-id/PARTNER/${encodeURIComponent(id)}`;
const events = async (): Promise<Body[]> => (await house.admin.get('/v1/events?limit=200').expect(200)).body.items;
const factsOf = (id: string) => house.facts().filter(({ subject }) => subject.endsWith(id));

describe('An event that is planned', () => {
  it('is there at once, for the public too, and in its history and the facts', async () => {
    const { status, body, headers } = await coordinator
      .post('/v1/events')
      .send({ partnerships: ['dia'], when: '2027-05', title: { en: 'Visit' } });
    expect([status, headers.location]).toEqual([201, `/v1/events/${body.id}`]);
    expect(body).toMatchObject({
      version: 1,
      state: 'PLANNED',
      partnerships: [dia.id],
      when: { precision: 'month', earliest: '2027-05-01' },
    });
    const read = await house.public.get(`/v1/events/${body.id}`).expect(200);
    expect(read.body.title).toEqual({ en: 'Visit' });
    expect((await coordinator.get(`/v1/events/${body.id}`)).headers.etag).toBe(headers.etag);
    await eventually(() => expect(factsOf(body.id).map(({ type }) => type)).toEqual(['event.planned.v1']));
    await coordinator.patch(`/v1/events/${body.id}`).set('if-match', headers.etag!).send({ city: 'Graz' }).expect(200);
  });

  it('is refused with its reason to whom it is not, and where it is not sound; nothing changes', async () => {
    const before = await events();
    const wrong: [string, typeof coordinator, object, number, string, string[]][] = [
      ['of others', stranger, { partnerships: ['dia'] }, 403, 'EVENT.PLAN.ACTOR', []],
      ['unknown partnership', coordinator, { partnerships: ['dia', 'atlantis'] }, 404, 'RESOURCE.ABSENT', ['/partnerships/1']],
      ['nobody’s', coordinator, { when: '2027' }, 400, 'BODY.SHAPE', ['/partnerships']],
      ['unknown field', coordinator, { partnerships: ['dia'], whne: '2027' }, 400, 'BODY.SHAPE', ['/whne']],
      ['no date', coordinator, { partnerships: ['dia'], when: '2027-13' }, 422, 'EVENT.WHEN.READABLE', ['/when']],
      [
        'no system',
        coordinator,
        { partnerships: ['dia'], externalIds: [{ system: 'a:b', id: '1' }] },
        400,
        'BODY.SHAPE',
        ['/externalIds/0/system'],
      ],
    ];
    for (const [what, who, draft, status, code, pointers] of wrong) {
      const { body } = await who.post('/v1/events').send(draft);
      expect([what, body.status, body.code, body.errors.map(({ pointer }: Body) => pointer)]).toEqual([what, status, code, pointers]);
    }
    const dry = await coordinator
      .post('/v1/events?dryRun=true')
      .send({ partnerships: ['dia'], when: '2027' })
      .expect(200);
    expect(dry.body).toMatchObject({ dryRun: true, changed: true, view: { state: 'PLANNED' } });
    expect(await events()).toEqual(before);
  });
});

describe('An event by its outside id', () => {
  it('is planned by the first PUT, firmed up by the next, and found by that id', async () => {
    const id = outside();
    const first = await coordinator
      .put(at(id))
      .send({ partnerships: ['dia'], when: '2027-06' })
      .expect(201);
    expect(first.headers.location).toBe(`/v1/events/${first.body.id}`);
    const same = await coordinator
      .put(at(id))
      .send({ partnerships: ['dia'], when: '2027-06' })
      .expect(200);
    expect(same.body).toEqual(first.body);
    const next = await coordinator.put(at(id)).send({ city: 'Bilbao', country: 'ES' }).expect(200);
    expect(next.body).toMatchObject({ id: first.body.id, version: 2, city: 'Bilbao', when: { edtf: '2027-06' } });
    expect((await house.public.get(at(id)).expect(200)).body).toMatchObject({ id: first.body.id, version: 2 });
    const listed = await house.public.get(`/v1/events?externalId=${encodeURIComponent(`PARTNER:${id}`)}`).expect(200);
    expect(listed.body.items.map((item: Body) => item.id)).toEqual([first.body.id]);
  });

  it('is one event, however many put it at once', async () => {
    const id = outside();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => coordinator.put(at(id)).send({ partnerships: ['dia'], city: `City ${i}` })),
    );
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    expect((await house.admin.get(at(id))).body.version).toBe(8);
  });

  it('may be one that was there before, and is no other’s then', async () => {
    const id = outside();
    const [one, other] = (await events()).filter(({ sourceKey }) => sourceKey);
    const externalIds = [{ system: 'PARTNER', id }];
    const called = (event: Body) => coordinator.patch(`/v1/events/${event.id}`).set('if-match', '*').send({ externalIds });
    await called(one!).expect(200);
    expect((await called(other!).expect(422)).body).toMatchObject({
      code: 'EVENT.EXTERNAL_IDS.UNIQUE',
      errors: [{ pointer: '/externalIds' }],
    });
    expect((await coordinator.put(at(id)).send({ city: 'Gent' }).expect(200)).body.id).toBe(one!.id);
    await coordinator.patch(`/v1/events/${one!.id}`).set('if-match', '*').send({ externalIds: [] }).expect(200);
    await called(other!).expect(200);
    expect((await house.admin.get(at(id))).body.id).toBe(other!.id);
  });

  it('is told by a dry run, too, that another has the id', async () => {
    const id = outside();
    await coordinator
      .put(at(id))
      .send({ partnerships: ['dia'] })
      .expect(201);
    const draft = { partnerships: ['dia'], externalIds: [{ system: 'PARTNER', id }] };
    const { body } = await coordinator.post('/v1/events?dryRun=true').send(draft).expect(422);
    expect(body).toMatchObject({ code: 'EVENT.EXTERNAL_IDS.UNIQUE', errors: [{ pointer: '/externalIds' }] });
    await coordinator
      .put(`${at(id)}?dryRun=true`)
      .send({ city: 'Gent' })
      .expect(200);
  });

  it('is only planned, not firmed up, by who says If-None-Match: *', async () => {
    const put = (id: string) =>
      coordinator
        .put(at(id))
        .set('if-none-match', '*')
        .send({ partnerships: ['dia'] });
    const id = outside();
    await put(id).expect(201);
    expect((await put(id).expect(412)).body).toMatchObject({ code: 'RESOURCE.OUTDATED', currentVersion: 1 });
  });

  it('is refused like any write, and nothing changes', async () => {
    const id = outside();
    await coordinator
      .put(at(id))
      .send({ partnerships: ['dia'], when: '2027-06' })
      .expect(201);
    const before = await events();
    expect((await coordinator.put(at(id)).set('if-match', '"7.x"').send({ city: 'Gent' }).expect(412)).body.currentVersion).toBe(1);
    expect((await stranger.put(at(id)).send({ city: 'Gent' }).expect(403)).body.code).toBe('EVENT.CHANGE.ACTOR');
    expect((await coordinator.put(at(outside())).send({ city: 'Gent' }).expect(422)).body.code).toBe('EVENT.PUT.PARTNERSHIPS');
    expect(
      (
        await coordinator
          .put('/v1/events/by-external-id/a:b/1')
          .send({ partnerships: ['dia'] })
          .expect(400)
      ).body.code,
    ).toBe('PATH.EXTERNAL_ID');
    expect((await house.admin.get(at(outside())).expect(404)).body.code).toBe('RESOURCE.ABSENT');
    expect(
      (
        await coordinator
          .put(at(outside()))
          .set('if-match', '*')
          .send({ partnerships: ['dia'] })
          .expect(412)
      ).body.currentVersion,
    ).toBe(0);
    expect(
      (
        await coordinator
          .put(at('\u0000'))
          .send({ partnerships: ['dia'] })
          .expect(400)
      ).body.code,
    ).toBe('PATH.EXTERNAL_ID');
    expect(
      (
        await coordinator
          .put(at(' '))
          .send({ partnerships: ['dia'] })
          .expect(400)
      ).body.code,
    ).toBe('PATH.EXTERNAL_ID');
    expect((await house.admin.get('/v1/events?externalId=PARTNER').expect(400)).body.code).toBe('QUERY.MALFORMED');
    expect(await events()).toEqual(before);
  });
});

describe('A text and a date', () => {
  it('lose what null says of them', async () => {
    const title = { en: 'Visit', fr: 'Visite' };
    const { body } = await coordinator
      .post('/v1/events')
      .send({ partnerships: ['dia'], when: '2027', title })
      .expect(201);
    const patch = coordinator
      .patch(`/v1/events/${body.id}`)
      .set('if-match', '*')
      .send({ title: { fr: null }, when: null });
    expect((await patch.expect(200)).body).toMatchObject({ title: { en: 'Visit' }, when: null });
    expect((await house.public.get(`/v1/events/${body.id}`)).body.title).toEqual({ en: 'Visit' });
  });
});

describe('A batch', () => {
  it('is answered item by item, in order; what is refused keeps none of the others back', async () => {
    const [id, other] = [outside(), outside()];
    const { body: there } = await coordinator.put(at(other)).send({ partnerships: ['dia'] });
    const items = [
      { body: { partnerships: ['dia'], city: 'Graz' } },
      { externalId: { system: 'PARTNER', id }, body: { partnerships: ['dia'], city: 'Gent' } },
      { externalId: { system: 'PARTNER', id }, body: { city: 'Brugge' } },
      { id: there.id, ifMatch: '"1"', body: { city: 'Bilbao' } },
      { id: there.id, ifMatch: '"1"', body: { city: 'Donostia' } },
      { id: there.id, body: { city: 'Donostia' } },
      { body: { partnerships: ['dia'], when: 'soon' } },
      { body: { partnerships: ['dia'], nmae: 1 } },
      { body: { partnerships: ['atlantis'] } },
      { id: there.id, externalId: { system: 'PARTNER', id }, body: {} },
    ];
    const { body } = await coordinator.post('/v1/events/batch').send({ items }).expect(207);
    expect(body.items.map(({ status, problem }: Body) => problem?.code ?? status)).toEqual([
      201,
      201,
      200,
      200,
      'RESOURCE.OUTDATED',
      'HEADER.IF_MATCH_REQUIRED',
      'EVENT.WHEN.READABLE',
      'BODY.SHAPE',
      'RESOURCE.ABSENT',
      'BODY.SHAPE',
    ]);
    expect(body.items[6].problem.errors).toMatchObject([{ pointer: '/when' }]);
    expect(body.items[7].problem.errors).toMatchObject([{ pointer: '/nmae' }]);
    expect((await house.admin.get(at(id))).body).toMatchObject({ id: body.items[1].id, city: 'Brugge', version: 2 });
    expect((await house.admin.get(at(other))).body).toMatchObject({ city: 'Bilbao', version: 2 });
    const { headers } = await coordinator.get(body.items[0].location).expect(200);
    expect(headers.etag).toBe(body.items[0].etag);
  });

  it('is carried out once under its key, and answered alike', async () => {
    const key = newId();
    const items = [...Array(20).keys()].map((i) => ({ body: { partnerships: ['dia'], city: `Once ${key} ${i}` } }));
    const send = (what: object[]) => coordinator.post('/v1/events/batch').set('idempotency-key', key).send({ items: what });
    const { body: first } = await send(items).expect(207);
    const { body: again, headers } = await send(items).expect(207);
    expect([again, headers['idempotent-replayed']]).toEqual([first, 'true']);
    expect((await send(items.slice(1)).expect(422)).body.code).toBe('IDEMPOTENCY.OTHER_BODY');
    const made = (await house.admin.get('/v1/events?q=Once&limit=200')).body.items.filter(({ city }: Body) => city.includes(key));
    expect(made.length).toBe(20);
  });

  it('finds by its outside id what an item before has made', async () => {
    const externalId = { system: 'PARTNER', id: outside() };
    const items = [
      { body: { partnerships: ['dia'], city: 'Graz', externalIds: [externalId] } },
      { externalId, body: { city: 'Gent' } },
      { externalId, body: { country: 'BE' } },
    ];
    const { body } = await coordinator.post('/v1/events/batch').send({ items }).expect(207);
    expect(body.items.map(({ status }: Body) => status)).toEqual([201, 200, 200]);
    expect((await coordinator.get(at(externalId.id)).expect(200)).body).toMatchObject({
      id: body.items[0].id,
      city: 'Gent',
      country: 'BE',
      version: 3,
    });
  });

  it('stands in the audit log write by write', async () => {
    const items = [{ body: { partnerships: ['dia'], city: 'Graz' } }, { body: { partnerships: ['dia'], type: 'PARTY' } }];
    const { body } = await coordinator.post('/v1/events/batch').send({ items }).expect(207);
    const { id: actor } = (await coordinator.get('/v1/me')).body;
    await eventually(async () => {
      const { body: log } = await house.admin.get(`/v1/audit?actor=${actor}&limit=2`).expect(200);
      expect(log.items.map(({ route, status, code }: Body) => [route, status, code])).toEqual([
        ['/v1/events/batch', 422, 'EVENT.TYPE.KNOWN'],
        ['/v1/events/batch', 201, null],
      ]);
      expect(log.items[1].subject).toBe(body.items[0].id);
    });
  });

  it('takes no If-Match for all', async () => {
    const batch = coordinator
      .post('/v1/events/batch')
      .set('if-match', '*')
      .send({ items: [{ body: { partnerships: ['dia'] } }] });
    expect((await batch.expect(400)).body.code).toBe('HEADER.IF_MATCH');
  });

  it('tells with dryRun what would become of each, and changes nothing', async () => {
    const before = await events();
    const items = [{ body: { partnerships: ['dia'] } }, { body: { partnerships: ['dia'], type: 'PARTY' } }];
    const { body } = await coordinator.post('/v1/events/batch?dryRun=true').send({ items }).expect(207);
    expect(body.items).toMatchObject([
      { status: 200, body: { dryRun: true, changed: true }, problem: null },
      { status: 422, body: null, problem: { code: 'EVENT.TYPE.KNOWN' } },
    ]);
    expect(await events()).toEqual(before);
  });

  it.each([
    ['empty', { items: [] }],
    ['too long', { items: Array(1001).fill({ body: { partnerships: ['dia'] } }) }],
    ['with a field nobody knows', { items: [{ body: {}, idd: 'x' }] }],
    ['no list', [{ body: {} }]],
  ])('that is %s is refused as a whole', async (_, body) => {
    expect((await coordinator.post('/v1/events/batch').send(body).expect(400)).body.code).toBe('BODY.SHAPE');
  });

  it('of a thousand goes through as a whole', async () => {
    const name = newId();
    const items = [...Array(1000).keys()].map((i) => ({
      externalId: { system: 'PARTNER', id: `${name}/${i}` },
      body: { partnerships: ['dia'], city: `Thousand ${i}` },
    }));
    const send = () => coordinator.post('/v1/events/batch').set('idempotency-key', name).set('prefer', 'wait=30').send({ items });
    // On a busy machine some are accepted first (202); who sends it again with its key is told what became of them.
    const ids = await eventually(async () => {
      const { body } = await send().expect(207);
      expect(body.items.map(({ status }: Body) => status)).toEqual(Array(1000).fill(201));
      return body.items.map(({ id }: Body) => id);
    }, 60_000);
    expect(new Set(ids).size).toBe(1000);
  });

  it('that meets a gateway that dies is taken up by who sends it again: each once', async () => {
    const name = newId();
    const items = [...Array(300).keys()].map((i) => ({ body: { partnerships: ['dia'], city: `Torn ${name} ${i}` } }));
    const send = () => coordinator.post('/v1/events/batch').set('idempotency-key', name).send({ items });
    const torn = send().then(
      () => 'answered',
      () => 'torn',
    );
    await eventually(() =>
      expect(house.commands('events', 'event.plan.v1').some(({ value }) => value?.includes(`Torn ${name}`))).toBe(true),
    );
    await house.kill('gateway');
    await torn;
    await house.start('gateway');
    const answer = await eventually(async () => {
      const { status, body } = await send();
      expect(status).toBe(207);
      return body;
    }, 40_000);
    expect(answer.items.map(({ status }: Body) => status)).toEqual(Array(300).fill(201));
    await eventually(() => {
      const made = house.facts('event.planned.v1').filter(({ data }) => JSON.stringify(data).includes(`Torn ${name}`));
      expect(made.map(({ subject }) => subject).toSorted()).toEqual(answer.items.map(({ id }: Body) => `/v1/events/${id}`).toSorted());
    });
  });

  it('whose service is away is answered with an operation for each, and carried out when it returns', async () => {
    const name = newId();
    await house.kill('events');
    const items = [...Array(10).keys()].map((i) => ({ body: { partnerships: ['dia'], city: `Late ${name} ${i}` } }));
    const { body } = await coordinator.post('/v1/events/batch').set('prefer', 'wait=1').send({ items }).expect(207);
    expect(body.items.map(({ status, body }: Body) => [status, body.state])).toEqual(Array(10).fill([202, 'PENDING']));
    await house.start('events');
    for (const { location } of body.items)
      await eventually(async () => expect((await coordinator.get(location)).body.state).toBe('SUCCEEDED'), 30_000);
    const { body: late } = await coordinator.get(`/v1/events?q=Late&limit=200`);
    expect(late.items.filter(({ city }: Body) => city.includes(name)).length).toBe(10);
  });
});
