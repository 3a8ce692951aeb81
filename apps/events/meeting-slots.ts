import { DateTime } from 'luxon';
import { instantOf } from '#libs/domain/local-time';

/** From when to when, in local time of the zone that stands beside it. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/** When and how long meetings take place at an event. */
export interface Hours {
  readonly hours: readonly Span[];
  readonly breaks: readonly Span[];
  readonly slotMinutes: number;
  /** Between the end of one slot and the start of the next. */
  readonly pauseMinutes: number;
}

/** A time at which people meet. */
export interface Slot {
  /** Local time in the zone of the event. */
  readonly start: string;
  readonly end: string;
  /** Instants, ISO 8601 UTC. */
  readonly startsAt: string;
  readonly endsAt: string;
}

interface Interval {
  readonly from: number;
  readonly to: number;
}

const MINUTE = 60_000;

/** As instants, in order; what does not exist or ends before it starts is none. */
function intervals(spans: readonly Span[], zone: string): Interval[] {
  return spans
    .flatMap(({ from, to }) => {
      const [start, end] = [instantOf(from, zone), instantOf(to, zone)];
      return start === null || end === null || end <= start ? [] : [{ from: Date.parse(start), to: Date.parse(end) }];
    })
    .sort((one, other) => one.from - other.from);
}

const overlap = (one: Interval, other: Interval) => one.from < other.to && other.from < one.to;

/**
 * The slots of opening hours, in order, none within a break. What is left between two breaks is filled from its start on. They are
 * laid out on the clock that never leaps: on the night the clocks change a slot is as long as any other.
 */
export function slotsOf({ hours, breaks, slotMinutes, pauseMinutes }: Hours, zone: string): Slot[] {
  const closed = intervals(breaks, zone);
  const slots: Interval[] = [];
  for (const { from, to } of intervals(hours, zone)) {
    // Hours that overlap give their common time once.
    let start = Math.max(from, slots.length === 0 ? from : slots.at(-1)!.to + pauseMinutes * MINUTE);
    while (start + slotMinutes * MINUTE <= to) {
      const slot = { from: start, to: start + slotMinutes * MINUTE };
      const inTheWay = closed.find((each) => overlap(each, slot));
      if (!inTheWay) slots.push(slot);
      start = inTheWay ? inTheWay.to : slot.to + pauseMinutes * MINUTE;
    }
  }
  const local = (at: number) => DateTime.fromMillis(at, { zone }).toFormat("yyyy-MM-dd'T'HH:mm");
  return slots.map(({ from, to }) => ({
    start: local(from),
    end: local(to),
    startsAt: new Date(from).toISOString(),
    endsAt: new Date(to).toISOString(),
  }));
}

/** Places of the slots at which somebody is there who is away for these spans. */
export function presentAt(slots: readonly Slot[], away: readonly Span[], zone: string): number[] {
  const absent = intervals(away, zone);
  return slots.flatMap(({ startsAt, endsAt }, at) => {
    const slot = { from: Date.parse(startsAt), to: Date.parse(endsAt) };
    return absent.some((each) => overlap(each, slot)) ? [] : [at];
  });
}
