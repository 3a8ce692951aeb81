import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareDates, edtfDate, endAfter, isEdtf, overlaps } from './edtf-date.js';

const isoDay = fc
  .date({ min: new Date('1000-01-01'), max: new Date('9000-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const anyDate = isoDay.chain((day) =>
  fc.constantFrom(
    day,
    day.slice(0, 7),
    day.slice(0, 4),
    `${day.slice(0, 3)}X`,
    `${day.slice(0, 2)}XX`,
    `${day.slice(0, 7)}~`,
    `${day.slice(0, 4)}-22`,
    `${day}/..`,
  ),
);

describe('A date with precision', () => {
  it.each([
    ['2018', 'year', '2018-01-01', '2018-12-31'],
    ['2018-09', 'month', '2018-09-01', '2018-09-30'],
    ['2018-09-12', 'day', '2018-09-12', '2018-09-12'],
    ['2018-09-12/2018-09-14', 'interval', '2018-09-12', '2018-09-14'],
    ['2018-09~', 'month', '2018-09-01', '2018-09-30'],
    ['2018?', 'year', '2018-01-01', '2018-12-31'],
    ['2018-09-12%', 'day', '2018-09-12', '2018-09-12'],
    ['2018/2019', 'interval', '2018-01-01', '2019-12-31'],
    ['2018~/2019-03', 'interval', '2018-01-01', '2019-03-31'],
    ['2018-09/..', 'interval', '2018-09-01', '9999-12-31'],
    ['2018-09/', 'interval', '2018-09-01', '9999-12-31'],
    ['../2018', 'interval', '0001-01-01', '2018-12-31'],
    ['/2018', 'interval', '0001-01-01', '2018-12-31'],
    ['2018-21', 'season', '2018-03-01', '2018-05-31'],
    ['2018-23', 'season', '2018-09-01', '2018-11-30'],
    ['2019-24', 'season', '2019-12-01', '2020-02-29'],
    ['201X', 'decade', '2010-01-01', '2019-12-31'],
    ['20XX', 'century', '2000-01-01', '2099-12-31'],
    ['2018-XX', 'year', '2018-01-01', '2018-12-31'],
    ['2018-XX-XX', 'year', '2018-01-01', '2018-12-31'],
    ['2020-02-XX', 'month', '2020-02-01', '2020-02-29'],
    ['2020-02-29', 'day', '2020-02-29', '2020-02-29'],
    ['1900-02', 'month', '1900-02-01', '1900-02-28'],
  ])('%s is of precision %s and lies between %s and %s', (text, precision, earliest, latest) => {
    expect(edtfDate(text)).toEqual({ edtf: text, precision, earliest, latest });
    expect(isEdtf(text)).toBe(true);
  });

  it.each([
    '',
    ' ',
    'September 2018',
    '2018-13',
    '2018-02-30',
    '2019-02-29',
    '2018-09-31',
    '2018-00',
    '18',
    '2019/2018',
    '2018-09-14/2018-09-12',
    '../..',
    '/',
    '2018-09-12T10:00:00Z',
    'Y17000',
    '-0100',
    '0000',
    '[2018,2019]',
    '2018-9',
    '2018/2019/2020',
    '1X18',
    'XXXX',
    '2018-25',
    '2018-XX-12',
    '2018-09 ',
    '2018-09-12/'.repeat(9),
  ])('"%s" is none', (text) => {
    expect(() => edtfDate(text)).toThrow(RangeError);
    expect(isEdtf(text)).toBe(false);
  });

  it('has an earliest day that is not after its latest', () => {
    fc.assert(
      fc.property(anyDate, (text) => {
        const { earliest, latest } = edtfDate(text);
        expect(earliest <= latest).toBe(true);
        expect(earliest).toMatch(/^\d{4}-\d\d-\d\d$/);
        expect(latest).toMatch(/^\d{4}-\d\d-\d\d$/);
      }),
    );
  });

  it('never takes a text for a date that the calendar does not have', () => {
    fc.assert(
      fc.property(fc.nat(9999), fc.nat(99), fc.nat(99), (year, month, day) => {
        const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
        const date = new Date(`${text}T00:00:00Z`);
        const exists = year > 0 && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
        expect(isEdtf(text)).toBe(exists);
      }),
    );
  });

  it('answers anything that is typed', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: fc.constantFrom(...'0129X-/.~?%T:Y') }), (a, b) =>
        expect([isEdtf(a), isEdtf(b)]).toHaveLength(2),
      ),
    );
  });
});

describe('Overlap', () => {
  it('holds when the date can lie in the period, whatever its precision', () => {
    const september = edtfDate('2018-09');
    expect(overlaps(september, '2018-09-15', '2018-09-20')).toBe(true);
    expect(overlaps(september, '2018-09-30')).toBe(true);
    expect(overlaps(september, '2018-10-01')).toBe(false);
    expect(overlaps(september, null, '2018-08-31')).toBe(false);
    expect(overlaps(september)).toBe(true);
  });

  it('is the same seen from either side', () => {
    fc.assert(
      fc.property(anyDate.map(edtfDate), anyDate.map(edtfDate), (a, b) => {
        expect(overlaps(a, b.earliest, b.latest)).toBe(overlaps(b, a.earliest, a.latest));
      }),
    );
  });
});

describe('An end', () => {
  it.each([
    ['2018-02', 24, '2020-01'],
    ['2018-02-01', 24, '2020-01-31'],
    ['2018-01-31', 1, '2018-02-27'],
    ['2020-03-01', 12, '2021-02-28'],
    ['2018', 24, '2019-12/2020-11'],
    ['2018-02~', 1, '2018-02'],
    ['2018-02/..', 12, '2019-01/..'],
    ['../2018-02', 12, '../2019-01'],
  ])('of what starts %s and lasts %i months is %s', (start, months, end) => expect(endAfter(edtfDate(start), months).edtf).toBe(end));

  it('is never before the start', () => {
    fc.assert(
      fc.property(anyDate.map(edtfDate), fc.integer({ min: 1, max: 120 }), (start, months) => {
        expect(endAfter(start, months).latest >= start.latest).toBe(true);
      }),
    );
  });

  it('beyond the calendar is said to be so', () => expect(() => endAfter(edtfDate('9999-12-01'), 2)).toThrow(RangeError));
});

describe('The order of dates', () => {
  it('puts the earlier first, the more precise first of those beginning together, and the unknown last', () => {
    const dates = [null, '2019-10', '2018', '2018-09', '2018-01-01'].map((text) => text && edtfDate(text)) as never[];
    expect(dates.sort(compareDates).map((date: { edtf: string } | null) => date?.edtf ?? null)).toEqual([
      '2018-01-01',
      '2018',
      '2018-09',
      '2019-10',
      null,
    ]);
  });

  it('is an order', () => {
    const date = fc.option(anyDate.map(edtfDate));
    fc.assert(
      fc.property(date, date, date, (a, b, c) => {
        expect(Math.sign(compareDates(a, b)) + Math.sign(compareDates(b, a))).toBe(0);
        if (compareDates(a, b) <= 0 && compareDates(b, c) <= 0) expect(compareDates(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
