import { IANAZone } from 'luxon';
import type { MeetingDraft, MeetingView } from '#libs/contracts/meeting';
import { instantOf } from '#libs/domain/local-time';
import { type Fault, failed, notApplicable, passed, type Rule, rule } from '#libs/domain/verdict';
import type { Plan } from './meeting-plan.js';
import type { Setting } from './meeting-setting.js';
import { presentAt } from './meeting-slots.js';

/** A meeting that is asked for, or about to be moved by a command. */
export interface Asked {
  readonly setting: Setting;
  readonly plan: Plan;
  readonly at: string;
  /** Roles towards the meeting, with those that follow from it. */
  readonly roles: readonly string[];
}

export interface AskedNew extends Asked {
  readonly draft: MeetingDraft;
}

export interface AskedOf extends Asked {
  readonly meeting: MeetingView;
}

const source = 'state-machines.json#MEETING';

/** Of a state that a command of the meeting needs; whoever has no event any more has no meeting. */
const OVER = ['HELD', 'EVALUATED', 'CANCELLED', 'POSTPONED'];

export const eventAhead = rule(
  'MEETING.EVENT.AHEAD',
  ({ setting: { event } }: Asked) =>
    OVER.includes(event.state)
      ? failed(`The event is ${event.state}.`, { state: event.state })
      : passed('The event is on.', { state: event.state }),
  { kind: 'WRONG_STATE', source },
);

const bookingOpen = rule(
  'MEETING.REQUEST.BOOKING',
  ({ setting: { event } }: AskedNew) =>
    event.booking === 'OPEN'
      ? passed('Booking is open.', { booking: event.booking })
      : failed('Booking of meetings is not open.', { booking: event.booking }),
  { kind: 'WRONG_STATE', source },
);

const notOneself = rule('MEETING.REQUEST.SELF', ({ draft: { requester, guest } }: AskedNew) =>
  requester === guest ? failed('Nobody meets themselves.', {}, '/guest') : passed('They are two.'),
);

const bothAdmitted = rule(
  'MEETING.REQUEST.ADMITTED',
  ({ draft, setting: { attendees } }: AskedNew) => {
    const faults = (['requester', 'guest'] as const)
      .filter((side) => !attendees.has(draft[side]))
      .map((side): Fault => ({ pointer: `/${side}`, message: 'is no admitted participant of the event' }));
    return faults.length === 0 ? passed('Both are admitted.') : failed('One of the two is no admitted participant.', {}, faults);
  },
  { source },
);

const twoOrganisations = rule(
  'MEETING.REQUEST.ORGANISATION',
  ({ draft, setting: { attendees } }: AskedNew) => {
    const [one, other] = [attendees.get(draft.requester)?.organisation, attendees.get(draft.guest)?.organisation];
    if (one === undefined || other === undefined || draft.requester === draft.guest) return notApplicable('There are no two of the event.');
    return one === other ? failed('Both are of the same organisation.', {}, '/guest') : passed('They are of two organisations.');
  },
  { source },
);

const onlyRequest = rule(
  'MEETING.REQUEST.PAIR',
  ({ draft: { requester, guest }, plan: { entries } }: AskedNew) => {
    const open = entries.find(
      ({ persons, state }) => state !== 'NO_SHOW' && state !== 'HELD' && persons.includes(requester) && persons.includes(guest),
    );
    if (requester === guest || !open) return passed('The two have no open request.');
    return failed('The two have an open request or meeting.', { state: open.state }, '/guest');
  },
  { source },
);

const willing = rule('MEETING.REQUEST.WILLING', ({ draft: { guest }, setting: { rules, wanting, setBy } }: AskedNew) => {
  const said = wanting.get(guest)?.takesRequests ?? null;
  const inputs = { requests: rules.requests, said, ...setBy.requests };
  const takes = said ?? rules.requests === 'OPT_OUT';
  return takes ? passed('The guest may be asked.', inputs) : failed('The guest does not take requests.', inputs, '/guest');
});

/** Places of the slots at which a participant is there. */
export const presence = ({ event, slots, wanting }: Setting, person: string): number[] =>
  presentAt(slots, wanting.get(person)?.away ?? [], event.zone ?? '');

const bothThere = rule(
  'MEETING.REQUEST.AVAILABLE',
  ({ draft: { requester, guest }, setting, at }: AskedNew) => {
    const theirs = new Set(presence(setting, guest));
    const common = presence(setting, requester).filter((slot) => theirs.has(slot) && setting.slots[slot]!.startsAt > at);
    return common.length > 0
      ? passed('There are slots for both.', { slots: common.length })
      : failed('There is no slot ahead at which both are there.');
  },
  { source },
);

/** How long it waits is decided with it. */
const answerable = rule('MEETING.REQUEST.ANSWER', ({ setting: { rules, setBy } }: AskedNew) => {
  const inputs = { answerHours: rules.answerHours, ...setBy.answerHours };
  return rules.answerHours === null ? notApplicable('It does not expire.', inputs) : passed('It waits for an answer.', inputs);
});

export const requestRules = [bookingOpen, notOneself, bothAdmitted, twoOrganisations, onlyRequest, willing, bothThere, answerable];

export const inTime = rule(
  'MEETING.UNTIL.AHEAD',
  ({ meeting: { until }, at }: AskedOf) => {
    if (until === null) return notApplicable('It does not expire.');
    return at < until ? passed('It has not expired.', { until }) : failed('The time to answer is over.', { until });
  },
  { kind: 'WRONG_STATE', source },
);

export const slotOver = rule(
  'MEETING.SLOT.OVER',
  ({ meeting: { endsAt }, at }: AskedOf) => {
    if (endsAt === null) return notApplicable('It has no slot.');
    return endsAt <= at ? passed('The slot is over.', { endsAt }) : failed('The slot is not over.', { endsAt });
  },
  { kind: 'WRONG_STATE', source },
);

export const absentSides = (absent: readonly string[]): Rule<[AskedOf]> =>
  rule('MEETING.ABSENT.SIDES', ({ meeting: { persons } }: AskedOf) => {
    const faults = absent.flatMap((person, i) =>
      persons.includes(person) ? [] : [{ pointer: `/absent/${i}`, message: 'is none of the two' }],
    );
    return faults.length === 0 ? passed('They are of the two.') : failed('Who was absent is one of the two.', {}, faults);
  });

/** Where and when a meeting is asked to be. */
export interface Wanted {
  readonly start: string;
  readonly zone?: string | undefined;
  readonly table?: string | undefined;
}

/** Its slot among those of the event: of a local time that comes twice, the first. */
export function slotAt({ slots, event }: Setting, { start, zone = event.zone ?? '' }: Wanted) {
  const instant = IANAZone.isValidZone(zone) ? instantOf(start, zone) : null;
  return instant === null ? undefined : slots.find(({ startsAt }) => startsAt === instant);
}
