import { describe, expect, it } from '@jest/globals';
import { type Actor, type BoundRole, system } from '#libs/contracts/actor';
import { OutcomeReport } from '#libs/contracts/event-outcomes';
import { failedRules } from '#libs/domain/verdict';
import { changeEvent } from './event-change.js';
import * as moves from './event-moves.js';
import { reportOutcomes } from './event-outcomes.js';
import { anEvent } from './event-samples.js';
import { timed } from './event-times.js';
import { type PlannedEvent, whole } from './planned-event.js';

const id = '01976a00-0000-7000-8000-000000000001';
const NOW = '2027-01-01T00:00:00.000Z';

const by = (...roles: BoundRole[]): Actor => ({ kind: 'PERSON', id: 'p', roles, scopes: [], at: NOW });
const organiser = by({ role: 'EVENT_ORGANISER', binding: { kind: 'EVENT', id } });
const at = (time: string, actor: Actor = organiser) => ({ id, at: time, message: 'm', by: actor });
const product = (time: string) => at(time, system('events', time));
const now = at(NOW);
const nobody: moves.Attendance = { attended: 0, noShows: 0, unmarked: 0 };
const evaluate = moves.evaluateEvent(nobody);

describe('Scheduling an event', () => {
  it('makes its date that of start and end, tells it, and sets it to begin by itself', () => {
    const { next, facts, due } = moves.scheduleEvent(anEvent(), {}, now);
    expect(next).toMatchObject({ state: 'SCHEDULED', when: { edtf: '2027-05-12/2027-05-13' }, startsAt: '2027-05-12T07:00:00.000Z' });
    expect(facts).toEqual([expect.objectContaining({ type: 'event.scheduled.v1' })]);
    expect(due).toMatchObject({ at: '2027-05-12T07:00:00.000Z', command: { type: 'event.start.v1' } });
  });

  it('never tells in a fact how to join', () => {
    const { facts, next } = moves.scheduleEvent(anEvent({ joinUrl: 'https://meet.example/x' }), {}, now);
    expect(next.joinUrl).toBe('https://meet.example/x');
    expect(JSON.stringify(facts)).not.toContain('meet.example');
  });

  it('tells all that is missing at once, and asks no place of what is online', () => {
    const bare = anEvent({ type: null, start: null, mode: null, country: null, city: null });
    expect(failedRules(() => moves.scheduleEvent(bare, {}, now))).toEqual(['EVENT.SCHEDULE.COMPLETE']);
    const online = anEvent({ mode: 'ONLINE', country: null, city: null });
    expect(moves.scheduleEvent(online, {}, now).next.state).toBe('SCHEDULED');
  });

  it('of a mission leads out of the COSME countries, and keeps doing so', () => {
    const mission = (country: string) => anEvent({ type: 'THIRD_COUNTRY_MISSION', country });
    const late = at('2019-01-01T00:00:00.000Z');
    const then = { start: '2019-05-12T09:00', end: '2019-05-12T17:00', deadline: null };
    expect(failedRules(() => moves.scheduleEvent(timed(whole({ ...mission('ES'), ...then })), {}, late))).toEqual([
      'EVENT.SCHEDULE.COUNTRY',
    ]);
    const { next } = moves.scheduleEvent(timed(whole({ ...mission('US'), ...then })), {}, late);
    expect(failedRules(() => changeEvent(next, { country: 'FR' }, late))).toEqual(['EVENT.SCHEDULE.COUNTRY']);
  });

  it('is for its organiser, and comes too late when its end is past', () => {
    const stranger = by({ role: 'EVENT_ORGANISER', binding: { kind: 'EVENT', id: 'other' } });
    expect(failedRules(() => moves.scheduleEvent(anEvent(), {}, at(NOW, stranger)))).toEqual(['EVENT.SCHEDULE.ACTOR']);
    expect(failedRules(() => moves.scheduleEvent(anEvent(), {}, at('2028-01-01T00:00:00.000Z')))).toEqual(['EVENT.SCHEDULE.AHEAD']);
  });
});

describe('Registration', () => {
  const scheduled = (over: Partial<PlannedEvent> = {}) => moves.scheduleEvent(anEvent(over), {}, now).next;

  it('opens with all that registrants have to know, until the deadline', () => {
    const { next, due } = moves.openRegistration(scheduled(), {}, now);
    expect(next.state).toBe('REGISTRATION_OPEN');
    expect(due).toMatchObject({ at: '2027-05-01T21:59:00.000Z', command: { type: 'event.close-registration.v1' } });
    const bare = scheduled({ capacity: null, privacyNotice: null });
    expect(failedRules(() => moves.openRegistration(bare, {}, now))).toEqual(['EVENT.OPEN_REGISTRATION.COMPLETE']);
    expect(failedRules(() => moves.openRegistration(scheduled(), {}, at('2027-05-02T00:00:00.000Z')))).toEqual([
      'EVENT.REGISTRATION.DEADLINE',
    ]);
  });

  it('closes by decision at any time, by itself not before the deadline', () => {
    const open = moves.openRegistration(scheduled(), {}, now).next;
    expect(moves.closeRegistration(open, {}, now).next.state).toBe('REGISTRATION_CLOSED');
    expect(failedRules(() => moves.closeRegistration(open, {}, product(NOW)))).toEqual(['EVENT.TIME.COME']);
    const { due } = moves.closeRegistration(open, {}, product('2027-05-01T21:59:00.000Z'));
    expect(due).toMatchObject({ command: { type: 'event.start.v1' } });
  });

  it('opens again with a deadline that is ahead, real, and not after the start', () => {
    const closed = moves.closeRegistration(moves.openRegistration(scheduled(), {}, now).next, {}, now).next;
    const reopen = (deadline: string) => () => moves.reopenRegistration(closed, { deadline }, now);
    expect(reopen('2027-05-10T12:00')().due).toMatchObject({ at: '2027-05-10T10:00:00.000Z' });
    expect(failedRules(reopen('2026-05-10T12:00'))).toEqual(['EVENT.REGISTRATION.DEADLINE']);
    expect(failedRules(reopen('2027-03-28T02:30'))).toEqual(['EVENT.TIMES.REAL']);
    expect(failedRules(reopen('2027-05-12T09:01'))).toEqual(['EVENT.TIMES.ORDER']);
  });
});

describe('An event that has been announced', () => {
  const scheduled = moves.scheduleEvent(anEvent(), {}, now).next;

  it('begins and ends by itself when the time has come, and not before', () => {
    expect(failedRules(() => moves.startEvent(scheduled, {}, product(NOW)))).toEqual(['EVENT.TIME.COME']);
    const { next: running, due } = moves.startEvent(scheduled, {}, product('2027-05-12T07:00:00.000Z'));
    expect([running.state, due?.at]).toEqual(['RUNNING', '2027-05-13T15:00:00.000Z']);
    expect(moves.finishEvent(running, {}, product('2027-05-13T15:00:00.000Z'))).toMatchObject({ next: { state: 'HELD' }, due: null });
  });

  it('keeps what it was announced with; its timer follows its start', () => {
    expect(failedRules(() => changeEvent(scheduled, { city: null }, now))).toEqual(['EVENT.CHANGE.COMPLETE']);
    const { next, due } = changeEvent(scheduled, { start: '2027-05-12T10:00' }, now);
    expect([next.startsAt, due?.at]).toEqual(['2027-05-12T08:00:00.000Z', '2027-05-12T08:00:00.000Z']);
  });

  it('is postponed without a date, and scheduled anew with another', () => {
    const { next, due } = moves.postponeEvent(scheduled, { reason: 'Strike' }, now);
    expect(next).toMatchObject({ state: 'POSTPONED', reason: 'Strike', when: null, start: null, startsAt: null });
    expect(due).toBeNull();
    const { next: dated } = changeEvent(next, { start: '2027-09-01T09:00', end: '2027-09-01T17:00' }, now);
    expect(moves.scheduleEvent(dated, {}, now).next).toMatchObject({ state: 'SCHEDULED', reason: null, when: { edtf: '2027-09-01' } });
  });

  it('tells the date it had when it was postponed, until it is scheduled again', () => {
    const { startsAt, endsAt } = whole(scheduled);
    const { next } = moves.postponeEvent(scheduled, { reason: 'Strike' }, now);
    const formerly = { when: scheduled.when, zone: scheduled.zone, startsAt, endsAt };
    expect(next.formerly).toEqual(formerly);
    const { next: dated } = changeEvent(next, { when: '2027-10' }, now);
    expect(dated.formerly).toEqual(formerly);
    const { next: exact } = changeEvent(next, { start: '2027-09-01T09:00', end: '2027-09-01T17:00' }, now);
    expect(moves.scheduleEvent(exact, {}, now).next.formerly).toBeNull();
  });

  it('is cancelled with its reason, for good', () => {
    const { next, due } = moves.cancelEvent(scheduled, { reason: 'No room' }, now);
    expect([next.state, next.reason, due]).toEqual(['CANCELLED', 'No room', null]);
    expect(failedRules(() => moves.scheduleEvent(next, {}, now))).toEqual(['EVENT.SCHEDULE.STATE']);
  });
});

describe('What came of an event', () => {
  const scheduled = moves.scheduleEvent(anEvent(), {}, now).next;
  const held = (over: Partial<PlannedEvent> = {}) => ({ ...scheduled, state: 'HELD', ...over });
  const report = OutcomeReport.parse({ summary: { en: 'Two agreements.' } });
  const failed = (decide: () => unknown) => failedRules(decide);

  it('is reported by those who run it, once it has begun, and told as a fact without the report', () => {
    const { next, facts } = reportOutcomes(held(), report, now);
    expect(next).toMatchObject({ outcomeReport: report, outcomes: null });
    expect(facts).toEqual([expect.objectContaining({ type: 'event.outcomes-reported.v1' })]);
    expect(JSON.stringify(facts)).not.toContain('Two agreements');
    expect(reportOutcomes(next, report, now).facts).toEqual([]);
    const wrong = OutcomeReport.parse({ ...report, results: [{ kind: 'PROJECT', what: 'x', with: 'y', country: 'QQ' }] });
    expect(failed(() => reportOutcomes(scheduled, wrong, { ...now, by: { ...now.by, roles: [] } }))).toEqual([
      'EVENT.REPORT_OUTCOMES.ACTOR',
      'EVENT.REPORT_OUTCOMES.STATE',
      'EVENT.REPORT_OUTCOMES.COUNTRY',
    ]);
  });

  it('is what its evaluation tells unless that says otherwise; a mission has a report', () => {
    const outcomes = { en: 'Fine.' };
    expect(evaluate(held(), { outcomes }, now).next.outcomes).toEqual(outcomes);
    expect(evaluate(held({ outcomeReport: report }), {}, now).next.outcomes).toEqual(report.summary);
    expect(failed(() => evaluate(held(), {}, now))).toEqual(['EVENT.EVALUATE.OUTCOMES']);
    const mission = held({ type: 'THIRD_COUNTRY_MISSION', country: 'US' });
    expect(failed(() => evaluate(mission, { outcomes }, now))).toEqual(['EVENT.EVALUATE.OUTCOMES']);
  });

  it('is told once it is said of everybody who had a seat whether they were there', () => {
    const outcomes = { en: 'Fine.' };
    const verdictOf = (attendance: Partial<moves.Attendance>) =>
      moves
        .evaluateEvent({ ...nobody, ...attendance })(held(), { outcomes }, now)
        .verdicts.find(({ rule }) => rule === 'EVENT.EVALUATE.ATTENDANCE');
    expect(verdictOf({})).toMatchObject({ outcome: 'NOT_APPLICABLE' });
    expect(verdictOf({ attended: 3, noShows: 1 })).toMatchObject({ outcome: 'PASSED', inputs: { attended: 3, noShows: 1, unmarked: 0 } });
    const incomplete = moves.evaluateEvent({ attended: 3, noShows: 1, unmarked: 2 });
    expect(failed(() => incomplete(held(), {}, now))).toEqual(['EVENT.EVALUATE.ATTENDANCE', 'EVENT.EVALUATE.OUTCOMES']);
  });
});

describe('What took place before it was scheduled here', () => {
  const evidence = [{ label: 'Minutes', url: 'https://partner.example/minutes' }];

  it('is recorded as held, with evidence, and evaluated', () => {
    const planned = anEvent({ start: null, end: null, deadline: null });
    const { next, facts } = moves.recordEventHeld(planned, { when: '2026-05', evidence }, now);
    expect(next).toMatchObject({ state: 'HELD', when: { edtf: '2026-05' }, evidence });
    expect(facts).toEqual([expect.objectContaining({ type: 'event.held-recorded.v1' })]);
    expect(evaluate(next, { outcomes: { en: 'Two agreements.' } }, now).next.state).toBe('EVALUATED');
  });

  it.each([
    ['2027-05', 'EVENT.RECORD_HELD.PAST'],
    ['2027-01-01', 'EVENT.RECORD_HELD.PAST'],
    ['May 2026', 'EVENT.WHEN.READABLE'],
  ])('is not recorded for %s', (when, code) => {
    expect(failedRules(() => moves.recordEventHeld(anEvent({ start: null, end: null }), { when, evidence }, now))).toEqual([code]);
  });
});

describe('The times of an event', () => {
  const plain = anEvent({ start: null, end: null, deadline: null });

  it.each([
    ['an end before the start', { start: '2027-05-12T09:00', end: '2027-05-12T08:00' }, 'EVENT.TIMES.ORDER'],
    ['a time that the clocks leap over', { start: '2027-03-28T02:30' }, 'EVENT.TIMES.REAL'],
    ['a day that is none', { start: '2027-02-30T09:00' }, 'EVENT.TIMES.REAL'],
    ['no zone', { start: '2027-05-12T09:00', zone: null }, 'EVENT.TIMES.ZONED'],
    ['another date', { start: '2027-05-12T09:00', end: '2027-05-12T18:00', when: '2027-06' }, 'EVENT.WHEN.AGREES'],
    [
      'a session after the end',
      { end: '2027-05-12T09:00', agenda: [{ title: {}, start: '2027-05-12T09:00', end: '2027-05-12T10:00' }] },
      'EVENT.TIMES.ORDER',
    ],
    [
      'stops in disorder',
      { stops: ['2027-05-13', '2027-05-12'].map((day) => ({ country: 'SE', city: 'Umeå', host: null, from: day, to: day })) },
      'EVENT.TIMES.ORDER',
    ],
    ['a stop nowhere', { stops: [{ country: 'QQ', city: 'X', host: null, from: '2027-05-12', to: '2027-05-12' }] }, 'EVENT.STOPS.KNOWN'],
  ])('refuse %s', (_, patch, code) => expect(failedRules(() => changeEvent(plain, patch, now))).toEqual([code]));

  it('are in order on the night the clocks go back, when the same hour comes twice', () => {
    const night = { zone: 'Europe/Berlin', start: '2027-10-31T01:30', end: '2027-10-31T02:30' };
    expect(changeEvent(plain, night, now).next).toMatchObject({ startsAt: '2027-10-30T23:30:00.000Z', endsAt: '2027-10-31T00:30:00.000Z' });
  });

  it('are blank in what was stored before there were any, and stay no change', () => {
    const { start: _s, startsAt: _a, venue: _v, ...old } = plain;
    expect(changeEvent(old, { venue: null, start: null }, now)).toMatchObject({ next: old, facts: [] });
    expect(changeEvent(old, { venue: null }, now).next).toBe(old);
  });
});
