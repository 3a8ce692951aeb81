import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Incoming } from '#libs/messaging/kafka';
import { FeedHistory, PIECE } from './feed-history.js';

/** A topic whose every record is of a subject of its own, but for those named here. */
const topic = (again: Record<number, number> = {}, bytes = 0) => {
  const reads: [number, number][] = [];
  const record = (offset: number): Incoming => {
    const of = again[offset] ?? offset;
    const fact = { type: 'event.recorded.v1', subject: `/v1/events/${of}`, sequence: '0000000001.000', data: { text: 'x'.repeat(bytes) } };
    return { topic: 'feed', partition: 0, offset, key: '', value: JSON.stringify(fact), headers: {}, timestamp: 0 };
  };
  const read = async (from: number, end: number) => {
    reads.push([from, end]);
    return Array.from({ length: end - from }, (_, at) => record(from + at));
  };
  return { reads, history: new FeedHistory(read) };
};

const FAR = 100_000;
const cursors = ({ entries }: { entries: { cursor: number }[] }) => entries.map(({ cursor }) => cursor);

describe('What lies before the window', () => {
  let far: ReturnType<typeof topic>;
  beforeEach(() => {
    far = topic();
  });

  it('is read from any cursor to the end of its piece', async () => {
    const stretch = await far.history.from(PIECE + 3, FAR, 0);
    expect(cursors(stretch)).toEqual(Array.from({ length: PIECE - 3 }, (_, at) => PIECE + 3 + at));
    expect(stretch.reached).toBe(2 * PIECE - 1);
    expect(far.reads).toEqual([[0, 2 * PIECE]]);
  });

  it('is read from the topic once, however many pages are taken of it', async () => {
    for (let offset = PIECE; offset < 2 * PIECE; offset += 50) await far.history.from(offset, FAR, 0);
    await Promise.all([far.history.from(2 * PIECE, FAR, 0), far.history.from(2 * PIECE + 1, FAR, 0)]);
    expect(far.reads).toHaveLength(2);
  });

  it('ends where the window begins, and that piece is read again when there is more of it', async () => {
    expect((await far.history.from(PIECE, PIECE + 10, 0)).reached).toBe(PIECE + 9);
    expect(cursors(await far.history.from(PIECE, PIECE + 20, 0))).toHaveLength(20);
    expect(far.reads).toHaveLength(2);
  });

  it('begins with the first record there is', async () => {
    expect(cursors(await far.history.from(PIECE + 5, FAR, PIECE + 5))[0]).toBe(PIECE + 5);
    expect(far.reads).toEqual([[PIECE + 5, 2 * PIECE]]);
  });

  it('tells once what stands in it twice, also when it was told in the piece before', async () => {
    const { history } = topic({ [PIECE + 1]: 2, [PIECE + 9]: PIECE + 4 });
    const told = cursors(await history.from(PIECE, FAR, 0));
    expect(told).toHaveLength(PIECE - 2);
    expect(told).not.toContain(PIECE + 1);
    expect(told).not.toContain(PIECE + 9);
  });

  it('keeps no more than it may', async () => {
    const { history, reads } = topic({}, 20_000);
    for (const piece of [1, 2, 3]) await history.from(piece * PIECE, FAR, 0);
    await history.from(3 * PIECE, FAR, 0);
    expect(reads).toHaveLength(3);
    await history.from(PIECE, FAR, 0);
    expect(reads).toHaveLength(4);
  });

  it('is asked for again when it could not be read', async () => {
    let fails = true;
    const history = new FeedHistory(async () => {
      if (fails) throw new Error('away');
      return [];
    });
    await expect(history.from(PIECE, FAR, 0)).rejects.toThrow('away');
    fails = false;
    expect(await history.from(PIECE, FAR, 0)).toEqual({ entries: [], reached: 2 * PIECE - 1 });
  });
});
