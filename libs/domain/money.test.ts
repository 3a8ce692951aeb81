import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { add, compareMoney, half, money, subtract } from './money.js';

const amount = fc.integer({ min: -1e12, max: 1e12 }).map((cents) => money(cents));

describe('Money', () => {
  it('is whole cents of a currency', () => {
    expect(money(45_000)).toEqual({ cents: 45_000, currency: 'EUR' });
    expect(() => money(0.5)).toThrow(RangeError);
    expect(() => money(Number.MAX_SAFE_INTEGER + 1)).toThrow(RangeError);
    expect(() => money(1, 'euro')).toThrow(RangeError);
  });

  it('is not mixed with another currency', () => {
    expect(() => add(money(1), money(1, 'DKK'))).toThrow('EUR and DKK are different currencies.');
    expect(() => compareMoney(money(1), money(1, 'DKK'))).toThrow(RangeError);
  });

  it('is added and taken away without loss', () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        expect(add(a, b)).toEqual(add(b, a));
        expect(subtract(add(a, b), b)).toEqual(a);
        expect(Math.sign(compareMoney(a, b))).toBe(Math.sign(a.cents - b.cents));
      }),
    );
  });

  it('halves so that two halves are never more than the whole', () => {
    expect(half(money(78_000)).cents).toBe(39_000);
    expect(half(money(7)).cents).toBe(3);
    expect(half(money(-7)).cents).toBe(-3);
    expect(half(money(-1)).cents).toBe(0);
    fc.assert(
      fc.property(amount, (whole) => {
        const two = add(half(whole), half(whole));
        expect(Math.abs(two.cents)).toBeLessThanOrEqual(Math.abs(whole.cents));
        expect(Math.abs(whole.cents - two.cents)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
