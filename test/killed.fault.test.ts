import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Service } from '#libs/contracts/actor';
import { type FactRecord, versionOf } from '#libs/contracts/message';
import { newId } from '#libs/domain/ids';
import type { Outgoing } from '#libs/messaging/kafka';
import { commandsOf, eventsOf, stateOf } from '#libs/messaging/topics';
import { eventually } from '#libs/testing/eventually';
import { WebhookReceiver } from '#libs/testing/webhook-receiver';
import { Wire } from '#libs/testing/wire';
import { type Body, fileOf, RunningHouse } from './running-house.js';

const WIRED = ['gateway', 'membership', 'events', 'worker'] as const satisfies Service[];
const PATIENCE_MS = 40_000;
const PIECE_BYTES = 255 * 1024;

let house: RunningHouse;
let partner: WebhookReceiver;
const wires = new Map<Service, Wire>();

beforeAll(async () => {
  partner = await WebhookReceiver.listen();
  for (const service of WIRED) wires.set(service, await Wire.to(process.env.MONGO_URL ?? ''));
  const own = Object.fromEntries(WIRED.map((service) => [service, { MONGO_URL: wires.get(service)!.url }]));
  // One partition: whatever happens to one key happens beside all others.
  house = await RunningHouse.open({ own, partitions: 1 });
  await house.importFile('dia');
  const { status } = await house.admin.post('/v1/subscriptions').send({ channel: 'WEBHOOK', url: partner.url, eventTypes: ['*'] });
  expect(status).toBe(201);
});
afterAll(async () => {
  await house?.close();
  await partner?.close();
  for (const wire of wires.values()) await wire.close();
});

const wire = (service: Service) => wires.get(service)!;
const event = async (no: number): Promise<Body> => {
  const { body } = await house.admin.get('/v1/events?partnership=dia');
  return (await house.admin.get(`/v1/events/${body.items[no].id}`)).body;
};
const place = (name: string) => `${name} ${newId()}`;
const change = (id: string, to: string) => house.admin.patch(`/v1/events/${id}`).set('if-match', '*').send({ city: to });
const factsOf = (id: string) => house.facts().filter(({ subject }) => subject.endsWith(id));
const sequences = (facts: FactRecord[]) => facts.map(({ sequence }) => sequence);

/** The partner has subscribed when the events had been imported: their first version may have passed by, and nothing after. */
const asDelivered = <T>(all: T[], delivered: T[]): T[] => (delivered[0] === all[0] ? all : all.slice(1));

/** What was told about an aggregate is complete: facts, feed and webhook agree, each once, in order, up to its version. */
async function toldOnce(id: string): Promise<void> {
  const { body } = await house.admin.get(`/v1/events/${id}`);
  await eventually(() => {
    const facts = factsOf(id);
    expect(facts.map(({ sequence }) => versionOf(sequence))).toEqual(Array.from({ length: body.version }, (_, place) => place + 1));
    const announced = house.announced().filter(({ subject }) => subject.endsWith(id));
    expect(sequences(announced)).toEqual(sequences(facts));
    const delivered = sequences(partner.accepted.filter(({ subject }) => subject.endsWith(id)));
    expect(delivered).toEqual(asDelivered(sequences(facts), delivered));
  }, PATIENCE_MS);
}

describe('A service, killed', () => {
  it('between its write and its publish, tells what it wrote when it is back, and answers', async () => {
    const { id, version } = await event(0);
    const to = place('written');
    const written = wire('events').holdAnswersAfter(to);
    const answer = change(id, to).then((all) => all);
    await written;
    await eventually(async () => {
      const stored: Body = await house.databases.collection('events', 'events').findOne({ _id: id as never });
      expect(stored).toMatchObject({ version: version + 1, state: { city: to } });
      expect(stored.outbox).not.toEqual([]);
    });
    await house.kill('events');
    wire('events').release();
    expect(factsOf(id).filter(({ sequence }) => versionOf(sequence) > version)).toEqual([]);
    await house.start('events');
    const { status, body } = await answer;
    expect({ status, city: body.city, version: body.version }).toEqual({ status: 200, city: to, version: version + 1 });
    await toldOnce(id);
  });

  it('before its write, decides the command when it is back', async () => {
    const { id, version } = await event(1);
    const to = place('unwritten');
    const under = wire('events').holdBefore(to);
    const answer = change(id, to).then((all) => all);
    await under;
    await house.kill('events');
    wire('events').release();
    expect((await event(1)).version).toBe(version);
    await house.start('events');
    expect((await answer).body).toMatchObject({ city: to, version: version + 1 });
    await toldOnce(id);
  });
});

describe('Membership, killed', () => {
  it.each([
    ['the import and its publish', 'A', 'import.note-step.v1'],
    ['a cluster and its publish', 'B', 'cluster.recorded.v1'],
    ['the partnership and its publish', 'C', 'partnership.imported.v1'],
  ])('between the write of %s, brings the import to its end', async (_, code, text) => {
    const written = wire('membership').holdAnswersAfter(text);
    const file = { ...fileOf('pimap'), code, identity: { acronym: code, name: `Import ${code}` } } as Body;
    file.composition[0].website = place('https://import.example/');
    const answer = house.admin
      .post('/v1/imports')
      .send(file)
      .then((all) => all);
    await written;
    await house.kill('membership');
    wire('membership').release();
    await house.start('membership');
    const { status, body } = await answer;
    expect({ status, state: body.state, refused: body.counts.refused }).toEqual({ status: 201, state: 'DONE', refused: 0 });
    expect((await house.admin.get(`/v1/partnerships/${code.toLowerCase()}/composition`)).body.items).toHaveLength(4);
    const imported = () => house.announced('partnership.imported.v1').filter(({ data }) => (data as Body).code === code);
    await eventually(() => expect(imported()).toHaveLength(1));
    expect(((await house.importFile(file)) as Body).counts).toMatchObject({ created: 0, changed: 0 });
    expect(imported()).toHaveLength(1);
  });
});

describe('The gateway, killed', () => {
  it('while a reply is under way, leaves one effect when the client repeats with its Idempotency-Key', async () => {
    const { id, version } = await event(2);
    const to = place('reply');
    const patch = () => change(id, to).set('idempotency-key', 'once-2');
    const shown = wire('gateway').holdBefore(to);
    const lost = patch().then(
      ({ status }) => status,
      () => 'lost',
    );
    await shown;
    await house.kill('gateway');
    expect(await lost).toBe('lost');
    wire('gateway').release();
    await house.start('gateway');
    const again = await eventually(async () => {
      const answer = await patch();
      expect(answer.status).toBe(200);
      return answer;
    }, PATIENCE_MS);
    expect(again.body).toMatchObject({ city: to, version: version + 1 });
    expect((await patch()).body).toEqual(again.body);
    await toldOnce(id);
  });

  it('has forgotten no key, no list and no ETag when it is back', async () => {
    const key = await house.keyFor('PARTNERSHIP_MANAGER');
    const before = await house.as(key).get('/v1/partnerships/dia');
    await house.kill('gateway');
    await house.start('gateway');
    const after = await house.as(key).get('/v1/partnerships/dia').set('if-none-match', before.headers.etag!);
    expect(after.status).toBe(304);
  });
});

describe('The worker, killed in a job', () => {
  const report = { kind: 'COMPOSITION', format: 'PDF', parameters: { partnership: 'dia' } };

  it.each([
    ['before its file is stored', 'holdBefore', '%PDF'],
    ['halfway through its file', 'holdAnswersAfter', '%PDF'],
    ['after its file is stored', 'holdAnswersAfter', 'dia-composition'],
  ] as const)('%s, makes the report once when it is back', async (_, hold, text) => {
    const begun = wire('worker')[hold](text);
    const { body } = await house.admin.post('/v1/reports').send(report);
    await begun;
    await house.kill('worker');
    wire('worker').release();
    await house.start('worker');
    const done = async () => (await house.admin.get(`/v1/reports/${body.id}`)).body;
    await eventually(async () => expect(await done()).toMatchObject({ state: 'SUCCEEDED' }), PATIENCE_MS);
    const { file } = await done();
    const content = await house.admin.get(`/v1/reports/${body.id}/content`).buffer(true).responseType('blob');
    expect(content.body.subarray(0, 4).toString()).toBe('%PDF');
    expect(content.body.length).toBe(file.bytes);
    const pieces = house.databases.collection('files', 'files.chunks').countDocuments({ files_id: body.id });
    expect(await pieces).toBe(Math.ceil(file.bytes / PIECE_BYTES));
    await eventually(() => expect(house.announced('report.ready.v1').filter(({ subject }) => subject.endsWith(body.id))).toHaveLength(1));
  });
});

describe('A message', () => {
  const accepted = async (id: string, to: string) => {
    const last = () => house.commands('events', 'event.change.v1').filter(({ key, value }) => key === id && value?.includes(to));
    await eventually(() => expect(last()).toHaveLength(1));
    return last()[0]!;
  };

  it('that is poison for one key is shelved and answered, and other keys of the partition go on', async () => {
    const [poisoned, other] = [await event(3), await event(4)];
    const garbage: Outgoing[] = [
      { key: poisoned.id, value: '{ this is no JSON', headers: { id: newId(), type: 'event.change.v1', by: 'nobody' } },
      { key: poisoned.id, value: '{}', headers: { id: newId(), type: 'event.vanish.v1', by: 'nobody' } },
      { key: poisoned.id, value: null, headers: {} },
    ];
    await house.kafka.send(commandsOf('events'), garbage);
    expect((await change(other.id, place('beside'))).status).toBe(200);
    expect((await change(poisoned.id, place('after'))).status).toBe(200);
    const shelf = house.databases.collection('events', 'kept');
    await eventually(async () => expect(await shelf.countDocuments({ kind: 'SHELVED', key: poisoned.id })).toBe(garbage.length));
    expect(await house.readiness('events')).toMatchObject({ status: 200 });
    await toldOnce(other.id);
    await toldOnce(poisoned.id);
  });

  it('that is poison for a reader parks its key there, and other keys of the partition go on', async () => {
    const other = await event(5);
    const key = newId();
    await house.kafka.send(stateOf('events'), [{ key, value: '{ this is no JSON', headers: { aggregate: 'event' } }]);
    const to = place('behind');
    expect((await change(other.id, to)).status).toBe(200);
    await toldOnce(other.id);
    const { body } = await house.admin.post('/v1/reports').send({ kind: 'COMPOSITION', format: 'CSV', parameters: { partnership: 'dia' } });
    await eventually(
      async () => expect((await house.admin.get(`/v1/reports/${body.id}`)).body).toMatchObject({ state: 'SUCCEEDED' }),
      PATIENCE_MS,
    );
    await eventually(async () => {
      for (const service of ['gateway', 'worker'] as const)
        expect({ service, parked: await house.databases.collection(service, 'kept').countDocuments({ kind: 'PARKED', key }) }).toEqual({
          service,
          parked: 1,
        });
    }, PATIENCE_MS);
  });

  it('that is poison among the facts parks its key in the feed, and other keys of the partition are told; seen to, it is told too', async () => {
    const [poisoned, other] = [await event(6), await event(7)];
    const garbage: Outgoing[] = ['{ this is no JSON', 'null', '{}', null].map((value) => ({ key: poisoned.id, value, headers: {} }));
    await house.kafka.send(eventsOf('events'), garbage);
    expect((await change(poisoned.id, place('behind poison'))).status).toBe(200);
    expect((await change(other.id, place('beside poison'))).status).toBe(200);
    await toldOnce(other.id);
    const waiting = async (): Promise<Body[]> => {
      const query = `service=gateway&group=gateway.feed&key=${poisoned.id}&state=KEPT`;
      return (await house.admin.get(`/v1/parked?${query}`)).body.items;
    };
    const parked = await eventually(async () => {
      const found = await waiting();
      expect(found).toHaveLength(garbage.length + 1);
      return found.sort((a, b) => a.offset - b.offset);
    }, PATIENCE_MS);
    expect(await house.readiness('gateway')).toMatchObject({ status: 200 });
    for (const { id } of parked.slice(0, -1))
      expect((await house.admin.post(`/v1/parked/${id}/discard`).send({ reason: 'No fact.' })).status).toBe(200);
    expect((await house.admin.post(`/v1/parked/${parked.at(-1)!.id}/replay`)).status).toBe(200);
    await toldOnce(poisoned.id);
    expect((await change(poisoned.id, place('after poison'))).status).toBe(200);
    await toldOnce(poisoned.id);
  });

  it('that comes twice as a command has one effect', async () => {
    const { id, version } = await event(5);
    const to = place('twice');
    expect((await change(id, to)).body.version).toBe(version + 1);
    const { value, headers } = await accepted(id, to);
    await house.kafka.send(commandsOf('events'), [
      { key: id, value, headers },
      { key: id, value, headers },
    ]);
    const beside = await event(0);
    expect((await change(beside.id, place('after-twice'))).status).toBe(200);
    expect((await event(5)).version).toBe(version + 1);
    await toldOnce(id);
  });

  it('that comes twice as a fact is delivered once', async () => {
    const { id } = await event(5);
    const told = house.tape.filter(({ topic, key }) => topic === eventsOf('events') && key === id).at(-1)!;
    await house.kafka.send(eventsOf('events'), [{ key: id, value: told.value, headers: told.headers }]);
    const beside = await event(1);
    expect((await change(beside.id, place('after-fact'))).status).toBe(200);
    await toldOnce(beside.id);
    await toldOnce(id);
  });

  it('that nobody signed is carried out by nobody', async () => {
    const { id, version } = await event(2);
    const { headers } = house.commands('events', 'event.change.v1').at(-1)!;
    const forged = { key: id, value: JSON.stringify({ city: 'Forged' }), headers: { ...headers, id: newId() } };
    await house.kafka.send(commandsOf('events'), [forged]);
    const beside = await event(1);
    expect((await change(beside.id, place('after-forged'))).status).toBe(200);
    expect((await event(2)).version).toBe(version);
  });
});

describe('A service that begins', () => {
  it.each([
    ['gateway', 'its indexes', 'createIndexes'],
    ['gateway', 'what it does before it answers', 'askedAt'],
    ['membership', 'its indexes', 'createIndexes'],
    ['events', 'its indexes', 'createIndexes'],
    ['worker', 'its indexes', 'createIndexes'],
  ] as const)('goes on when its database has broken off meanwhile: %s, %s', async (service, _, text) => {
    await house.kill(service);
    const asked = wire(service).holdBefore(text);
    house.begin(service);
    await asked;
    wire(service).breakOff();
    await house.ready(service);
    const { id } = await event(3);
    const { status, body } = await change(id, place('begun'));
    expect({ status, city: body.city }).toEqual({ status: 200, city: expect.stringMatching(/^begun /) });
    await toldOnce(id);
  });
});
