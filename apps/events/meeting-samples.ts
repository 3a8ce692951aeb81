import type { Actor } from '#libs/contracts/actor';
import { system } from '#libs/contracts/actor';
import type { MeetingView } from '#libs/contracts/meeting';
import type { Context, Decision, KeptRecord } from '#libs/domain/decision';
import { newId } from '#libs/domain/ids';
import { bundled, type Policies } from '#libs/domain/policy';
import { anEvent } from './event-samples.js';
import { noMeetings, type Plan } from './meeting-plan.js';
import { type Attendee, type Setting, settingOf, type Wanting } from './meeting-setting.js';

/** For tests: an event with meetings, its participants, and what commands make of them. */
export const NOW = '2027-05-01T08:00:00.000Z';
const idOf = (kind: string, n: number) => `01976a00-0000-7000-8${kind}00-0000000000${String(n).padStart(2, '0')}`;
export const EVENT = idOf('0', 0);
export const person = (n: number) => idOf('1', n);
export const organisation = (n: number) => idOf('2', n);

/** Slots 9:00, 9:30, 10:00, 11:00 and 11:30 of 12 May in Madrid, two tables; six persons of an organisation each, but for 5 of that of 4. */
export function aSetting(
  over: {
    meetings?: object;
    event?: object;
    wanting?: [number, Partial<Wanting>][];
    gone?: readonly number[];
    types?: Record<number, string>;
    policies?: Policies;
  } = {},
): Setting {
  const day = (from: string, to: string) => ({ from: `2027-05-12T${from}`, to: `2027-05-12T${to}` });
  const event = anEvent({
    partnerships: [],
    type: 'MATCHMAKING_EVENT',
    state: 'REGISTRATION_CLOSED',
    booking: 'OPEN',
    end: '2027-05-12T18:00',
    deadline: '2027-04-30T18:00',
    capacity: 50,
    meetings: {
      hours: [day('09:00', '12:00')],
      breaks: [day('10:30', '11:00')],
      slotMinutes: 25,
      pauseMinutes: 5,
      tables: ['A', 'B'],
      ...over.meetings,
    },
    ...over.event,
  });
  const attendees = [0, 1, 2, 3, 4, 5]
    .filter((n) => !over.gone?.includes(n))
    .map((n): Attendee => ({ person: person(n), organisation: organisation(n === 5 ? 4 : n), registration: idOf('3', n) }));
  const known = {
    attendees: new Map(attendees.map((each) => [each.person, each])),
    wanting: new Map((over.wanting ?? []).map(([n, said]) => [person(n), { away: [], takesRequests: null, ...said }])),
    organisationTypes: new Map([0, 1, 2, 3, 4].map((n) => [organisation(n), over.types?.[n] ?? 'SME'])),
    accounts: new Map(attendees.map((each) => [each.person, `account of ${each.person}`])),
  };
  return settingOf(EVENT, event, known, NOW, { policies: over.policies ?? bundled, owners: ['DIA'] });
}

const actor = (about: Partial<Actor>): Actor => ({ kind: 'PERSON', id: 'somebody', roles: [], scopes: [], at: NOW, ...about });
export const organiser = actor({ roles: [{ role: 'EVENT_ORGANISER', binding: { kind: 'EVENT', id: EVENT } }] });
export const product = system('events', NOW);
/** The participant who signed in. */
export const self = (n: number) => actor({ id: `account of ${person(n)}` });
/** Somebody who may act for the organisation of a participant. */
export const colleagueOf = (n: number) =>
  actor({ roles: [{ role: 'ORGANISATION_REPRESENTATIVE', binding: { kind: 'ORGANISATION', id: organisation(n) } }] });

type Decide<D> = (id: string, setting: Setting) => (plan: Plan | null, data: D, context: Context) => Decision<Plan>;

/** The meetings of an event while commands are carried out on them. */
export class Meetings {
  plan: Plan = noMeetings;
  readonly records = new Map<string, KeptRecord>();
  readonly facts: string[] = [];

  constructor(
    public setting: Setting = aSetting(),
    public at = NOW,
  ) {}

  give<D>(decide: Decide<D>, id: string, data: D, by: Actor): MeetingView {
    this.take((plan, context) => decide(id, this.setting)(plan, data, { ...context, id, by }));
    return this.view(id);
  }

  /** A command of the plan itself. */
  take(decide: (plan: Plan, context: Context) => Decision<Plan>, by: Actor = product): Decision<Plan> {
    const records = { get: (id: string) => this.records.get(id) ?? null };
    const decision = decide(this.plan, { id: EVENT, by, at: this.at, message: newId(), records });
    this.plan = decision.next;
    for (const { id, version, state, facts } of decision.records ?? []) {
      if (version !== (this.records.get(id)?.version ?? 0) + 1) throw new Error(`${id} goes to version ${version}`);
      this.records.set(id, { version, view: { ...state, id, version, updatedAt: this.at } });
      this.facts.push(...facts.map(({ type }) => type));
    }
    this.facts.push(...decision.facts.map(({ type }) => type));
    return decision;
  }

  view(id: string): MeetingView {
    return this.records.get(id)?.view as unknown as MeetingView;
  }
}
