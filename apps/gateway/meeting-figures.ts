import { z } from 'zod';
import type { MeetingView } from '#libs/contracts/meeting';

const many = z.int().min(0);

export const MeetingFigures = z
  .object({
    requested: many.describe('ever, whatever became of them'),
    agreed: many.describe('of these, those that were accepted and not called off'),
    held: many.describe('of these, those that were marked as held'),
    noShows: many.describe('and those that one or both missed'),
    kinds: z.record(z.string(), many).describe('of those held: C2C, B2B, MIXED'),
    outcomes: z.record(z.string(), many).describe('of those held: what came of them, as far as it is said'),
  })
  .meta({ id: 'MeetingFigures' });
export type MeetingFigures = z.infer<typeof MeetingFigures>;

const AGREED = ['ACCEPTED', 'SCHEDULED', 'HELD', 'NO_SHOW'];

const counted = (values: readonly string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(values, (value) => value)].map(([value, all]) => [value, all.length] as const).sort());

/** What came of the meetings booked at an event; talks that nobody booked are counted in its report. */
export function meetingFigures(meetings: readonly Pick<MeetingView, 'state' | 'kind' | 'outcome'>[]): MeetingFigures {
  const held = meetings.filter(({ state }) => state === 'HELD');
  return {
    requested: meetings.length,
    agreed: meetings.filter(({ state }) => AGREED.includes(state)).length,
    held: held.length,
    noShows: meetings.filter(({ state }) => state === 'NO_SHOW').length,
    kinds: counted(held.map(({ kind }) => kind)),
    outcomes: counted(held.flatMap(({ outcome }) => outcome ?? [])),
  };
}
