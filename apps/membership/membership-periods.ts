import type { Period } from '#libs/contracts/membership';
import { edtfDate, lastDay as endOfTime, firstDay, isEdtf } from '#libs/domain/edtf-date';
import type { Pair } from '#libs/domain/membership-sides';

const OPEN = ['INVITED', 'REQUESTED', 'ACTIVE', 'SUSPENDED'];

/** As long as it is open, no other of the same two may begin. */
export const isOpenState = (state: string): boolean => OPEN.includes(state);

/** What the two are called together. */
export const pairOf = ({ partnership, cluster, organisation }: Pair): string => [partnership ?? organisation, cluster].join(' ');

/** The day of a moment, in UTC. */
export const dayOf = (at: string): string => at.slice(0, 10);

/** The day by which a period has ended for certain; what is open has none. */
const endOf = ({ to }: Period): string => (to !== null && isEdtf(to) ? edtfDate(to).latest : endOfTime);

/** The day by which all of the periods have ended; null: there are none. */
export const lastDay = (periods: readonly Period[]): string | null => periods.map(endOf).toSorted().at(-1) ?? null;

/** Whether one that begins on this day overlaps none of them. */
export const afterAll = (periods: readonly Period[], from: string): boolean => from >= (lastDay(periods) ?? '');

const beginOf = ({ from }: Period): string => (from !== null && isEdtf(from) ? edtfDate(from).earliest : firstDay);

/** Whether some of the one may be at the same time as some of the others; the day a period ends on is no part of it. */
export const overlap = (some: readonly Period[], others: readonly Period[]): boolean =>
  some.some((a) => others.some((b) => beginOf(a) < endOf(b) && beginOf(b) < endOf(a)));

/** Whether what is open now had begun by that day. */
export const beganBy = (periods: readonly Period[], day: string): boolean => {
  const last = periods.at(-1);
  return last?.to === null && beginOf(last) <= day;
};

export const withBegun = (periods: readonly Period[], from: string, at: string): Period[] => [
  ...periods,
  { from, to: null, recordedAt: at, endRecordedAt: null },
];

/** The last period with its end; where none is open, all stays as it is. */
export const withClosed = (periods: readonly Period[], to: string, at: string): Period[] =>
  periods.map((period, place) => (place === periods.length - 1 && period.to === null ? { ...period, to, endRecordedAt: at } : period));
