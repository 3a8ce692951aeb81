import { afterEach, describe, expect, it } from '@jest/globals';
import type { Log } from '#libs/service/log';
import { Committer } from './committer.js';
import type { Incoming, Offset, Subscription } from './kafka.js';

const log = { debug: () => undefined } as unknown as Log;
const at = (offset: number, partition = 0) => ({ topic: 't', partition, offset }) as Incoming;
const mine = (...partitions: number[]) => new Map([['t', partitions]]);
const open: Committer[] = [];

function committer({ commit = async () => undefined }: Partial<Subscription> = {}) {
  const commits: Omit<Offset, 'topic'>[][] = [];
  const held: string[] = [];
  const told: number[] = [];
  const one = new Committer('g', log, (_topic, _partition, next) => told.push(next));
  one.start({
    commit: async (offsets) => {
      commits.push(offsets.map(({ partition, next }) => ({ partition, next })));
      await commit(offsets);
    },
    pause: (_topic, partition) => held.push(`pause ${partition}`),
    resume: (_topic, partition) => held.push(`resume ${partition}`),
    seek: () => undefined,
    stop: async () => undefined,
    assigned: () => true,
  });
  open.push(one);
  return { one, commits, held, told };
}

afterEach(async () => {
  for (const one of open.splice(0)) await one.stop();
});

describe('Commits', () => {
  it('go out for all partitions in one request, and are told once they are made', async () => {
    const { one, commits, told } = committer();
    for (const message of [at(1), at(2), at(10, 1)]) one.began(message);
    for (const message of [at(1), at(2), at(10, 1)]) one.ended(message);
    await one.stop();
    expect(commits).toEqual([
      [
        { partition: 0, next: 3 },
        { partition: 1, next: 11 },
      ],
    ]);
    expect(told).toEqual([3, 11]);
  });

  it('that the broker refuses are made again', async () => {
    let refuse = true;
    const { one, commits, told } = committer({
      commit: async () => {
        if (refuse) throw new Error('rebalancing');
      },
    });
    one.began(at(1));
    one.ended(at(1));
    await one.stop();
    expect(told).toEqual([]);
    refuse = false;
    await one.stop();
    expect(commits).toHaveLength(2);
    expect(told).toEqual([2]);
  });

  it('are not heaped up while one is under way', async () => {
    let free: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      free = resolve;
    });
    const { one, commits } = committer({ commit: () => gate });
    one.began(at(1));
    one.ended(at(1));
    const stopped = one.stop();
    one.began(at(2));
    one.ended(at(2));
    await new Promise((resolve) => setImmediate(resolve));
    expect(commits).toHaveLength(1);
    free();
    await stopped;
  });

  it('leave out what was in hand of a lost partition, and count it anew when it comes back', async () => {
    const { one, commits } = committer();
    one.began(at(5));
    one.assigned(mine(1));
    one.ended(at(5));
    await one.stop();
    expect(commits).toEqual([]);
    one.assigned(mine(0, 1));
    one.began(at(20));
    one.ended(at(20));
    await one.stop();
    expect(commits).toEqual([[{ partition: 0, next: 21 }]]);
  });
});

describe('A partition with too much in hand', () => {
  const full = () => {
    const made = committer();
    for (let offset = 0; offset <= 2000; offset += 1) made.one.began(at(offset));
    return made;
  };

  it('is held back until most of it has ended', () => {
    const { one, held } = full();
    expect(held).toEqual(['pause 0']);
    for (let offset = 0; offset <= 1500; offset += 1) one.ended(at(offset));
    expect(held).toEqual(['pause 0']);
    one.ended(at(1501));
    expect(held).toEqual(['pause 0', 'resume 0']);
  });

  it('is let go when it is lost, for the client would hold it back for ever', () => {
    const { one, held } = full();
    one.assigned(mine(1));
    expect(held).toEqual(['pause 0', 'resume 0']);
  });

  it('stays held back when the client begins anew', () => {
    const { one, held } = full();
    one.assigned(mine(0));
    expect(held).toEqual(['pause 0', 'pause 0']);
  });
});
