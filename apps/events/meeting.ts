import type { z } from 'zod';
import * as contract from '#libs/contracts/meeting';
import type { FactContract } from '#libs/contracts/message';
import type { Context, Decision, RecordChange } from '#libs/domain/decision';
import { machine } from '#libs/domain/machine';
import { rolesTowards } from '#libs/domain/standing';
import { judge, type Rules, type Verdict } from '#libs/domain/verdict';
import { meetingKind } from '#libs/reference/event-meetings';
import { mayActFor } from '#libs/reference/roles';
import { nextOfPlan, noMeetings, type Plan, withMeeting } from './meeting-plan.js';
import { type Asked, type AskedOf, absentSides, eventAhead, inTime, requestRules, slotAt, slotOver } from './meeting-rules.js';
import type { Attendee, Setting } from './meeting-setting.js';
import { freeTables, slotRules } from './meeting-slot-rules.js';

type View = contract.MeetingView;
/** A meeting at one of its versions, before it is stamped. */
export type MeetingState = Omit<View, 'updatedAt'>;
type Decide<D> = (id: string, setting: Setting) => (plan: Plan | null, data: D, context: Context) => Decision<Plan>;

const table = machine('MEETING');

/** Whether whoever asks stands for one side: the person, or who may act for them in their organisation. */
function standsFor(by: Context['by'], side: Pick<Attendee, 'person' | 'organisation'>, party: string, { accounts }: Setting): boolean {
  const own = rolesTowards(by, { ORGANISATION: [side.organisation] });
  return accounts.get(side.person) === by.id || own.some((role) => mayActFor(role, party));
}

const organising = (by: Context['by'], { event }: Setting) => rolesTowards(by, { EVENT: [event.id], PARTNERSHIP: event.partnerships });

function rolesOf(by: Context['by'], setting: Setting, { requester, guest }: Pick<View, 'requester' | 'guest'>): string[] {
  return [
    ...organising(by, setting),
    ...(standsFor(by, requester, 'MEETING_REQUESTER', setting) ? ['MEETING_REQUESTER'] : []),
    ...(standsFor(by, guest, 'MEETING_GUEST', setting) ? ['MEETING_GUEST'] : []),
  ];
}

/** The plan with meetings as they became, each with its fact. */
export function becoming(
  plan: Plan,
  changed: readonly { meeting: MeetingState; fact: FactContract }[],
  at: string,
  verdicts: Verdict[] = [],
): Decision<Plan> {
  const next = changed.reduce((now, { meeting }) => withMeeting(now, meeting), plan);
  const records = changed.map(({ meeting, fact }): RecordChange => {
    const { id, version, ...state } = meeting;
    return { id, version, state, facts: [fact.of(meeting)] };
  });
  return { next, facts: [], verdicts, records, due: nextOfPlan(next, at) };
}

const hoursLater = (at: string, hours: number) => new Date(Date.parse(at) + hours * 3_600_000).toISOString();

export const requestMeeting: Decide<contract.MeetingDraft> =
  (id, setting) =>
  (stored, draft, { by, at }) => {
    const { attendees, event, rules } = setting;
    const plan = { ...(stored ?? noMeetings), partnerships: [...event.partnerships] };
    const requester = attendees.get(draft.requester);
    const isTheirs = requester !== undefined && standsFor(by, requester, 'REGISTRANT', setting);
    const roles = [...organising(by, setting), ...(isTheirs ? ['REGISTRANT'] : [])];
    const asked: Asked & { draft: contract.MeetingDraft } = { setting, plan, at, roles, draft };
    const verdicts = judge([...(table.allows('request', { roles }, null) as Rules<[typeof asked]>), ...requestRules], asked);
    const [one, other] = [requester as Attendee, attendees.get(draft.guest) as Attendee];
    const meeting: MeetingState = {
      id,
      version: 1,
      event: event.id,
      partnerships: plan.partnerships,
      kind: meetingKind([one, other].map(({ organisation }) => setting.organisationTypes.get(organisation) ?? '')) ?? 'MIXED',
      state: 'PENDING',
      requester: withAccount(one, setting),
      guest: withAccount(other, setting),
      organisations: [one.organisation, other.organisation],
      persons: [one.person, other.person],
      priority: draft.priority ?? 'NORMAL',
      message: draft.message ?? null,
      ...NOWHERE,
      formerly: null,
      zone: event.zone,
      until: rules.answerHours === null ? null : hoursLater(at, rules.answerHours),
      reason: null,
      absent: null,
      outcome: null,
      requestedAt: at,
      accounts: [one, other].flatMap(({ person }) => setting.accounts.get(person) ?? []),
    };
    return becoming(plan, [{ meeting, fact: contract.MeetingRequested }], at, verdicts);
  };

const withAccount = (side: Attendee, { accounts }: Setting) => ({ ...side, account: accounts.get(side.person) ?? null });

/** Without a slot. */
export const NOWHERE = { start: null, end: null, startsAt: null, endsAt: null, table: null } as const;

/** The slot it has, as it is told when it has lost it. */
export const slotOf = ({ startsAt, endsAt, zone, table }: Pick<View, 'startsAt' | 'endsAt' | 'zone' | 'table'>): View['formerly'] =>
  startsAt !== null && endsAt !== null && zone !== null ? { startsAt, endsAt, zone, table } : null;

interface Doing<D, A extends AskedOf> {
  to: View['state'];
  fact: FactContract;
  /** Beside state and actor, which the table says. */
  rules: (data: D) => Rules<[A]>;
  asked?(data: D): Omit<A, keyof AskedOf>;
  beside?(data: D, asked: A): Partial<View>;
}

/** A command of the machine, decided on the meetings of the event together. */
const moved =
  <D, A extends AskedOf = AskedOf>(command: string, { to, fact, rules, asked, beside }: Doing<D, A>): Decide<D> =>
  (id, setting) =>
  (stored, data, { by, at, records }) => {
    const plan = stored ?? noMeetings;
    const record = records?.get(id);
    if (!record) throw new Error(`the meeting ${id} is not there`);
    const meeting = record.view as unknown as View;
    const roles = rolesOf(by, setting, meeting);
    const about = { setting, plan, at, roles, meeting, ...asked?.(data) } as unknown as A;
    const verdicts = judge([...(table.allows(command, { roles }, meeting.state) as Rules<[A]>), ...rules(data)], about);
    const next = { ...meeting, ...beside?.(data, about), version: record.version + 1, state: to, until: null };
    return becoming(plan, [{ meeting: next, fact }], at, verdicts);
  };

type Said<C extends { data: z.ZodType }> = z.output<C['data']>;

export const acceptMeeting = moved<object>('accept', { to: 'ACCEPTED', fact: contract.MeetingAccepted, rules: () => [eventAhead, inTime] });

export const declineMeeting = moved<Said<typeof contract.DeclineMeeting>>('decline', {
  to: 'DECLINED',
  fact: contract.MeetingDeclined,
  rules: () => [eventAhead],
  beside: ({ reason = null }) => ({ reason }),
});

type Schedule = Said<typeof contract.ScheduleMeeting>;

export const scheduleMeeting = moved<Schedule, AskedOf & { wanted: Schedule }>('schedule', {
  to: 'SCHEDULED',
  fact: contract.MeetingScheduled,
  asked: (wanted) => ({ wanted }),
  rules: () => [eventAhead, ...slotRules],
  beside: (wanted, asked) => ({
    ...slotAt(asked.setting, wanted),
    zone: asked.setting.event.zone,
    table: wanted.table ?? freeTables(asked)[0] ?? null,
    formerly: null,
    reason: null,
  }),
});

export const unscheduleMeeting = moved<Said<typeof contract.UnscheduleMeeting>>('unschedule', {
  to: 'ACCEPTED',
  fact: contract.MeetingUnscheduled,
  rules: () => [],
  beside: ({ reason }, { meeting }) => ({ ...NOWHERE, formerly: slotOf(meeting), reason }),
});

export const cancelMeeting = moved<Said<typeof contract.CancelMeeting>>('cancel', {
  to: 'CANCELLED',
  fact: contract.MeetingCancelled,
  rules: () => [],
  beside: ({ reason = null }) => ({ reason }),
});

export const markMeetingHeld = moved<Said<typeof contract.MarkMeetingHeld>>('markHeld', {
  to: 'HELD',
  fact: contract.MeetingHeld,
  rules: () => [slotOver],
  beside: ({ outcome = null }) => ({ outcome }),
});

export const markMeetingNoShow = moved<Said<typeof contract.MarkMeetingNoShow>>('markNoShow', {
  to: 'NO_SHOW',
  fact: contract.MeetingNotHeld,
  rules: ({ absent }) => [slotOver, absentSides(absent)],
  beside: ({ absent }) => ({ absent: [...new Set(absent)] }),
});
