import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { type Actor, system } from '#libs/contracts/actor';
import type { CommandContract, FactRecord, Outcome } from '#libs/contracts/message';
import {
  type DeliveryView,
  EnableSubscription,
  EndSubscription,
  PauseSubscription,
  ResumeSubscription,
  RotateSubscriptionSecret,
  Subscribe,
} from '#libs/contracts/subscription';
import { newId } from '#libs/domain/ids';
import { type Asking, Bus } from '#libs/messaging/bus';
import { FEED, stateOf } from '#libs/messaging/topics';
import { factMessage } from '#libs/persistence/relay';
import { seal } from '#libs/service/sealed';
import { type Running, start } from '#libs/service/serve';
import { eventually } from '#libs/testing/eventually';
import { type Received, silence, WebhookReceiver } from '#libs/testing/webhook-receiver';
import { NotificationsModule } from './notifications.module.js';

const name = `t${randomBytes(4).toString('hex')}`;
const folder = mkdtempSync(join(tmpdir(), 'notifications-'));
const env = {
  ...process.env,
  ENGINES: 'embedded',
  HOST: '127.0.0.1',
  PORT: '0',
  SMTP_URL: process.env.SMTP_URL ?? 'smtp://127.0.0.1:25',
  TOPIC_PREFIX: `${name}.`,
  TOPIC_PARTITIONS: '2',
  MONGO_PREFIX: name,
  BY_KEY: randomBytes(24).toString('hex'),
  SECRETS_KEY: randomBytes(24).toString('hex'),
  TEST_CLOCK: join(folder, 'clock.json'),
  LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
};
const MINUTE = 60_000;

const owner = (role = 'PLATFORM_ADMIN'): Actor => ({
  kind: 'CLIENT',
  id: 'partner-system',
  roles: [{ role, binding: null }],
  scopes: [],
  at: new Date().toISOString(),
});
const aSecret = () => `whsec_${randomBytes(32).toString('base64')}`;

describe('Facts that are told to a webhook', () => {
  let running: Running;
  let bus: Bus;
  let receiver: WebhookReceiver;
  let secret: string;
  let subscription: string;

  const begin = async () => {
    running = await start('notifications', NotificationsModule, {}, env);
    bus = new Bus(running.runtime.kafka, running.runtime.signer, 'test');
    await bus.listen();
  };
  const finish = async () => {
    await bus.stop();
    await running.stop();
  };

  beforeAll(begin, 60_000);
  afterAll(async () => {
    await dropDatabases(running);
    await finish();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    receiver = await WebhookReceiver.listen();
    secret = aSecret();
    subscription = newId();
  });
  afterEach(async () => {
    await ask(EndSubscription, { key: subscription, data: {} });
    await receiver.close();
  });

  const ask = <C extends CommandContract>(contract: C, asking: Omit<Asking<C>, 'by'> & { by?: Actor }): Promise<Outcome> =>
    bus.ask(contract, { by: owner(), ...asking }, 20_000);

  const subscribe = async (fields: object = {}, by = owner()) => {
    const data = {
      channel: 'WEBHOOK' as const,
      url: receiver.url,
      eventTypes: ['*'],
      ...fields,
      secretCipher: seal(secret, env.SECRETS_KEY),
    };
    const outcome = await ask(Subscribe, { key: subscription, by, data });
    expect(outcome).toMatchObject({ status: 'DONE', view: { id: subscription, state: 'ACTIVE' } });
  };

  const aFact = (subject: string, no: number, fields: Partial<FactRecord> = {}): FactRecord => ({
    specversion: '1.0',
    id: newId(),
    type: 'partnership.recorded.v1',
    source: '/membership',
    subject: `/v1/partnerships/${subject}`,
    time: running.runtime.clock.iso(),
    sequence: `${String(no).padStart(10, '0')}.000`,
    datacontenttype: 'application/json',
    data: { no, profile: 'PUBLISHED' },
    ...fields,
  });

  const tell = async (...facts: FactRecord[]) => {
    const messages = facts.map((fact) => factMessage(fact.subject.slice(fact.subject.lastIndexOf('/') + 1), fact));
    await running.runtime.kafka.send(FEED, messages);
  };

  const accepted = () => receiver.accepted.map(({ id }) => id);
  const ids = (facts: FactRecord[]) => facts.map(({ id }) => id);
  const deliveries = async () => {
    const found = await running.runtime.house.db.collection('deliveries').find({ 'state.subscription': subscription }).toArray();
    return found.map(({ state }) => state as DeliveryView);
  };
  const statesBecome = (...states: string[]) =>
    eventually(async () => expect((await deliveries()).map(({ state }) => state).sort()).toEqual(states));
  const subscriptionBecomes = (fields: object) =>
    eventually(async () => {
      const stored = await running.runtime.house.db.collection('subscriptions').findOne({ _id: subscription as never });
      expect(stored?.state).toMatchObject(fields);
    });

  let offsetMs = 0;
  const goOn = (ms: number) => {
    offsetMs += ms;
    writeFileSync(env.TEST_CLOCK, JSON.stringify({ offsetMs }));
  };

  it('come as they stand in the feed, signed per Standard Webhooks', async () => {
    await subscribe();
    const fact = aFact('a', 1);
    await tell(fact);
    await eventually(() => expect(receiver.received).toHaveLength(1));
    const [{ headers, body }] = receiver.received as [Received];
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(fact);
    expect(body).toBe(JSON.stringify(fact));
    expect(headers['content-type']).toBe('application/cloudevents+json');
    await statesBecome('DELIVERED');
  });

  it('come again after a 500, under the same id, and hold back what follows of their subject but not others', async () => {
    await subscribe();
    const [a1, a2, b1] = [aFact('a', 1), aFact('a', 2), aFact('b', 1)];
    receiver.answer = ({ fact }) => ({ status: fact.id === a1.id && receiver.received.every((r) => r.fact.id !== a1.id) ? 500 : 200 });
    await tell(a1, a2, b1);
    await eventually(() => expect(accepted()).toEqual([b1.id]));
    await statesBecome('DELIVERED', 'FAILED', 'QUEUED');
    goOn(MINUTE);
    await eventually(() => expect(accepted()).toEqual([b1.id, a1.id, a2.id]));
    const sent = receiver.received.filter(({ fact }) => fact.id === a1.id);
    expect(new Set(sent.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    await statesBecome('DELIVERED', 'DELIVERED', 'DELIVERED');
    expect((await deliveries()).find(({ fact }) => fact === a1.id)!.attempts.map(({ status }) => status)).toEqual([500, 200]);
  });

  it('come once though the feed brings them twice', async () => {
    await subscribe();
    const [first, last] = [aFact('a', 1), aFact('a', 2)];
    await tell(first, first, last);
    await tell(first);
    await eventually(() => expect(accepted()).toContain(last.id));
    const marker = aFact('a', 3);
    await tell(marker);
    await eventually(() => expect(accepted()).toEqual([first.id, last.id, marker.id]));
  });

  it('wait in order while a subscription is paused', async () => {
    await subscribe();
    await ask(PauseSubscription, { key: subscription, data: {} });
    const facts = [1, 2, 3].map((no) => aFact('a', no));
    await tell(...facts);
    await statesBecome('QUEUED', 'QUEUED', 'QUEUED');
    expect(receiver.received).toEqual([]);
    await ask(ResumeSubscription, { key: subscription, data: {} });
    await eventually(() => expect(accepted()).toEqual(ids(facts)));
  });

  it('stop when the endpoint says that it is gone, and go out in order when it is enabled again', async () => {
    await subscribe();
    receiver.answer = () => ({ status: 410 });
    const facts = [1, 2, 3].map((no) => aFact('a', no));
    await tell(facts[0]!);
    await subscriptionBecomes({ state: 'DISABLED', reason: 'The endpoint says that it is gone (410).' });
    await tell(facts[1]!, facts[2]!);
    await statesBecome('FAILED', 'QUEUED', 'QUEUED');
    receiver.answer = () => ({ status: 200 });
    expect(await ask(EnableSubscription, { key: subscription, data: {} })).toMatchObject({ view: { state: 'ACTIVE', reason: null } });
    goOn(MINUTE);
    await eventually(() => expect(accepted()).toEqual(ids(facts)));
    expect(receiver.received).toHaveLength(4);
  });

  it('are tried as often as the schedule says, then the subscription is disabled', async () => {
    await subscribe();
    receiver.answer = () => ({ status: 503 });
    await tell(aFact('a', 1));
    for (let tries = 1; tries <= 10; tries += 1) {
      await eventually(async () => expect((await deliveries())[0]?.attempts).toHaveLength(tries));
      goOn(27 * 60 * MINUTE);
    }
    await statesBecome('DEAD');
    await subscriptionBecomes({ state: 'DISABLED', reason: 'No attempt of 10 succeeded; the last was answered 503.' });
    expect(receiver.received).toHaveLength(10);
  });

  it('wait as long as the endpoint asks, also those of other subjects', async () => {
    await subscribe();
    receiver.answer = () => ({ status: receiver.received.length === 0 ? 429 : 200, headers: { 'retry-after': '600' } });
    const facts = [aFact('a', 1), aFact('b', 1)];
    await tell(...facts);
    await statesBecome('FAILED', 'QUEUED');
    goOn(9 * MINUTE);
    const [failed] = (await deliveries()).filter(({ state }) => state === 'FAILED');
    expect(Date.parse(failed!.nextAt!) - Date.parse(failed!.attempts[0]!.at)).toBe(600_000);
    expect(receiver.received).toHaveLength(1);
    goOn(2 * MINUTE);
    await eventually(() => expect(accepted().sort()).toEqual(ids(facts).sort()));
  });

  it('are not held up by the silence of another endpoint', async () => {
    const silent = await WebhookReceiver.listen();
    silent.answer = () => silence;
    const other = newId();
    const data = { channel: 'WEBHOOK' as const, url: silent.url, eventTypes: ['*'], secretCipher: seal(aSecret(), env.SECRETS_KEY) };
    await ask(Subscribe, { key: other, data });
    await subscribe();
    const facts = [1, 2, 3].map((no) => aFact('a', no));
    await tell(...facts);
    await eventually(() => expect(accepted()).toEqual(ids(facts)), 5000);
    await ask(EndSubscription, { key: other, data: {} });
    await silent.close();
  });

  it('are neither lost nor doubled when Redis loses everything in the middle', async () => {
    await subscribe();
    receiver.answer = async ({ fact }) => {
      if ((fact.data as { no: number }).no % 5 === 0) await flushRedis();
      return { status: 200 };
    };
    const facts = Array.from({ length: 30 }, (_, no) => aFact(no % 2 === 0 ? 'a' : 'b', no));
    await tell(...facts);
    await flushRedis();
    await eventually(() => expect(accepted()).toHaveLength(30), 20_000);
    await statesBecome(...facts.map(() => 'DELIVERED'));
    for (const parity of [0, 1]) {
      const numbers = receiver.accepted.map(({ data }) => (data as { no: number }).no).filter((no) => no % 2 === parity);
      expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
    }
    expect(receiver.received).toHaveLength(30);
  });

  it('are told only if their owner may see them and wants them, from the subscription on', async () => {
    const early = aFact('dia', 1);
    const [dia, hidden] = [newId(), newId()];
    await running.runtime.kafka.send(stateOf('membership'), [
      aState(dia, { slug: 'dia', formerSlugs: [], profile: 'PUBLISHED' }),
      aState(hidden, { slug: 'hidden', formerSlugs: [], profile: 'DRAFT' }),
    ]);
    await subscribe(
      { eventTypes: ['partnership.*', 'event.recorded.v1'], filter: { partnership: ['dia', 'hidden'] } },
      owner('CLUSTER_MANAGER'),
    );
    const event = (partnership: string) => ({ type: 'event.recorded.v1', data: { partnerships: [partnership] } });
    const wanted = aFact('e1', 1, event(dia));
    const last = aFact(dia, 2, { data: { slug: 'dia', profile: 'PUBLISHED' } });
    await tell(
      early,
      aFact('e2', 1, event(hidden)),
      aFact('p2', 1, { data: { slug: 'pimap', profile: 'PUBLISHED' } }),
      aFact('c1', 1, { type: 'cluster.recorded.v1' }),
      aFact(hidden, 1, { data: { slug: 'hidden', profile: 'DRAFT' } }),
      wanted,
      last,
    );
    await eventually(() => expect(accepted().sort()).toEqual([wanted.id, last.id].sort()));
    await statesBecome('DELIVERED', 'DELIVERED');
  });

  it('carry a second signature while the secret is rotated', async () => {
    await subscribe();
    const fresh = aSecret();
    const data = { secretCipher: seal(fresh, env.SECRETS_KEY), overlapHours: 1 };
    expect(await ask(RotateSubscriptionSecret, { key: subscription, data })).toMatchObject({ status: 'DONE' });
    await tell(aFact('a', 1));
    await eventually(() => expect(receiver.received).toHaveLength(1));
    const [{ headers, body }] = receiver.received as [Received];
    for (const each of [secret, fresh]) expect(new Webhook(each).verify(body, headers as Record<string, string>)).toBeTruthy();
    goOn(61 * MINUTE);
    await eventually(() => expect(Date.parse(running.runtime.clock.iso())).toBeGreaterThan(Date.now() + offsetMs - 1000));
    await tell(aFact('a', 2));
    await eventually(() => expect(receiver.received).toHaveLength(2));
    expect((receiver.received[1]!.headers['webhook-signature'] as string).split(' ')).toHaveLength(1);
  });

  it('are sent by another worker when the one that had the lane in hand is gone', async () => {
    await subscribe();
    const lanes = running.runtime.house.db.collection('lanes');
    const held = { holder: 'a worker that was killed', heldUntil: new Date(Date.now() + MINUTE), rev: 0 };
    await lanes.insertOne({ _id: subscription as never, ...held });
    const fact = aFact('a', 1);
    await tell(fact);
    await statesBecome('QUEUED');
    await eventually(async () =>
      expect(await lanes.findOne({ _id: subscription as never })).toMatchObject({ rev: 1, holder: held.holder }),
    );
    expect(receiver.received).toEqual([]);
    await lanes.updateOne({ _id: subscription as never }, { $set: { heldUntil: new Date(Date.now() - 1) } });
    await eventually(() => expect(accepted()).toEqual([fact.id]));
  });

  it('are suppressed when the subscription ends before them', async () => {
    await subscribe();
    await ask(PauseSubscription, { key: subscription, data: {} });
    await tell(aFact('a', 1), aFact('b', 1));
    await statesBecome('QUEUED', 'QUEUED');
    await ask(EndSubscription, { key: subscription, data: {} });
    await statesBecome('SUPPRESSED', 'SUPPRESSED');
    expect(receiver.received).toEqual([]);
  });

  it('go on where they were after a restart of the service', async () => {
    await subscribe();
    await ask(PauseSubscription, { key: subscription, data: {} });
    const facts = [1, 2].map((no) => aFact('a', no));
    await tell(...facts);
    await statesBecome('QUEUED', 'QUEUED');
    await finish();
    await flushRedis();
    await begin();
    await ask(ResumeSubscription, { key: subscription, data: {} });
    await eventually(() => expect(accepted()).toEqual(ids(facts)));
  }, 60_000);

  it('are promised to nobody by a channel that is not served, or to a target that is not public', async () => {
    const wanted = { eventTypes: ['*'], secretCipher: seal(secret, env.SECRETS_KEY) };
    const mail = await ask(Subscribe, { key: newId(), data: { ...wanted, channel: 'EMAIL', address: 'anna@example.org' } });
    expect(mail).toMatchObject({
      status: 'REFUSED',
      refusal: { kind: 'RULE', code: 'SUBSCRIPTION.CHANNEL', errors: [{ pointer: '/channel' }] },
    });
    const inside = await ask(Subscribe, { key: newId(), data: { ...wanted, channel: 'WEBHOOK', url: 'https://169.254.169.254/' } });
    expect(inside).toMatchObject({ status: 'REFUSED', refusal: { code: 'SUBSCRIPTION.TARGET', errors: [{ pointer: '/url' }] } });
    const byNobody = await ask(Subscribe, {
      key: newId(),
      by: system('gateway', new Date().toISOString()),
      data: { ...wanted, channel: 'WEBHOOK', url: receiver.url },
    });
    expect(byNobody).toMatchObject({ status: 'REFUSED', refusal: { kind: 'NOT_YOURS' } });
  });
});

const aState = (id: string, view: object) => ({
  key: id,
  value: JSON.stringify({ aggregate: 'partnership', id, version: 1, view: { id, version: 1, ...view } }),
  headers: { aggregate: 'partnership' },
});

/** Everything Redis holds is gone. */
function flushRedis(): Promise<void> {
  const { hostname, port } = new URL(process.env.REDIS_URL!);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write('FLUSHALL\r\n'));
    socket.once('data', () => socket.end(() => resolve()));
    socket.once('error', reject);
  });
}

async function dropDatabases({ runtime: { house } }: Running): Promise<void> {
  await Promise.all([house.db.dropDatabase(), house.files.dropDatabase()]);
}
