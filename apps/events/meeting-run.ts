import type { z } from 'zod';
import { MeetingScheduled } from '#libs/contracts/meeting';
import { type AdoptSchedule, ScheduleComputed } from '#libs/contracts/meeting-plan';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { rolesTowards } from '#libs/domain/standing';
import { failed, judge, passed, rule } from '#libs/domain/verdict';
import { wishWeights } from '#libs/reference/event-meetings';
import { becoming } from './meeting.js';
import { byItself, recordsOf } from './meeting-follow.js';
import {
  countsOf,
  type Entry,
  isPlaced,
  meanwhile,
  nextOfPlan,
  noMeetings,
  type Plan,
  placedOf,
  type Run,
  withMeeting,
} from './meeting-plan.js';
import type { MeetingProblem, Standing } from './meeting-problem.js';
import { presence } from './meeting-rules.js';
import type { Setting } from './meeting-setting.js';

interface Asked {
  setting: Setting;
  plan: Plan;
  at: string;
  roles: readonly string[];
}

const mayCompute = rule(
  'MEETING_PLAN.COMPUTE.ACTOR',
  ({ roles }: Asked) =>
    roles.some((role) => ['EVENT_ORGANISER', 'PLATFORM_ADMIN'].includes(role))
      ? passed('The schedule is yours to compute.', { roles })
      : failed('A schedule is computed for the organiser of the event.', { roles }),
  { kind: 'NOT_YOURS' },
);

const ON = ['SCHEDULED', 'REGISTRATION_OPEN', 'REGISTRATION_CLOSED', 'RUNNING'];
const isOn = ({ event: { state } }: Setting) => ON.includes(state);

const eventOn = rule(
  'MEETING_PLAN.COMPUTE.EVENT',
  ({ setting }: Asked) => {
    const { state } = setting.event;
    return isOn(setting) ? passed('The event is on.', { state }) : failed(`The event is ${state}.`, { state });
  },
  { kind: 'WRONG_STATE' },
);

const slotsAhead = rule('MEETING_PLAN.COMPUTE.SLOTS', ({ setting: { slots, tables }, at }: Asked) => {
  const inputs = { slots: slots.filter(({ startsAt }) => startsAt > at).length, tables: tables?.length ?? null };
  return inputs.slots > 0 && inputs.tables !== 0
    ? passed('There are slots and tables.', inputs)
    : failed('There are no slots ahead, or no tables.', inputs);
});

const onlyOne = rule(
  'MEETING_PLAN.COMPUTE.ONE',
  ({ plan: { run } }: Asked) =>
    run?.state === 'RUNNING' ? failed('A schedule is being computed.', { run: run.id }) : passed('None is being computed.'),
  { kind: 'WRONG_STATE' },
);

const wishesOf = ({ entries }: Plan) =>
  entries
    .filter(({ state }) => state === 'ACCEPTED')
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, persons, priority }) => ({ id, between: persons, weight: wishWeights[priority] }));

/** Begins a computation; who asked is answered when it is done. */
export const startSchedule =
  (setting: Setting) =>
  (stored: Plan | null, { seed = 1 }: { seed?: number }, { by, at, message }: Context): Decision<Plan> => {
    const plan = stored ?? noMeetings;
    const roles = rolesTowards(by, { EVENT: [setting.event.id], PARTNERSHIP: setting.event.partnerships });
    const verdicts = judge([mayCompute, eventOn, slotsAhead, onlyOne], { setting, plan, at, roles });
    const wishes = wishesOf(plan);
    const run = {
      id: message,
      state: 'RUNNING' as const,
      seed,
      startedAt: at,
      endedAt: null,
      kept: plan.entries.filter(isPlaced).length,
      wished: { count: wishes.length, weight: wishes.reduce((sum, { weight }) => sum + weight, 0) },
      met: null,
      bound: null,
      late: null,
      asked: message,
    };
    const next: Plan = { ...plan, partnerships: [...setting.event.partnerships], run };
    return { next, facts: [], verdicts, due: nextOfPlan(next, at), answer: 'LATER' };
  };

/** As much as is computed with: wishes, who is there when, and what stands. */
export function problemOf(plan: Plan, setting: Setting, at: string): MeetingProblem {
  const { slots, tables, attendees, rules } = setting;
  const ahead = new Set(slots.flatMap(({ startsAt }, slot) => (startsAt > at ? [slot] : [])));
  const participants = [...attendees.values()].map(({ person, organisation }) => ({
    id: person,
    organisation,
    free: presence(setting, person).filter((slot) => ahead.has(slot)),
    limit: rules.perPerson ?? slots.length,
  }));
  const standing = plan.entries.filter(isPlaced).flatMap(({ id, persons, startsAt, endsAt, table }): Standing[] => {
    const taken = slots.flatMap((slot, place) => (slot.startsAt < (endsAt as string) && (startsAt as string) < slot.endsAt ? [place] : []));
    const at = tables?.indexOf(table ?? '') ?? -1;
    return taken.map((slot) => ({ id, between: persons, slot, table: at < 0 ? null : at }));
  });
  return {
    slots: slots.length,
    tables: tables?.length ?? null,
    participants,
    organisationLimit: rules.perOrganisation ?? Number.MAX_SAFE_INTEGER,
    wishes: wishesOf(plan).filter(({ between }) => between.every((person) => attendees.has(person))),
    standing,
  };
}

type Adopted = z.output<typeof AdoptSchedule.data>;

/** Still as it was when it was computed: others may have moved, met or left since. */
function stillFits(
  entry: Entry | undefined,
  { startsAt, table }: Adopted['placed'][number],
  plan: Plan,
  { slots, attendees, rules, tables }: Setting,
  at: string,
): boolean {
  const slot = slots.find((each) => each.startsAt === startsAt);
  if (entry?.state !== 'ACCEPTED' || !slot || startsAt <= at) return false;
  if (tables !== null && !tables.includes(table ?? '')) return false;
  if (entry.persons.some((person) => !attendees.has(person))) return false;
  const there = meanwhile(plan, slot.startsAt, slot.endsAt, entry.id);
  if (there.some(({ persons }) => persons.some((person) => entry.persons.includes(person)))) return false;
  if (table !== null && there.some((each) => each.table === table)) return false;
  const few = (who: 'persons' | 'organisations', most: number | null) =>
    most === null || entry[who].every((id) => placedOf(plan, who, id, entry.id) < most);
  return few('persons', rules.perPerson) && few('organisations', rules.perOrganisation);
}

/** A schedule that was computed becomes the plan, but for what has changed since. */
export const adoptSchedule =
  (setting: Setting) =>
  (stored: Plan | null, { run: id, placed, more, wished, met, bound }: Adopted, context: Context): Decision<Plan> => {
    const verdicts = byItself(context);
    const plan = stored ?? noMeetings;
    const { run } = plan;
    if (run?.id !== id || run.state !== 'RUNNING') return unchanged(plan, verdicts);
    const taken = isOn(setting) ? placed : [];
    const records = recordsOf(
      context.records,
      taken.map(({ meeting }) => meeting),
    );
    let now = plan;
    const changed = taken.flatMap((place) => {
      const before = records.get(place.meeting);
      const slot = setting.slots.find(({ startsAt }) => startsAt === place.startsAt);
      const entry = now.entries.find((each) => each.id === place.meeting);
      if (!before || !slot || !stillFits(entry, place, now, setting, context.at)) return [];
      const meeting = {
        ...before,
        ...slot,
        zone: setting.event.zone,
        table: place.table,
        formerly: null,
        reason: null,
        state: 'SCHEDULED',
        version: before.version + 1,
      };
      now = withMeeting(now, meeting);
      return [{ meeting, fact: MeetingScheduled }];
    });
    const late = (run.late ?? 0) + placed.length - changed.length;
    const decision = becoming(plan, changed, context.at, verdicts);
    if (more) {
      const next: Plan = { ...decision.next, run: { ...run, late } };
      return { ...decision, next, due: nextOfPlan(next, context.at) };
    }
    const state = isOn(setting) ? 'DONE' : 'DROPPED';
    const result: Run = { ...run, state, endedAt: context.at, wished, met, bound, late };
    const next: Plan = { ...decision.next, run: result };
    return {
      ...decision,
      next,
      facts: [ScheduleComputed.of({ id: setting.event.id, partnerships: next.partnerships, counts: countsOf(next), schedule: result })],
      due: nextOfPlan(next, context.at),
      settles: [{ message: run.asked, refusal: null }],
    };
  };
