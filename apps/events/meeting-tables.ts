import type { MeetingProblem, Standing } from './meeting-problem.js';

/** A meeting with its slot, before it has a table. */
type Seated = Pick<Standing, 'id' | 'between' | 'slot'>;

/** Tables for what has slots; who sits already stays where they are if they can, so that fewer have to change places. */
export function tabled({ tables, standing, slots }: MeetingProblem, seated: readonly Seated[]): Standing[] {
  if (tables === null) return seated.map((meeting) => ({ ...meeting, table: null }));
  const lastTable = new Map<string, number>();
  return Array.from({ length: slots }, (_, slot) => slot).flatMap((slot) => {
    const there = standing.filter((meeting) => meeting.slot === slot && meeting.table !== null);
    const taken = new Set(there.map(({ table }) => table));
    const free = Array.from({ length: tables }, (_, table) => table).filter((table) => !taken.has(table));
    const coming = seated.filter((meeting) => meeting.slot === slot);
    const seats = new Map<string, number>();
    const sit = (meeting: Seated, at: number) => seats.set(meeting.id, free.splice(at, 1)[0]!);
    for (const meeting of coming) {
      const at = Math.max(...meeting.between.map((person) => free.indexOf(lastTable.get(person) ?? -1)));
      if (at >= 0) sit(meeting, at);
    }
    for (const meeting of coming) if (!seats.has(meeting.id)) sit(meeting, 0);
    const all = coming.map((meeting) => ({ ...meeting, table: seats.get(meeting.id)! }));
    for (const { between, table } of [...there, ...all]) for (const person of between) lastTable.set(person, table!);
    return all;
  });
}
