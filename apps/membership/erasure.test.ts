import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { system } from '#libs/contracts/actor';
import type { ErasurePart } from '#libs/contracts/erasure';
import type { Outcome } from '#libs/contracts/message';
import { canonicalHash } from '#libs/domain/canonical';
import type { Context } from '#libs/domain/decision';
import { failedRules } from '#libs/domain/verdict';
import { verdictOf } from '#libs/service/forgetting';
import { type Erasure, goOnErasing, noteErased, startErasure } from './erasure.js';
import { blank } from './person.js';

const AT = '2026-11-23T10:00:00.000Z';
const person = {
  ...blank,
  name: 'Ada',
  email: 'ada@company.example',
  organisation: 'o',
  owner: 'recorder',
  account: 'ada',
  mailbox: 'o:ada',
};
const context = (by: string, at = AT): Context => ({
  id: 'e',
  at,
  message: 'asked',
  by: by === 'SYSTEM' ? system('membership', at) : { kind: 'PERSON', id: by, roles: [], scopes: [], at },
});
const SERVICES = ['gateway', 'membership', 'events', 'exchanges', 'notifications', 'worker'];
const begun = () => startErasure(person)(null, { person: 'p' }, context('ada')).next;
const part = (service: string): ErasurePart => ({
  service,
  place: 'COPIES',
  outcome: 'ERASED',
  count: 1,
  until: null,
  ground: null,
  message: 'Copies.',
});
const done = (step: string, more: Partial<Outcome> = {}) => ({
  step,
  outcome: {
    id: 'm',
    status: 'DONE',
    aggregate: 'x',
    key: 'p',
    version: 3,
    changed: true,
    view: null,
    verdicts: [],
    refusal: null,
    ...more,
  } as Outcome,
});
const note = (erasure: Erasure, answer: ReturnType<typeof done>, at = AT) => noteErased(erasure, answer, context('SYSTEM', at));
const forgotten = () => note(begun(), done('person:0')).next;

describe('An erasure', () => {
  it.each([
    ['ada', []],
    ['recorder', []],
    ['stranger', ['ERASURE.START.ACTOR']],
  ])('asked for by %s breaks %j', (by, broken) =>
    expect(failedRules(() => startErasure(person)(null, { person: 'p' }, context(by)))).toEqual(broken),
  );

  it('is none of somebody who is not there', () =>
    expect(failedRules(() => startErasure(null)(null, { person: 'p' }, context('ada')))).toEqual(['ERASURE.START.PERSON']));

  it('asks the person first, and every service with its last version when it has forgotten itself', () => {
    const { sends = [], answer } = startErasure(person)(null, { person: 'p' }, context('ada'));
    expect(sends.map(({ command }) => command.type)).toEqual(['person.forget.v1']);
    expect(answer).toBe('LATER');
    const { sends: asked = [] } = note(begun(), done('person:0'));
    expect(asked.map(({ command, data }) => [command.aggregate.service, data])).toEqual(
      SERVICES.map((service) => [service, { person: 'p', version: 3, account: 'ada', mailbox: canonicalHash(person.email) }]),
    );
  });

  it('has a part of every service once, in whichever order they answer, twice or after a failure', () => {
    const answers = fc.shuffledSubarray([...SERVICES, ...SERVICES], { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(answers, fc.constantFrom(...SERVICES), (order, failing) => {
        let now = note(forgotten(), done(`${failing}:0`, { status: 'FAILED' })).next;
        for (const service of order) now = note(now, done(`${service}:0`, { verdicts: [verdictOf(part(service))] })).next;
        const told = now.parts.filter(({ place }) => place === 'COPIES').map(({ service }) => service);
        expect(told.toSorted()).toEqual(SERVICES.toSorted());
        expect(now).toMatchObject({ state: 'ERASED', waitingFor: [], erasedAt: AT });
      }),
    );
  });

  it('asks those again who have not answered, a minute later', () => {
    const { next } = note(forgotten(), done('worker:0'));
    const { sends = [], due } = goOnErasing(next, {}, context('SYSTEM'));
    expect(sends.map(({ step }) => step)).toEqual(SERVICES.filter((service) => service !== 'worker').map((service) => `${service}:1`));
    expect(due?.at).toBe('2026-11-23T10:01:00.000Z');
  });

  it('answers who asked when the last service has, then moves the topic of states on, and settles', () => {
    let now = forgotten();
    for (const service of SERVICES.slice(1)) now = note(now, done(`${service}:0`)).next;
    const last = note(now, done('gateway:0'));
    expect(last.settles).toEqual([{ message: 'asked', refusal: null }]);
    expect(last.due?.at).toBe('2026-11-23T11:01:00.000Z');
    const settling = goOnErasing(last.next, {}, context('SYSTEM'));
    expect(settling.sends?.map(({ command, key }) => [command.type, key])).toEqual([['person.forget.v1', 'p']]);
    expect(settling.next.state).toBe('SETTLING');
    expect(goOnErasing(settling.next, {}, context('SYSTEM', '2026-11-23T11:11:00.000Z'))).toMatchObject({
      next: { state: 'SETTLED', settledAt: '2026-11-23T11:11:00.000Z' },
      due: null,
    });
  });

  it('takes its steps from the product alone', () => {
    expect(failedRules(() => noteErased(begun(), done('person:0'), context('ada')))).toEqual(['ERASURE.STEP.ACTOR']);
    expect(failedRules(() => goOnErasing(begun(), {}, context('ada')))).toEqual(['ERASURE.STEP.ACTOR']);
  });
});
