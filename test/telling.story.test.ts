import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PDFParse } from 'pdf-parse';
import { Webhook } from 'standardwebhooks';
import { eventually } from '#libs/testing/eventually';
import { WebhookReceiver } from '#libs/testing/webhook-receiver';
import { type Body, fileOf, RunningHouse } from './running-house.js';

let house: RunningHouse;
let partner: WebhookReceiver;
let own: WebhookReceiver;
let other: WebhookReceiver;
beforeAll(async () => {
  [partner, own, other] = await Promise.all([WebhookReceiver.listen(), WebhookReceiver.listen(), WebhookReceiver.listen()]);
  house = await RunningHouse.open({ at: '2018-08-01T09:00:00Z' });
});
afterAll(async () => {
  await house?.close();
  await Promise.all([partner, own, other].map((receiver) => receiver?.close()));
});

const wanted = (type: string) => partner.received.filter(({ fact }) => fact.type === type);

async function subscribeCoordinator(slug: string, { url }: WebhookReceiver): Promise<void> {
  const { body: partnership } = await house.public.get(`/v1/partnerships/${slug}`);
  const coordinator = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', partnership.id));
  const eventTypes = ['partnership.imported.v1', 'reminder.due.v1'];
  expect((await coordinator.post('/v1/subscriptions').send({ channel: 'WEBHOOK', url, eventTypes })).status).toBe(201);
}

describe('A partner system that subscribes before a partnership is imported', () => {
  let secret: string;
  let subscription: Body;

  beforeAll(async () => {
    const answer = await house.admin.post('/v1/subscriptions').send({
      channel: 'WEBHOOK',
      url: partner.url,
      eventTypes: ['partnership.imported.v1', 'reminder.due.v1'],
      filter: { partnership: ['dia'] },
    });
    expect(answer.status).toBe(201);
    ({ secret, ...subscription } = answer.body);
    await house.importFile('pimap');
    await house.importFile('dia');
    await subscribeCoordinator('dia', own);
    await subscribeCoordinator('pimap', other);
    await eventually(() => expect(partner.received.length).toBeGreaterThan(0));
  });

  it('is told its secret this once', async () => {
    expect(secret).toMatch(/^whsec_/);
    const { body } = await house.admin.get(`/v1/subscriptions/${subscription.id}`);
    expect(body).toMatchObject({ state: 'ACTIVE', url: partner.url });
    expect(JSON.stringify(body)).not.toContain(secret);
  });

  it('receives what it asked for, once, signed by Standard Webhooks', async () => {
    const [delivery, ...more] = wanted('partnership.imported.v1');
    expect(more).toEqual([]);
    const { body, headers } = delivery!;
    const told = new Webhook(secret).verify(body, headers as Record<string, string>) as Body;
    expect(told).toMatchObject({ specversion: '1.0', type: 'partnership.imported.v1', datacontenttype: 'application/json' });
    expect((await house.public.get(told.dataschema)).body).toMatchObject({ type: 'partnership.imported.v1', schema: { type: 'object' } });
    expect(told.data).toMatchObject({ code: 'DIA', slug: 'dia', profile: 'PUBLISHED', counts: { created: 21 } });
    expect(() => new Webhook(secret).verify(body.replace('"dia"', '"dio"'), headers as Record<string, string>)).toThrow();
  });

  it('is told nothing that the public does not see', () => {
    const [{ fact }] = wanted('partnership.imported.v1') as [Body];
    expect(fact.data).not.toHaveProperty('remarks');
    expect(fact.data).not.toHaveProperty('operationalManager');
  });

  it('finds the subject at the address and in the version it was told', async () => {
    const [{ fact }] = wanted('partnership.imported.v1') as [Body];
    const { status, body } = await house.public.get(fact.subject);
    expect(status).toBe(200);
    expect(body.version).toBeGreaterThanOrEqual(Number(fact.sequence.slice(0, 10)));
  });

  it('sees each delivery with its attempt', async () => {
    await eventually(async () => {
      const { body } = await house.admin.get(`/v1/subscriptions/${subscription.id}/deliveries`);
      expect(body.items).toEqual([expect.objectContaining({ state: 'DELIVERED', type: 'partnership.imported.v1' })]);
      expect(body.items[0].attempts).toEqual([expect.objectContaining({ status: 204 })]);
    });
  });

  it('is told nothing when the same file comes again', async () => {
    const before = partner.accepted.length;
    await house.importFile('dia');
    // What was told later has come by the same way, in order: nothing was on its way before it.
    await house.importFile({ ...fileOf('dia'), durationMonths: 29 });
    await house.importFile('dia');
    const lengths = () => partner.accepted.slice(before).map(({ data }) => (data as Body).durationMonths);
    await eventually(() => expect(lengths()).toHaveLength(2), 20_000);
    expect(lengths()).toEqual([29, 24]);
    // The receiver knows of a delivery before its list does.
    const listed = async () => (await house.admin.get(`/v1/subscriptions/${subscription.id}/deliveries`)).body.items;
    await eventually(async () => expect(await listed()).toHaveLength(before + 2));
  });

  it('is tried again when it fails, and the order of a subject stands', async () => {
    let refusals = 0;
    partner.answer = () => ({ status: refusals++ < 1 ? 503 : 204 });
    const before = partner.accepted.length;
    await house.importFile({ ...fileOf('dia'), durationMonths: 30 });
    await house.importFile({ ...fileOf('dia'), durationMonths: 31 });
    await eventually(() => expect(partner.received.length).toBeGreaterThan(before));
    house.setClock('2018-08-01T10:00:00Z');
    await eventually(
      () => expect(partner.accepted.slice(before).map(({ data }) => (data as Body).durationMonths)).toEqual([30, 31]),
      20_000,
    );
    await house.importFile('dia');
    await eventually(() => expect(partner.accepted.length).toBe(before + 3), 20_000);
  });

  it('is nobody else’s business', async () => {
    const { body: dia } = await house.public.get('/v1/partnerships/dia');
    const other = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', dia.id));
    expect((await other.get(`/v1/subscriptions/${subscription.id}`)).status).toBe(404);
    expect((await other.get(`/v1/subscriptions/${subscription.id}/deliveries`)).status).toBe(404);
    expect((await other.post(`/v1/subscriptions/${subscription.id}/pause`)).status).toBe(404);
  });

  it('is reminded of the first planned event when its time comes, and not before', async () => {
    const { body: events } = await house.public.get('/v1/events?partnership=dia&sort=when&limit=1');
    const subject = `/v1/events/${events.items[0].id}`;
    const reminder = async () => (await house.admin.get(`/v1/reminders?subject=${encodeURIComponent(subject)}`)).body.items;
    await eventually(async () =>
      expect(await reminder()).toEqual([
        expect.objectContaining({ state: 'PLANNED', dueAt: '2018-08-18T08:00:00.000Z', rule: 'EVENT_AHEAD' }),
      ]),
    );
    expect(wanted('reminder.due.v1')).toEqual([]);
    expect(house.facts('reminder.due.v1')).toEqual([]);
    house.setClock('2018-08-18T08:00:05Z');
    await eventually(async () => expect(await reminder()).toEqual([expect.objectContaining({ state: 'SENT', cycle: 1 })]), 20_000);
    await eventually(() => expect(wanted('reminder.due.v1')).toHaveLength(1), 20_000);
    expect(wanted('reminder.due.v1')[0]!.fact.data).toMatchObject({
      subject,
      when: { edtf: '2018-09' },
      audience: expect.arrayContaining(['EVENT_ORGANISER']),
    });
    expect(house.facts('reminder.due.v1')).toHaveLength(1);
  });

  it('is not the only one to be reminded: so is the coordinator of the partnership, and no other', async () => {
    const told = (receiver: WebhookReceiver, type: string) => receiver.accepted.filter((fact) => fact.type === type);
    const { body: dia } = await house.public.get('/v1/partnerships/dia');
    await eventually(() => expect(told(own, 'reminder.due.v1')).toMatchObject([{ data: { partnerships: [dia.id] } }]), 20_000);
    // What was told later has come by the same way: the reminder was withheld, it is not on its way.
    await house.importFile({ ...fileOf('pimap'), durationMonths: 31 });
    const lengths = () => told(other, 'partnership.imported.v1').map(({ data }) => (data as Body).slug + (data as Body).durationMonths);
    await eventually(() => expect(lengths()).toContain('pimap31'), 20_000);
    expect(told(other, 'reminder.due.v1')).toEqual([]);
    await house.importFile('pimap');
  });

  it('is told nothing more once it has ended its subscription', async () => {
    expect((await house.admin.post(`/v1/subscriptions/${subscription.id}/end`)).body).toMatchObject({ state: 'ENDED' });
    const deliveries = async () => (await house.admin.get(`/v1/subscriptions/${subscription.id}/deliveries`)).body.items.length;
    const before = [partner.received.length, await deliveries()];
    const lengths = () => own.accepted.map(({ data }) => (data as Body).durationMonths);
    for (const durationMonths of [26, 27]) await house.importFile({ ...fileOf('dia'), durationMonths });
    // A fact is matched with all subscriptions at once: whoever is still told has been told of both.
    await eventually(() => expect(lengths().slice(-2)).toEqual([26, 27]), 20_000);
    expect([partner.received.length, await deliveries()]).toEqual(before);
    await house.importFile('dia');
  });
});

async function report(format: string, by = house.admin, partnership = 'dia') {
  const { status, body, headers } = await by.post('/v1/reports').send({ kind: 'COMPOSITION', format, parameters: { partnership } });
  expect(status).toBe(202);
  expect(headers.location).toBe(`/v1/reports/${body.id}`);
  await eventually(async () => expect((await by.get(headers.location!)).body).toMatchObject({ state: 'SUCCEEDED', progress: 100 }), 20_000);
  const content = await by.get(`${headers.location}/content`).buffer(true).responseType('blob');
  expect(content.status).toBe(200);
  const again = await by.get(`${headers.location}/content`);
  expect(again.headers).toMatchObject({ etag: content.headers.etag, 'content-disposition': content.headers['content-disposition'] });
  await by.get(`${headers.location}/content`).set('if-none-match', content.headers.etag!).expect(304);
  return { type: content.headers['content-type'], name: content.headers['content-disposition'], bytes: content.body as Buffer };
}

describe('The composition as a report', () => {
  it('comes as CSV with a row for each of the six clusters', async () => {
    const { type, name, bytes } = await report('CSV');
    expect(type).toContain('text/csv');
    expect(name).toMatch(/dia-composition-2018-08-\d\d\.csv/);
    const [header, ...rows] = bytes
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trimEnd()
      .split('\r\n');
    expect(header).toMatch(/^no,id,name,/);
    expect(rows).toHaveLength(6);
    expect(rows[0]).toContain('MITC - Malardalen Industrial Technology Center');
    expect(rows[3]).toContain('Associação para o Pólo das Tecnologias');
    const at = header!.split(',').indexOf('members');
    expect(rows[0]!.split(',')[at]).toBe('20');
  });

  it('comes as PDF with names, totals and the accents of the source', async () => {
    const { type, bytes } = await report('PDF');
    expect(type).toContain('application/pdf');
    const { text } = await new PDFParse({ data: bytes }).getText();
    for (const words of ['European Digital Industry Alliance', 'MITC', 'BalticNet-PlasmaTec', 'Pólo', '1006', '700'])
      expect(text.replaceAll(/\s+/g, ' ').replaceAll(/(\d)[ ,. ](\d{3})/g, '$1$2')).toContain(words);
  });

  it('belongs to who asked for it', async () => {
    const { body: dia } = await house.public.get('/v1/partnerships/dia');
    const coordinator = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', dia.id));
    const { body } = await coordinator.post('/v1/reports').send({ kind: 'COMPOSITION', format: 'CSV', parameters: { partnership: 'dia' } });
    const stranger = house.as(await house.keyFor('PARTNERSHIP_MANAGER', dia.id));
    expect((await coordinator.get(`/v1/reports/${body.id}`)).status).toBe(200);
    expect((await stranger.get(`/v1/reports/${body.id}`)).status).toBe(404);
    expect((await stranger.get(`/v1/reports/${body.id}/content`)).status).toBe(404);
  });

  it('of a partnership there is not is no report', async () => {
    const { status } = await house.admin
      .post('/v1/reports')
      .send({ kind: 'COMPOSITION', format: 'CSV', parameters: { partnership: 'atlantis' } });
    expect(status).toBe(404);
  });
});

describe('A cluster that is not published', () => {
  const dia = fileOf('dia') as Body;
  const hidden = { code: 'HIDDEN', identity: { acronym: 'HIDDEN', name: 'Hidden' }, programme: dia.programme };
  const [own, shared] = [{ ...dia.composition[0], name: 'Unpublished Cluster', aliases: [] }, dia.composition[1]];
  const composition = async (by = house.public) => (await by.get('/v1/partnerships/hidden/composition')).body;

  beforeAll(async () => {
    const draft = await house.admin.post('/v1/imports?profile=DRAFT').send({ ...hidden, composition: [own, shared] });
    expect(draft.status).toBe(201);
    // Published without a word on its composition: that stays as it was.
    expect((await house.admin.post('/v1/imports').send(hidden)).status).toBe(201);
  });

  it('is in the composition and figures for who runs the partnership, and for nobody else', async () => {
    expect((await composition(house.admin)).items).toHaveLength(2);
    const { items, totals } = await composition();
    expect(items).toHaveLength(1);
    expect(totals.clusters).toBe(1);
    const { body } = await house.public.get('/v1/partnerships/hidden');
    expect(body.figures.partners.computed.value).toBe(1);
    expect((await house.public.get('/v1/partnerships/dia/composition')).body.items).toHaveLength(6);
  });

  it('is in the report of who runs the partnership, and in nobody else’s', async () => {
    const stranger = house.as(await house.keyFor('CLUSTER_MANAGER'));
    for (const [by, rows] of [
      [house.admin, 2],
      [stranger, 1],
    ] as const) {
      const { bytes } = await report('CSV', by, 'hidden');
      expect(bytes.toString('utf8').trimEnd().split('\r\n')).toHaveLength(rows + 1);
      expect(bytes.includes('Unpublished Cluster')).toBe(rows === 2);
    }
  });
});
