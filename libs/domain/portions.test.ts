import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { portions } from './portions.js';

it('Portions hold all, in order, and none more than it may', () => {
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 9 }), (items, most) => {
      const found = portions(items, most);
      expect(found.flat()).toEqual(items);
      expect(found.slice(0, -1).every(({ length }) => length === most)).toBe(true);
      expect(found.every(({ length }) => length > 0 && length <= most)).toBe(true);
    }),
  );
});
