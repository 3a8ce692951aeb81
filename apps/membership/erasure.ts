import type { Service } from '#libs/contracts/actor';
import { ErasurePart, type ErasureView, forgetPerson, GoOnErasing, NoteErased } from '#libs/contracts/erasure';
import type { StepDone } from '#libs/contracts/message';
import { ForgetOneself } from '#libs/contracts/person';
import type { Stamp } from '#libs/contracts/values';
import { canonicalHash } from '#libs/domain/canonical';
import { type Context, type Decision, type Send, unchanged } from '#libs/domain/decision';
import { failed, judge, passed, rule, type Verdict } from '#libs/domain/verdict';
import type { Person } from './person.js';
import { rolesOf } from './person-change.js';

export interface Erasure extends Omit<ErasureView, keyof Stamp> {
  /** The message that is answered when every service has. */
  asked: string;
  /** The last version of the person; null: it is still to forget itself. */
  last: number | null;
  /** Hash of its address, until every service has forgotten it. */
  mailbox?: string | null;
  /** How often those that have not answered were asked. */
  tries: number;
  /** Who it was when it signed in, for services that know it by that alone; null once all have answered. */
  account?: string | null;
}

const SERVICES = Object.keys(forgetPerson) as Service[];
const MAY = ['PLATFORM_ADMIN', 'SELF', 'OWNER'];
const PERSON = 'person';

const MINUTE_MS = 60_000;
const ASK_AGAIN_MS = MINUTE_MS;
/** A segment of a state topic may be rolled then, by the next record that comes. */
const ROLLED_MS = 61 * MINUTE_MS;
/** What lies in a rolled segment is compacted by then. */
const COMPACTED_MS = 10 * MINUTE_MS;
/** Retention of replies, their segments, and the pace at which a broker looks. */
const REPLIES_MS = 20 * MINUTE_MS;

const later = (at: string, ms: number): string => new Date(Date.parse(at) + ms).toISOString();

interface Asked extends Context {
  person: Person | null;
}

const mayErase = rule(
  'ERASURE.START.ACTOR',
  ({ person, by }: Asked) => {
    const roles = person ? rolesOf(person, by) : [];
    // Whether there is such a person is no answer to who may not ask.
    const may = person === null || roles.some((role) => MAY.includes(role));
    return may
      ? passed('It is yours to ask for.', { roles })
      : failed('A person is erased by itself, by who recorded it, or by the platform.', { roles });
  },
  { kind: 'NOT_YOURS' },
);

const isThere = rule('ERASURE.START.PERSON', ({ person }: Asked) => person !== null || 'There is no such person.', { kind: 'ABSENT' });

/** The person itself forgets first: nobody makes a copy of it any more. */
export const startErasure =
  (person: Person | null) =>
  (_: Erasure | null, { person: id }: { person: string }, context: Context): Decision<Erasure> => {
    const { by, at, message } = context;
    const verdicts = judge([mayErase, isThere], { ...context, person });
    const next: Erasure = {
      person: id,
      owner: by.id,
      state: 'RUNNING',
      askedAt: at,
      erasedAt: null,
      settledAt: null,
      waitingFor: [...SERVICES],
      parts: [],
      asked: message,
      mailbox: person && canonicalHash(person.email.toLowerCase()),
      last: null,
      tries: 0,
      account: person?.account ?? null,
    };
    return { next, facts: [], verdicts, sends: sendsOf(next), due: again(at), answer: 'LATER' };
  };

const again = (at: string) => ({ at: later(at, ASK_AGAIN_MS), command: GoOnErasing });

/** To the person until it has forgotten itself, then to every service that has not answered. */
function sendsOf({ person, last, tries, waitingFor, account = null, mailbox }: Erasure): Send[] {
  if (last === null) return [{ command: ForgetOneself, key: person, data: {}, step: `${PERSON}:${tries}`, answer: NoteErased }];
  return waitingFor.map((service) => ({
    command: forgetPerson[service as Service],
    key: person,
    data: { person, version: last, account, ...(mailbox ? { mailbox } : {}) },
    step: `${service}:${tries}`,
    answer: NoteErased,
  }));
}

const byItself = rule(
  'ERASURE.STEP.ACTOR',
  ({ by }: Context) => by.kind === 'SYSTEM' || 'The steps of an erasure are those of the product.',
  {
    kind: 'NOT_YOURS',
  },
);

/** Services answer in any order, and some twice; a failure is asked again by the timer. */
export function noteErased(erasure: Erasure | null, { step, outcome }: StepDone, context: Context): Decision<Erasure> {
  judge([byItself], context);
  const before = erasure as Erasure;
  const who = step.slice(0, step.indexOf(':'));
  if (before.state !== 'RUNNING' || outcome.status !== 'DONE') return unchanged(before);
  if (who === PERSON) return before.last === null ? forgotten(before, outcome.version, context.at) : unchanged(before);
  if (!before.waitingFor.includes(who)) return unchanged(before);
  const parts = [...before.parts, ...partsIn(outcome.verdicts as Verdict[])];
  const now: Erasure = { ...before, parts, waitingFor: before.waitingFor.filter((service) => service !== who) };
  return now.waitingFor.length > 0 ? { next: now, facts: [], verdicts: [] } : ended(now, context.at);
}

const partsIn = (verdicts: readonly Verdict[]): ErasurePart[] =>
  verdicts.flatMap(({ inputs }) => {
    const { success, data } = ErasurePart.safeParse(inputs);
    return success ? [data] : [];
  });

function forgotten(before: Erasure, last: number, at: string): Decision<Erasure> {
  const next: Erasure = { ...before, last, parts: ofPerson(at) };
  return { next, facts: [], verdicts: [], sends: sendsOf(next), due: again(at) };
}

function ended(now: Erasure, at: string): Decision<Erasure> {
  const next: Erasure = { ...now, state: 'ERASED', erasedAt: at, account: null, mailbox: null };
  const due = { at: later(at, ROLLED_MS), command: GoOnErasing };
  return { next, facts: [], verdicts: [], due, settles: [{ message: now.asked, refusal: null }] };
}

/** By the timer: who has not answered is asked again; later the topic of states is moved on, and given the time to compact. */
export function goOnErasing(erasure: Erasure | null, _: unknown, context: Context): Decision<Erasure> {
  judge([byItself], context);
  const before = erasure as Erasure;
  const { at } = context;
  if (before.state === 'RUNNING') {
    const next = { ...before, tries: before.tries + 1 };
    return { next, facts: [], verdicts: [], sends: sendsOf(next), due: again(at) };
  }
  if (before.state === 'ERASED') {
    const next: Erasure = { ...before, state: 'SETTLING' };
    const sends = [{ command: ForgetOneself, key: before.person, data: {}, step: 'settle' }];
    return { next, facts: [], verdicts: [], sends, due: { at: later(at, COMPACTED_MS), command: GoOnErasing } };
  }
  if (before.state === 'SETTLED') return unchanged(before);
  return { next: { ...before, state: 'SETTLED', settledAt: at }, facts: [], verdicts: [], due: null };
}

const ACCOUNTABLE = 'GDPR article 5(2): it must be possible to show that, when and on whose word records were made and erased';

/** What is so by the very nature of things, whatever the services find. */
function ofPerson(at: string): ErasurePart[] {
  const part = (place: string, outcome: ErasurePart['outcome'], message: string, more: Partial<ErasurePart> = {}): ErasurePart => ({
    service: 'membership',
    place,
    outcome,
    count: null,
    until: null,
    ground: null,
    message,
    ...more,
  });
  return [
    part('PERSON', 'ERASED', 'The record of the person itself.', { count: 1 }),
    part('STATES', 'EXPIRES', 'A tombstone stands on the topic of states; what lies before it is compacted.', {
      until: later(at, ROLLED_MS + COMPACTED_MS),
    }),
    part('REPLIES', 'EXPIRES', 'Answers to commands live on their topic for ten minutes, and are dropped by the broker soon after.', {
      until: later(at, REPLIES_MS),
    }),
    part('FACTS', 'KEPT', 'Facts of the person name it by its id alone.', { ground: ACCOUNTABLE }),
    part('HISTORY', 'KEPT', 'The history says that versions were made, when and by which account; never what they said.', {
      ground: ACCOUNTABLE,
    }),
    part('AUDIT', 'KEPT', 'The log of attempts names records and accounts by their ids alone.', { ground: ACCOUNTABLE }),
  ];
}
