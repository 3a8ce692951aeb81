import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Queue } from 'bullmq';
import type { Actor } from '#libs/contracts/actor';
import type { FactRecord } from '#libs/contracts/message';
import { NoteReportDone, type ReportFormat, type ReportView, RequestReport } from '#libs/contracts/report';
import { compositionSeed } from '#libs/domain/composition-seeds';
import { newId } from '#libs/domain/ids';
import { prefixOf } from '#libs/jobs/jobs';
import { stateOf } from '#libs/messaging/topics';
import { eventually } from '#libs/testing/eventually';
import { TestHouse } from '#libs/testing/house';
import { wipeRedis } from '#libs/testing/redis';
import { WorkerModule } from './worker.module.js';

const folder = mkdtempSync(join(tmpdir(), 'clock-'));
const TEST_CLOCK = join(folder, 'clock.json');
const LONG = 60_000;
const by: Actor = { kind: 'CLIENT', id: 'client-1', roles: [], scopes: [], at: '2026-11-22T10:00:00.000Z' };

describe('Reports of a composition', () => {
  let house: TestHouse;
  let queue: Queue;

  const worker = () => house.services.get('worker')!;

  /** Seconds by which the one clock is ahead from now on. */
  async function ahead(seconds: number) {
    writeFileSync(TEST_CLOCK, JSON.stringify({ offsetMs: seconds * 1000 }));
    await eventually(() => expect(Math.abs(worker().runtime.clock.now().getTime() - Date.now() - seconds * 1000)).toBeLessThan(2000));
  }

  /** As the membership service publishes it. */
  async function published(name: 'dia' | 'exxtra') {
    const { partnership, clusters, memberships } = compositionSeed(name);
    const state = (aggregate: string, id: string, view: object) => ({
      key: id,
      value: JSON.stringify({ aggregate, id, version: 1, view }),
      headers: { aggregate },
    });
    const states = [
      state('partnership', partnership.id, partnership),
      ...clusters.map((cluster) => state('cluster', cluster.id, { ...cluster, profile: 'PUBLISHED' })),
      ...memberships.map((membership) => state('membership', newId(), membership)),
    ];
    await house.kafka.send(stateOf('membership'), states);
    return partnership.id;
  }

  const asked = (key: string, partnership: string, format: ReportFormat = 'CSV') =>
    house.ask(RequestReport, { key, by, data: { kind: 'COMPOSITION', format, parameters: { partnership } } });

  async function report(id: string): Promise<ReportView> {
    return (await house.collection('worker', 'reports').findOne({ _id: id as never }))?.state as ReportView;
  }

  const ended = (id: string, within?: number) =>
    eventually(async () => {
      const found = await report(id);
      expect(found.state).not.toBe('PENDING');
      return found;
    }, within);

  /** By id: the relay may publish one fact twice, and whoever reads drops the second. */
  function told(id: string): FactRecord[] {
    const facts = house.facts.filter(({ type, subject }) => type === 'report.ready.v1' && subject === `/v1/reports/${id}`);
    return [...new Map(facts.map((fact) => [fact.id, fact])).values()];
  }
  const toldOnce = (id: string) => eventually(() => expect(told(id)).toHaveLength(1));

  beforeAll(async () => {
    writeFileSync(TEST_CLOCK, JSON.stringify({ offsetMs: 0 }));
    house = await TestHouse.open({ worker: WorkerModule });
    house.env.TEST_CLOCK = TEST_CLOCK;
    const { hostname: host, port } = new URL(house.env.REDIS_URL!);
    queue = new Queue('reports', {
      connection: { host, port: Number(port) },
      prefix: prefixOf(house.env.TOPIC_PREFIX!, house.env.MONGO_PREFIX!),
    });
    await worker().stop();
    await house.start('worker', WorkerModule);
  }, LONG);

  afterAll(async () => {
    await queue?.close();
    await house?.close();
    rmSync(folder, { recursive: true });
  }, LONG);

  it('are pending at once, then a CSV of what was published before they were asked for', async () => {
    const [id, dia] = [newId(), await published('dia')];
    const { view } = await asked(id, dia);
    expect(view).toMatchObject({ id, state: 'PENDING', progress: 0, owner: 'client-1', file: null });
    const { state, progress, file } = await ended(id);
    expect({ state, progress }).toEqual({ state: 'SUCCEEDED', progress: 100 });
    const content = await house.files.get(id);
    expect(file).toEqual({
      id,
      name: expect.stringMatching(/^dia-composition-\d{4}-\d\d-\d\d\.csv$/),
      type: 'text/csv; charset=utf-8',
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
    });
    expect(content.toString().trimEnd().split('\r\n')).toHaveLength(7);
    await toldOnce(id);
    expect(told(id)[0]!.data).not.toHaveProperty('owner');
  });

  it('are a PDF too, by the slug as well', async () => {
    const id = newId();
    await published('exxtra');
    await asked(id, 'exxtra', 'PDF');
    expect(await ended(id)).toMatchObject({ state: 'SUCCEEDED', file: { type: 'application/pdf' } });
    expect((await house.files.get(id)).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('fail with the reason when there is no such partnership, and tell nobody', async () => {
    const [id, unknown] = [newId(), newId()];
    await asked(id, unknown);
    expect(await ended(id)).toMatchObject({ state: 'FAILED', progress: 0, problem: `There is no partnership ${unknown}.`, file: null });
    expect(told(id)).toEqual([]);
  });

  it(
    'wait for a cluster that is not there yet rather than leave it out',
    async () => {
      const { partnership, clusters, memberships } = compositionSeed('exxtra');
      const [id, slug, first] = [newId(), newId(), clusters[0]!.id];
      const cluster = newId();
      const records = [
        { aggregate: 'partnership', id: slug, version: 1, view: { ...partnership, id: slug, slug } },
        { aggregate: 'membership', id: newId(), version: 1, view: { ...memberships[0]!, partnership: slug, cluster } },
      ];
      await house.kafka.send(
        stateOf('membership'),
        records.map((record) => ({ key: record.id, value: JSON.stringify(record) })),
      );
      await asked(id, slug);
      await eventually(async () => expect(await queue.getJobCountByTypes('waiting', 'active')).toBe(0));
      expect(await report(id)).toMatchObject({ state: 'PENDING', progress: 0 });
      const late = { aggregate: 'cluster', id: cluster, version: 1, view: { ...clusters[0]!, id: cluster, profile: 'PUBLISHED' } };
      await house.kafka.send(stateOf('membership'), [{ key: cluster, value: JSON.stringify(late) }]);
      await ahead(15);
      await ended(id, 20_000);
      expect((await house.files.get(id)).toString()).toContain(cluster);
      expect((await house.files.get(id)).toString()).not.toContain(first);
      await ahead(0);
    },
    LONG,
  );

  it(
    'are done once when Redis is wiped before the job, and asked for twice',
    async () => {
      const [ids, dia] = [Array.from({ length: 10 }, () => newId()), await published('dia')];
      await queue.pause();
      await Promise.all(ids.map((id) => asked(id, dia, 'PDF')));
      await eventually(async () => expect(await queue.getJobCountByTypes('waiting')).toBe(ids.length));
      await wipeRedis(house.env.REDIS_URL!, queue.opts.prefix!);
      await ahead(15);
      for (const id of ids) expect(await ended(id, 30_000)).toMatchObject({ state: 'SUCCEEDED' });
      for (const id of ids) await toldOnce(id);
      expect(await asked(ids[0]!, dia)).toMatchObject({ status: 'REFUSED', refusal: { kind: 'WRONG_STATE' } });
      const late = { file: null, problem: 'too late' };
      expect(await house.ask(NoteReportDone, { key: ids[0]!, data: late })).toMatchObject({ version: 2, changed: false });
      await ahead(0);
    },
    LONG,
  );

  it(
    'take over the file that a killed worker has left',
    async () => {
      const [id, dia] = [newId(), await published('dia')];
      await queue.pause();
      await asked(id, dia);
      const left = await house.files.put(id, Buffer.from('left behind'), { name: 'left.csv', type: 'text/csv' });
      await queue.resume();
      expect((await ended(id, 20_000)).file).toEqual(left);
      await toldOnce(id);
    },
    LONG,
  );
});
