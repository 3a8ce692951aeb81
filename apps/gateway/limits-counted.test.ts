import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { CountedInBatches, countedAtOnce, TELL_MS } from './limits-counted.js';

const quota = { points: 10, seconds: 60 };
const running: CountedInBatches[] = [];
const gateway = (shared = new RateLimiterMemory({ points: quota.points, duration: quota.seconds }), isThere = () => true) => {
  const made = new CountedInBatches(shared, quota, isThere);
  running.push(made);
  return made;
};
const granted = (one: CountedInBatches, times: number) =>
  Array.from({ length: times }, () => one.take('c')).filter((left) => left && left.remaining >= 0).length;

afterEach(() => {
  for (const each of running.splice(0)) each.stop();
  jest.useRealTimers();
});

describe('Counting in batches', () => {
  it('lets through what the quota holds, and tells Redis once for all of it', async () => {
    const shared = new RateLimiterMemory({ points: quota.points, duration: quota.seconds });
    const told = jest.spyOn(shared, 'penalty');
    const one = gateway(shared);
    expect(granted(one, 12)).toBe(10);
    await one.tell();
    expect(told.mock.calls).toEqual([['c', 10]]);
    expect(granted(one, 1)).toBe(0);
    await one.tell();
    expect(told).toHaveBeenCalledTimes(1);
  });

  it('learns what other gateways have counted when it tells its own', async () => {
    const shared = new RateLimiterMemory({ points: quota.points, duration: quota.seconds });
    const [one, other] = [gateway(shared), gateway(shared)];
    expect(granted(one, 6)).toBe(6);
    await one.tell();
    expect(granted(other, 1)).toBe(1);
    await other.tell();
    expect(granted(other, 10)).toBe(3);
  });

  it('begins anew when the time of the quota is over', () => {
    jest.useFakeTimers({ now: 0 });
    const one = gateway();
    expect(granted(one, 11)).toBe(10);
    jest.setSystemTime(60_000);
    expect(one.take('c')).toEqual({ remaining: 9, resetMs: 60_000 });
  });

  it('counts nobody while Redis is away, and forgets what it could not tell', async () => {
    const lost = { penalty: () => Promise.reject(new Error('away')) };
    let isThere = true;
    const one = gateway(lost as never, () => isThere);
    expect(granted(one, 10)).toBe(10);
    await one.tell();
    expect(granted(one, 10)).toBe(10);
    isThere = false;
    expect(one.take('c')).toBeNull();
  });

  it('tells five times a second', () => {
    expect(TELL_MS).toBe(200);
  });
});

describe('Counting at once', () => {
  it('refuses what is one too many, and nobody because Redis is away', async () => {
    const limiter = new RateLimiterMemory({ points: 1, duration: 60 });
    expect(await countedAtOnce(limiter, 'c')).toMatchObject({ remaining: 0 });
    expect(await countedAtOnce(limiter, 'c')).toMatchObject({ remaining: -1 });
    const lost = { consume: () => Promise.reject(new Error('away')) };
    expect(await countedAtOnce(lost as never, 'c')).toBeNull();
  });
});
