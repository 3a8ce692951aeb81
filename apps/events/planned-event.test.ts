import { describe, expect, it } from '@jest/globals';
import { type Actor, system } from '#libs/contracts/actor';
import type { PlannedEventRecord } from '#libs/contracts/planned-event';
import { failedRules } from '#libs/domain/verdict';
import { recordEvent } from './planned-event.js';

const at = '2026-01-01T00:00:00.000Z';
const id = '01434b19-8400-7309-9f13-76396dd9e6e6';
const context = (by: Actor = system('membership', at)) => ({ id, by, at, message: 'm' });
const studyVisit: PlannedEventRecord = {
  title: null,
  partnerships: [id],
  type: 'STUDY_VISIT',
  typeLabel: 'Study Visits',
  targetGroups: ['CLUSTER_ORGANISATIONS'],
  openToSmes: true,
  when: '2019-09',
  whenLabel: 'September 2019',
  zone: null,
  mode: null,
  country: null,
  city: null,
  cityAsPrinted: null,
  no: 6,
  sourceKey: 'DIA:plannedEvents:6',
};

describe('A planned event in an import', () => {
  it('is planned for as precise a time as the source says', () => {
    const { next, facts } = recordEvent(null, studyVisit, context());
    expect(next).toMatchObject({
      state: 'PLANNED',
      when: { edtf: '2019-09', precision: 'month', earliest: '2019-09-01', latest: '2019-09-30' },
    });
    expect(facts).toMatchObject([{ type: 'event.recorded.v1', data: { id, sourceKey: 'DIA:plannedEvents:6' } }]);
  });

  it('may have no date and no type yet', () => {
    expect(recordEvent(null, { ...studyVisit, when: null, type: null }, context()).next).toMatchObject({ when: null, type: null });
  });

  it('that says nothing new leaves the very same event', () => {
    const { next } = recordEvent(null, studyVisit, context());
    expect(recordEvent(next, studyVisit, context())).toMatchObject({ next, facts: [] });
    expect(recordEvent(next, studyVisit, context()).next).toBe(next);
  });

  it('keeps what the source knows nothing of', () => {
    const scheduled = { ...recordEvent(null, studyVisit, context()).next, state: 'SCHEDULED', externalIds: [{ system: 'eccp', id: '7' }] };
    expect(recordEvent(scheduled, { ...studyVisit, city: 'Turin' }, context()).next).toMatchObject({
      state: 'SCHEDULED',
      city: 'Turin',
      externalIds: [{ system: 'eccp', id: '7' }],
    });
  });

  it('is recorded by the product itself only', () => {
    const by: Actor = { ...context().by, kind: 'CLIENT' };
    expect(failedRules(() => recordEvent(null, studyVisit, context(by)))).toEqual(['EVENT.RECORD.ACTOR']);
  });
});
