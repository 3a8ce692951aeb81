import { describe, expect, it } from '@jest/globals';
import { ReadRecords } from './read-records.js';

/** Reads what stands there now, and says what it was asked for. */
const shelf = () => {
  const there: Record<string, string> = { a: 'a1', b: 'b1' };
  const asked: string[][] = [];
  const records = new ReadRecords<string | null>();
  const all = (keys: string[], tokens: string[] | null) =>
    records.all(keys, tokens, async (places) => {
      asked.push(places.map((at) => keys[at]!));
      return places.map((at) => there[keys[at]!] ?? null);
    });
  return { there, asked, all };
};

describe('Records that were read', () => {
  it('stand as long as their token does; what has another is read anew, alone', async () => {
    const { there, asked, all } = shelf();
    expect(await all(['a', 'b', 'none'], ['1', '1', '1', 'e'])).toEqual(['a1', 'b1', null]);
    there.a = 'a2';
    there.none = 'n1';
    expect(await all(['none', 'a', 'b'], ['1', '1', '1', 'e'])).toEqual([null, 'a1', 'b1']);
    expect(await all(['b', 'a'], ['1', '2', 'e'])).toEqual(['b1', 'a2']);
    expect(asked).toEqual([['a', 'b', 'none'], ['a']]);
  });

  it('are void with the epoch, and believed by nobody while tokens cannot be known', async () => {
    const { there, asked, all } = shelf();
    await all(['a'], ['1', 'e']);
    there.a = 'a2';
    expect(await all(['a'], null)).toEqual(['a2']);
    expect(await all(['a'], ['1', 'e'])).toEqual(['a1']);
    expect(await all(['a'], ['1', 'f'])).toEqual(['a2']);
    expect(asked).toHaveLength(3);
  });

  it('are forgotten when there are too many, those read longest ago first', async () => {
    const { asked, all } = shelf();
    await all(['first'], ['1', 'e']);
    for (let n = 0; n < 4000; n++) await all([`k${n}`], ['1', 'e']);
    asked.length = 0;
    await all(['k3999'], ['1', 'e']);
    await all(['first'], ['1', 'e']);
    expect(asked).toEqual([['first']]);
  });
});
