import { describe, expect, it } from '@jest/globals';
import type { PartnershipFile } from '#libs/contracts/partnership-file';
import { sourceId } from '#libs/domain/ids';
import { failedRules, Refusal } from '#libs/domain/verdict';
import { noteImportStep } from './import.js';
import type { Prepared } from './import-rules.js';
import { admin, context, coordinatorOf, dia, outcomeOf, prepared, start } from './import-samples.js';

describe('Whether an import may begin', () => {
  it('is for the platform and the coordinator of this very partnership', () => {
    expect(failedRules(() => start(prepared(), coordinatorOf('DIA')))).toEqual([]);
    expect(failedRules(() => start(prepared(), coordinatorOf('PIMAP')))).toEqual(['IMPORT.START.ACTOR']);
    expect(failedRules(() => start(prepared(), { ...admin, roles: [] }))).toEqual(['IMPORT.START.ACTOR']);
    expect(failedRules(() => start(prepared(), { ...admin, roles: [{ role: 'PARTNERSHIP_COORDINATOR', binding: null }] }))).toEqual([
      'IMPORT.START.ACTOR',
    ]);
  });

  it('needs a file that can be read', () => {
    const nothing: Prepared = { file: null, faults: [{ pointer: '', message: 'The file is not there.' }], plan: null, slugOwner: null };
    expect(failedRules(() => start(nothing))).toEqual(['IMPORT.START.FILE']);
  });

  it('needs an address that is free or its own', () => {
    expect(failedRules(() => start(prepared(dia, sourceId('DIA'))))).toEqual([]);
    expect(failedRules(() => start(prepared(dia, sourceId('OTHER'))))).toEqual(['PARTNERSHIP.SLUG.UNIQUE']);
  });

  it('tells every fault of the file and its place at once', () => {
    const [first, second, ...others] = dia.plannedEvents ?? [];
    const events = [
      { ...first, type: 'GARDEN_PARTY' },
      { ...second, estimatedDate: '2018-13' },
      ...others,
    ] as PartnershipFile['plannedEvents'];
    const broken = prepared({ ...dia, plannedEvents: events });
    expect(failedRules(() => start(broken, coordinatorOf('PIMAP')))).toEqual([
      'IMPORT.START.ACTOR',
      'PARTNERSHIP_FILE.CODES',
      'PARTNERSHIP_FILE.DATES',
    ]);
    const refusal = refusalOf(() => start(broken));
    expect(refusal.errors.map(({ pointer }) => pointer)).toEqual(['/plannedEvents/0/type', '/plannedEvents/1/estimatedDate']);
  });

  it('needs records that can be told', () => {
    const remarks = Array.from({ length: 60 }, () => ({ kind: 'NOTE', about: null, text: { en: 'x'.repeat(10_000) }, source: null }));
    expect(failedRules(() => start(prepared({ ...dia, remarks })))).toEqual(['IMPORT.START.SIZE']);
  });

  it('is told what is worth a look, without being refused for it', () => {
    const totals = { ...dia.computedTotals, members: 1007 } as PartnershipFile['computedTotals'];
    expect(start(prepared({ ...dia, computedTotals: totals })).next.findings).toMatchObject([{ pointer: '/computedTotals/members' }]);
  });

  it('hears of its steps from the product itself only', () => {
    expect(failedRules(() => noteImportStep(start().next, outcomeOf('0'), context(admin)))).toEqual(['IMPORT.NOTE_STEP.ACTOR']);
  });
});

function refusalOf(decide: () => unknown): Refusal {
  try {
    decide();
  } catch (error) {
    if (error instanceof Refusal) return error;
  }
  throw new Error('It was not refused.');
}
