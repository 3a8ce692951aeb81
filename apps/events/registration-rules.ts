import type { RegistrationView } from '#libs/contracts/registration';
import type { Applying } from '#libs/domain/eligibility';
import { failed, notApplicable, passed, rule } from '#libs/domain/verdict';
import type { Setting } from './registration-setting.js';
import type { SeatBook } from './seat-ledger.js';

const MACHINE = 'state-machines.json#REGISTRATION';

/** A registration about to begin, or to be moved on, as its guards look at it. */
export interface Asked extends Applying {
  setting: Setting;
  /** The seats as time and event have made them. */
  book: SeatBook;
  id: string;
  /** As it stands; null: it begins. */
  before: RegistrationView | null;
  owner: string;
  persons: readonly string[];
  answers: Record<string, unknown> | null;
  /** Of a transfer. */
  transfer: { from: string; to: string } | null;
  reason: string | null;
}

const said = (persons: readonly string[], wrong: (person: string) => boolean, message: string) =>
  persons.flatMap((person, place) => (wrong(person) ? [{ pointer: `/persons/${place}`, message }] : []));

export const personsOwn = rule('REGISTRATION.PERSONS.OWN', ({ setting, owner, persons, transfer }: Asked) => {
  const isForeign = (person: string) => setting.persons.get(person)?.organisation !== owner;
  if (transfer)
    return isForeign(transfer.to)
      ? failed('The colleague does not belong to the organisation.', {}, '/to')
      : passed('The colleague belongs to the organisation.');
  const foreign = said(persons, isForeign, 'does not belong to the organisation');
  return foreign.length === 0
    ? passed('They belong to the organisation.', { persons: persons.length })
    : failed('A person does not belong to the organisation.', { foreign: foreign.length }, foreign);
});

export const personsOnce = rule(
  'REGISTRATION.PERSONS.ONCE',
  ({ book, persons, transfer }: Asked) => {
    if (transfer)
      return book.of(transfer.to) ? failed('The colleague has an open registration.', {}, '/to') : passed('The colleague has none yet.');
    const twice = said(persons, (person) => book.of(person) !== undefined, 'has an open registration of this event');
    return twice.length === 0
      ? passed('They have no open registration of this event.')
      : failed('A person has an open registration of this event.', { twice: twice.length }, twice);
  },
  { source: MACHINE },
);

export const wholeGroup = rule('REGISTRATION.SEATS.WHOLE', ({ setting: { admission }, persons }: Asked) => {
  const inputs = { seats: persons.length, capacity: admission.capacity };
  return persons.length <= admission.capacity
    ? passed('The group is no larger than the event.', inputs)
    : failed('The group is larger than the event: it could never be admitted whole.', inputs, '/persons');
});

export const withinLimit = rule('REGISTRATION.LIMITS.ORGANISATION', ({ setting: { admission, setBy }, book, owner, persons }: Asked) => {
  const limit = admission.perOrganisation;
  if (limit === null) return notApplicable('No limit is set for one organisation.', { limit, ...setBy.perOrganisation });
  const taken = book.personsOf(owner);
  const inputs = { limit, taken, seats: persons.length, ...setBy.perOrganisation };
  return taken + persons.length <= limit
    ? passed('The organisation has room for them.', inputs)
    : failed(`At most ${limit} persons of one organisation come; ${taken} have registered.`, inputs, '/persons');
});

export const freeToHold = rule(
  'REGISTRATION.HOLD.FREE',
  ({ book, persons, setting: { admission, setBy } }: Asked) => {
    const inputs = { seats: persons.length, free: book.free, holdMinutes: admission.holdMinutes, ...setBy.holdMinutes };
    return book.fits(persons) ? passed('There are seats for all of them.', inputs) : failed('There are not enough free seats.', inputs);
  },
  { source: MACHINE },
);

export const seatOrList = rule('REGISTRATION.SEATS.LISTED', ({ setting: { admission, setBy }, book, persons }: Asked) => {
  const { approval, waitingList } = admission;
  const inputs = { seats: persons.length, free: book.free, waitingList, approval, ...setBy.waitingList };
  if (waitingList || approval) return notApplicable('Who comes when it is full waits.', inputs);
  return book.fits(persons)
    ? passed('There are seats for all of them.', inputs)
    : failed('It is full, and there is no waiting list.', inputs);
});

export const formAnswered = rule('REGISTRATION.ANSWERS.FORM', ({ setting: { form }, answers }: Asked) => {
  if (!form) return answers === null ? notApplicable('The event asks nothing.') : failed('The event asks nothing.', {}, '/answers');
  const faults = form.faultsOf(answers ?? {});
  const inputs = { formVersion: form.version };
  return faults.length === 0 ? passed('The answers fit the form.', inputs) : failed('The answers break the form.', inputs, faults);
});

export const stillHeld = rule(
  'REGISTRATION.UNTIL.AHEAD',
  ({ before, at }: Asked) => {
    const until = before?.until ?? null;
    if (until === null) return notApplicable('Nothing is held or offered.');
    return at < until ? passed('It has not ended yet.', { until }) : failed('It has ended.', { until });
  },
  { kind: 'WRONG_STATE', source: MACHINE },
);

export const freeToApprove = rule(
  'REGISTRATION.APPROVE.FREE',
  ({ book, id, persons }: Asked) => {
    const seat = book.get(id);
    const inputs = { seats: persons.length, free: book.free, keeps: seat?.keeps ?? false };
    // Of who waits the next in order was admitted when there was room for it: nobody is approved out of turn.
    return seat?.state === 'SUBMITTED' && (seat.keeps || book.fits(persons))
      ? passed('There are seats for all of them.', inputs)
      : failed('There are not enough free seats for all of them.', inputs);
  },
  { source: MACHINE },
);

export const isFull = rule(
  'REGISTRATION.WAITLIST.FULL',
  ({ book, id, persons }: Asked) => {
    const inputs = { seats: persons.length, free: book.free };
    return !book.get(id)?.keeps && !book.fits(persons) ? passed('It is full.', inputs) : failed('There are seats for them.', inputs);
  },
  { source: MACHINE },
);

export const seated = rule('REGISTRATION.TRANSFER.SEATED', ({ persons, transfer }: Asked) =>
  transfer && persons.includes(transfer.from) ? passed('The seat is theirs to give.') : failed('They do not stand here.', {}, '/from'),
);

const OVER = ['HELD', 'EVALUATED', 'CANCELLED'];

export const eventAhead = rule(
  'REGISTRATION.EVENT.AHEAD',
  ({ event: { state } }: Asked) =>
    OVER.includes(state) ? failed(`The event is ${state}.`, { state }) : passed('The event is not over.', { state }),
  { kind: 'WRONG_STATE', source: MACHINE },
);

export const notBegun = rule(
  'REGISTRATION.EVENT.BEGUN',
  ({ event: { state }, setting: { startsAt }, at }: Asked) => {
    const begun = ['RUNNING', ...OVER].includes(state) || (startsAt !== null && startsAt <= at && state !== 'POSTPONED');
    return begun ? failed('The event has begun.', { state, startsAt }) : passed('The event has not begun.', { state, startsAt });
  },
  { kind: 'WRONG_STATE', source: MACHINE },
);

export const markable = (states: readonly string[]) =>
  rule(
    'REGISTRATION.MARK.EVENT',
    ({ event: { state } }: Asked) =>
      states.includes(state) ? passed('It can be told.', { state }) : failed(`The event is ${state}.`, { state }),
    { kind: 'WRONG_STATE', source: MACHINE },
  );

export const reasoned = rule(
  'REGISTRATION.MARK.REASON',
  ({ before, reason }: Asked) => {
    if (before?.state === 'APPROVED') return notApplicable('It is no correction.');
    return reason === null ? failed('A correction says why.', {}, '/reason') : passed('It says why.');
  },
  { source: MACHINE },
);
