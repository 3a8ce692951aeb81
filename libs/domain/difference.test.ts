import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Difference } from '#libs/contracts/history';
import { abridged, differences, without } from './difference.js';

describe('The difference of two versions', () => {
  it('is nothing where they are alike', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(differences(value, structuredClone(value))).toEqual([])));
  });

  it('names what changed, as deep as they are alike', () => {
    const before = { title: { en: 'Visit', fr: 'Visite' }, city: null, when: { edtf: '2018' } };
    const after = { title: { en: 'Study visit', fr: 'Visite' }, city: 'Bilbao', when: null };
    expect(differences(before, after)).toEqual([
      { pointer: '/title/en', before: 'Visit', after: 'Study visit' },
      { pointer: '/city', before: null, after: 'Bilbao' },
      { pointer: '/when', before: { edtf: '2018' }, after: null },
    ]);
  });

  it('tells what was not there from what was blank', () => {
    expect(differences({ a: null }, { b: null })).toEqual([
      { pointer: '/b', after: null },
      { pointer: '/a', before: null },
    ]);
  });

  it.each([
    ['put in between', [1, 2, 3], [1, 9, 2, 3], [{ pointer: '/1', after: 9 }]],
    ['appended', [1], [1, 2], [{ pointer: '/1', after: 2 }]],
    ['taken away', [1, 2, 3], [1, 3], [{ pointer: '/1', before: 2 }]],
    ['changed in its place', [{ n: 1 }, { n: 2 }], [{ n: 1 }, { n: 3 }], [{ pointer: '/1/n', before: 2, after: 3 }]],
  ])('tells an item that was %s as just that', (_, before, after, expected) => {
    expect(differences(before, after)).toEqual(expected);
  });

  it('writes the names of members as JSON pointers do', () => {
    expect(differences({ 'a/b~c': 1 }, { 'a/b~c': 2 })).toEqual([{ pointer: '/a~1b~0c', before: 1, after: 2 }]);
  });

  it('is found whatever the two are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
        const same = JSON.stringify(before) === JSON.stringify(after);
        if (!same)
          expect([before, after, differences(before, after).length > 0 || isReordered(before, after)]).toEqual([before, after, true]);
      }),
    );
  });
});

/** The order of members says nothing. */
const isReordered = (before: unknown, after: unknown) => {
  expect(before).toEqual(after);
  return true;
};

describe('Personal fields', () => {
  it('are left out, wherever their path leads', () => {
    const view = {
      address: 'a@b.eu',
      manager: { name: 'Ann', email: 'ann@b.eu' },
      persons: [{ email: 'x', id: 1 }, { id: 2 }],
      state: 'ACTIVE',
    };
    expect(without(view, ['address', 'manager.email', 'persons.email', 'nothing.here'])).toEqual({
      manager: { name: 'Ann' },
      persons: [{ id: 1 }, { id: 2 }],
      state: 'ACTIVE',
    });
  });
});

describe('A difference that is to be kept', () => {
  const long = 'x'.repeat(5000);
  const found: Difference[] = [
    { pointer: '/a', before: 1, after: 2 },
    { pointer: '/b', after: long },
  ];

  it('stands as it is while there is room', () => {
    expect(abridged(found, 10_000).told).toEqual(found);
  });

  it('tells of what is too large its length and hash', () => {
    const { told, used } = abridged(found, 1000);
    expect(told).toEqual([
      found[0],
      { pointer: '/b', abridged: true, after: { length: 5002, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
    ]);
    expect(used).toBeLessThanOrEqual(1000);
  });

  it('is not told where not even that has room', () => {
    expect(abridged(found, 300)).toEqual({ told: null, used: 0 });
  });
});
