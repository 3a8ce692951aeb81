import { describe, expect, it } from '@jest/globals';
import { Ahead } from './ahead.js';

const marks = new Map([
  ['a', 'a2'],
  ['b', 'b2'],
]);

describe('What is read ahead', () => {
  it('goes by the tokens that are going to be, and by those that are for all else', () => {
    const own = new Ahead(marks);
    expect(own.seen(['a', 'x'], ['a1', 'x1', 'epoch'])).toEqual(['a2', 'x1', 'epoch']);
    expect(own.seen([], ['epoch'])).toEqual(['epoch']);
  });

  it('stands if what was seen first is what is replaced, whatever is seen later', () => {
    const own = new Ahead(marks);
    own.seen(['a'], ['a1', 'epoch']);
    own.seen(['a', 'x'], ['of another', 'x1', 'epoch']);
    expect([...own.close()]).toEqual([['a', 'a1']]);
  });

  it('has no part in it when it comes too late', () => {
    const own = new Ahead(marks);
    own.seen(['a'], ['a1', 'epoch']);
    own.close();
    expect(own.seen(['a', 'b'], ['a1', 'b1', 'epoch'])).toEqual(['a2', 'b1', 'epoch']);
    expect([...own.close()]).toEqual([['a', 'a1']]);
  });
});
