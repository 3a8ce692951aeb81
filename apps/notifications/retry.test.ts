import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Attempt } from '#libs/contracts/subscription';
import { deliveryPolicy as policy } from './policy.js';
import { outcomeOf, retryAfterOf } from './retry.js';

const at = '2020-09-01T08:00:00.000Z';
const seconds = (later: string | null) => (Date.parse(later!) - Date.parse(at)) / 1000;
const attempts = (count: number, status: number | null): Attempt[] =>
  Array.from({ length: count }, () => ({ at, status, latencyMs: 3, excerpt: null }));

describe('The retry schedule', () => {
  it('waits as Standard Webhooks says', () => {
    const waits = policy.waitSeconds.slice(1).map((_, done) => seconds(outcomeOf(policy, attempts(done + 1, 500), null, 0).nextAt));
    expect(waits).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]);
  });

  it('spreads a wait by its jitter, never below it', () => {
    const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fraction, (done, chance) => {
        const wait = policy.waitSeconds[done]!;
        const waited = seconds(outcomeOf(policy, attempts(done, null), null, chance).nextAt);
        expect(waited).toBeGreaterThanOrEqual(wait);
        expect(waited).toBeLessThanOrEqual(wait * (1 + policy.jitter) + 0.001);
      }),
    );
  });

  it('takes any 2xx as delivered and nothing else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), (status) => {
        expect(outcomeOf(policy, attempts(1, status), null, 0).state).toBe(status >= 200 && status < 300 ? 'DELIVERED' : 'FAILED');
      }),
    );
  });

  it('ends after its last attempt: the delivery is dead, the subscription is to be disabled', () => {
    expect(outcomeOf(policy, attempts(10, 503), null, 0)).toEqual({
      state: 'DEAD',
      nextAt: null,
      disable: 'No attempt of 10 succeeded; the last was answered 503.',
    });
  });

  it('disables the subscription when the endpoint is gone, and keeps the fact for later', () => {
    const outcome = outcomeOf(policy, attempts(1, 410), null, 0.5);
    expect(outcome).toEqual({ state: 'FAILED', nextAt: at, disable: 'The endpoint says that it is gone (410).' });
  });

  it('honours Retry-After when it asks for more patience than the schedule', () => {
    const later = '2020-09-01T09:00:00.000Z';
    expect(outcomeOf(policy, attempts(1, 429), later, 0).nextAt).toBe(later);
    expect(seconds(outcomeOf(policy, attempts(4, 429), later, 0).nextAt)).toBe(7200);
  });
});

describe('Retry-After', () => {
  const machineNow = Date.parse('2026-01-01T00:00:00Z');

  it.each([
    ['120', 120],
    ['Thu, 01 Jan 2026 00:10:00 GMT', 600],
    ['999999999', 86_400],
  ])('%s is %i seconds', (header, expected) => {
    expect(seconds(retryAfterOf(policy, header, at, machineNow))).toBe(expected);
  });

  it.each([undefined, '0', '-5', 'soon', 'Wed, 31 Dec 2025 00:00:00 GMT'])('%s asks for nothing', (header) => {
    expect(retryAfterOf(policy, header, at, machineNow)).toBeNull();
  });
});
