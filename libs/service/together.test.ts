import { describe, expect, it } from '@jest/globals';
import { Together } from './together.js';

const lookUps = () => {
  const asked: string[][] = [];
  const together = new Together<string>(async (ids) => {
    asked.push([...ids]);
    return new Map(ids.filter((id) => id !== 'none').map((id) => [id, id.toUpperCase()]));
  });
  return { asked, together };
};

describe('Look-ups', () => {
  it('of one turn are one, each name once; what is not there is null', async () => {
    const { asked, together } = lookUps();
    expect(await Promise.all(['a', 'b', 'a', 'none'].map((id) => together.get(id)))).toEqual(['A', 'B', 'A', null]);
    expect(asked).toEqual([['a', 'b', 'none']]);
  });

  it('that come while one is under way go together when it has ended, and see what is there by then', async () => {
    const asked: string[][] = [];
    const waiting: (() => void)[] = [];
    let value = 1;
    const together = new Together<number>(async (ids) => {
      asked.push([...ids]);
      const now = value;
      await new Promise<void>((resolve) => waiting.push(resolve));
      return new Map(ids.map((id) => [id, now]));
    });
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const first = together.get('a');
    await turn();
    await turn();
    value = 2;
    const second = together.get('a');
    await turn();
    const third = together.all(['b', 'a']);
    await turn();
    expect(asked).toEqual([['a']]);
    waiting[0]!();
    expect(await first).toBe(1);
    await turn();
    expect(asked).toEqual([['a'], ['a', 'b']]);
    waiting[1]!();
    expect(await second).toBe(2);
    expect(await third).toEqual(
      new Map([
        ['b', 2],
        ['a', 2],
      ]),
    );
  });

  it('of many bring those that are there; of none nothing is asked', async () => {
    const { asked, together } = lookUps();
    expect([...(await together.all(['b', 'none', 'a']))]).toEqual([
      ['b', 'B'],
      ['a', 'A'],
    ]);
    expect((await together.all([])).size).toBe(0);
    expect(asked).toHaveLength(1);
  });

  it('of the next turn ask anew: what was found is not kept', async () => {
    const { asked, together } = lookUps();
    await together.get('a');
    await together.get('a');
    expect(asked).toEqual([['a'], ['a']]);
  });

  it('fail for those who asked, and not for those who ask after them', async () => {
    let fails = true;
    const together = new Together<string>(async (ids) => {
      if (fails) throw new Error('away');
      return new Map(ids.map((id) => [id, id]));
    });
    const both = await Promise.allSettled([together.get('a'), together.get('b')]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fails = false;
    expect(await together.get('a')).toBe('a');
  });
});
