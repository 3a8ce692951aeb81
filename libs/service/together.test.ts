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

describe('Look-ups of one turn', () => {
  it('are one, each name once; what is not there is null', async () => {
    const { asked, together } = lookUps();
    expect(await Promise.all(['a', 'b', 'a', 'none'].map((id) => together.get(id)))).toEqual(['A', 'B', 'A', null]);
    expect(asked).toEqual([['a', 'b', 'none']]);
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
