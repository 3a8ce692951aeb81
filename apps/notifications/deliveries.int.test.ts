import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { FactRecord } from '#libs/contracts/message';
import { EnableSubscription, PauseSubscription, ResumeSubscription } from '#libs/contracts/subscription';
import { eventually } from '#libs/testing/eventually';
import { MINUTE, NotificationsHouse, type Subscriber } from '#libs/testing/notifications-house';
import { type Received, silence } from '#libs/testing/webhook-receiver';
import { NotificationsModule } from './notifications.module.js';

const ids = (facts: FactRecord[]) => facts.map(({ id }) => id);

describe('Facts that are told to a webhook', () => {
  let house: NotificationsHouse;
  let partner: Subscriber;

  beforeAll(async () => {
    house = await NotificationsHouse.open(NotificationsModule);
  });
  afterAll(() => house?.close());
  beforeEach(async () => {
    partner = await house.subscriber();
  });
  afterEach(() => partner?.leave());

  const receiver = () => partner.receiver;
  const received = () => receiver().received;
  const become = (...states: string[]) => eventually(async () => expect(await partner.states()).toEqual(states));
  const arrive = (facts: FactRecord[], withinMs?: number) => eventually(() => expect(partner.accepted()).toEqual(ids(facts)), withinMs);
  const pause = () => house.ask(PauseSubscription, { key: partner.id, data: {} });
  const resume = () => house.ask(ResumeSubscription, { key: partner.id, data: {} });

  it('come as they stand in the feed, signed per Standard Webhooks', async () => {
    const fact = house.aFact('a', 1);
    await house.tell(fact);
    await arrive([fact]);
    const [{ headers, body }] = received() as [Received];
    expect(new Webhook(partner.secret).verify(body, headers as Record<string, string>)).toEqual(fact);
    expect(body).toBe(JSON.stringify(fact));
    expect(headers['content-type']).toBe('application/cloudevents+json');
    await become('DELIVERED');
  });

  it('come again after a 500, under the same id, and hold back what follows of their subject but not others', async () => {
    const [a1, a2, b1] = [house.aFact('a', 1), house.aFact('a', 2), house.aFact('b', 1)];
    const again = () => received().some(({ fact }) => fact.id === a1.id);
    receiver().answer = ({ fact }) => ({ status: fact.id === a1.id && !again() ? 500 : 200 });
    await house.tell(a1, a2, b1);
    await arrive([b1]);
    await become('DELIVERED', 'FAILED', 'QUEUED');
    house.goOn(MINUTE);
    await arrive([b1, a1, a2]);
    const sent = received().filter(({ fact }) => fact.id === a1.id);
    expect(new Set(sent.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    await become('DELIVERED', 'DELIVERED', 'DELIVERED');
    const delivery = (await partner.deliveries()).find(({ fact }) => fact === a1.id);
    expect(delivery!.attempts.map(({ status }) => status)).toEqual([500, 200]);
  });

  it('come once though the feed brings them twice', async () => {
    const [first, second, third] = [1, 2, 3].map((no) => house.aFact('a', no)) as [FactRecord, FactRecord, FactRecord];
    await house.tell(first, first, second);
    await arrive([first, second]);
    await house.tell(first, third);
    await arrive([first, second, third]);
  });

  it('wait in order while a subscription is paused', async () => {
    await pause();
    const facts = [1, 2, 3].map((no) => house.aFact('a', no));
    await house.tell(...facts);
    await become('QUEUED', 'QUEUED', 'QUEUED');
    expect(received()).toEqual([]);
    await resume();
    await arrive(facts);
  });

  it('stop when the endpoint says that it is gone, and go out in order when it is enabled again', async () => {
    receiver().answer = () => ({ status: 410 });
    const facts = [1, 2, 3].map((no) => house.aFact('a', no));
    await house.tell(facts[0]!);
    const reason = 'The endpoint says that it is gone (410).';
    await eventually(async () => expect(await partner.subscription()).toMatchObject({ state: 'DISABLED', reason }));
    await house.tell(facts[1]!, facts[2]!);
    await become('FAILED', 'QUEUED', 'QUEUED');
    const enable = (dryRun = false) => house.ask(EnableSubscription, { key: partner.id, data: {}, dryRun });
    expect(await enable()).toMatchObject({ refusal: { kind: 'RULE', code: 'SUBSCRIPTION.ENABLE.TEST' } });
    expect(await partner.subscription()).toMatchObject({ state: 'DISABLED', reason });
    receiver().answer = () => ({ status: 200 });
    expect(await enable(true)).toMatchObject({ view: { state: 'ACTIVE' } });
    const before = received().length;
    expect(await enable()).toMatchObject({ view: { state: 'ACTIVE', reason: null } });
    const [test] = received().slice(before) as [Received];
    const about = { type: 'subscription.test.v1', subject: `/v1/subscriptions/${partner.id}`, data: { id: partner.id } };
    expect(new Webhook(partner.secret).verify(test.body, test.headers as Record<string, string>)).toMatchObject(about);
    house.goOn(MINUTE);
    await eventually(() => expect(partner.accepted()).toEqual([test.fact.id, ...ids(facts)]));
    expect(received()).toHaveLength(before + 4);
  });

  it('are tried as often as the schedule says, then the subscription is disabled', async () => {
    receiver().answer = () => ({ status: 503 });
    await house.tell(house.aFact('a', 1));
    for (let tries = 1; tries <= 10; tries += 1) {
      await eventually(async () => expect((await partner.deliveries())[0]?.attempts).toHaveLength(tries));
      house.goOn(27 * 60 * MINUTE);
    }
    await become('DEAD');
    const reason = 'No attempt of 10 succeeded; the last was answered 503.';
    await eventually(async () => expect(await partner.subscription()).toMatchObject({ state: 'DISABLED', reason }));
    expect(received()).toHaveLength(10);
  });

  it('wait as long as the endpoint asks, also those of other subjects', async () => {
    receiver().answer = () => ({ status: received().length === 0 ? 429 : 200, headers: { 'retry-after': '600' } });
    const facts = [house.aFact('a', 1), house.aFact('b', 1)];
    await house.tell(...facts);
    await become('FAILED', 'QUEUED');
    const failed = (await partner.deliveries()).find(({ state }) => state === 'FAILED')!;
    expect(Date.parse(failed.nextAt!) - Date.parse(failed.attempts[0]!.at)).toBe(10 * MINUTE);
    expect(received()).toHaveLength(1);
    house.goOn(11 * MINUTE);
    await eventually(() => expect(partner.accepted().sort()).toEqual(ids(facts).sort()));
  });

  it('are not held up by the silence of another endpoint', async () => {
    const silent = await house.subscriber();
    silent.receiver.answer = () => silence;
    const facts = [1, 2, 3].map((no) => house.aFact('a', no));
    await house.tell(...facts);
    await arrive(facts, 5000);
    await silent.leave();
  });

  it('are neither lost nor doubled when Redis loses everything in the middle', async () => {
    receiver().answer = async ({ fact }) => {
      if ((fact.data as { no: number }).no % 5 === 0) await house.wipeRedis();
      return { status: 200 };
    };
    const facts = Array.from({ length: 30 }, (_, no) => house.aFact(no % 2 === 0 ? 'even' : 'odd', no));
    await house.tell(...facts);
    await house.wipeRedis();
    await become(...facts.map(() => 'DELIVERED'));
    for (const subject of ['even', 'odd']) {
      const numbers = receiver()
        .accepted.filter((fact) => fact.subject.endsWith(subject))
        .map(({ sequence }) => sequence);
      expect(numbers).toEqual(numbers.toSorted());
    }
    expect(received()).toHaveLength(30);
  });

  it('are sent by another worker when the one that had the lane in hand is gone', async () => {
    const lane = { _id: partner.id as never };
    const held = { holder: 'a worker that was killed', heldUntil: new Date(Date.now() + MINUTE), rev: 0 };
    await house.collection('lanes').insertOne({ ...lane, ...held });
    const fact = house.aFact('a', 1);
    await house.tell(fact);
    await become('QUEUED');
    await eventually(async () => expect(await house.collection('lanes').findOne(lane)).toMatchObject({ rev: 1, holder: held.holder }));
    expect(received()).toEqual([]);
    await house.collection('lanes').updateOne(lane, { $set: { heldUntil: new Date(Date.now() - 1) } });
    await arrive([fact]);
  });

  it('go on where they were after a restart of the service', async () => {
    await pause();
    const facts = [1, 2].map((no) => house.aFact('a', no));
    await house.tell(...facts);
    await become('QUEUED', 'QUEUED');
    await house.finish();
    await house.wipeRedis();
    await house.begin();
    await resume();
    await arrive(facts);
  });
});
