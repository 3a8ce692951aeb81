import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Lanes } from './lanes.js';

/** Handles only what it is told to let go. */
function gated() {
  const begun: string[] = [];
  const gates = new Map<string, () => void>();
  const lanes = new Lanes<string>((item) => {
    begun.push(item);
    return new Promise((resolve) => gates.set(item, resolve));
  });
  const letGo = async (item: string) => {
    gates.get(item)!();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { lanes, begun, letGo };
}

describe('Lanes', () => {
  it('handle what shares a key in order, one at a time', async () => {
    const { lanes, begun, letGo } = gated();
    lanes.add('a', 'a1');
    lanes.add('a', 'a2');
    expect(begun).toEqual(['a1']);
    await letGo('a1');
    expect(begun).toEqual(['a1', 'a2']);
  });

  it('let other keys pass one that is slow', async () => {
    const { lanes, begun, letGo } = gated();
    lanes.add('slow', 's1');
    lanes.add('quick', 'q1');
    lanes.add('quick', 'q2');
    await letGo('q1');
    expect(begun).toEqual(['s1', 'q1', 'q2']);
  });

  it('keep the order of every key, however the work interleaves', async () => {
    const items = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), ticks: fc.nat(3) }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(items, async (all) => {
        const done: number[] = [];
        const lanes = new Lanes<number>(async (place) => {
          for (let tick = 0; tick < all[place]!.ticks; tick += 1) await null;
          done.push(place);
        });
        all.forEach(({ key }, place) => {
          lanes.add(key, place);
        });
        await lanes.idle();
        expect(done).toHaveLength(all.length);
        for (const key of ['a', 'b', 'c']) {
          const ofKey = done.filter((place) => all[place]!.key === key);
          expect(ofKey).toEqual(ofKey.toSorted((a, b) => a - b));
        }
      }),
    );
  });

  it('end what has begun and forget the rest when they are cleared', async () => {
    const { lanes, begun, letGo } = gated();
    lanes.add('a', 'a1');
    lanes.add('a', 'a2');
    lanes.clear();
    const idle = lanes.idle();
    await letGo('a1');
    await idle;
    expect(begun).toEqual(['a1']);
  });

  it('take a key anew when its lane has run dry', async () => {
    const { lanes, begun, letGo } = gated();
    lanes.add('a', 'a1');
    await letGo('a1');
    lanes.add('a', 'a2');
    expect(begun).toEqual(['a1', 'a2']);
    await letGo('a2');
    await lanes.idle();
  });
});
