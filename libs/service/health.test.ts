import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Health } from './health.js';

const holds = async () => undefined;

afterEach(() => {
  jest.useRealTimers();
});

describe('Readiness', () => {
  it('holds while all holds that the service stands on', async () => {
    const health = new Health();
    health.add('kafka', holds);
    health.add('mongodb', holds);
    expect(await health.readiness()).toEqual({ ready: true, checks: { kafka: 'ok', mongodb: 'ok' } });
  });

  it('names what does not, with the reason, and comes back by itself', async () => {
    let away = true;
    const health = new Health();
    health.add('kafka', holds);
    health.add('mongodb', async () => {
      if (away) throw new Error('connection refused');
    });
    expect(await health.readiness()).toEqual({ ready: false, checks: { kafka: 'ok', mongodb: 'connection refused' } });
    away = false;
    expect((await health.readiness()).ready).toBe(true);
  });

  it('takes silence for a fault, and a fault without words too', async () => {
    jest.useFakeTimers();
    const health = new Health();
    health.add('silent', () => new Promise(() => undefined));
    health.add('speechless', () => {
      throw new TypeError('');
    });
    const readiness = health.readiness();
    await jest.advanceTimersByTimeAsync(2000);
    expect(await readiness).toEqual({ ready: false, checks: { silent: 'no answer within 2000 ms', speechless: 'TypeError' } });
  });

  it('is over when the service stops', async () => {
    const health = new Health();
    health.add('kafka', holds);
    health.stop();
    expect(await health.readiness()).toEqual({ ready: false, checks: { kafka: 'ok', service: 'stopping' } });
  });
});
