import fc from 'fast-check';
import { type Hours, presentAt, slotsOf } from './meeting-slots.js';

const MINUTE = 60_000;
const day = (from: string, to: string, on = '2027-05-12') => ({ from: `${on}T${from}`, to: `${on}T${to}` });
const hours = (about: Partial<Hours> = {}): Hours => ({
  hours: [day('09:00', '12:00')],
  breaks: [],
  slotMinutes: 25,
  pauseMinutes: 5,
  ...about,
});
const starts = (of: Hours, zone = 'Europe/Madrid') => slotsOf(of, zone).map(({ start }) => start.slice(11));

describe('The slots of opening hours', () => {
  it('follow each other with a pause between them', () => {
    expect(starts(hours())).toEqual(['09:00', '09:30', '10:00', '10:30', '11:00', '11:30']);
  });

  it('stop for a break and go on after it', () => {
    expect(starts(hours({ breaks: [day('10:10', '10:45')] }))).toEqual(['09:00', '09:30', '10:45', '11:15']);
  });

  it('are said in local time and as instants', () => {
    expect(slotsOf(hours({ hours: [day('09:00', '09:30')] }), 'Europe/Madrid')).toEqual([
      { start: '2027-05-12T09:00', end: '2027-05-12T09:25', startsAt: '2027-05-12T07:00:00.000Z', endsAt: '2027-05-12T07:25:00.000Z' },
    ]);
  });

  it('are as long as ever on the nights the clocks change', () => {
    const night = (on: string) => slotsOf(hours({ hours: [day('01:00', '04:00', on)], slotMinutes: 30, pauseMinutes: 0 }), 'Europe/Berlin');
    expect(night('2027-03-28').map(({ start }) => start.slice(11))).toEqual(['01:00', '01:30', '03:00', '03:30']);
    expect(night('2027-10-31').map(({ start }) => start.slice(11))).toEqual([
      '01:00',
      '01:30',
      '02:00',
      '02:30',
      '02:00',
      '02:30',
      '03:00',
      '03:30',
    ]);
  });

  it('lie within the hours, outside the breaks, in order and apart', () => {
    const at = fc
      .integer({ min: 0, max: 47 })
      .map((half) => `2027-05-1${2 + Math.floor(half / 24)}T${String(half % 24).padStart(2, '0')}:00`);
    const span = fc.record({ from: at, to: at });
    const any = fc.record({
      hours: fc.array(span, { maxLength: 4 }),
      breaks: fc.array(span, { maxLength: 4 }),
      slotMinutes: fc.integer({ min: 5, max: 120 }),
      pauseMinutes: fc.integer({ min: 0, max: 30 }),
    });
    const inUtc = (local: string) => Date.parse(`${local}Z`);
    fc.assert(
      fc.property(any, (of) => {
        const slots = slotsOf(of, 'UTC').map(({ startsAt, endsAt }) => [Date.parse(startsAt), Date.parse(endsAt)] as const);
        for (const [i, [from, to]] of slots.entries()) {
          expect(to - from).toBe(of.slotMinutes * MINUTE);
          expect(of.hours.some((open) => inUtc(open.from) <= from && to <= inUtc(open.to))).toBe(true);
          expect(of.breaks.some((each) => inUtc(each.from) < to && from < inUtc(each.to) && inUtc(each.from) < inUtc(each.to))).toBe(false);
          if (i > 0) expect(from).toBeGreaterThanOrEqual(slots[i - 1]![1]);
        }
      }),
    );
  });

  it('are not those at which somebody is away', () => {
    const slots = slotsOf(hours(), 'Europe/Madrid');
    expect(presentAt(slots, [day('09:20', '10:00'), day('11:30', '18:00')], 'Europe/Madrid')).toEqual([2, 3, 4]);
    expect(presentAt(slots, [], 'Europe/Madrid')).toEqual([0, 1, 2, 3, 4, 5]);
  });
});
