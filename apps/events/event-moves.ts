import type { z } from 'zod';
import * as contract from '#libs/contracts/planned-event';
import type { Context, Decision } from '#libs/domain/decision';
import { edtfDate, isEdtf } from '#libs/domain/edtf-date';
import { dayIn } from '#libs/domain/local-time';
import { machine } from '#libs/domain/machine';
import { type Move, type Moving, movedBy } from '#libs/domain/move';
import { rolesTowards } from '#libs/domain/standing';
import { failed, notApplicable, passed, rule } from '#libs/domain/verdict';
import * as booking from './event-booking.js';
import { leadsOut, MISSION, missingFor } from './event-complete.js';
import { saidRules } from './event-rules.js';
import { followersOf, nextOf, timed, timeRules } from './event-times.js';
import { type PlannedEvent, type WholeEvent, whole } from './planned-event.js';

type Moves<D = object> = Move<WholeEvent, D>;
type Decide<D> = (event: PlannedEvent | null, data: D, context: Context) => Decision<PlannedEvent>;

const source = 'state-machines.json#EVENT';

const move = movedBy<WholeEvent>({
  machine: machine('EVENT'),
  field: 'state',
  roles: ({ partnerships }, { id, by }) => rolesTowards(by, { EVENT: [id], PARTNERSHIP: partnerships }),
});

/** Whatever moves an event sets its timer anew; what was stored before a field was there is blank in it. */
function moved<D>(command: string, about: Moving<WholeEvent, D>): Decide<D> {
  return following(move<D>(command, about));
}

function following<D>(decide: ReturnType<typeof move<D>>): Decide<D> {
  return (event, data, context) => {
    const decision = decide(whole(event as PlannedEvent), data, context);
    const sends = followersOf(event, decision.next, context.id);
    return { ...decision, due: nextOf(decision.next), sends };
  };
}

const complete = (code: 'EVENT.SCHEDULE.COMPLETE' | 'EVENT.OPEN_REGISTRATION.COMPLETE', state: string) =>
  rule(
    code,
    ({ before }: Moves) => {
      const missing = missingFor(state, before);
      return missing.length === 0
        ? passed('All that is needed is said.')
        : failed(
            `Still missing: ${missing.join(', ')}.`,
            { missing },
            missing.map((pointer) => ({ pointer, message: 'needed first' })),
          );
    },
    { source },
  );

const outside = rule('EVENT.SCHEDULE.COUNTRY', ({ before, context }: Moves) => leadsOut(before, context), { source: MISSION });

const ahead = rule('EVENT.SCHEDULE.AHEAD', ({ before: { endsAt }, context: { at } }: Moves) =>
  endsAt !== null && endsAt <= at
    ? failed('Its end is past: record it as held.', { endsAt }, '/end')
    : passed('It is still ahead.', { endsAt }),
);

export const scheduleEvent = moved('schedule', {
  guards: [complete('EVENT.SCHEDULE.COMPLETE', 'SCHEDULED'), outside, ahead],
  beside: () => ({ reason: null, formerly: null }),
  tell: (next, id) => contract.EventScheduled.of({ ...next, id }),
});

const inTime = <D>(deadlineOf: (asked: Moves<D>) => string | null) =>
  rule('EVENT.REGISTRATION.DEADLINE', (asked: Moves<D>) => {
    const deadlineAt = deadlineOf(asked);
    if (deadlineAt === null) return notApplicable('There is no deadline yet.');
    return deadlineAt > asked.context.at
      ? passed('The deadline is ahead.', { deadlineAt })
      : failed('The deadline is past.', { deadlineAt }, '/deadline');
  });

export const openRegistration = moved('openRegistration', {
  guards: [complete('EVENT.OPEN_REGISTRATION.COMPLETE', 'REGISTRATION_OPEN'), inTime<object>(({ before }) => before.deadlineAt)],
  tell: (next, id) => contract.RegistrationOpened.of({ ...next, id }),
});

/** What the product does by itself it does when the time has come; the organiser closes registration at any time. */
const come = (which: 'startsAt' | 'endsAt' | 'deadlineAt', isAsked: (by: Context['by']) => boolean = () => true) =>
  rule(
    'EVENT.TIME.COME',
    ({ before, context: { at, by } }: Moves) => {
      const due = before[which];
      if (!isAsked(by)) return notApplicable('It is a decision of the organiser.');
      const inputs = { [which]: due, at };
      return due !== null && due <= at ? passed('Its time has come.', inputs) : failed('Its time has not come yet.', inputs);
    },
    { kind: 'WRONG_STATE', source },
  );

export const closeRegistration = moved('closeRegistration', {
  guards: [come('deadlineAt', ({ kind }) => kind === 'SYSTEM')],
  tell: (next, id) => contract.RegistrationClosed.of({ ...next, id }),
});

type Reopen = z.output<typeof contract.ReopenRegistration.data>;
const withDeadline = ({ before, data: { deadline } }: Moves<Reopen>) => timed({ ...before, deadline });

export const reopenRegistration = moved<Reopen>('reopenRegistration', {
  guards: [
    ...timeRules.map((each) => ({
      ...each,
      evaluate: (asked: Moves<Reopen>) => each.evaluate({ after: { ...asked.before, deadline: asked.data.deadline }, patch: {} }),
    })),
    inTime<Reopen>((asked) => withDeadline(asked).deadlineAt),
  ],
  beside: withDeadline,
  tell: (next, id) => contract.RegistrationReopened.of({ ...next, id }),
});

export const startEvent = moved('start', {
  guards: [come('startsAt')],
  tell: (next, id) => contract.EventStarted.of({ ...next, id }),
});

/** Nobody books meetings of what is over, or has no date. */
const NOT_BOOKED = { booking: 'CLOSED' };

export const finishEvent = moved('finish', {
  guards: [come('endsAt')],
  beside: () => NOT_BOOKED,
  tell: (next, id) => contract.EventFinished.of({ ...next, id }),
});

type Held = z.output<typeof contract.RecordEventHeld.data>;

const past = rule('EVENT.RECORD_HELD.PAST', ({ before, data: { when }, context: { at } }: Moves<Held>) => {
  if (!isEdtf(when)) return notApplicable('The date cannot be read.');
  const [{ latest }, today] = [edtfDate(when), dayIn(before.zone, at)];
  return latest < today ? passed('The date is past.', { latest, today }) : failed('The date is not past.', { latest, today }, '/when');
});

export const recordEventHeld = moved<Held>('recordHeld', {
  guards: [
    past,
    ...saidRules
      .filter(({ code }) => code === 'EVENT.TYPE.KNOWN' || code === 'EVENT.WHEN.READABLE')
      .map((each) => ({ ...each, evaluate: ({ data: { when, type } }: Moves<Held>) => each.evaluate({ patch: { when, type } }) })),
  ],
  beside: ({ before, data: { when, type, evidence } }) => ({ when: edtfDate(when), type: type ?? before.type, evidence }),
  tell: (next, id) => contract.EventHeldRecorded.of({ ...next, id }),
});

type Evaluate = z.output<typeof contract.EvaluateEvent.data>;

const told = ({ before, data }: Moves<Evaluate>) => data.outcomes ?? before.outcomeReport?.summary ?? null;

const reported = rule('EVENT.EVALUATE.OUTCOMES', (asked: Moves<Evaluate>) => {
  const { type, outcomeReport } = asked.before;
  if (type === 'THIRD_COUNTRY_MISSION' && !outcomeReport) return failed('A mission is reported on first.', { type }, '/outcomeReport');
  return told(asked) ? passed('It is said what came of it.') : failed('Say what came of it, or report on it first.', {}, '/outcomes');
});

/** Persons who had seats: of how many it is said that they were there, or were not. */
export interface Attendance {
  attended: number;
  noShows: number;
  unmarked: number;
}

const attendanceComplete = ({ attended, noShows, unmarked }: Attendance) =>
  rule(
    'EVENT.EVALUATE.ATTENDANCE',
    (_: Moves<Evaluate>) => {
      const inputs = { attended, noShows, unmarked };
      if (attended + noShows + unmarked === 0) return notApplicable('Nobody had a seat.', inputs);
      return unmarked === 0
        ? passed('Of everybody who had a seat it is said whether they were there.', inputs)
        : failed(`Of ${unmarked} who had a seat it is not said whether they were there.`, inputs);
    },
    { source },
  );

/** The survey is closed with it: answers are taken until then. */
export const evaluateEvent = (attendance: Attendance) =>
  moved<Evaluate>('evaluate', {
    guards: [attendanceComplete(attendance), reported],
    beside: (asked) => ({ outcomes: told(asked) }),
    tell: (next, id) => contract.EventEvaluated.of({ ...next, id }),
  });

type Reasoned = z.output<typeof contract.CancelEvent.data>;

/** The date an event is told off; what was postponed before it was dated keeps the one it had. */
const formerDate = ({ when, zone, startsAt, endsAt, formerly }: WholeEvent) => (when ? { when, zone, startsAt, endsAt } : formerly);

/** Its date is open again; the one it had is told until it has another. */
export const postponeEvent = moved<Reasoned>('postpone', {
  beside: ({ before, data: { reason } }) => ({
    ...timed({ ...before, reason, when: null, start: null, end: null, deadline: null, agenda: null, stops: null, ...NOT_BOOKED }),
    formerly: formerDate(before),
  }),
  tell: (next, id) => contract.EventPostponed.of({ ...next, id }),
});

export const cancelEvent = moved<Reasoned>('cancel', {
  beside: ({ data: { reason } }) => ({ reason, ...NOT_BOOKED }),
  tell: (next, id) => contract.EventCancelled.of({ ...next, id }),
});

export const openBooking = following<object>(booking.openBooking);
export const closeBooking = following<object>(booking.closeBooking);
