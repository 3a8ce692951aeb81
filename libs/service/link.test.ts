import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { linkFrom, linkToken } from './link.js';

const instant = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => `${date.toISOString().slice(0, 19)}.000Z`);
const link = fc.record({
  purpose: fc.constantFrom('MEMBERSHIP_INVITATION' as const, 'SEAT_OFFER' as const, 'MEETING_REQUEST' as const),
  mail: fc.uuid(),
  subject: fc.uuid(),
  expiresAt: instant,
});

describe('A link of a mail', () => {
  it('says what it is for to who has the key, and to nobody else', () =>
    fc.assert(
      fc.property(link, (one) => {
        const token = linkToken(one, 'key');
        expect(token).toMatch(/^[\w-]{60,120}$/);
        expect(linkFrom(token, 'key')).toEqual(one);
        expect(linkFrom(token, 'another')).toBeNull();
      }),
    ));

  it('is nothing when a single letter of it differs', () =>
    fc.assert(
      fc.property(link, fc.nat(200), (one, place) => {
        const token = linkToken(one, 'key');
        const at = place % token.length;
        const other = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
        expect(linkFrom(other, 'key')).toBeNull();
        expect(linkFrom(token.slice(0, -1), 'key')).toBeNull();
      }),
    ));
});
