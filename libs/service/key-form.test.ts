import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checksum, randomKey, wellFormed } from './key-form.js';

describe('A key', () => {
  it('ends with the checksum of the rest', () => {
    const key = randomKey('cb_live');
    expect(key).toMatch(/^cb_live_[0-9A-Za-z]{38}$/);
    expect(key.slice(-6)).toBe(checksum('cb_live', key.slice(8, 40)));
    expect(wellFormed(key)).toBe(true);
    expect(wellFormed(randomKey('cb_test'))).toBe(true);
  });

  it('is never made twice', () => {
    expect(new Set(Array.from({ length: 100 }, () => randomKey('cb_live'))).size).toBe(100);
  });

  it('is not well-formed when one letter of it is another', () => {
    const key = randomKey('cb_live');
    fc.assert(
      fc.property(fc.integer({ min: 8, max: key.length - 1 }), fc.stringMatching(/^[0-9A-Za-z]$/), (place, letter) => {
        const typed = key.slice(0, place) + letter + key.slice(place + 1);
        expect(wellFormed(typed)).toBe(typed === key);
      }),
    );
  });

  it.each(['', 'cb_live_', `cb_live_${'A'.repeat(38)}`, `cb_dead_${'A'.repeat(38)}`, `${randomKey('cb_live')} `])('is not `%s`', (text) => {
    expect(wellFormed(text)).toBe(false);
  });
});
