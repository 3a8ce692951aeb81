import type { z } from 'zod';
import { CheckInEntered, CheckInForgotten, type CheckInView, type EnterCheckIn } from '#libs/contracts/check-in';
import type { RegistrationView } from '#libs/contracts/registration';
import type { Stamp } from '#libs/contracts/values';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { rolesTowards } from '#libs/domain/standing';
import { failed, judge, passed, rule } from '#libs/domain/verdict';
import { IN_CHARGE } from './event-rules.js';
import type { WholeEvent } from './planned-event.js';

export type CheckInState = Omit<CheckInView, keyof Stamp>;
type Enter = z.output<typeof EnterCheckIn.data>;

/** What has to be known beside the record itself. */
export interface Door {
  event: Pick<WholeEvent, 'state' | 'partnerships'> | null;
  registration: Pick<RegistrationView, 'event' | 'organisation' | 'persons' | 'state'> | null;
}

interface Entering extends Door {
  data: Enter;
  context: Context;
}

/** Presence is marked while it runs, and after it; who was marked absent and came all the same is let in by a correction first. */
const OPEN = ['RUNNING', 'HELD'];
const SEATED = ['APPROVED', 'ATTENDED'];

const byOrganiser = rule(
  'CHECK_IN.ENTER.ACTOR',
  ({ event, data, context: { by } }: Entering) => {
    const roles = rolesTowards(by, { EVENT: [data.event], PARTNERSHIP: event?.partnerships ?? [] });
    return roles.some((role) => IN_CHARGE.includes(role))
      ? passed('The event is yours to run.', { roles })
      : failed('Who comes is noted by the organiser or by those who run one of the partnerships of the event.', { roles });
  },
  { kind: 'NOT_YOURS' },
);

const isOpen = rule(
  'CHECK_IN.ENTER.STATE',
  ({ event }: Entering) => {
    const state = event?.state ?? null;
    return state !== null && OPEN.includes(state)
      ? passed('The event runs, or was held.', { state })
      : failed(`The event is ${state ?? 'gone'}: nobody comes.`, { state });
  },
  { kind: 'WRONG_STATE' },
);

const isAdmitted = rule('CHECK_IN.ENTER.ADMITTED', ({ registration, data: { event, person, via } }: Entering) => {
  const pointer = via === 'CODE' ? '/code' : '/person';
  const state = registration?.event === event && registration.persons.includes(person) ? registration.state : null;
  return state !== null && SEATED.includes(state)
    ? passed('They have a seat.', { state })
    : failed('They have no seat at this event.', { state }, pointer);
});

/** The first time counts, whatever is read again after it. */
export const enter =
  (door: Door) =>
  (before: CheckInState | null, data: Enter, context: Context): Decision<CheckInState> => {
    const verdicts = judge([byOrganiser, isOpen, isAdmitted], { ...door, data, context });
    if (before) return unchanged(before, verdicts);
    const { id, at } = context;
    const next = { ...data, partnerships: [...(door.event?.partnerships ?? [])], at };
    return { next, facts: [CheckInEntered.of({ ...next, id })], verdicts };
  };

const byItself = rule('CHECK_IN.FORGET.ACTOR', ({ by }: Context) => by.kind === 'SYSTEM' || 'A check-in is forgotten with its person.', {
  kind: 'NOT_YOURS',
});

export function forgetCheckIn(stored: CheckInState | null, _: object, context: Context): Decision<CheckInState> {
  const before = stored as CheckInState;
  const verdicts = judge([byItself], context);
  return { next: before, facts: [CheckInForgotten.of({ ...before, id: context.id })], verdicts, gone: true };
}
