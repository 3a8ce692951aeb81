import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BrokenSeal, open, seal } from './sealed.js';

const key = 'k'.repeat(32);

describe('A sealed text', () => {
  it('is opened under its key, whatever it says', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (plain) => open(seal(plain, key), key) === plain));
  });

  it('shows nothing of what it says, and looks different each time', () => {
    const [one, other] = [seal('whsec_c2VjcmV0', key), seal('whsec_c2VjcmV0', key)];
    expect(one).not.toBe(other);
    expect(Buffer.from(one.slice(3), 'base64url').toString('latin1')).not.toContain('whsec_');
  });

  it('stays closed under another key', () => {
    expect(() => open(seal('secret', key), 'x'.repeat(32))).toThrow(BrokenSeal);
  });

  it('stays closed when a single bit differs', () => {
    const sealed = Buffer.from(seal('secret', key).slice(3), 'base64url');
    fc.assert(
      fc.property(fc.nat(sealed.length * 8 - 1), (bit) => {
        const broken = Buffer.from(sealed);
        broken[bit >> 3]! ^= 1 << (bit & 7);
        expect(() => open(`v1.${broken.toString('base64url')}`, key)).toThrow(BrokenSeal);
      }),
    );
  });

  it.each(['', 'v1.', 'v1.AAAA', 'v2.AAAA', 'secret'])('is not %j', (text) => {
    expect(() => open(text, key)).toThrow(BrokenSeal);
  });
});
