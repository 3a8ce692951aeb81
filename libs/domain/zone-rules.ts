import { IANAZone } from 'luxon';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** No zone changes its clocks twice within four weeks; for Ramadan it is a little more. */
const STEP = 28 * DAY;
/** Clocks change at a quarter of an hour of UTC. */
const QUARTER = 15 * MINUTE;
/** Long enough to tell the fourth Sunday of a month from its last. */
const YEARS_AHEAD = 7;

/** The moment the clocks change, and by how much they are ahead of UTC before and after, in minutes. */
interface Change {
  at: number;
  before: number;
  after: number;
}

/**
 * How a zone keeps its clocks between two instants (ISO 8601 UTC), as the VTIMEZONE of RFC 5545. It is made from the very data by
 * which local times become instants here, so that a calendar cannot show another time than the API.
 */
export function vtimezone(zone: string, from: string, to: string): string[] {
  const [earliest, latest] = [yearOf(from), yearOf(to)];
  const key = `${zone} ${earliest} ${latest}`;
  const { first, changes, until } = known.get(key) ?? changesAround(zone, earliest, latest);
  if (known.size > KEPT) known.clear();
  known.set(key, { first, changes, until });
  // Most readers look for one rule each way; what was before the first change is only told to whom it matters.
  const isCovered = changes[0] !== undefined && changes[0].at <= Date.parse(from);
  const observances = [
    ...(isCovered ? [] : [{ changes: [first], pattern: null }]),
    ...runsOf(changes).sort((a, b) => a.changes[0]!.at - b.changes[0]!.at),
  ];
  return ['BEGIN:VTIMEZONE', `TZID:${zone}`, ...observances.flatMap((each) => observance(each, until)), 'END:VTIMEZONE'];
}

/** What a zone does with its clocks around some years. */
interface Clocks {
  /** How it begins. */
  first: Change;
  changes: Change[];
  /** The last whole year that was looked at. */
  until: number;
}

/** Looking at a zone takes milliseconds. */
const known = new Map<string, Clocks>();
const KEPT = 1000;

function changesAround(name: string, from: number, to: number): Clocks {
  const zone = IANAZone.create(name);
  const begin = Date.UTC(from - 1, 0, 1);
  const offset = zone.offset(begin);
  const changes = changesIn(zone, begin, Date.UTC(to + YEARS_AHEAD, 0, 1));
  return { first: { at: begin, before: offset, after: offset }, changes, until: to + YEARS_AHEAD - 1 };
}

/** Before and after these nobody holds a meeting whose clocks are known; looking at each of ten thousand years would take seconds. */
const yearOf = (instant: string) => Math.min(Math.max(new Date(instant).getUTCFullYear(), 1970), 2100);

function changesIn(zone: IANAZone, first: number, last: number): Change[] {
  const changes: Change[] = [];
  let before = zone.offset(first);
  for (let at = first + STEP; at < last + STEP; at += STEP) {
    const after = zone.offset(at);
    if (after !== before) changes.push({ at: momentIn(zone, at - STEP, at), before, after });
    before = after;
  }
  return changes;
}

/** The first moment of the new offset, between one of the old and one of the new. */
function momentIn(zone: IANAZone, old: number, now: number): number {
  const before = zone.offset(old);
  let [low, high] = [old / QUARTER, now / QUARTER];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (zone.offset(middle * QUARTER) === before) low = middle;
    else high = middle;
  }
  return high * QUARTER;
}

/** The clock on the wall as if it were UTC, at the end of the old time. */
const wall = ({ at, before }: Change) => new Date(at + before * MINUTE);

/** Changes that come back year after year on a day that a rule can tell; or a single one. */
interface Run {
  changes: Change[];
  pattern: string | null;
}

function runsOf(changes: readonly Change[]): Run[] {
  const alike = Map.groupBy(changes, (change) => {
    const local = wall(change);
    return [change.before, change.after, local.getUTCMonth(), local.getUTCDay(), local.getUTCHours(), local.getUTCMinutes()].join();
  });
  return [...alike.values()].flatMap(yearByYear).flatMap((run): Run[] => {
    const pattern = run.length > 1 ? patternOf(run) : null;
    return pattern ? [{ changes: run, pattern }] : run.map((change) => ({ changes: [change], pattern: null }));
  });
}

function yearByYear(alike: readonly Change[]): Change[][] {
  const runs: Change[][] = [];
  for (const change of alike) {
    const run = runs.at(-1);
    const isNext = run && wall(change).getUTCFullYear() === wall(run.at(-1)!).getUTCFullYear() + 1;
    if (isNext) run.push(change);
    else runs.push([change]);
  }
  return runs;
}

const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const;

/** The last Sunday, the second, or the one within seven days; null: no rule tells all of them. */
function patternOf(run: readonly Change[]): string | null {
  const days = run.map((change) => wall(change));
  const weekday = WEEKDAYS[days[0]!.getUTCDay()]!;
  if (days.every(isLast)) return `BYDAY=-1${weekday}`;
  const nth = Math.ceil(days[0]!.getUTCDate() / 7);
  if (days.every((day) => Math.ceil(day.getUTCDate() / 7) === nth)) return `BYDAY=${nth}${weekday}`;
  const dates = days.map((day) => day.getUTCDate());
  const [least, most] = [Math.min(...dates), Math.max(...dates)];
  if (most - least > 6) return null;
  return `BYDAY=${weekday};BYMONTHDAY=${Array.from({ length: most - least + 1 }, (_, i) => least + i).join(',')}`;
}

const isLast = (day: Date) => new Date(day.getTime() + 7 * DAY).getUTCMonth() !== day.getUTCMonth();

function observance({ changes, pattern }: Run, lastYear: number): string[] {
  const [first, last] = [changes[0]!, changes.at(-1)!];
  const kind = first.after > first.before ? 'DAYLIGHT' : 'STANDARD';
  const goesOn = wall(last).getUTCFullYear() >= lastYear;
  const until = goesOn ? '' : `;UNTIL=${basic(last.at)}Z`;
  return [
    `BEGIN:${kind}`,
    `DTSTART:${basic(wall(first).getTime())}`,
    `TZOFFSETFROM:${offset(first.before)}`,
    `TZOFFSETTO:${offset(first.after)}`,
    ...(pattern ? [`RRULE:FREQ=YEARLY;BYMONTH=${wall(first).getUTCMonth() + 1};${pattern}${until}`] : []),
    `END:${kind}`,
  ];
}

/** ISO 8601 without its marks: 20270328T020000 */
const basic = (at: number) => new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');

function offset(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}${String(rest).padStart(2, '0')}`;
}
