import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { z } from 'zod';
import { type Actor, system } from '#libs/contracts/actor';
import type { CommandContract, Outcome } from '#libs/contracts/message';
import * as contract from '#libs/contracts/registration';
import { FollowEvent, ForgetRegistrant, SeatLedger } from '#libs/contracts/seat-ledger';
import type { KeptRecord } from '#libs/domain/decision';
import { bundled, type Policies } from '#libs/domain/policy';
import type { Verdict } from '#libs/domain/verdict';
import { type Decide, Work } from '#libs/persistence/decide';
import { fresh, type Stored } from '#libs/persistence/document';
import { newestRecords } from '#libs/persistence/kept-records';
import { RecordsInWork } from '#libs/persistence/records-in-work';
import { by } from '#libs/testing/actors';
import { message } from '#libs/testing/messages';
import { aPolicy, policiesWith } from '#libs/testing/policies';
import type { WholeEvent } from './planned-event.js';
import * as decisions from './registration.js';
import { nobody, type Setting, settingOf } from './registration-setting.js';
import { freeOf, termsOf } from './seat-ledger.js';
import { type LedgerState, registrations, shownLedger } from './seat-records.js';
import { KeptLedger, ledgerIn } from './seat-text.js';

const uuid = (n: number) => `01976a00-0000-7000-8000-${String(n).padStart(12, '0')}`;
const EVENT = uuid(1);
const FIRM = uuid(2);
const NOW = '2027-01-01T00:00:00.000Z';
const minutes = (count: number) => new Date(Date.parse(NOW) + count * 60_000).toISOString();
const person = (n: number) => uuid(1000 + n);

const everybody = new Map(Array.from({ length: 3000 }, (_, n) => [person(n), { organisation: FIRM, account: `account-${n}` }]));
const firm: Actor = by('ORGANISATION_REPRESENTATIVE', { kind: 'ORGANISATION', id: FIRM });
const organiser: Actor = by('EVENT_ORGANISER', { kind: 'EVENT', id: EVENT });

interface Said {
  capacity?: number;
  state?: string;
  admission?: object;
  policies?: Policies;
}

const setting = ({ capacity = 2, state = 'REGISTRATION_OPEN', admission = {}, policies = bundled }: Said = {}): Setting => {
  const applicants = { organisation: { type: 'SME', country: 'ES', isSme: true }, memberships: [], persons: everybody };
  const usual = settingOf(null, null, applicants, NOW, { policies, owners: ['DIA'] });
  const event = { ...usual.event, state, targetGroups: ['SMES'], deadlineAt: minutes(1_000_000), partnerships: [uuid(3)] };
  return {
    ...usual,
    event,
    startsAt: minutes(1_100_000),
    admission: { ...usual.admission, ...admission, capacity, over: state === 'CANCELLED' },
  };
};

/** The seats of one event and its registrations, as they lie after each command. */
class Desk {
  doc: Stored<LedgerState> = fresh<LedgerState>(EVENT);
  readonly records = new Map<string, KeptRecord>();
  at = NOW;
  said: Said = {};

  give<C extends CommandContract>(
    command: C,
    id: string,
    data: z.input<C['data']>,
    actor: Actor,
    decide: Decide<LedgerState, never>,
    expected: number | null = null,
  ): Outcome {
    const within = [FollowEvent, ForgetRegistrant].includes(command as never) ? null : EVENT;
    const one = message(command, id, data, { within, by: actor, expected } as never);
    const loaded = { get: (record: string) => this.records.get(record) ?? null } as unknown as ReadonlyMap<string, KeptRecord | null>;
    const records = new RecordsInWork(registrations, { cached: () => undefined }, loaded, this.doc);
    const work = new Work<LedgerState>(SeatLedger.contract, this.doc, 'events', () => this.at, shownLedger, new Map(), records);
    work.take({ message: one as never, decide, resolve: () => undefined, reject: () => undefined });
    work.seal();
    if (work.failures[0]) throw work.failures[0].error;
    for (const { id: record, version, view } of newestRecords(work.entries)) this.records.set(record, { version, view });
    // As it is read from the database: the ledger as text.
    const { state } = work.doc;
    this.doc = { ...work.doc, outbox: [], recent: [], state: state instanceof KeptLedger ? structuredClone(state.toBSON()) : state };
    return work.answers[0]!.handled as Outcome;
  }

  register(id: number, persons: number[], actor = firm) {
    const data = { organisation: FIRM, persons: persons.map(person) };
    return this.give(contract.Register, uuid(id), data, actor, decisions.register(uuid(id), setting(this.said)));
  }

  hold(id: number, persons: number[]) {
    const data = { organisation: FIRM, persons: persons.map(person) };
    return this.give(contract.HoldSeats, uuid(id), data, firm, decisions.holdSeats(uuid(id), setting(this.said)));
  }

  move<C extends CommandContract>(
    command: C,
    id: string,
    data: z.input<C['data']>,
    decide: (id: string, setting: Setting) => Decide<LedgerState, never>,
    actor = organiser,
  ) {
    return this.give(command, id, data, actor, decide(id, setting(this.said)));
  }

  follow() {
    return this.give(FollowEvent, EVENT, {}, system('events', this.at), decisions.followEvent(setting(this.said), 'It rains.') as never);
  }

  view(id: number) {
    return this.records.get(uuid(id))?.view as contract.RegistrationView | undefined;
  }
}

const desk = (said: Said = {}) => Object.assign(new Desk(), { said });
const failing = ({ verdicts }: Outcome) =>
  (verdicts as { rule: string; outcome: string }[]).filter(({ outcome }) => outcome === 'FAILED').map(({ rule }) => rule);

describe('What the event does not say of its seats', () => {
  const hold = aPolicy('EVENT_SEATS_HOLD_MINUTES', 5);
  const policies = policiesWith(hold, aPolicy('EVENT_SEATS_WAITING_LIST', false));
  const told = ({ verdicts }: Outcome, code: string) => (verdicts as Verdict[]).find(({ rule }) => rule === code)?.inputs;

  it('is as the rules in force say, which the verdict names', () => {
    const all = desk({ policies });
    const held = all.hold(10, [0]);
    expect(held.view).toMatchObject({ state: 'HELD_SEAT', until: minutes(5) });
    expect(told(held, 'REGISTRATION.HOLD.FREE')).toMatchObject({
      holdMinutes: 5,
      policy: 'EVENT_SEATS_HOLD_MINUTES',
      policyVersion: { id: hold.id, no: 1 },
      owner: hold.owner,
    });
    expect(failing(all.register(11, [1, 2]))).toEqual(['REGISTRATION.SEATS.LISTED']);
    expect(desk().hold(10, [0]).view).toMatchObject({ until: minutes(30) });
  });

  it('is no rule’s where the event says it', () => {
    const event = { admission: { holdMinutes: 10 }, capacity: 5 } as unknown as WholeEvent;
    const asked = settingOf(event, null, nobody, NOW, { policies, owners: ['DIA'] });
    expect([asked.admission.holdMinutes, asked.setBy.holdMinutes, asked.admission.waitingList]).toEqual([10, undefined, false]);
    expect(settingOf(event, null, nobody, NOW, { policies, owners: [] }).admission.waitingList).toBe(true);
  });
});

describe('A registration', () => {
  it('is answered with its own view and version, though the seats are another record', () => {
    const one = desk().register(10, [0]);
    expect(one).toMatchObject({ aggregate: 'registration', key: uuid(10), version: 1, changed: true, status: 'DONE' });
    expect(one.view).toMatchObject({ state: 'APPROVED', event: EVENT, persons: [person(0)], accounts: ['account-0'], owner: firm.id });
  });

  it('is answered with its place on the list and why it waits, as it was decided', () => {
    const all = desk({ capacity: 3 });
    all.register(10, [0, 1]);
    const answers = [all.register(11, [2, 3]), all.register(12, [4, 5, 6]), all.register(13, [7]), all.register(14, [8])];
    const told = answers.map(({ view }) => view as contract.RegistrationView);
    expect(told.map(({ state, position, waitsFor }) => [state, position, waitsFor])).toEqual([
      ['WAITLISTED', 1, 'SEATS_TOGETHER'],
      ['WAITLISTED', 2, 'SEATS_TOGETHER'],
      ['APPROVED', null, null],
      ['WAITLISTED', 3, 'SEATS'],
    ]);
    const left = all.move(contract.CancelRegistration, uuid(11), {}, decisions.cancelRegistration, firm);
    expect(left.view).toMatchObject({ state: 'CANCELLED', position: null, waitsFor: null });
  });

  it('is refused with every reason at once, and nothing is changed', () => {
    const all = desk({ capacity: 1, state: 'CANCELLED', admission: { waitingList: false } });
    all.at = minutes(2_000_000);
    const answer = all.register(10, [5000, 0], by('ORGANISATION_REPRESENTATIVE', { kind: 'ORGANISATION', id: uuid(77) }));
    expect(failing(answer)).toEqual([
      'REGISTRATION.REGISTER.ACTOR',
      'REGISTRATION.EVENT.OPEN',
      'REGISTRATION.EVENT.DEADLINE',
      'REGISTRATION.PERSONS.OWN',
      'REGISTRATION.SEATS.WHOLE',
      'REGISTRATION.SEATS.LISTED',
    ]);
    expect(answer.refusal).toMatchObject({
      kind: 'NOT_YOURS',
      errors: expect.arrayContaining([{ pointer: '/persons/0', message: expect.any(String) }]),
    });
    expect([all.records.size, all.doc.state]).toEqual([0, null]);
  });

  it('is of a person once, also in a group and by a transfer', () => {
    const all = desk({ capacity: 9 });
    all.register(10, [0, 1]);
    const twice = all.register(11, [2, 1]);
    expect(twice.refusal).toMatchObject({ code: 'REGISTRATION.PERSONS.ONCE', errors: [{ pointer: '/persons/1' }] });
    all.register(12, [3]);
    const to = all.move(contract.TransferSeat, uuid(12), { from: person(3), to: person(0) }, decisions.transferSeat, firm);
    expect(to.refusal?.code).toBe('REGISTRATION.PERSONS.ONCE');
    all.move(contract.CancelRegistration, uuid(10), {}, decisions.cancelRegistration, firm);
    expect(all.register(13, [0]).status).toBe('DONE');
  });

  it('is within what the event allows one organisation, whether they have seats or wait; who has left counts no more', () => {
    const all = desk({ capacity: 2, admission: { perOrganisation: 3 } });
    all.register(10, [0]);
    all.hold(11, [1]);
    all.register(12, [2]);
    const answer = all.register(13, [3]);
    expect(failing(answer)).toEqual(['REGISTRATION.LIMITS.ORGANISATION']);
    expect(answer.refusal).toMatchObject({ errors: [{ pointer: '/persons' }] });
    expect(failing(all.hold(13, [3]))).toEqual(['REGISTRATION.LIMITS.ORGANISATION', 'REGISTRATION.HOLD.FREE']);
    all.move(contract.CancelRegistration, uuid(12), {}, decisions.cancelRegistration, firm);
    expect(all.register(14, [3]).status).toBe('DONE');
  });

  it('is moved by the version that was read, which is not that of the seats', () => {
    const all = desk();
    for (const n of [0, 1, 2]) all.register(10 + n, [n]);
    const cancel = (expected: number) =>
      all.give(contract.CancelRegistration, uuid(10), {}, firm, decisions.cancelRegistration(uuid(10), setting()) as never, expected);
    expect(cancel(3)).toMatchObject({ status: 'REFUSED', version: 1, refusal: { code: 'RESOURCE.OUTDATED' } });
    expect(all.view(10)).toMatchObject({ version: 1, state: 'APPROVED' });
    expect(cancel(1)).toMatchObject({ status: 'DONE', version: 2, view: { state: 'CANCELLED' } });
  });

  it('that is not there is absent, and one that is there is not made again', () => {
    const all = desk();
    all.register(10, [0]);
    expect(all.register(10, [1]).refusal).toMatchObject({ kind: 'WRONG_STATE', code: 'RESOURCE.THERE' });
    expect(all.move(contract.AcceptOffer, uuid(11), {}, decisions.acceptOffer).refusal).toMatchObject({ kind: 'ABSENT' });
  });

  it('of a cancelled event is cancelled with its reason, and nobody comes in its place', () => {
    const all = desk({ capacity: 1 });
    for (const n of [0, 1, 2]) all.register(10 + n, [n]);
    all.said = { capacity: 1, state: 'CANCELLED' };
    all.follow();
    expect([10, 11, 12].map((id) => [all.view(id)?.state, all.view(id)?.reason])).toEqual(Array(3).fill(['CANCELLED', 'It rains.']));
    expect(termsOf(ledgerIn(all.doc.state!))).toMatchObject({ held: 0, confirmed: 0, waiting: 0 });
    const again = all.move(contract.CancelRegistration, uuid(10), {}, decisions.cancelRegistration, firm);
    expect(failing(again)).toEqual(['REGISTRATION.CANCEL.STATE', 'REGISTRATION.EVENT.BEGUN']);
  });

  it('of an erased person gives up its seat and forgets what was answered; of a group it stays as an id', () => {
    const all = desk({ capacity: 3 });
    all.register(10, [0]);
    all.register(11, [1, 2]);
    all.register(12, [3]);
    const forget = (n: number, ids: number[]) => {
      const decide = decisions.forgetRegistrant(setting({ capacity: 3 }), ids.map(uuid)) as never;
      return all.give(ForgetRegistrant, EVENT, { person: person(n), account: `account-${n}` }, system('events', all.at), decide);
    };
    forget(0, [10]);
    expect(all.view(10)).toMatchObject({ state: 'CANCELLED', accounts: [], answers: null, version: 2 });
    expect(all.view(12)).toMatchObject({ state: 'APPROVED', version: 2 });
    forget(1, [11]);
    expect(all.view(11)).toMatchObject({ state: 'APPROVED', accounts: ['account-2'], version: 2 });
    all.records.set(uuid(10), { version: 2, view: { ...all.view(10)!, answers: { diet: 'NONE' } } });
    forget(0, [10]);
    expect(all.view(10)).toMatchObject({ state: 'CANCELLED', answers: null, version: 3 });
  });

  it('is told by a fact for each of its versions, without who it is', () => {
    const all = desk({ capacity: 1 });
    all.register(10, [0]);
    all.register(11, [1]);
    const data = {};
    const one = message(contract.CancelRegistration, uuid(10), data, { within: EVENT, by: firm });
    const loaded = { get: (id: string) => all.records.get(id) ?? null } as never;
    const records = new RecordsInWork(registrations, { cached: () => undefined }, loaded, all.doc);
    const work = new Work<LedgerState>(SeatLedger.contract, all.doc, 'events', () => NOW, shownLedger, new Map(), records);
    const decide = decisions.cancelRegistration(uuid(10), setting({ capacity: 1 })) as Decide<LedgerState, never>;
    work.take({ message: one as never, decide, resolve: () => undefined, reject: () => undefined });
    work.seal();
    const facts = work.entries.flatMap((entry) => (entry.kind === 'fact' ? [entry.fact] : []));
    expect(facts.map(({ type, subject, sequence }) => [type, subject, sequence])).toEqual([
      ['registration.cancelled.v1', `/v1/registrations/${uuid(10)}`, '0000000002.000'],
      ['registration.approved.v1', `/v1/registrations/${uuid(11)}`, '0000000002.000'],
    ]);
    const told = JSON.stringify([facts, work.entries.flatMap((entry) => (entry.kind === 'record' ? [entry.change] : []))]);
    expect([told.includes(person(0)), told.includes(person(1)), told.includes('account-')]).toEqual([false, false, false]);
  });
});

type Step = [what: number, who: number, size: number];

/** Tries whatever a step says, possible or not: what is refused must change nothing. */
function take(all: Desk, [what, who, size]: Step, place: number): Outcome {
  const known = [...all.records.keys()];
  const id = known[who % Math.max(known.length, 1)] ?? uuid(999_999);
  const group = Array.from({ length: size }, (_, n) => (who + n) % 2000);
  if (what < 30) return all.register(100_000 + place, group);
  if (what < 42) return all.hold(100_000 + place, group);
  if (what < 50) return all.move(contract.CompleteRegistration, id, {}, decisions.completeRegistration, firm);
  if (what < 58) return all.move(contract.ApproveRegistration, id, {}, decisions.approveRegistration);
  if (what < 63) return all.move(contract.WaitlistRegistration, id, {}, decisions.waitlistRegistration);
  if (what < 71) return all.move(contract.AcceptOffer, id, {}, decisions.acceptOffer, firm);
  if (what < 80) {
    const from = (all.records.get(id)?.view as contract.RegistrationView | undefined)?.persons[0] ?? person(0);
    return all.move(contract.TransferSeat, id, { from, to: person(who % 2000) }, decisions.transferSeat, firm);
  }
  if (what < 84) return all.move(contract.RejectRegistration, id, { reason: 'Full.' }, decisions.rejectRegistration);
  if (what < 97) return all.move(contract.CancelRegistration, id, {}, decisions.cancelRegistration, firm);
  all.said = { ...all.said, capacity: 20 + (who % 40) };
  return all.follow();
}

const OPEN = ['HELD_SEAT', 'SUBMITTED', 'WAITLISTED', 'OFFERED', 'APPROVED'];

/** What the registrations say, against what the seats say. */
function demandAlike(all: Desk, capacity: number): void {
  const ledger = ledgerIn(all.doc.state!);
  const terms = termsOf(ledger);
  const views = [...all.records.values()].map(({ view }) => view as contract.RegistrationView);
  const open = views.filter(({ state }) => OPEN.includes(state));
  const sum = (states: string[]) =>
    open.filter(({ state }) => states.includes(state)).reduce((all, { persons }) => all + persons.length, 0);
  const keeping = [...ledger.seats.values()].filter(({ keeps }) => keeps).reduce((all, { persons }) => all + persons.length, 0);
  const held = sum(['HELD_SEAT', 'OFFERED']) + keeping;
  const from = { held, confirmed: sum(['APPROVED']), waiting: sum(['WAITLISTED']), capacity };
  if (JSON.stringify({ ...terms }) !== JSON.stringify({ capacity, held: from.held, confirmed: from.confirmed, waiting: from.waiting }))
    throw new Error(JSON.stringify({ terms, from }));
  if (freeOf(terms) + from.held + from.confirmed !== capacity) throw new Error('the terms do not sum up');
  if (open.length !== ledger.seats.size) throw new Error(`${open.length} open registrations, ${ledger.seats.size} entries`);
  for (const view of open) {
    const seat = ledger.seats.get(view.id);
    if (seat?.state !== view.state || seat.version !== view.version || seat.order !== view.order) throw new Error(`${view.id} differs`);
  }
  const persons = open.flatMap(({ persons }) => persons);
  if (new Set(persons).size !== persons.length) throw new Error('somebody stands twice');
  const smallest = open.filter(({ state }) => state === 'WAITLISTED').map(({ persons }) => persons.length);
  if (Math.min(...smallest, Number.POSITIVE_INFINITY) <= freeOf(terms)) throw new Error('a seat is free that somebody waits for');
}

describe('Whatever is asked of an event', () => {
  const step = fc.tuple(fc.nat(99), fc.nat(1_000_000), fc.integer({ min: 1, max: 4 }));

  it('registrations and seats say the same, free + held + confirmed = capacity, and what is refused changes nothing', () => {
    const done = new Map<string, number>();
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 400, maxLength: 400, size: 'max' }),
        fc.boolean(),
        fc.boolean(),
        (steps, approval, confirmFreedSeat) => {
          const all = desk({ capacity: 40, admission: { approval, confirmFreedSeat, holdMinutes: 20, offerMinutes: 10 } });
          all.follow();
          for (const [place, each] of steps.entries()) {
            all.at = minutes(place);
            // By itself, when a hold or an offer ends.
            if (all.doc.dueAt && all.doc.dueAt.toISOString() <= all.at) all.follow();
            const before = JSON.stringify([all.doc.state, [...all.records]]);
            const { status, aggregate } = take(all, each, place);
            if (status === 'REFUSED' && before !== JSON.stringify([all.doc.state, [...all.records]]))
              throw new Error('a refusal has changed something');
            if (status === 'DONE') done.set(aggregate, (done.get(aggregate) ?? 0) + 1);
            demandAlike(all, all.said.capacity!);
          }
        },
      ),
      { numRuns: 6, endOnFailure: true },
    );
    expect(done.get('registration')).toBeGreaterThan(500);
  }, 120_000);
});
