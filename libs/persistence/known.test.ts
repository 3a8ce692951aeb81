import { describe, expect, it } from '@jest/globals';
import { fresh } from './document.js';
import { Known } from './known.js';

const numbered = (i: number) => ({ ...fresh<object>(`d${i}`), rev: i });

describe('Documents that are known', () => {
  it('are those written last, until they are forgotten', () => {
    const known = new Known<object>();
    known.keep(numbered(1));
    known.keep({ ...numbered(1), rev: 7 });
    known.keep(numbered(2));
    known.forget(['d2']);
    expect([...known.of(['d1', 'd2', 'd3'])].map(([id, { rev }]) => [id, rev])).toEqual([['d1', 7]]);
  });

  it('are handed out as copies: what is decided on one is not known before it is written', () => {
    const known = new Known<object>();
    known.keep(numbered(1));
    const copy = known.of(['d1']).get('d1')!;
    copy.version = 9;
    copy.recent.push({} as never);
    expect(known.of(['d1']).get('d1')).toMatchObject({ version: 0, recent: [] });
  });

  it('are not believed for ever', () => {
    let now = 0;
    const known = new Known<object>(() => now);
    known.keep(numbered(1));
    now = 9_999;
    expect(known.of(['d1']).size).toBe(1);
    now = 10_000;
    expect(known.of(['d1']).size).toBe(0);
  });

  it('are only so many, and the one written longest ago goes first', () => {
    const known = new Known<object>();
    for (let i = 0; i < 2000; i += 1) known.keep(numbered(i));
    known.keep(numbered(0));
    known.keep(numbered(2000));
    expect([...known.of(['d0', 'd1', 'd2', 'd2000']).keys()]).toEqual(['d0', 'd2', 'd2000']);
  });
});
