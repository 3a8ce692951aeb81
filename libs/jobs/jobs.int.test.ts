import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { Health } from '#libs/service/health';
import { createLog } from '#libs/service/log';
import { metricsPage } from '#libs/service/metrics';
import type { Runtime } from '#libs/service/runtime';
import { WaitingRoom } from '#libs/service/waiting-room';
import { eventually } from '#libs/testing/eventually';
import { wipeRedis } from '#libs/testing/redis';
import { JobNotTaken, Jobs, prefixOf } from './jobs.js';

const prefix = `t${randomBytes(4).toString('hex')}`;
const aRuntime = (url = process.env.REDIS_URL!) => {
  const config = { REDIS_URL: url, TOPIC_PREFIX: `${prefix}.`, MONGO_PREFIX: prefix };
  return {
    config,
    log: createLog('worker', 'test', 'silent'),
    health: new Health(),
    before: [],
    after: [],
    room: new WaitingRoom(),
  } as unknown as Runtime;
};

const wipe = () => wipeRedis(process.env.REDIS_URL!, prefixOf(`${prefix}.`, prefix));
const begin = async (runtime: Runtime) => {
  for (const step of runtime.before) await step();
};

describe('Jobs', () => {
  let runtime: Runtime;
  let jobs: Jobs;
  let redis: Redis;

  beforeEach(() => {
    runtime = aRuntime();
    jobs = new Jobs(runtime);
    redis = new Redis(process.env.REDIS_URL!);
  });
  afterEach(async () => {
    await jobs.close();
    await wipe();
    redis.disconnect();
  });

  const added = (id: string, data: unknown = { id }) => eventually(() => jobs.add('reports', id, data));

  it('are done once while they wait, and again when they are due again', async () => {
    await added('7');
    await added('7');
    await added('/v1/events/1:RULE');
    const done: string[] = [];
    jobs.work<{ id: string }>('reports', async ({ id }) => void done.push(id));
    await begin(runtime);
    await eventually(() => expect(done).toEqual(['7', '/v1/events/1:RULE']));
    await eventually(async () => {
      await added('7');
      expect(done).toHaveLength(3);
    });
  });

  it('that fail come again when they are added again, and leave nothing behind', async () => {
    let tries = 0;
    jobs.work('reports', async () => {
      tries += 1;
      throw new Error('no paper');
    });
    await begin(runtime);
    await eventually(async () => {
      await added('a');
      expect(tries).toBeGreaterThan(1);
    });
    await eventually(async () => expect(await redis.keys(`{${prefix}*:id-a*`)).toEqual([]));
    expect(await metricsPage()).toMatch(/^jobs_failed_total\{queue="reports"\} [1-9]/m);
  });

  it('go on after Redis has lost everything', async () => {
    const done: string[] = [];
    jobs.work<{ id: string }>('reports', async ({ id }) => void done.push(id));
    await begin(runtime);
    await added('before');
    await eventually(() => expect(done).toEqual(['before']));
    await wipe();
    await added('after');
    await eventually(() => expect(done).toEqual(['before', 'after']));
  });

  it('are run as many at once as is wanted, and those under way are waited for at the end', async () => {
    let [now, most, ended] = [0, 0, 0];
    const gate = Promise.withResolvers<void>();
    jobs.work(
      'reports',
      async () => {
        now += 1;
        most = Math.max(most, now);
        await gate.promise;
        ended += 1;
      },
      { concurrency: 3 },
    );
    await begin(runtime);
    for (const id of ['a', 'b', 'c', 'd']) await added(id);
    await eventually(() => expect(most).toBe(3));
    const closed = jobs.close();
    gate.resolve();
    await closed;
    expect(ended).toBe(3);
    expect(most).toBe(3);
  });

  it('show in readiness whether Redis is there', async () => {
    await eventually(async () => expect(await runtime.health.readiness()).toEqual({ ready: true, checks: { redis: 'ok' } }));
  });
});

describe('Without Redis', () => {
  it('a job is refused at once, and readiness says so', async () => {
    const runtime = aRuntime('redis://127.0.0.1:1');
    const jobs = new Jobs(runtime);
    await expect(jobs.add('reports', 'a', {})).rejects.toThrow(JobNotTaken);
    expect(await runtime.health.readiness()).toEqual({ ready: false, checks: { redis: 'not connected' } });
    await jobs.close();
  });

  it('work is waited for, and what is waited for has a name', async () => {
    const runtime = aRuntime('redis://127.0.0.1:1');
    const waited: string[] = [];
    const room = {
      for<T>(name: string, work: Promise<T>) {
        waited.push(name);
        return work;
      },
    };
    const jobs = new Jobs(Object.assign(runtime, { room }));
    jobs.work('reports', async () => undefined);
    const begun = begin(runtime);
    expect(waited).toEqual(['Redis']);
    await jobs.close();
    await expect(begun).rejects.toThrow('closed while waiting for Redis');
  });
});
