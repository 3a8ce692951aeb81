import type { z } from 'zod';
import { type Actor, system } from '#libs/contracts/actor';
import type { CommandContract, Outcome } from '#libs/contracts/message';
import * as contract from '#libs/contracts/registration';
import { FollowEvent, ForgetRegistrant, SeatLedger } from '#libs/contracts/seat-ledger';
import type { KeptRecord } from '#libs/domain/decision';
import { bundled, type Policies } from '#libs/domain/policy';
import { type Decide, Work } from '#libs/persistence/decide';
import { fresh, type Stored } from '#libs/persistence/document';
import { newestRecords } from '#libs/persistence/kept-records';
import { RecordsInWork } from '#libs/persistence/records-in-work';
import { by } from '#libs/testing/actors';
import { message } from '#libs/testing/messages';
import * as decisions from './registration.js';
import { type Setting, settingOf } from './registration-setting.js';
import { type LedgerState, registrations, shownLedger } from './seat-records.js';
import { KeptLedger } from './seat-text.js';

/** For tests: the seats of one event and its registrations, while commands are carried out on them. */
export const uuid = (n: number) => `01976a00-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const EVENT = uuid(1);
const FIRM = uuid(2);
export const NOW = '2027-01-01T00:00:00.000Z';
export const minutes = (count: number) => new Date(Date.parse(NOW) + count * 60_000).toISOString();
export const person = (n: number) => uuid(1000 + n);

const everybody = new Map(Array.from({ length: 3000 }, (_, n) => [person(n), { organisation: FIRM, account: `account-${n}` }]));
export const firm: Actor = by('ORGANISATION_REPRESENTATIVE', { kind: 'ORGANISATION', id: FIRM });
const organiser: Actor = by('EVENT_ORGANISER', { kind: 'EVENT', id: EVENT });

interface Said {
  capacity?: number;
  state?: string;
  admission?: object;
  policies?: Policies;
}

export const setting = ({ capacity = 2, state = 'REGISTRATION_OPEN', admission = {}, policies = bundled }: Said = {}): Setting => {
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
export class Desk {
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

export const desk = (said: Said = {}) => Object.assign(new Desk(), { said });
export const failing = ({ verdicts }: Outcome) =>
  (verdicts as { rule: string; outcome: string }[]).filter(({ outcome }) => outcome === 'FAILED').map(({ rule }) => rule);
