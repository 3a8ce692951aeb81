import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type By, type Entry, WordIndex } from './word-index.js';

const entry = (id: string, words: string[], version = 1, name = words.join(' ')): Entry => ({ id, version, words, sort: { name } });
const BY_ID: By[] = [{ key: 'id', direction: 1 }];
const indexOf = (entries: Entry[]) => {
  const index = new WordIndex();
  for (const each of entries) index.put(each);
  return index;
};
const ids = (entries: Entry[]) => entries.map(({ id }) => id);

describe('The words of records', () => {
  const index = indexOf([
    entry('3', ['alfa', 'optics']),
    entry('1', ['beta', 'optical', 'works']),
    entry('2', ['alto', 'textiles']),
    entry('4', ['alba', 'optics'], 1, '\uffff'),
  ]);

  it('are found by how they begin, each text by some word', () => {
    expect(ids(index.find(['opt'], BY_ID, null, 10))).toEqual(['1', '3', '4']);
    expect(ids(index.find(['al', 'opt'], BY_ID, null, 10))).toEqual(['3', '4']);
    expect(ids(index.find(['al', 'wor'], BY_ID, null, 10))).toEqual([]);
    expect(ids(index.find(['zzz'], BY_ID, null, 10))).toEqual([]);
    expect(ids(index.find(['al', 'b', 'o'], BY_ID, null, 2))).toEqual([]);
  });

  it('are told in order and page by page', () => {
    const order: By[] = [
      { key: 'name', direction: -1 },
      { key: 'id', direction: -1 },
    ];
    expect(ids(index.find(['al'], order, null, 2))).toEqual(['4', '2']);
    expect(ids(index.find(['al'], order, ['alto textiles', '2'], 2))).toEqual(['3']);
  });

  it('of a record that changed or went are no longer found; what is older changes nothing', () => {
    const changing = indexOf([entry('1', ['alfa'], 2)]);
    changing.put(entry('1', ['beta'], 1));
    expect(ids(changing.find(['alfa'], BY_ID, null, 5))).toEqual(['1']);
    changing.put(entry('1', ['beta'], 3));
    expect([ids(changing.find(['alfa'], BY_ID, null, 5)), ids(changing.find(['be'], BY_ID, null, 5))]).toEqual([[], ['1']]);
    const [found] = changing.find(['be'], BY_ID, null, 5);
    changing.put(entry('1', ['beta', 'new'], 4));
    changing.drop(found!);
    expect(ids(changing.find(['be', 'new'], BY_ID, null, 5))).toEqual(['1']);
    changing.drop(changing.find(['new'], BY_ID, null, 5)[0]!);
    expect([ids(changing.find(['be'], BY_ID, null, 5)), changing.size]).toEqual([[], 0]);
  });

  it('are found as one who looks at every record would', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 });
    const record = fc.record({ id: fc.integer({ min: 0, max: 30 }), words: fc.array(word, { maxLength: 4 }), name: word });
    const direction = fc.constantFrom<1 | -1>(1, -1);
    fc.assert(
      fc.property(
        fc.array(record, { maxLength: 60 }),
        fc.array(word, { minLength: 1, maxLength: 3 }),
        direction,
        direction,
        fc.integer({ min: 1, max: 5 }),
        (records, beginnings, one, other, max) => {
          const entries = records.map(({ id, words, name }, version) => entry(String(id), words, version + 1, name));
          const order: By[] = [
            { key: 'name', direction: one },
            { key: 'id', direction: other },
          ];
          const newest = new Map(entries.map((each) => [each.id, each]));
          const compare = (a: string, b: string, sign: number) => (a === b ? 0 : a < b ? -sign : sign);
          const all = [...newest.values()]
            .filter(({ words }) => beginnings.every((text) => words.some((each) => each.startsWith(text))))
            .sort((a, b) => compare(a.sort.name!, b.sort.name!, one) || compare(a.id, b.id, other));
          const index = indexOf(entries);
          const found: Entry[] = [];
          for (;;) {
            const last = found.at(-1);
            const page = index.find(beginnings, order, last ? [last.sort.name!, last.id] : null, max);
            found.push(...page);
            if (page.length < max) break;
          }
          expect(ids(found)).toEqual(ids(all));
        },
      ),
    );
  });
});
