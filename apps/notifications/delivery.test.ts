import { describe, expect, it } from '@jest/globals';
import { system } from '#libs/contracts/actor';
import { Delivery as Contract, DisableSubscription } from '#libs/contracts/subscription';
import type { Context } from '#libs/domain/decision';
import { messageId } from '#libs/domain/ids';
import { failedRules } from '#libs/domain/verdict';
import { type Delivery, deliveryId, noteAttempt, queue, suppress } from './delivery.js';

const subscription = '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f';
const at = '2020-09-01T08:00:00.000Z';
const context: Context = { id: 'd', by: system('notifications', at), at, message: messageId('attempt', 'd', 0) };
const told = {
  specversion: '1.0',
  id: 'f1',
  type: 'partnership.imported.v1',
  subject: '/v1/partnerships/p1',
  time: at,
  data: { name: 'DIA' },
};
const data = { subscription, owner: 'anna', cursor: 7, fact: told.id, type: told.type, subject: told.subject, body: JSON.stringify(told) };
const aDelivery = (fields: Partial<Delivery> = {}): Delivery => ({
  ...queue(null, data, context).next,
  ...fields,
});
const note = (delivery: Delivery, status: number | null, retryAfter: string | null = null) =>
  noteAttempt()(delivery, { attempt: { at, status, latencyMs: 12, excerpt: null }, retryAfter }, context);

describe('A delivery', () => {
  it('has an id that follows from the subscription and the fact', () => {
    expect(deliveryId(subscription, told)).toBe(deliveryId(subscription, { id: 'f1' }));
    expect(deliveryId(subscription, { id: 'f2' })).not.toBe(deliveryId(subscription, told));
  });

  it('is queued with the fact as it was told, and due at once', () => {
    const delivery = aDelivery();
    expect(delivery).toMatchObject({ state: 'QUEUED', fact: 'f1', cursor: 7, nextAt: at, attempts: [] });
    expect(delivery.body).toBe(JSON.stringify(told));
  });

  it('shows its attempts, not its body', () => {
    const view = Contract.contract.view.parse({
      ...note(aDelivery(), 500).next,
      id: 'd',
      version: 2,
      updatedAt: '2018-09-12T00:00:00.000Z',
    });
    expect(view).toMatchObject({ state: 'FAILED', attempts: [{ status: 500 }] });
    expect(JSON.stringify(view)).not.toContain('DIA');
  });

  it('is delivered by a 2xx, and what is told of it later changes nothing', () => {
    const delivered = note(aDelivery(), 204).next;
    expect(delivered).toMatchObject({ state: 'DELIVERED', nextAt: null });
    expect(note(delivered, 500).next).toBe(delivered);
    expect(suppress(delivered, { reason: 'over' }, context).next).toBe(delivered);
  });

  it('comes again after its wait when it failed', () => {
    const { next, sends } = note(aDelivery(), 500);
    expect(next.state).toBe('FAILED');
    expect(Date.parse(next.nextAt!) - Date.parse(at)).toBeGreaterThanOrEqual(5000);
    expect(sends).toEqual([]);
  });

  it.each([
    ['the endpoint is gone', 410, 0, 'FAILED'],
    ['no attempt is left', 500, 9, 'DEAD'],
  ])('has its subscription disabled when %s', (_, status, before, state) => {
    const attempts = Array.from({ length: before }, () => ({ at, status: 500, latencyMs: 1, excerpt: null }));
    const { next, sends } = note(aDelivery({ attempts }), status);
    expect(next.state).toBe(state);
    expect(sends).toMatchObject([{ command: DisableSubscription, key: subscription, data: { reason: expect.any(String) } }]);
  });

  it('is suppressed while it waits', () => {
    expect(suppress(aDelivery(), { reason: 'The subscription has ended.' }, context).next).toMatchObject({
      state: 'SUPPRESSED',
      nextAt: null,
    });
  });

  it('is made by the product alone', () => {
    const by = { ...context.by, kind: 'PERSON' as const };
    expect(failedRules(() => queue(null, data, { ...context, by }))).toEqual(['DELIVERY.ACTOR']);
  });
});
