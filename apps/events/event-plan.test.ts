import { describe, expect, it } from '@jest/globals';
import type { BoundRole } from '#libs/contracts/actor';
import type { Context } from '#libs/domain/decision';
import { failedRules, Refusal } from '#libs/domain/verdict';
import { planEvent, putEvent } from './event-plan.js';
import type { PlannedEvent } from './planned-event.js';

const id = '01976a00-0000-7000-8000-000000000001';
const dia = '01976a00-0000-7000-8000-00000000000d';
const pimap = '01976a00-0000-7000-8000-00000000000e';
const externalId = { system: 'ECCP', id: '12' };

const as = (...roles: BoundRole[]): Context => ({
  id,
  at: '2018-01-01T00:00:00.000Z',
  message: 'm1',
  by: { kind: 'CLIENT', id: 'c', roles, scopes: [], at: '2018-01-01T00:00:00.000Z' },
});
const coordinator = as({ role: 'PARTNERSHIP_COORDINATOR', binding: { kind: 'PARTNERSHIP', id: dia } });
const platform = as({ role: 'PLATFORM_ADMIN', binding: null });

const planned = (over: Partial<PlannedEvent> = {}): PlannedEvent => ({
  ...planEvent(null, { partnerships: [dia], when: '2018-09' }, coordinator).next,
  ...over,
});

function refusalOf(decide: () => unknown): Refusal {
  try {
    decide();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

describe('Planning an event', () => {
  it('begins it with what is known, and leaves the rest blank', () => {
    const { next, facts, verdicts } = planEvent(
      null,
      { partnerships: [dia, dia], when: '2018-09', title: { en: 'Study visit' } },
      coordinator,
    );
    expect(next).toMatchObject({
      partnerships: [dia],
      state: 'PLANNED',
      when: { edtf: '2018-09', precision: 'month' },
      title: { en: 'Study visit' },
      country: null,
      sourceKey: null,
      externalIds: [],
    });
    expect(facts).toEqual([expect.objectContaining({ type: 'event.planned.v1', data: expect.objectContaining({ id }) })]);
    expect(verdicts.map(({ outcome }) => outcome)).not.toContain('FAILED');
  });

  it('is for those who run each of its partnerships', () => {
    expect(failedRules(() => planEvent(null, { partnerships: [dia, pimap] }, coordinator))).toEqual(['EVENT.PLAN.ACTOR']);
    expect(failedRules(() => planEvent(null, { partnerships: [dia, pimap] }, platform))).toEqual([]);
    expect(failedRules(() => planEvent(null, { partnerships: [dia] }, as()))).toEqual(['EVENT.PLAN.ACTOR']);
  });

  it('tells every rule it breaks', () => {
    const plan = () => planEvent(null, { partnerships: [pimap], when: '2018-13', externalIds: [externalId, externalId] }, coordinator);
    expect(failedRules(plan)).toEqual(['EVENT.PLAN.ACTOR', 'EVENT.WHEN.READABLE', 'EVENT.EXTERNAL_IDS.DISTINCT']);
    expect(refusalOf(plan).errors.map(({ pointer }) => pointer)).toEqual(['/when', '/externalIds/1']);
  });
});

describe('Putting an event by its outside id', () => {
  it('plans what is not there, under that id', () => {
    const { next, facts } = putEvent(null, { externalId, partnerships: [dia], city: 'Bilbao' }, coordinator);
    expect(next).toMatchObject({ partnerships: [dia], city: 'Bilbao', externalIds: [externalId] });
    expect(facts).toMatchObject([{ type: 'event.planned.v1' }]);
  });

  it('firms up what is there; what is not named stays, and once more is no change', () => {
    const before = planned({ city: 'Bilbao', externalIds: [{ system: 'PIC', id: '9' }] });
    const { next, facts } = putEvent(before, { externalId, country: 'ES' }, coordinator);
    expect(next).toMatchObject({ city: 'Bilbao', country: 'ES', externalIds: [{ system: 'PIC', id: '9' }, externalId] });
    expect(facts).toMatchObject([{ type: 'event.changed.v1' }]);
    expect(putEvent(next, { externalId, country: 'ES', partnerships: [dia] }, coordinator)).toMatchObject({ next, facts: [] });
  });

  it('keeps its own id also where the list is replaced', () => {
    const { next } = putEvent(planned(), { externalId, externalIds: [{ system: 'PIC', id: '9' }] }, coordinator);
    expect(next.externalIds).toEqual([{ system: 'PIC', id: '9' }, externalId]);
  });

  it('says whose a new event is, and moves none to others; with all that else is wrong', () => {
    expect(failedRules(() => putEvent(null, { externalId, when: 'soon' }, coordinator))).toEqual([
      'EVENT.WHEN.READABLE',
      'EVENT.PUT.PARTNERSHIPS',
    ]);
    const move = () => putEvent(planned({ state: 'HELD' }), { externalId, partnerships: [pimap] }, coordinator);
    expect(failedRules(move)).toEqual(['EVENT.CHANGE.STATE', 'EVENT.PUT.PARTNERSHIPS']);
    expect(refusalOf(move).kind).toBe('WRONG_STATE');
  });
});
