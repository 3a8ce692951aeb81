import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { figure, quantity, sumOf } from './quantity.js';

const parts = fc.array(fc.option(fc.integer({ min: 0, max: 100_000 })), { maxLength: 20 });

describe('A sum', () => {
  it('says from how many parts it is made', () => {
    expect(sumOf([50, 600, 270, 122])).toEqual({ value: 1042, coverage: '4 of 4' });
    expect(sumOf([140, null, 110])).toEqual({ value: 250, coverage: '2 of 3' });
    expect(sumOf([0, 0])).toEqual({ value: 0, coverage: '2 of 2' });
    expect(sumOf([0.1, 0.2])).toEqual({ value: 0.3, coverage: '2 of 2' });
  });

  it('of nothing known is not known, and never 0', () => {
    expect(sumOf([null, null, null, null, null, null, null])).toBeNull();
    expect(sumOf([])).toBeNull();
  });

  it('does not depend on the order of its parts', () => {
    fc.assert(fc.property(parts, (each) => expect(sumOf([...each].reverse())).toEqual(sumOf(each))));
  });
});

describe('A figure', () => {
  it('puts declared, target and computed side by side', () => {
    const members = figure({
      declared: quantity(1000, { qualifier: 'MORE_THAN', asOf: '2018' }),
      target: quantity(1200),
      parts: [500, 496],
    });
    expect(members).toEqual({
      declared: { value: 1000, qualifier: 'MORE_THAN', asOf: '2018' },
      target: { value: 1200, qualifier: null, asOf: null },
      computed: { value: 996, coverage: '2 of 2' },
      difference: -4,
    });
  });

  it('has no difference where nothing was declared, nothing is known, or not all is known', () => {
    expect(figure({ parts: [20, 251] })).toEqual({
      declared: null,
      target: null,
      computed: { value: 271, coverage: '2 of 2' },
      difference: null,
    });
    expect(figure({ declared: quantity(840) })).toMatchObject({ computed: null, difference: null });
    expect(figure({ declared: quantity(840), parts: [140, null] })).toMatchObject({ computed: { coverage: '1 of 2' }, difference: null });
  });

  it('differs by computed minus declared, exactly when all parts are known', () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 100_000 }), (each, declared) => {
        const { computed, difference } = figure({ declared: quantity(declared), parts: each });
        const whole = each.length > 0 && each.every((part) => part !== null);
        expect(difference).toBe(whole ? (computed?.value ?? 0) - declared : null);
      }),
    );
  });

  it('keeps a unit when there is one', () =>
    expect(quantity(72, { unit: 'percent' })).toEqual({ value: 72, unit: 'percent', qualifier: null, asOf: null }));
});
