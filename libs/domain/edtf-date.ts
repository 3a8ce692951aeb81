/// <reference path="./edtf.d.ts" />
import { parse } from 'edtf';

export type Precision = 'century' | 'decade' | 'year' | 'season' | 'month' | 'day' | 'interval';

/** `earliest` and `latest` are days (YYYY-MM-DD); an open end reaches `firstDay` or `lastDay`. */
export interface EdtfDate {
  readonly edtf: string;
  readonly precision: Precision;
  readonly earliest: string;
  readonly latest: string;
}

export const firstDay = '0001-01-01';
export const lastDay = '9999-12-31';

/** Letters and length of a date: asked first, because the parser is slow to refuse and its work grows with the square of the length. */
const couldBe = /^[\dX?~%./-]{4,40}$/;

type Span = Omit<EdtfDate, 'edtf'>;

/** A date with its precision: EDTF levels 0 and 1, years 0001–9999, days without time. Throws a RangeError that says what is wrong. */
export function edtfDate(text: string): EdtfDate {
  if (!couldBe.test(text) || !isLevelOne(text)) throw new RangeError(`"${text.slice(0, 40)}" is not a date of EDTF level 0 or 1.`);
  const sides = text.split('/');
  const span = sides.length === 1 ? dateSpan(text) : intervalSpan(text, sides[0] as string, sides[1] as string);
  return { edtf: text, ...span };
}

export function isEdtf(text: string): boolean {
  try {
    edtfDate(text);
    return true;
  } catch {
    return false;
  }
}

function isLevelOne(text: string): boolean {
  try {
    parse(text, { level: 1, types: ['Date', 'Season', 'Interval'] });
    return true;
  } catch {
    return false;
  }
}

function intervalSpan(text: string, from: string, to: string): Span {
  if (isOpen(from) && isOpen(to)) throw new RangeError(`"${text}" names no date.`);
  const earliest = isOpen(from) ? firstDay : dateSpan(from).earliest;
  const latest = isOpen(to) ? lastDay : dateSpan(to).latest;
  if (latest < earliest) throw new RangeError(`"${text}" ends before it starts.`);
  return { precision: 'interval', earliest, latest };
}

const isOpen = (side: string): boolean => side === '' || side === '..';

function dateSpan(text: string): Span {
  const parts = /^(\d{2}[\dX]{2})(?:-([\dX]{2}))?(?:-([\dX]{2}))?[?~%]?$/.exec(text);
  if (!parts || parts[1] === '0000')
    throw new RangeError(`"${text}" is not a day, month, season, year, decade or century from 0001 to 9999.`);
  const [, year, month = 'XX', day = 'XX'] = parts as unknown as [string, string, string | undefined, string | undefined];
  if (year.endsWith('X')) return yearsSpan(year);
  if (month === 'XX') return { precision: 'year', earliest: `${year}-01-01`, latest: `${year}-12-31` };
  if (Number(month) > 12) return seasonSpan(Number(year), Number(month));
  if (day === 'XX') return { precision: 'month', earliest: `${year}-${month}-01`, latest: lastOfMonth(Number(year), Number(month)) };
  const date = `${year}-${month}-${day}`;
  if (date > lastOfMonth(Number(year), Number(month))) throw new RangeError(`"${text}" is not in the calendar.`);
  return { precision: 'day', earliest: date, latest: date };
}

function yearsSpan(year: string): Span {
  const first = year.replaceAll('X', '0');
  const precision = year.endsWith('XX') ? 'century' : 'decade';
  return { precision, earliest: first === '0000' ? firstDay : `${first}-01-01`, latest: `${year.replaceAll('X', '9')}-12-31` };
}

/** Meteorological seasons of the northern hemisphere: spring (21) is March to May, winter (24) December to the next February. */
function seasonSpan(year: number, season: number): Span {
  const month = (season - 20) * 3;
  const latest = season === 24 ? lastOfMonth(year + 1, 2) : lastOfMonth(year, month + 2);
  return { precision: 'season', earliest: day(year, month, 1), latest: latest.length > 10 ? lastDay : latest };
}

const day = (year: number, month: number, date: number): string =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;

const lastOfMonth = (year: number, month: number): string => day(year, month, daysIn(year, month));

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Whether the date can lie in the period; a bound left out is open. */
export function overlaps({ earliest, latest }: Pick<EdtfDate, 'earliest' | 'latest'>, from?: string | null, to?: string | null): boolean {
  return (!to || earliest <= to) && (!from || latest >= from);
}

/** The last day or month of something that begins at `start` and lasts `months`; as precise as the start. 2018-02 + 24 → 2020-01. */
export function endAfter(start: EdtfDate, months: number): EdtfDate {
  if (start.precision === 'day') return edtfDate(dayBefore(addMonths(start.earliest, months)));
  const from = start.earliest === firstDay ? '..' : addMonths(start.earliest.slice(0, 7), months - 1);
  const to = start.latest === lastDay ? '..' : addMonths(start.latest.slice(0, 7), months - 1);
  return edtfDate(from === to ? from : `${from}/${to}`);
}

/** 2018-01-31 + 1 month = 2018-02-28: the day is kept, or the month's last taken. */
function addMonths(date: string, months: number): string {
  const [year, month, dayOfMonth] = date.split('-').map(Number) as [number, number, number | undefined];
  const index = year * 12 + month - 1 + months;
  const [newYear, newMonth] = [Math.floor(index / 12), (index % 12) + 1];
  if (newYear > 9999) throw new RangeError(`${date} and ${months} months lie beyond the year 9999.`);
  const text = day(newYear, newMonth, Math.min(dayOfMonth ?? 1, daysIn(newYear, newMonth)));
  return dayOfMonth === undefined ? text.slice(0, 7) : text;
}

function dayBefore(date: string): string {
  const before = new Date(`${date}T00:00:00Z`);
  before.setUTCDate(before.getUTCDate() - 1);
  return before.toISOString().slice(0, 10);
}

/** Sorts by earliest, then latest day; the unknown comes last. */
export function compareDates(a: EdtfDate | null, b: EdtfDate | null): number {
  if (!a || !b) return Number(!a) - Number(!b);
  return compare(a.earliest, b.earliest) || compare(a.latest, b.latest);
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
