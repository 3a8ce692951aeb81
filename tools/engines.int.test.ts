import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { type Engines, isLoopback, startEngines } from './engines.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

describe('An engine of ours', () => {
  let dir: string;
  let engines: Engines;
  const told = new AbortController();

  beforeAll(async () => {
    dir = mkdtempSync(path.join(tmpdir(), 'engines é '));
    engines = await startEngines({ root, dir, only: ['redis'], given: {}, signal: told.signal });
  });

  afterAll(async () => {
    await engines.stop();
    rmSync(dir, { recursive: true });
  });

  it('comes back from a kill at the same address with what it had confirmed', async () => {
    const redis = new Redis(engines.env.REDIS_URL!);
    await redis.set('partnership', 'dia');
    await redis.quit();

    await engines.engines.redis.kill();
    await engines.engines.redis.start();
    const again = new Redis(engines.env.REDIS_URL!);
    expect(await again.get('partnership')).toBe('dia');
    await again.quit();
  });

  it('that is up stays up for those who still need it when the start is told to stop', async () => {
    told.abort();
    const redis = new Redis(engines.env.REDIS_URL!);
    expect(await redis.ping()).toBe('PONG');
    await redis.quit();
  });

  it('is not even begun when the start is told to stop before', async () => {
    const early = new AbortController();
    const place = path.join(dir, 'early');
    const start = startEngines({ root, dir: place, only: ['redis'], given: {}, signal: early.signal });
    early.abort();
    await start;
    expect(readdirSync(path.join(place, 'pids'))).toEqual([]);
  });

  it('is left to its owner when it was given by URL', async () => {
    const outside = await startEngines({
      root,
      dir: path.join(dir, 'outside'),
      only: ['redis'],
      given: { REDIS_URL: 'redis://cache.example:6379' },
    });
    expect(outside.env).toEqual({ REDIS_URL: 'redis://cache.example:6379' });
    expect(outside.embedded).toBe(false);
    await expect(outside.engines.redis.kill()).rejects.toThrow('not ours to end');
  });
});

describe('An address', () => {
  it.each(['127.0.0.1:9092', 'localhost:9092,127.0.0.1:9093', 'mongodb://user:secret@localhost:27017/?journal=true', 'redis://[::1]:6379'])(
    'is of this machine: %s',
    (url) => {
      expect(isLoopback(url)).toBe(true);
    },
  );

  it.each([
    'broker.example:9092',
    'localhost:9092,broker.example:9092',
    'mongodb://localhost.example:27017',
    'redis://localhost@cache.example:6379',
  ])('is of another: %s', (url) => {
    expect(isLoopback(url)).toBe(false);
  });
});
