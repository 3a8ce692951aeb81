import { describe, expect, it } from '@jest/globals';
import { system } from '#libs/contracts/actor';
import type { Outcome } from '#libs/contracts/message';
import * as contract from '#libs/contracts/registration';
import { ForgetRegistrant, SeatLedger } from '#libs/contracts/seat-ledger';
import type { Verdict } from '#libs/domain/verdict';
import { type Decide, Work } from '#libs/persistence/decide';
import { RecordsInWork } from '#libs/persistence/records-in-work';
import { by } from '#libs/testing/actors';
import { message } from '#libs/testing/messages';
import { aPolicy, policiesWith } from '#libs/testing/policies';
import type { WholeEvent } from './planned-event.js';
import * as decisions from './registration.js';
import { desk, EVENT, failing, firm, minutes, NOW, person, setting, uuid } from './registration-desk.js';
import { nobody, settingOf } from './registration-setting.js';
import { termsOf } from './seat-ledger.js';
import { type LedgerState, registrations, shownLedger } from './seat-records.js';
import { ledgerIn } from './seat-text.js';

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
