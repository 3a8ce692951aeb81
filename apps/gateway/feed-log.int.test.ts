import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FEED, sharedTopics } from '#libs/messaging/topics';
import { createLog } from '#libs/service/log';
import type { Runtime } from '#libs/service/runtime';
import { environment } from '#libs/testing/environment';
import { eventually } from '#libs/testing/eventually';
import { kafkaOf } from '#libs/testing/kafka';
import { FeedLog } from './feed-log.js';
import { Problem } from './problem.js';

/** More than a gateway keeps in memory. */
const THERE = 5300;
const log = createLog('gateway', 'test', 'silent');
const kafka = kafkaOf(environment(), log);

const append = (numbers: number[]) =>
  kafka.send(
    FEED,
    numbers.map((number) => ({
      key: `e${number}`,
      value: JSON.stringify({ type: 'event.recorded.v1', subject: `/v1/events/e${number}`, sequence: '0000000001.000', data: { number } }),
    })),
  );
const range = (from: number, end: number) => Array.from({ length: end - from }, (_, at) => from + at);

/** The log of one gateway, and how it is started and ended. */
function gateway(instance: string) {
  const [before, after] = [[] as (() => Promise<void>)[], [] as (() => Promise<void>)[]];
  let check: () => Promise<void> = async () => undefined;
  const health = {
    add: (_: string, told: () => Promise<void>) => {
      check = told;
    },
  };
  const feed = new FeedLog({ kafka, instance, log, before, after, health } as unknown as Runtime);
  return {
    feed,
    start: async () => {
      for (const step of before) await step();
      await eventually(() => check());
    },
    stop: async () => {
      for (const step of after) await step();
    },
  };
}

async function allOf(feed: FeedLog, from: number): Promise<string[]> {
  const told: string[] = [];
  for (let place = await feed.place(from); place < feed.newest; ) {
    const { entries, reached } = await feed.read(place, 200);
    expect(reached).toBeGreaterThan(place);
    told.push(...entries.map(({ id }) => id));
    place = reached;
  }
  return told;
}

const one = gateway('one');
beforeAll(async () => {
  await kafka.connect();
  await kafka.ensureTopics(sharedTopics());
  await append(range(0, THERE));
  // As a projector does that died and came back: the last of what it had appended comes again.
  await append(range(THERE - 100, THERE + 50));
  await one.start();
});
afterAll(async () => {
  await one.stop();
  await kafka.close();
});

describe('The feed of a gateway that has started', () => {
  const everything = range(0, THERE + 50).map((number) => `e${number}`);

  it('is told from the beginning to the end, each fact once, from the topic and from memory', async () => {
    expect(await allOf(one.feed, -1)).toEqual(everything);
  });

  it('is told from any cursor on', async () => {
    for (const cursor of [0, 499, 500, 777, THERE - 4200, THERE - 150])
      expect(await allOf(one.feed, cursor)).toEqual(everything.slice(cursor + 1));
  });

  it('is the same at another gateway that starts later', async () => {
    const two = gateway('two');
    await two.start();
    expect(await allOf(two.feed, 300)).toEqual(everything.slice(301));
    expect(two.feed.newest).toBe(one.feed.newest);
    await two.stop();
  });

  it('knows what has been announced', () => {
    expect(one.feed.has({ subject: `/v1/events/e${THERE}`, sequence: '0000000001.000' })).toBe(true);
    expect(one.feed.has({ subject: `/v1/events/e${THERE}`, sequence: '0000000001.001' })).toBe(false);
  });

  it('refuses a cursor it has not come to', async () => {
    const { newest } = one.feed;
    expect(await one.feed.place(newest)).toBe(newest);
    expect(await one.feed.place(null)).toBe(-1);
    const refusal = await one.feed.place(newest + 1).catch((error) => error);
    expect(refusal).toBeInstanceOf(Problem);
    expect(refusal.details.code).toBe('QUERY.CURSOR');
  });

  it('calls those who wait as soon as something is appended, and lets them go when the time is over', async () => {
    const { newest } = one.feed;
    const began = Date.now();
    await one.feed.more(newest, 50);
    expect(Date.now() - began).toBeGreaterThanOrEqual(45);
    expect(one.feed.newest).toBe(newest);
    const called = one.feed.more(newest, 20_000);
    await append([THERE + 50]);
    await called;
    expect((await one.feed.read(newest, 10)).entries.map(({ id }) => id)).toEqual([`e${THERE + 50}`]);
  });

  it('passes over what is no fact', async () => {
    const { newest } = one.feed;
    await kafka.send(FEED, [
      { key: null, value: 'nonsense' },
      { key: null, value: null },
    ]);
    await append([THERE + 51]);
    await eventually(() => expect(one.feed.newest).toBe(newest + 3));
    expect((await one.feed.read(newest, 10)).entries.map(({ id }) => id)).toEqual([`e${THERE + 51}`]);
  });
});
