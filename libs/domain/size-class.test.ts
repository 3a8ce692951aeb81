import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SizeInputs, SizeYear } from '#libs/contracts/organisation';
import { sizeClass as classUnder, sizeDefinition } from './size-class.js';

const euro = (amount: number | null) => (amount === null ? null : { cents: amount * 100, currency: 'EUR' });
const year = (headcount: number | null, turnover: number | null, balanceSheet: number | null, of = 2024): SizeYear => ({
  year: of,
  headcount,
  turnover: euro(turnover),
  balanceSheet: euro(balanceSheet),
});
const size = (years: SizeYear[], more: Partial<SizeInputs> = {}): SizeInputs => ({ years, related: [], publicShare: null, ...more });
const sizeClass = (declared: SizeInputs | null) => classUnder(declared, sizeDefinition('2026-01-01'));
const classOf = (...years: SizeYear[]) => sizeClass(size(years)).value;
const MILLION = 1_000_000;

describe('The class of an enterprise', () => {
  it.each([
    [9, 2 * MILLION, 9 * MILLION, 'MICRO'],
    [9, 2 * MILLION + 1, 2 * MILLION + 1, 'SMALL'],
    [10, 1, 1, 'SMALL'],
    [49, 99 * MILLION, 10 * MILLION, 'SMALL'],
    [249, 50 * MILLION, 99 * MILLION, 'MEDIUM'],
    [249, 51 * MILLION, 43 * MILLION, 'MEDIUM'],
    [249, 51 * MILLION, 44 * MILLION, 'LARGE'],
    [250, 1, 1, 'LARGE'],
  ])('with %s people, %s turnover and %s balance sheet is %s', (staff, turnover, balance, expected) =>
    expect(classOf(year(staff, turnover, balance))).toBe(expected),
  );

  it('is told as a verdict with its inputs and its source', () => {
    expect(sizeClass(size([year(9, MILLION, null)]))).toMatchObject({
      value: 'MICRO',
      isSme: true,
      verdict: {
        rule: 'ORGANISATION.SIZE.SME',
        outcome: 'PASSED',
        source: expect.stringContaining('2003/361/EC'),
        inputs: { class: 'MICRO', totals: [{ year: 2024, headcount: 9, turnover: MILLION * 100, balanceSheet: null }] },
      },
    });
    expect(sizeClass(size([year(900, 1, 1)])).verdict.outcome).toBe('FAILED');
    expect(sizeClass(null)).toMatchObject({ value: null, isSme: null, verdict: { outcome: 'NOT_APPLICABLE' } });
  });

  it('is not guessed where a figure that would decide is not declared', () => {
    expect(sizeClass(size([year(30, null, null)]))).toMatchObject({ value: null, isSme: null });
    expect(sizeClass(size([year(null, MILLION, MILLION)]))).toMatchObject({ value: null, isSme: null });
    expect(sizeClass(size([year(8, 3 * MILLION, null)]))).toMatchObject({ value: null, isSme: true });
    expect(sizeClass(size([year(300, null, null)]))).toMatchObject({ value: 'LARGE', isSme: false });
  });

  it('counts linked enterprises whole and partners by their share', () => {
    const own = [year(40, MILLION, MILLION)];
    const related = (relation: 'PARTNER' | 'LINKED', share: number) => [
      { relation, share, headcount: 40, turnover: euro(MILLION), balanceSheet: euro(MILLION) },
    ];
    expect(sizeClass(size(own, { related: related('LINKED', 60) })).value).toBe('MEDIUM');
    expect(sizeClass(size(own, { related: related('PARTNER', 25) })).value).toBe('MEDIUM');
    expect(sizeClass(size([year(39, MILLION, MILLION)], { related: related('PARTNER', 25) })).value).toBe('SMALL');
  });

  it('is no SME where public bodies control a quarter', () => {
    expect(sizeClass(size([year(9, 1, 1)], { publicShare: 25 }))).toMatchObject({ value: 'LARGE', isSme: false });
    expect(sizeClass(size([year(9, 1, 1)], { publicShare: 24.9 }))).toMatchObject({ value: 'MICRO' });
  });

  it('changes only after two years in a row beyond it', () => {
    const years = (...staff: number[]) => staff.map((count, i) => year(count, 1, 1, 2020 + i));
    expect(classOf(...years(40, 60))).toBe('SMALL');
    expect(classOf(...years(40, 60, 70))).toBe('MEDIUM');
    expect(classOf(...years(40, 60, 40, 60))).toBe('SMALL');
    expect(classOf(...years(40, 60, 300))).toBe('MEDIUM');
    expect(classOf(...years(300, 8, 40))).toBe('SMALL');
    expect(classOf(year(40, 1, 1, 2020), year(60, 1, 1, 2022))).toBe('SMALL');
  });

  it('never falls when a figure grows, nor depends on the order the years are told in', () => {
    const amount = fc.integer({ min: 0, max: 100 * MILLION });
    const staff = fc.integer({ min: 0, max: 400 });
    const order = ['MICRO', 'SMALL', 'MEDIUM', 'LARGE'];
    const rank = (one: SizeYear) => order.indexOf(String(classOf(one)));
    fc.assert(
      fc.property(staff, amount, amount, staff, amount, amount, (h, t, b, dh, dt, db) => {
        expect(rank(year(h + dh, t + dt, b + db))).toBeGreaterThanOrEqual(rank(year(h, t, b)));
      }),
    );
    fc.assert(
      fc.property(fc.array(staff, { minLength: 1, maxLength: 6 }), fc.integer({ min: 0, max: 5 }), (counts, turn) => {
        const years = counts.map((count, i) => year(count, 1, 1, 2015 + i));
        expect(classOf(...years.slice(turn), ...years.slice(0, turn))).toBe(classOf(...years));
      }),
    );
  });
});
