import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Pace, patiently } from './patience.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** Whether it ends within so many milliseconds. */
async function endsWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  let ended = false;
  void work.then(() => {
    ended = true;
  });
  await jest.advanceTimersByTimeAsync(ms);
  return ended;
}

describe('A reader with a pace', () => {
  it('does not wait for its first fetch, and waits out the rest of the time for the next', async () => {
    const pace = new Pace(100);
    pace.fetches();
    expect(await endsWithin(0, pace.keep())).toBe(true);
    await jest.advanceTimersByTimeAsync(30);
    pace.fetches();
    const second = pace.keep();
    expect(await endsWithin(69, second)).toBe(false);
    expect(await endsWithin(1, second)).toBe(true);
  });

  it('waits once per fetch, however many partitions it brought', async () => {
    const pace = new Pace(100);
    pace.fetches();
    await pace.keep();
    pace.fetches();
    expect(await endsWithin(100, pace.keep())).toBe(true);
    expect(await endsWithin(0, pace.keep())).toBe(true);
  });

  it('does not wait after a pause longer than its pace, nor with a pace of nothing', async () => {
    const pace = new Pace(100);
    pace.fetches();
    await pace.keep();
    await jest.advanceTimersByTimeAsync(100);
    pace.fetches();
    expect(await endsWithin(0, pace.keep())).toBe(true);
    const none = new Pace(0);
    none.fetches();
    none.fetches();
    expect(await endsWithin(0, none.keep())).toBe(true);
  });
});

describe('A topic made a moment ago', () => {
  const retriable = Object.assign(new Error('no leader'), { retriable: true });

  it('is asked again until it answers', async () => {
    let asked = 0;
    const answer = patiently(async () => {
      asked += 1;
      if (asked < 3) throw retriable;
      return 'there';
    });
    await jest.advanceTimersByTimeAsync(1000);
    expect(await answer).toBe('there');
  });

  it('is asked again also where the client has bailed out of asking', async () => {
    let asked = 0;
    const answer = patiently(async () => {
      asked += 1;
      if (asked < 3) throw Object.assign(new Error('bailed out', { cause: retriable }), { retriable: false });
      return 'there';
    });
    await jest.advanceTimersByTimeAsync(1000);
    expect(await answer).toBe('there');
  });

  it('is not asked for ever, and any other fault is told at once', async () => {
    const forEver = patiently(() => Promise.reject(retriable)).catch((error: Error) => error.message);
    await jest.advanceTimersByTimeAsync(120_000);
    expect(await forEver).toBe('no leader');
    await expect(patiently(() => Promise.reject(new Error('denied')))).rejects.toThrow('denied');
  });
});
