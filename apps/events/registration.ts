import type { z } from 'zod';
import * as contract from '#libs/contracts/registration';
import type { Context, Decision, RecordChange } from '#libs/domain/decision';
import { eligibilityRules } from '#libs/domain/eligibility';
import { machine } from '#libs/domain/machine';
import { rolesTowards } from '#libs/domain/standing';
import { judge, type Rule, rule, type Verdict } from '#libs/domain/verdict';
import { mayActFor } from '#libs/reference/roles';
import type { Asked } from './registration-rules.js';
import * as rules from './registration-rules.js';
import type { Setting } from './registration-setting.js';
import { OPEN, type Seat, type SeatBook } from './seat-ledger.js';
import { bookOf, carriedOut, type LedgerState, type Own } from './seat-records.js';

type View = contract.RegistrationView;
type Group = { organisation: string; persons: string[] };
type Decide<D> = (id: string, setting: Setting) => (state: LedgerState | null, data: D, context: Context) => Decision<LedgerState>;

const table = machine('REGISTRATION');

const blank: Own = { answers: null, formVersion: null, eligibility: [], reason: null, registeredAt: null, accounts: [] };

interface Doing<D> {
  rules: readonly Rule<[Asked]>[];
  asked?(data: D): Partial<Asked>;
  own?(asked: Asked, verdicts: Verdict[]): Own;
  carryOut(book: SeatBook, asked: Asked): void;
}

/** The roles somebody holds towards a registration, with those that follow from it. */
function rolesOf(
  { by, id: event }: Context,
  { event: { partnerships }, memberships }: Setting,
  organisation: string,
  before: View | null,
): string[] {
  const clusters = memberships
    .filter(({ kind, state }) => kind === 'ORGANISATION_IN_CLUSTER' && state === 'ACTIVE')
    .map(({ cluster }) => cluster);
  const own = rolesTowards(by, { ORGANISATION: [organisation], CLUSTER: clusters });
  const isParty =
    before !== null && (before.owner === by.id || before.accounts.includes(by.id) || own.some((role) => mayActFor(role, 'REGISTRANT')));
  return [...own, ...rolesTowards(by, { EVENT: [event], PARTNERSHIP: partnerships }), ...(isParty ? ['REGISTRANT'] : [])];
}

const askedOf = (id: string, setting: Setting, book: SeatBook, at: string, before: View | null): Asked => ({
  event: setting.event,
  organisation: setting.organisation,
  memberships: setting.memberships,
  at,
  setting,
  book,
  id,
  before,
  owner: before?.organisation ?? '',
  persons: before?.persons ?? [],
  answers: null,
  transfer: null,
  reason: null,
});

/** A decision on one registration: the table, the rules of the command, and what it does to the seats. */
const decides =
  <D>(command: string, { rules: guards, asked: saying, own: owning, carryOut }: Doing<D>): Decide<D> =>
  (id, setting) =>
  (state, data, context) => {
    const before = (context.records?.get(id)?.view ?? null) as View | null;
    const book = bookOf(state, setting, context.at);
    return decided({ command, id, setting, guards, owning, carryOut }, { state, book, context, before, saying: saying?.(data) ?? {} });
  };

interface Command {
  command: string;
  id: string;
  setting: Setting;
  guards: readonly Rule<[Asked]>[];
  owning: ((asked: Asked, verdicts: Verdict[]) => Own) | undefined;
  carryOut(book: SeatBook, asked: Asked): void;
}

interface Standing {
  state: LedgerState | null;
  book: SeatBook;
  context: Context;
  before: View | null;
  saying: Partial<Asked>;
}

function decided(
  { command, id, setting, guards, owning, carryOut }: Command,
  { state, book, context, before, saying }: Standing,
): Decision<LedgerState> {
  const asked = { ...askedOf(id, setting, book, context.at, before), ...saying };
  // What time has ended meanwhile is judged as it is by now.
  const from = before === null ? null : (book.get(id)?.state ?? (before.state === 'HELD_SEAT' ? 'CANCELLED' : before.state));
  const roles = rolesOf(context, setting, asked.owner, before);
  const verdicts = judge([table.allows(command, { roles }, from), ...guards] as Rule<[Asked]>[], asked);
  carryOut(book, asked);
  return carriedOut(state, book, context, new Map([[id, owning?.(asked, verdicts) ?? {}]]), verdicts);
}

/** The same for one that begins: of its record there is nothing yet. */
const begins =
  (
    command: string,
    { rules: guards, own: owning, carryOut, asked: saying }: Doing<Group & { answers?: Record<string, unknown> }>,
  ): Decide<Group & { answers?: Record<string, unknown> }> =>
  (id, setting) =>
  (state, data, context) => {
    const book = bookOf(state, setting, context.at);
    const { organisation, persons } = data;
    const own = (asked: Asked, verdicts: Verdict[]): Own => ({
      ...blank,
      owner: context.by.id,
      partnerships: [...setting.event.partnerships],
      accounts: persons.flatMap((person) => setting.persons.get(person)?.account ?? []),
      ...owning?.(asked, verdicts),
    });
    const group = { owner: organisation, persons, ...saying?.(data) };
    return decided({ command, id, setting, guards, owning: own, carryOut }, { state, book, context, before: null, saying: group });
  };

const groupOf = ({ id, owner, persons }: Asked) => ({ id, organisation: owner, persons });

const complete = ({ answers, setting, at }: Asked, verdicts: Verdict[]): Own => ({
  answers,
  formVersion: setting.form?.version ?? null,
  eligibility: verdicts.filter(
    (verdict) => verdict.rule.startsWith('REGISTRATION.EVENT.') || verdict.rule.startsWith('REGISTRATION.ELIGIBLE.'),
  ) as never,
  registeredAt: at,
});

const forGroups = [...eligibilityRules, rules.personsOwn, rules.personsOnce, rules.wholeGroup, rules.withinLimit];

export const holdSeats = begins('hold', {
  rules: [...forGroups, rules.freeToHold],
  carryOut: (book, asked) => book.hold(groupOf(asked)),
});

export const register = begins('register', {
  rules: [...forGroups, rules.seatOrList, rules.formAnswered],
  asked: ({ answers }) => ({ answers: answers ?? null }),
  own: complete,
  carryOut: (book, asked) => book.register(groupOf(asked)),
});

export const completeRegistration = decides<{ answers?: Record<string, unknown> }>('register', {
  rules: [...eligibilityRules, rules.stillHeld, rules.formAnswered],
  asked: ({ answers }) => ({ answers: answers ?? null }),
  own: complete,
  carryOut: (book, asked) => book.register(groupOf(asked)),
});

export const approveRegistration = decides<object>('approve', {
  rules: [rules.freeToApprove],
  carryOut: (book, { id }) => book.approve(id),
});

export const waitlistRegistration = decides<object>('waitlist', {
  rules: [rules.isFull],
  carryOut: (book, { id }) => book.waitlist(id),
});

export const acceptOffer = decides<object>('acceptOffer', {
  rules: [rules.stillHeld],
  carryOut: (book, { id }) => book.acceptOffer(id),
});

type Reasoned = { reason?: string | undefined };
const reasoning = ({ reason }: Reasoned) => ({ reason: reason ?? null });
const withReason = ({ reason }: Asked): Own => ({ reason });

export const rejectRegistration = decides<Reasoned>('reject', {
  rules: [],
  asked: reasoning,
  own: withReason,
  carryOut: (book, { id }) => book.leave(id, 'REJECT'),
});

export const cancelRegistration = decides<Reasoned>('cancel', {
  rules: [rules.notBegun],
  asked: reasoning,
  own: withReason,
  carryOut: (book, { id }) => book.leave(id, 'CANCEL'),
});

export const transferSeat = decides<z.output<typeof contract.TransferSeat.data>>('transfer', {
  rules: [rules.seated, rules.personsOwn, rules.personsOnce, rules.eventAhead],
  asked: (transfer) => ({ transfer }),
  own: ({ before, transfer, setting }) => ({ accounts: accountsAfter(before as View, transfer!, setting) }),
  carryOut: (book, { id, transfer }) => book.transfer(id, transfer!.from, transfer!.to),
});

const accountsAfter = ({ persons }: View, { from, to }: { from: string; to: string }, setting: Setting) =>
  persons.map((person) => (person === from ? to : person)).flatMap((person) => setting.persons.get(person)?.account ?? []);

export const markAttended = decides<Reasoned>('markAttended', {
  rules: [rules.markable(['RUNNING', 'HELD']), rules.reasoned],
  asked: reasoning,
  own: withReason,
  carryOut: (book, { id }) => book.mark(id, 'ATTENDED'),
});

export const markNoShow = decides<Reasoned>('markNoShow', {
  rules: [rules.markable(['HELD']), rules.reasoned],
  asked: reasoning,
  own: withReason,
  carryOut: (book, { id }) => book.mark(id, 'NO_SHOW'),
});

const byItself = rule('SEAT_LEDGER.ACTOR', ({ by }: Context) => by.kind === 'SYSTEM' || 'The seats follow the event by themselves.', {
  kind: 'NOT_YOURS',
});

/** Of an event that will not take place everybody leaves; of one that begins, who was not admitted. */
const leaving: Record<string, readonly Seat['state'][]> = {
  CANCELLED: OPEN,
  RUNNING: ['HELD_SEAT', 'SUBMITTED', 'WAITLISTED', 'OFFERED'],
  HELD: ['HELD_SEAT', 'SUBMITTED', 'WAITLISTED', 'OFFERED'],
};

/** The event has moved, or a hold or an offer has ended. */
export const followEvent =
  (setting: Setting, reason: string | null) =>
  (state: LedgerState | null, _: object, context: Context): Decision<LedgerState> => {
    const verdicts = judge([byItself], context);
    const book = bookOf(state, setting, context.at);
    book.clear(leaving[setting.event.state] ?? []);
    const left = book.changed.filter(({ by }) => by === 'CANCEL');
    return carriedOut(state, book, context, new Map(left.map(({ id }) => [id, { reason }])), verdicts);
  };

/** What an erased person leaves: a seat of its own is given up, and who comes with others stays as an id alone. */
export const forgetRegistrant =
  (setting: Setting, ids: readonly string[]) =>
  (state: LedgerState | null, { account }: { account: string | null }, context: Context): Decision<LedgerState> => {
    const verdicts = judge([byItself], context);
    const book = bookOf(state, setting, context.at);
    const own = new Map<string, Own>();
    const left: string[] = [];
    for (const id of ids) {
      const { accounts = [] } = (context.records?.get(id)?.view ?? {}) as Partial<View>;
      own.set(id, { answers: null, reason: null, accounts: accounts.filter((each) => each !== account) });
      const seat = book.get(id);
      if (!seat) left.push(id);
      else if (seat.persons.length === 1 && OPEN.includes(seat.state)) book.leave(id, 'CANCEL');
      else book.touch(id);
    }
    const decision = carriedOut(state, book, context, own, verdicts);
    return { ...decision, records: [...(decision.records ?? []), ...left.flatMap((id) => forgotten(id, own.get(id), context))] };
  };

/** Of one that has left the seats there is only the record. */
function forgotten(id: string, own: Own | undefined, { records }: Context): RecordChange[] {
  const kept = records?.get(id);
  if (!kept) return [];
  const state = { ...kept.view, ...own } as View;
  return [{ id, version: kept.version + 1, state, facts: [contract.RegistrationForgotten.of({ ...state, seats: state.persons.length })] }];
}
