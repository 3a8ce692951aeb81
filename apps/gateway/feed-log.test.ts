import { describe, expect, it } from '@jest/globals';
import type { Incoming } from '#libs/messaging/kafka';
import type { Runtime } from '#libs/service/runtime';
import { FeedLog } from './feed-log.js';
import { Problem } from './problem.js';

/** A broker that has let go of the first thousand records. */
async function shortened(): Promise<FeedLog> {
  const [low, high] = [1000, 1004];
  let take: (messages: Incoming[]) => void = () => undefined;
  const kafka = {
    endOffsets: async () => new Map([[0, { low, high }]]),
    consume: async ({ onBatch }: { onBatch: typeof take }) => {
      take = onBatch;
      return { assigned: () => true };
    },
  };
  const before: (() => Promise<void>)[] = [];
  const log = new FeedLog({ kafka, instance: 'one', before, after: [], health: { add: () => undefined } } as unknown as Runtime);
  for (const step of before) await step();
  const records = Array.from({ length: high - low }, (_, at) => ({
    topic: 'feed',
    partition: 0,
    offset: low + at,
    key: '',
    value: JSON.stringify({ type: 'event.recorded.v1', subject: `/v1/events/${at}`, sequence: '0000000001.000', data: {} }),
    headers: {},
    timestamp: 0,
  }));
  take(records);
  return log;
}

const codeOf = async (asked: Promise<unknown>) => {
  const error = await asked.catch((thrown) => thrown);
  return error instanceof Problem ? [error.status, error.details.code] : error;
};

describe('A feed whose beginning is gone', () => {
  it('begins with what is left for who names no cursor', async () => {
    const log = await shortened();
    expect(await log.place(null)).toBe(999);
    expect((await log.read(999, 2)).entries.map(({ cursor }) => cursor)).toEqual([1000, 1001]);
  });

  it('takes a cursor with nothing lost behind it', async () => {
    const log = await shortened();
    expect(await log.place(999)).toBe(999);
    expect(await log.place(1003)).toBe(1003);
  });

  it('sends who would miss something back to the snapshot', async () => {
    const log = await shortened();
    expect(await codeOf(log.place(998))).toEqual([409, 'FEED.RESYNC']);
    expect(await codeOf(log.place(-1))).toEqual([409, 'FEED.RESYNC']);
    expect(await codeOf(log.read(500, 10))).toEqual([409, 'FEED.RESYNC']);
  });

  it('knows no cursor behind its end', async () => {
    expect(await codeOf((await shortened()).place(1004))).toEqual([400, 'QUERY.CURSOR']);
  });
});
