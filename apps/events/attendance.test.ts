import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Actor, type BoundRole, system } from '#libs/contracts/actor';
import { Question } from '#libs/contracts/event-feedback';
import type { RegistrationView } from '#libs/contracts/registration';
import { failedRules } from '#libs/domain/verdict';
import { publish } from './announcement.js';
import { type Door, enter, forgetCheckIn } from './check-in.js';
import { add, answer, ask, type FeedbackFiguresState } from './feedback.js';

const [event, dia, firm, person, registration, id] = [1, 2, 3, 4, 5, 6].map((n) => `01976a00-0000-7000-8000-00000000000${n}`) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const AT = '2027-05-12T08:00:00.000Z';
const by = (...roles: BoundRole[]): Actor => ({ kind: 'PERSON', id: 'p', roles, scopes: [], at: AT });
const as = (actor: Actor, at = AT) => ({ id, at, message: 'm', by: actor });
const organiser = as(by({ role: 'EVENT_ORGANISER', binding: { kind: 'EVENT', id: event } }));
const registrant = as(by({ role: 'ORGANISATION_REPRESENTATIVE', binding: { kind: 'ORGANISATION', id: firm } }));
const stranger = as(by());

const about = (state = 'RUNNING', seat = 'APPROVED', checkedInAt: string | null = AT) => ({
  checkedInAt,
  event: { state, partnerships: [dia] },
  registration: { event, organisation: firm, persons: [person], state: seat, owner: 'o', accounts: ['p9'] } as unknown as RegistrationView,
});

describe('Checking in', () => {
  const data = { event, registration, organisation: firm, person, via: 'CODE' as const };

  it('notes who came first and when, and tells it without who', () => {
    const { next, facts } = enter(about())(null, data, organiser);
    expect(next).toEqual({ ...data, partnerships: [dia], at: AT });
    expect(facts).toEqual([{ type: 'check-in.entered.v1', data: { id, event, partnerships: [dia], organisation: firm, at: AT } }]);
    const again = enter(about('HELD', 'ATTENDED'))(next, { ...data, via: 'LIST' }, { ...organiser, at: '2027-05-12T09:00:00.000Z' });
    expect(again).toMatchObject({ next, facts: [] });
  });

  it('tells every rule it breaks', () => {
    const wrong: Door = { ...about('SCHEDULED'), registration: null };
    expect(failedRules(() => enter(wrong)(null, data, stranger))).toEqual([
      'CHECK_IN.ENTER.ACTOR',
      'CHECK_IN.ENTER.STATE',
      'CHECK_IN.ENTER.ADMITTED',
    ]);
  });

  it('is forgotten with the person, by the product alone', () => {
    const { next } = enter(about())(null, data, organiser);
    const forgotten = forgetCheckIn(next, {}, as(system('events', AT)));
    expect(forgotten).toMatchObject({ gone: true, facts: [{ type: 'check-in.forgotten.v1' }] });
    expect(JSON.stringify(forgotten.facts)).not.toContain(person);
    expect(failedRules(() => forgetCheckIn(next, {}, organiser))).toEqual(['CHECK_IN.FORGET.ACTOR']);
  });

  it.each(['SUBMITTED', 'WAITLISTED', 'CANCELLED', 'NO_SHOW'])('is not for who is %s', (seat) => {
    expect(failedRules(() => enter(about('RUNNING', seat))(null, data, organiser))).toEqual(['CHECK_IN.ENTER.ADMITTED']);
  });
});

describe('An announcement', () => {
  const data = {
    event,
    subject: { en: 'a' },
    text: { en: 'b' },
    to: ['APPROVED' as const],
    organisations: [firm],
    accounts: ['p9'],
    registrations: 1,
  };

  it('is told as a fact without what it says and whom it goes to', () => {
    const { next, facts } = publish([dia])(null, data, organiser);
    expect(next).toEqual({ ...data, partnerships: [dia], publishedAt: AT });
    expect(facts).toEqual([
      { type: 'announcement.published.v1', data: { id, event, partnerships: [dia], to: ['APPROVED'], publishedAt: AT } },
    ]);
  });

  it('is for those who run the event', () => {
    expect(failedRules(() => publish([dia])(null, data, registrant))).toEqual(['ANNOUNCEMENT.PUBLISH.ACTOR']);
  });
});

describe('Feedback', () => {
  const said = (answers: Record<string, number | boolean | string>, who = person) => ({ event, registration, person: who, answers });

  it('keeps that somebody has answered here, and sends what was answered away without them', () => {
    const { next, sends, facts } = answer(about())(null, said({ OVERALL: 4, COMMENT: 'Fine' }), registrant);
    expect(facts).toEqual([]);
    expect(next.answered).toHaveLength(1);
    expect(JSON.stringify(next)).not.toMatch(/Fine|OVERALL/);
    expect(sends).toEqual([
      expect.objectContaining({ data: { event, partnerships: [dia], counts: { OVERALL: '4' }, texts: { COMMENT: 'Fine' } } }),
    ]);
    expect(JSON.stringify(sends?.map(({ key, data, step }) => ({ key, data, step })))).not.toContain(person);
    expect(failedRules(() => answer(about())(next, said({ OVERALL: 4 }), registrant))).toEqual(['FEEDBACK.ANSWER.ONCE']);
  });

  it('is given by the person, by who registered them, or by who acts for their organisation', () => {
    for (const actor of [registrant, as({ ...by(), id: 'p9' }), as({ ...by(), id: 'o' })])
      expect(failedRules(() => answer(about())(null, said({ OVERALL: 1 }), actor))).toEqual([]);
    expect(failedRules(() => answer(about('EVALUATED', 'NO_SHOW'))(null, said({ WHAT: 1 }), stranger))).toEqual([
      'FEEDBACK.ANSWER.ACTOR',
      'FEEDBACK.ANSWER.STATE',
      'FEEDBACK.ANSWER.ADMITTED',
      'FEEDBACK.ANSWER.QUESTIONS',
    ]);
  });

  it('is of those who were there: checked in, or marked as having attended', () => {
    const judged = (seat: string, checkedInAt: string | null) => () =>
      answer(about('HELD', seat, checkedInAt))(null, said({ OVERALL: 1 }), registrant);
    const verdictOf = ({ verdicts }: ReturnType<ReturnType<typeof judged>>) =>
      verdicts.find(({ rule }) => rule === 'FEEDBACK.ANSWER.ATTENDED')?.inputs;
    expect(verdictOf(judged('APPROVED', AT)())).toEqual({ by: 'CHECK_IN', checkedInAt: AT });
    expect(verdictOf(judged('ATTENDED', null)())).toEqual({ by: 'REGISTRATION', state: 'ATTENDED' });
    expect(failedRules(judged('APPROVED', null))).toEqual(['FEEDBACK.ANSWER.ATTENDED']);
    expect(failedRules(judged('NO_SHOW', AT))).toEqual(['FEEDBACK.ANSWER.ADMITTED']);
  });

  it.each([
    ['RATING', 0],
    ['RATING', 6],
    ['RATING', 'good'],
    ['YES_NO', 1],
    ['NUMBER', true],
    ['TEXT', 3],
    ['CHOICE', 'C'],
  ] as const)('a %s is not answered by %p', (kind, wrong) => {
    const question = Question.parse({
      code: 'Q',
      kind,
      text: {},
      options: kind === 'CHOICE' ? ['A', 'B'].map((code) => ({ code, text: {} })) : null,
    });
    const { next } = ask(about('SCHEDULED'))(null, { event, questions: [question] }, organiser);
    expect(failedRules(() => answer(about())(next, said({ Q: wrong }), registrant))).toEqual(['FEEDBACK.ANSWER.QUESTIONS']);
  });

  it('is the sum of what was answered, whatever came in which order, and nothing tells who was first', () => {
    const one = fc.record({ OVERALL: fc.integer({ min: 1, max: 5 }), COMMENT: fc.string({ minLength: 1, maxLength: 20 }) });
    const sum = (all: { OVERALL: number; COMMENT: string }[]) =>
      all.reduce<FeedbackFiguresState | null>((state, { OVERALL, COMMENT }) => {
        const data = { event, partnerships: [dia], counts: { OVERALL: String(OVERALL) }, texts: { COMMENT } };
        return add(state, data, as(system('events', AT))).next;
      }, null);
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 30 }), (all) => {
        expect(sum([...all].reverse())).toEqual(sum(all));
        expect(sum(all)?.answers).toBe(all.length);
        expect(Object.values(sum(all)!.counts.OVERALL!).reduce((a, b) => a + b, 0)).toBe(all.length);
      }),
    );
  });

  it('is added up by the product alone', () => {
    const data = { event, partnerships: [dia], counts: {}, texts: {} };
    expect(failedRules(() => add(null, data, organiser))).toEqual(['FEEDBACK.ADD.ACTOR']);
  });
});
