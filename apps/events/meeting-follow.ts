import * as contract from '#libs/contracts/meeting';
import { SettleMeetings } from '#libs/contracts/meeting-plan';
import type { FactContract } from '#libs/contracts/message';
import { type Context, type Decision, type RecordsAtHand, unchanged } from '#libs/domain/decision';
import { judge, rule } from '#libs/domain/verdict';
import { becoming, type MeetingState, NOWHERE, slotOf } from './meeting.js';
import { type Entry, nextOfPlan, noMeetings, type Plan } from './meeting-plan.js';
import type { Setting } from './meeting-setting.js';

const onlyByItself = rule('MEETING_PLAN.ACTOR', ({ by }: Context) => by.kind === 'SYSTEM' || 'The plan follows by itself.', {
  kind: 'NOT_YOURS',
});

export const byItself = (context: Context) => judge([onlyByItself], context);

/** The records of all these: what is missing is asked for together, not one by one. */
export function recordsOf(records: RecordsAtHand | undefined, ids: readonly string[]): Map<string, MeetingState> {
  const found = new Map<string, MeetingState>();
  let missing: unknown = null;
  for (const id of ids) {
    try {
      const record = records?.get(id);
      if (record) found.set(id, { ...(record.view as unknown as MeetingState), version: record.version });
    } catch (error) {
      missing ??= error;
    }
  }
  if (missing !== null) throw missing;
  return found;
}

/** Meetings that are written at once. */
const PART = 250;

interface Effect {
  fact: FactContract;
  change: Partial<MeetingState>;
}

const cancelled = (reason: string | null): Effect => ({ fact: contract.MeetingCancelled, change: { state: 'CANCELLED', reason } });
const expired: Effect = { fact: contract.MeetingExpired, change: { state: 'EXPIRED' } };
const unscheduled = (reason: string | null): Effect => ({
  fact: contract.MeetingUnscheduled,
  change: { state: 'ACCEPTED', ...NOWHERE, reason },
});

const LEFT = cancelled('One of the two does not take part any more.');

/** Whoever comes in their place was not asked, and has not agreed to meet. */
function whyLeft({ requester, guest }: MeetingState, { attendees }: Setting): string | null {
  const seats = new Set([...attendees.values()].map(({ registration }) => registration));
  const gone = [requester, guest].filter(({ person }) => !attendees.has(person));
  return gone.some(({ registration }) => seats.has(registration)) ? 'One of the two has given their seat to a colleague.' : null;
}

/** What time, the event and its registrations do to a meeting; null: nothing. */
function effectOn(entry: Entry, { event, attendees, slots, tables }: Setting, at: string): Effect | null {
  const { state, persons, startsAt, endsAt, table, until } = entry;
  if (!['PENDING', 'ACCEPTED', 'SCHEDULED'].includes(state)) return null;
  if (event.state === 'CANCELLED') return cancelled(event.reason);
  if (state === 'PENDING' && (['HELD', 'EVALUATED'].includes(event.state) || (until !== null && until <= at))) return expired;
  // What is over or under way is marked, not moved.
  if (startsAt !== null && startsAt <= at) return null;
  if (persons.some((person) => !attendees.has(person))) return LEFT;
  if (state !== 'SCHEDULED') return null;
  if (event.state === 'POSTPONED') return unscheduled(event.reason);
  const isThere = slots.some((slot) => slot.startsAt === startsAt && slot.endsAt === endsAt);
  if (!isThere || (tables !== null && !tables.includes(table ?? ''))) return unscheduled('Its slot or its table is not there any more.');
  return null;
}

/** The event has moved, somebody has left, or a request has not been answered in time. */
export const followEvent =
  (setting: Setting) =>
  (stored: Plan | null, _: object, context: Context): Decision<Plan> => {
    const verdicts = byItself(context);
    const plan = stored ?? noMeetings;
    const all = plan.entries.flatMap((entry) => {
      const effect = effectOn(entry, setting, context.at);
      return effect ? [{ id: entry.id, ...effect }] : [];
    });
    const effects = all.slice(0, PART);
    if (effects.length === 0) return { ...unchanged(plan, verdicts), due: nextOfPlan(plan, context.at) };
    const records = recordsOf(
      context.records,
      effects.map(({ id }) => id),
    );
    const changed = effects.flatMap(({ id, fact, change }) => {
      const before = records.get(id);
      if (!before) return [];
      const reason = (change === LEFT.change && whyLeft(before, setting)) || (change.reason ?? null);
      const lost = fact === contract.MeetingUnscheduled ? { formerly: slotOf(before) } : {};
      const said = 'reason' in change ? { reason } : {};
      const next = { ...before, ...change, ...lost, ...said, until: null, version: before.version + 1 };
      return [{ meeting: next, fact }];
    });
    const decision = becoming(plan, changed, context.at, verdicts);
    // What is left follows at once: each part is one write of the plan with all that it brings about.
    return all.length > PART ? { ...decision, due: { at: context.at, command: SettleMeetings } } : decision;
  };
