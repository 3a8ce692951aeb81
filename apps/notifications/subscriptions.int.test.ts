import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { system } from '#libs/contracts/actor';
import { EndSubscription, PauseSubscription, RotateSubscriptionSecret, Subscribe } from '#libs/contracts/subscription';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { aClient, aSecret, MINUTE, NotificationsHouse } from '#libs/testing/notifications-house';
import type { Received } from '#libs/testing/webhook-receiver';
import { NotificationsModule } from './notifications.module.js';

describe('A subscription', () => {
  let house: NotificationsHouse;

  beforeAll(async () => {
    house = await NotificationsHouse.open(NotificationsModule);
  });
  afterAll(() => house?.close());

  it('is told only what its owner may see and it wants, from its beginning on', async () => {
    const early = house.aFact('early', 1, { data: { slug: 'dia', profile: 'PUBLISHED' } });
    const [dia, hidden] = [newId(), newId()];
    await house.publishPartnership(dia, { slug: 'dia', formerSlugs: [], profile: 'PUBLISHED' });
    await house.publishPartnership(hidden, { slug: 'hidden', formerSlugs: [], profile: 'DRAFT' });
    const fields = { eventTypes: ['partnership.*', 'event.recorded.v1'], filter: { partnership: ['dia', 'hidden'] } };
    const partner = await house.subscriber(fields, aClient('CLUSTER_MANAGER'));
    const event = (partnership: string) => ({ type: 'event.recorded.v1', data: { partnerships: [partnership] } });
    const wanted = [house.aFact('e1', 1, event(dia)), house.aFact(dia, 2, { data: { slug: 'dia', profile: 'PUBLISHED' } })];
    await house.tell(
      early,
      house.aFact('e2', 1, event(hidden)),
      house.aFact('p2', 1, { data: { slug: 'pimap', profile: 'PUBLISHED' } }),
      house.aFact('c1', 1, { type: 'cluster.recorded.v1' }),
      house.aFact(hidden, 1, { data: { slug: 'hidden', profile: 'DRAFT' } }),
      ...wanted,
    );
    await eventually(() => expect(partner.accepted().sort()).toEqual(wanted.map(({ id }) => id).sort()));
    await eventually(async () => expect(await partner.states()).toEqual(['DELIVERED', 'DELIVERED']));
    await partner.leave();
  });

  it('signs with the old and the new secret while they overlap', async () => {
    const partner = await house.subscriber();
    const fresh = aSecret();
    const data = { secretCipher: house.sealed(fresh), overlapHours: 1 };
    const rotated = await house.ask(RotateSubscriptionSecret, { key: partner.id, data });
    expect(rotated).toMatchObject({ status: 'DONE' });
    expect(JSON.stringify(rotated)).not.toContain(data.secretCipher);
    await house.tell(house.aFact('a', 1));
    await eventually(() => expect(partner.receiver.received).toHaveLength(1));
    const [{ headers, body }] = partner.receiver.received as [Received];
    for (const secret of [partner.secret, fresh]) {
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toBeTruthy();
    }
    const before = house.running.runtime.clock.now().getTime();
    house.goOn(61 * MINUTE);
    await eventually(() => expect(house.running.runtime.clock.now().getTime() - before).toBeGreaterThan(60 * MINUTE));
    await house.tell(house.aFact('a', 2));
    await eventually(() => expect(partner.receiver.received).toHaveLength(2));
    expect((partner.receiver.received[1]!.headers['webhook-signature'] as string).split(' ')).toHaveLength(1);
    await partner.leave();
  });

  it('that ends suppresses what waits for it', async () => {
    const partner = await house.subscriber();
    await house.ask(PauseSubscription, { key: partner.id, data: {} });
    await house.tell(house.aFact('a', 1), house.aFact('b', 1));
    await eventually(async () => expect(await partner.states()).toEqual(['QUEUED', 'QUEUED']));
    await house.ask(EndSubscription, { key: partner.id, data: {} });
    await eventually(async () => expect(await partner.states()).toEqual(['SUPPRESSED', 'SUPPRESSED']));
    expect(partner.receiver.received).toEqual([]);
    await partner.receiver.close();
  });

  it('is refused for a channel that is not served, for a target that is not public, and to nobody', async () => {
    const wanted = { eventTypes: ['*'], secretCipher: house.sealed(aSecret()) };
    const mail = await house.ask(Subscribe, { key: newId(), data: { ...wanted, channel: 'EMAIL', address: 'anna@example.org' } });
    expect(mail).toMatchObject({
      status: 'REFUSED',
      refusal: { kind: 'RULE', code: 'SUBSCRIPTION.CHANNEL', errors: [{ pointer: '/channel' }] },
    });
    const inside = { ...wanted, channel: 'WEBHOOK' as const, url: 'https://169.254.169.254/' };
    const refused = await house.ask(Subscribe, { key: newId(), data: inside });
    expect(refused).toMatchObject({ status: 'REFUSED', refusal: { code: 'SUBSCRIPTION.TARGET', errors: [{ pointer: '/url' }] } });
    const nobody = system('gateway', new Date().toISOString());
    const byNobody = await house.ask(Subscribe, { key: newId(), by: nobody, data: { ...inside, url: 'https://hooks.example.org/' } });
    expect(byNobody).toMatchObject({ status: 'REFUSED', refusal: { kind: 'NOT_YOURS' } });
  });
});
