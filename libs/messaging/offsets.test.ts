import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Offsets } from './offsets.js';

const begun = (...all: number[]) => {
  const offsets = new Offsets();
  for (const offset of all) offsets.began(offset);
  return offsets;
};

describe('Offsets of a partition', () => {
  it('are committed behind the last when all have ended, whatever the order of the ends', () => {
    const order = fc.uniqueArray(fc.nat(200), { minLength: 1 }).chain((some) => {
      const all = some.toSorted((a, b) => a - b);
      return fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }));
    });
    fc.assert(
      fc.property(order, ([all, ends]) => {
        const offsets = begun(...all);
        for (const offset of ends) offsets.end(offset);
        expect(offsets.next()).toBe(all.at(-1)! + 1);
        expect(offsets.pending()).toBe(0);
      }),
    );
  });

  it('are never committed over one in hand, never back, and nothing that has ended is kept', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('began' as const), offset: fc.nat(60) }),
      fc.record({ kind: fc.constant('end' as const), offset: fc.nat(60) }),
      fc.record({ kind: fc.constant('commit' as const), offset: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const offsets = new Offsets();
        const inHand = new Set<number>();
        let committed = -1;
        for (const { kind, offset } of steps) {
          if (kind === 'began') inHand.add(offset);
          if (kind === 'began') offsets.began(offset);
          if (kind === 'end') inHand.delete(offset);
          if (kind === 'end') offsets.end(offset);
          const next = offsets.next();
          if (next === null) continue;
          for (const one of inHand) expect(one).toBeGreaterThanOrEqual(next);
          expect(next).toBeGreaterThan(committed);
          if (kind !== 'commit') continue;
          offsets.commit(next);
          committed = next;
        }
        expect(offsets.pending()).toBe(inHand.size);
      }),
    );
  });

  it('wait for the first in hand', () => {
    const offsets = begun(7, 8, 9);
    offsets.end(8);
    offsets.end(9);
    expect(offsets.next()).toBeNull();
    offsets.end(7);
    expect(offsets.next()).toBe(10);
  });

  it('are committed once', () => {
    const offsets = begun(7);
    offsets.end(7);
    offsets.commit(offsets.next()!);
    expect(offsets.next()).toBeNull();
  });

  it('may have gaps, as compaction leaves them', () => {
    const offsets = begun(3, 40, 41);
    offsets.end(3);
    expect(offsets.next()).toBe(40);
  });

  it('that come again after a rebalance, in hand or ended, do not block what follows', () => {
    const offsets = begun(5, 6, 7);
    offsets.end(6);
    for (const offset of [5, 6, 7, 8]) offsets.began(offset);
    for (const offset of [5, 6, 7, 6, 7, 8]) offsets.end(offset);
    expect(offsets.next()).toBe(9);
    expect(offsets.pending()).toBe(0);
  });

  it('that come again below what is committed hold the next commit until they have ended', () => {
    const offsets = begun(5, 6);
    offsets.end(5);
    offsets.end(6);
    offsets.commit(7);
    for (const offset of [6, 7]) offsets.began(offset);
    offsets.end(7);
    expect(offsets.next()).toBeNull();
    offsets.end(6);
    expect(offsets.next()).toBe(8);
  });

  it('tell how long the oldest has been in hand', () => {
    const offsets = new Offsets();
    expect(offsets.oldest()).toBeNull();
    offsets.began(1, 100);
    offsets.began(2, 200);
    offsets.began(1, 300);
    expect(offsets.oldest()).toBe(100);
    offsets.end(1);
    expect(offsets.oldest()).toBe(200);
  });
});
