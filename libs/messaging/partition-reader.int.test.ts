import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLog } from '#libs/service/log';
import { environment } from '#libs/testing/environment';
import { eventually } from '#libs/testing/eventually';
import { kafkaOf } from '#libs/testing/kafka';
import type { Incoming } from './kafka.js';
import { NotRead, PartitionReader } from './partition-reader.js';
import { Tail } from './tail.js';

const TOPIC = 'told';
const THERE = 3000;
const log = createLog('gateway', 'test', 'silent');
const kafka = kafkaOf(environment(), log);
const send = (from: number, many: number) =>
  kafka.send(
    TOPIC,
    Array.from({ length: many }, (_, at) => ({ key: 'k', value: `${from + at} ${'x'.repeat(1000)}` })),
  );
const numbers = (records: Incoming[]) => records.map(({ value }) => Number.parseInt(value!, 10));
const range = (from: number, end: number) => Array.from({ length: end - from }, (_, at) => from + at);

beforeAll(async () => {
  await kafka.connect();
  await kafka.ensureTopics([{ name: TOPIC, partitions: 1, config: {} }]);
  await send(0, THERE);
});
afterAll(() => kafka.close());

describe('A reader of stretches', () => {
  const reader = new PartitionReader(kafka, 'reader', TOPIC);
  afterAll(() => reader.stop());

  it('reads any stretch, also over more than one fetch, and backwards', async () => {
    for (const [from, end] of [
      [2500, 2510],
      [0, THERE],
      [17, 18],
      [1200, 1700],
      [2999, 3000],
    ] as const)
      expect(numbers(await reader.read(from, end))).toEqual(range(from, end));
    expect(await reader.read(5, 5)).toEqual([]);
  });

  it('reads what is asked at once one after the other', async () => {
    const stretches = await Promise.all(range(0, 10).map((at) => reader.read(at * 100, at * 100 + 50)));
    expect(stretches.map(numbers)).toEqual(range(0, 10).map((at) => range(at * 100, at * 100 + 50)));
  });

  it('has a stretch within a fraction of a second once it has joined', async () => {
    const began = Date.now();
    for (const at of range(0, 5)) await reader.read(at * 500, at * 500 + 10);
    expect(Date.now() - began).toBeLessThan(2500);
  });

  it('lets go who waits when it stops', async () => {
    const other = new PartitionReader(kafka, 'other', TOPIC);
    const waiting = other.read(THERE + 100, THERE + 101);
    await other.read(0, 0);
    const stopped = expect(waiting).rejects.toThrow(NotRead);
    await eventually(() => expect(other.isReading).toBe(true));
    await other.stop();
    await stopped;
  });
});

describe('A tail', () => {
  it('reads from its place on, each record once, and what comes later as it comes', async () => {
    const read: Incoming[] = [];
    const tail = new Tail(kafka, 'tail', TOPIC, THERE - 5, (records) => read.push(...records), log);
    await tail.start();
    await eventually(() => expect(numbers(read)).toEqual(range(THERE - 5, THERE)));
    for (const at of range(0, 20)) await send(THERE + at, 1);
    await eventually(() => expect(numbers(read)).toEqual(range(THERE - 5, THERE + 20)));
    expect(tail.assigned()).toBe(true);
    await tail.stop();
  });
});
