import { describe, expect, it } from '@jest/globals';
import { allOf, before, upTo } from './filters.js';

describe('Filters that hold together', () => {
  it('stand side by side, and below an `$and` only where they speak of the same', () => {
    expect(allOf([])).toEqual({});
    expect(allOf([{ _id: 'a' }, { 'view.country': 'ES', view: { $ne: null } }])).toEqual({
      _id: 'a',
      'view.country': 'ES',
      view: { $ne: null },
    });
    expect(allOf([{ words: 'a' }, { words: 'b', state: 1 }, { words: 'c' }])).toEqual({
      words: 'a',
      state: 1,
      $and: [{ words: 'b' }, { words: 'c' }],
    });
    expect(allOf([{ $or: [1] }, { $or: [2] }])).toEqual({ $or: [1], $and: [{ $or: [2] }] });
  });

  it('keep what stood below one already', () => {
    expect(allOf([{ a: 1 }, { $and: [{ b: 1 }, { b: 2 }] }, { $and: [{ c: 1 }] }])).toEqual({ a: 1, $and: [{ b: 1 }, { b: 2 }, { c: 1 }] });
  });
});

describe('Dates before another, or up to it', () => {
  it('have a beginning, so that nothing without a date is looked at', () => {
    const date = new Date('2026-03-01T09:00:00Z');
    expect(before(date)).toEqual({ $gt: new Date(0), $lt: date });
    expect(upTo(date)).toEqual({ $gt: new Date(0), $lte: date });
  });
});
