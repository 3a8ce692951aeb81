import { describe, expect, it } from '@jest/globals';
import { type Actor, system } from '#libs/contracts/actor';
import { factTypes } from '#libs/contracts/catalogue';
import { SubscriptionView } from '#libs/contracts/subscription';
import type { Context } from '#libs/domain/decision';
import { failedRules, Refusal } from '#libs/domain/verdict';
import { deliveryPolicy } from './policy.js';
import {
  disable,
  enable,
  end,
  noteTest,
  pause,
  resume,
  rotateSecret,
  type Subscription,
  secretsInForce,
  subscribe,
  testFirst,
} from './subscription.js';

const id = '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f';
const at = '2020-09-01T08:00:00.000Z';
const terms = {
  policy: deliveryPolicy,
  target: { loopback: false, allow: [] },
  isSecret: (cipher: string) => cipher.startsWith('v1.'),
  factTypes,
};
const anActor = (person: string, role = 'PARTNERSHIP_COORDINATOR'): Actor => ({
  kind: 'PERSON',
  id: person,
  roles: [{ role, binding: null }],
  scopes: [],
  at,
});
const context = (by: Actor, when = at): Context => ({ id, by, at: when, message: 'm' });
const mine = context(anActor('anna'));
const product = context(system('notifications', at));
const data = { channel: 'WEBHOOK' as const, url: 'https://hooks.example.org/in', eventTypes: ['*'], secretCipher: 'v1.sealed' };
const aSubscription = (fields: Partial<Subscription> = {}): Subscription => ({ ...subscribe(terms)(null, data, mine).next, ...fields });

const refusalOf = (decide: () => unknown): Refusal => {
  try {
    decide();
  } catch (error) {
    return error as Refusal;
  }
  throw new Error('not refused');
};

describe('Who subscribes a webhook', () => {
  it('owns an active subscription that keeps its rights and its sealed secret', () => {
    const { next } = subscribe(terms)(null, data, mine);
    expect(next).toMatchObject({ state: 'ACTIVE', owner: 'anna', createdAt: at, secrets: [{ cipher: 'v1.sealed', until: null }] });
    expect(next.rights).toEqual({ owner: 'anna', roles: [{ role: 'PARTNERSHIP_COORDINATOR', binding: null }], scopes: [] });
  });

  it('never reads the secret again, not even sealed', () => {
    const view = SubscriptionView.parse({ ...aSubscription(), id, version: 1, updatedAt: '2018-09-12T00:00:00.000Z' });
    expect(JSON.stringify(view)).not.toMatch(/sealed|secret|rights/);
  });

  it('is refused for a target that is not public, with the place of the fault', () => {
    const refusal = refusalOf(() => subscribe(terms)(null, { ...data, url: 'https://169.254.169.254/' }, mine));
    expect(refusal).toMatchObject({ kind: 'RULE', code: 'SUBSCRIPTION.TARGET', errors: [{ pointer: '/url' }] });
    expect(refusal.verdicts.length).toBeGreaterThan(5);
  });

  it('is refused for event types that are never told, each at its place', () => {
    const eventTypes = ['event.*', 'evnt.*', 'event.recorded.v1', 'event.recorded.v9', '*'];
    const refusal = refusalOf(() => subscribe(terms)(null, { ...data, eventTypes }, mine));
    expect(refusal).toMatchObject({ kind: 'RULE', code: 'SUBSCRIPTION.EVENT_TYPES' });
    expect(refusal.errors.map(({ pointer }) => pointer)).toEqual(['/eventTypes/1', '/eventTypes/3']);
  });

  it('is refused for a filter by what no fact has to do with, and takes one by what some have', () => {
    const filter = { partnership: ['dia'], partnreship: ['dia'] };
    const refusal = refusalOf(() => subscribe(terms)(null, { ...data, filter }, mine));
    expect(refusal).toMatchObject({ code: 'SUBSCRIPTION.FILTER', errors: [{ pointer: '/filter/partnreship' }] });
    expect(subscribe(terms)(null, { ...data, filter: { partnership: ['dia'], cluster: ['mitc'] } }, mine).next.state).toBe('ACTIVE');
  });

  it('is told every rule it breaks', () => {
    const wrong = { ...data, url: null, address: 'anna@example.org', digest: 'DAILY' as const, secretCipher: 'open' };
    const broken = failedRules(() => subscribe(terms)(null, wrong, context({ ...anActor('nobody'), kind: 'PUBLIC' })));
    expect(broken).toEqual([
      'SUBSCRIPTION.SUBSCRIBE.ACTOR',
      'SUBSCRIPTION.TARGET',
      'SUBSCRIPTION.ADDRESS',
      'SUBSCRIPTION.DIGEST',
      'SUBSCRIPTION.SECRET',
    ]);
  });
});

describe('A channel this service does not deliver to', () => {
  it.each(['EMAIL', 'INBOX'] as const)('%s is refused, naming those it does', (channel) => {
    const wanted = { channel, eventTypes: ['*'], secretCipher: null, address: channel === 'EMAIL' ? 'anna@example.org' : null };
    const refusal = refusalOf(() => subscribe(terms)(null, wanted, mine));
    expect(refusal).toMatchObject({ kind: 'RULE', code: 'SUBSCRIPTION.CHANNEL', errors: [{ pointer: '/channel' }] });
    expect(refusal.message).toBe(`Facts are delivered by WEBHOOK, not by ${channel}.`);
  });
});

describe('A subscription', () => {
  it('is paused and resumed by its owner', () => {
    const paused = pause(aSubscription(), {}, mine).next;
    expect(paused.state).toBe('PAUSED');
    expect(resume(paused, {}, mine).next.state).toBe('ACTIVE');
  });

  it('is left alone by others', () => {
    const other = context(anActor('boris'));
    for (const decide of [pause, end]) expect(refusalOf(() => decide(aSubscription(), {}, other)).kind).toBe('NOT_YOURS');
    const rotated = () => rotateSecret(terms)(aSubscription(), { secretCipher: 'v1.new', overlapHours: 1 }, other);
    expect(refusalOf(rotated).kind).toBe('NOT_YOURS');
  });

  it('may be ended by the platform, and keeps no secret then', () => {
    expect(end(aSubscription(), {}, context(anActor('root', 'PLATFORM_ADMIN'))).next).toMatchObject({ state: 'ENDED', secrets: [] });
  });

  it('is disabled by the product, not by its owner, and says why until it is enabled', () => {
    const reason = 'The endpoint says that it is gone (410).';
    expect(refusalOf(() => disable(aSubscription(), { reason }, mine)).kind).toBe('NOT_YOURS');
    const disabled = disable(aSubscription({ state: 'PAUSED' }), { reason }, product).next;
    expect(disabled).toMatchObject({ state: 'DISABLED', reason });
    expect(refusalOf(() => testFirst(disabled, {}, context(anActor('boris')))).kind).toBe('NOT_YOURS');
    expect(enable(disabled, {}, mine).next).toMatchObject({ state: 'ACTIVE', reason: null });
  });

  it('is enabled by the answer to a test delivery, and stays disabled without', () => {
    const disabled = aSubscription({ state: 'DISABLED', reason: 'gone' });
    const asked = testFirst(disabled, {}, mine);
    expect(asked).toMatchObject({ next: { state: 'DISABLED', asked: 'm' }, answer: 'LATER', settles: [] });
    const answered = (status: number | null) => noteTest(asked.next, { asked: 'm', status, excerpt: 'No answer.' }, product);
    expect(answered(204)).toMatchObject({
      next: { state: 'ACTIVE', reason: null, asked: null },
      settles: [{ message: 'm', refusal: null }],
    });
    for (const [status, message] of [
      [410, 'it was answered 410.'],
      [null, 'No answer.'],
    ] as const)
      expect(answered(status)).toMatchObject({
        next: { state: 'DISABLED', reason: 'gone', asked: null },
        settles: [
          { message: 'm', refusal: { kind: 'RULE', code: 'SUBSCRIPTION.ENABLE.TEST', message: `The test delivery failed: ${message}` } },
        ],
      });
  });

  it('heeds the last test asked for, and none that others tell of', () => {
    const first = testFirst(aSubscription({ state: 'DISABLED' }), {}, mine).next;
    const second = testFirst(first, {}, { ...mine, message: 'n' });
    expect(second).toMatchObject({ next: { asked: 'n' }, settles: [{ message: 'm', refusal: { kind: 'WRONG_STATE' } }] });
    expect(noteTest(second.next, { asked: 'm', status: 204, excerpt: null }, product).next).toBe(second.next);
    expect(refusalOf(() => noteTest(second.next, { asked: 'n', status: 204, excerpt: null }, mine)).kind).toBe('NOT_YOURS');
    const ended = end(second.next, {}, mine).next;
    expect(noteTest(ended, { asked: 'n', status: 204, excerpt: null }, product)).toMatchObject({
      next: { state: 'ENDED' },
      settles: [{ message: 'n', refusal: { kind: 'WRONG_STATE' } }],
    });
  });

  it('that has ended stays so', () => {
    const ended = aSubscription({ state: 'ENDED' });
    for (const decide of [pause, resume, enable, testFirst, end]) expect(refusalOf(() => decide(ended, {}, mine)).kind).toBe('WRONG_STATE');
    expect(refusalOf(() => rotateSecret(terms)(ended, { secretCipher: 'v1.new', overlapHours: 0 }, mine)).kind).toBe('WRONG_STATE');
  });
});

describe('A rotated secret', () => {
  const rotate = (subscription: Subscription, cipher: string, overlapHours: number) =>
    rotateSecret(terms)(subscription, { secretCipher: cipher, overlapHours }, mine).next;
  const inForce = ({ secrets }: Subscription, when: string) => secretsInForce(secrets, when).map(({ cipher }) => cipher);

  it('signs beside the one before until the overlap is over', () => {
    const rotated = rotate(aSubscription(), 'v1.new', 24);
    expect(inForce(rotated, at)).toEqual(['v1.new', 'v1.sealed']);
    expect(inForce(rotated, '2020-09-02T07:59:59.999Z')).toEqual(['v1.new', 'v1.sealed']);
    expect(inForce(rotated, '2020-09-02T08:00:00.000Z')).toEqual(['v1.new']);
  });

  it('takes the place of the one before at once without overlap', () => {
    expect(inForce(rotate(aSubscription(), 'v1.new', 0), at)).toEqual(['v1.new']);
  });

  it('never makes them more than two', () => {
    expect(inForce(rotate(rotate(aSubscription(), 'v1.second', 168), 'v1.third', 168), at)).toEqual(['v1.third', 'v1.second']);
  });
});
