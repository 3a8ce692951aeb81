import type { MeetingView } from '#libs/contracts/meeting';
import type { MeetingScheduleRun } from '#libs/contracts/meeting-plan';
import { SettleMeetings } from '#libs/contracts/meeting-plan';
import type { Due } from '#libs/domain/decision';

/** A meeting that may still take place, or took place: as much of it as the others have to know. What else it says stands in its record. */
export interface Entry {
  readonly id: string;
  readonly version: number;
  readonly state: 'PENDING' | 'ACCEPTED' | 'SCHEDULED' | 'HELD' | 'NO_SHOW';
  readonly persons: readonly [string, string];
  readonly organisations: readonly [string, string];
  readonly priority: MeetingView['priority'];
  readonly startsAt: string | null;
  readonly endsAt: string | null;
  readonly table: string | null;
  readonly until: string | null;
}

/** A computation of a schedule; `asked` is who waits for it. */
export interface Run extends MeetingScheduleRun {
  asked: string;
}

/** All meetings of an event, under its id: what nobody else may have, they reserve here. */
export interface Plan {
  entries: Entry[];
  /** Of the event: who runs one of them sees the plan. */
  partnerships: string[];
  run: Run | null;
}

export const noMeetings: Plan = { entries: [], partnerships: [], run: null };

const OPEN: readonly string[] = ['PENDING', 'ACCEPTED', 'SCHEDULED', 'HELD', 'NO_SHOW'];

/** With this meeting as it is now; one that will not take place leaves nothing behind. */
export function withMeeting({ entries, ...rest }: Plan, meeting: Omit<MeetingView, 'updatedAt'>): Plan {
  const others = entries.filter(({ id }) => id !== meeting.id);
  return { ...rest, entries: OPEN.includes(meeting.state) ? [...others, entryOf(meeting)] : others };
}

function entryOf({
  id,
  version,
  state,
  requester,
  guest,
  priority,
  startsAt,
  endsAt,
  table,
  until,
}: Omit<MeetingView, 'updatedAt'>): Entry {
  return {
    id,
    version,
    state: state as Entry['state'],
    persons: [requester.person, guest.person],
    organisations: [requester.organisation, guest.organisation],
    priority,
    startsAt,
    endsAt,
    table,
    until,
  };
}

/** A place of its own, whatever has become of it since. */
export const isPlaced = ({ startsAt }: Entry): boolean => startsAt !== null;

/** Those whose time is also this time. */
export const meanwhile = ({ entries }: Plan, startsAt: string, endsAt: string, but: string): Entry[] =>
  entries.filter((each) => each.id !== but && each.startsAt !== null && each.startsAt < endsAt && startsAt < (each.endsAt as string));

/** Meetings with a slot of somebody, or of an organisation. */
export const placedOf = ({ entries }: Plan, who: 'persons' | 'organisations', id: string, but: string): number =>
  entries.filter((each) => each.id !== but && isPlaced(each) && each[who].includes(id)).length;

/** How long a computation may take before it is taken for interrupted. */
const RUN_MINUTES = 2;

const later = (at: string, minutes: number) => new Date(Date.parse(at) + minutes * 60_000).toISOString();

/** What comes next by itself: a request expires, or a computation that nobody has ended is begun anew. */
export function nextOfPlan({ entries, run }: Plan, at: string): Due | null {
  const expiring = entries.flatMap(({ state, until }) => (state === 'PENDING' && until !== null ? [until] : []));
  const ends = run?.state === 'RUNNING' ? [later(at, RUN_MINUTES)] : [];
  const [next] = [...expiring, ...ends].sort();
  return next === undefined ? null : { at: next, command: SettleMeetings };
}

/** How many there are in each state. */
export function countsOf({ entries }: Plan): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of entries) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
