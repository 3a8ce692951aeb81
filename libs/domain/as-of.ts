import type { Period } from '#libs/contracts/membership';
import { edtfDate, firstDay, isEdtf, lastDay } from './edtf-date.js';

interface Periodic {
  periods: readonly Period[];
}

/** Both days YYYY-MM-DD: valid on the one, as it was known at the end of the other; null: by what is known now. */
export interface Moment {
  on: string;
  asKnownOn: string | null;
}

/** As it stood on that day by what was known then; null: it did not hold, or nobody knew. */
export function asOf<V extends Periodic>(view: V, { on, asKnownOn }: Moment): (V & { state: string }) | null {
  const periods = asKnownOn === null ? view.periods : knownBy(view.periods, asKnownOn);
  const place = periods.findIndex((period) => holdsOn(period, on));
  if (place < 0) return null;
  const since = sinceOf(periods.slice(0, place + 1));
  return { ...view, state: 'ACTIVE', reason: null, periods, continuousSince: since };
}

/** Since when what is open now holds without a gap; null: nothing is open, or nobody said since when. */
export function continuousSince(periods: readonly Period[]): string | null {
  return periods.at(-1)?.to === null ? sinceOf(periods) : null;
}

/** The beginning of the last of them, or of those before it that reach to the very day on which the next begins. */
function sinceOf(periods: readonly Period[]): string | null {
  return periods
    .toReversed()
    .reduce((since, { from, to }, back) => (back === 0 || (since !== null && to === since) ? from : since), null as string | null);
}

/** What nobody knew yet is left out, and what was ended later is still open; what came with its record was known from the first. */
function knownBy(periods: readonly Period[], day: string): Period[] {
  const isKnown = (at: string | null | undefined) => (at ?? '').slice(0, 10) <= day;
  return periods
    .filter(({ recordedAt }) => isKnown(recordedAt))
    .map((period) => (isKnown(period.endRecordedAt) ? period : { ...period, to: null, endRecordedAt: null }));
}

/** By the precision of its dates; the day it ended on is no part of it. */
export function holdsOn({ from, to }: Pick<Period, 'from' | 'to'>, day: string): boolean {
  const begins = from !== null && isEdtf(from) ? edtfDate(from).earliest : firstDay;
  if (day < begins) return false;
  if (to === null || !isEdtf(to)) return day <= lastDay;
  const { precision, latest } = edtfDate(to);
  return precision === 'day' ? day < latest : day <= latest;
}
