import { describe, expect, it } from '@jest/globals';
import { asOf, continuousSince } from './as-of.js';

const period = (from: string | null, to: string | null, recordedAt: string | null = null, endRecordedAt: string | null = null) => ({
  from,
  to,
  recordedAt,
  endRecordedAt,
});
const view = (...periods: ReturnType<typeof period>[]) => ({ state: 'ENDED', reason: 'x', periods });
const holds = (of: ReturnType<typeof view>, on: string, asKnownOn: string | null = null) => asOf(of, { on, asKnownOn }) !== null;

describe('A membership as of a day', () => {
  it('holds from its first day to the one it ended on, which is no part of it', () => {
    const both = view(period('2019-01-01', '2020-06-30'), period('2022-03-01', null));
    const days = ['2018-12-31', '2019-01-01', '2020-06-29', '2020-06-30', '2022-02-28', '2022-03-01', '2099-01-01'];
    expect(days.map((day) => holds(both, day))).toEqual([false, true, true, false, false, true, true]);
  });

  it('is read by the precision of its dates; what is not known is no bound', () => {
    const vague = view(period('2018', '2019-06'));
    expect(['2017-12-31', '2018-01-01', '2019-06-30', '2019-07-01'].map((day) => holds(vague, day))).toEqual([false, true, true, false]);
    expect(holds(view(period(null, null)), '1999-01-01')).toBe(true);
    expect(holds(view(), '2020-01-01')).toBe(false);
  });

  it('is told as it was known on a day: neither what was learned later, nor ends that were', () => {
    const told = view(period('2019-01-01', '2019-06-01', '2019-02-10T08:00:00.000Z', '2019-09-01T08:00:00.000Z'));
    expect(holds(told, '2019-01-15', '2019-02-09')).toBe(false);
    expect(holds(told, '2019-01-15', '2019-02-10')).toBe(true);
    expect(asOf(told, { on: '2019-07-01', asKnownOn: '2019-08-31' })).toMatchObject({
      state: 'ACTIVE',
      reason: null,
      periods: [{ to: null }],
    });
    expect(holds(told, '2019-07-01', '2019-09-01')).toBe(false);
  });
});

describe('What is open now', () => {
  it('is continuous since the beginning of the last period, and of those that touch it', () => {
    expect(continuousSince([period('2019-01-01', '2020-01-01'), period('2020-01-01', '2021-01-01'), period('2021-01-01', null)])).toBe(
      '2019-01-01',
    );
    expect(continuousSince([period('2019-01-01', '2020-01-01'), period('2020-01-02', null)])).toBe('2020-01-02');
    expect(continuousSince([period('2019-01-01', '2020-01-01')])).toBeNull();
    expect([continuousSince([period(null, null)]), continuousSince([])]).toEqual([null, null]);
  });

  it('is told as of a day by what came before that day', () => {
    const both = view(period('2019-01-01', '2020-01-01'), period('2020-01-01', '2021-01-01'), period('2022-01-01', null));
    expect(asOf(both, { on: '2020-06-01', asKnownOn: null })).toMatchObject({ continuousSince: '2019-01-01' });
  });
});
