import { describe, expect, it } from '@jest/globals';
import { Patience } from './patience.js';

describe('What was tried in vain', () => {
  it('is tried again later and later, up to a limit', () => {
    let now = 0;
    const patience = new Patience(10, 35, () => now);
    const waits: number[] = [];
    for (let tries = 0; tries < 4; tries += 1) {
      patience.note('a');
      const from = now;
      while (patience.waits('a')) now += 1;
      waits.push(now - from);
    }
    expect(waits).toEqual([10, 20, 35, 35]);
  });

  it('does not hold up what was not tried', () => {
    const patience = new Patience(10, 35, () => 0);
    patience.note('a');
    expect(patience.waits('a')).toBe(true);
    expect(patience.waits('b')).toBe(false);
  });

  it('is forgotten when nobody has tried it for long', () => {
    let now = 0;
    const patience = new Patience(10, 35, () => now);
    patience.note('a');
    now = 46;
    patience.note('b');
    expect(patience.size).toBe(1);
  });
});
