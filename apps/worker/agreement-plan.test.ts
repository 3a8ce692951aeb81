import { describe, expect, it } from '@jest/globals';
import { rulesAbout } from '#libs/reference/reminder-rules';
import { type Agreement, planForAgreement } from './agreement-plan.js';

const [rule] = rulesAbout('agreements');
const anAgreement = (more: Partial<Agreement> = {}): Agreement => ({
  ...{
    id: 'a1',
    version: 7,
    partnership: 'p1',
    title: { en: 'Memorandum' },
    state: 'IN_FORCE',
    inForceSince: '2026-01-01',
    validTo: '2027-12-31',
  },
  ...more,
});

describe('The end of an agreement in force', () => {
  it('is reminded of two months before, as long as it is ahead', () => {
    expect(planForAgreement(rule!, anAgreement())).toMatchObject({
      subject: '/v1/agreements/a1',
      partnerships: ['p1'],
      dueAt: '2027-11-01T08:00:00.000Z',
      until: '2028-01-01T00:00:00.000Z',
      basis: 7,
      drop: null,
    });
  });

  it.each([
    [{ state: 'TERMINATED' }, 'AGREEMENT_TERMINATED'],
    [{ state: 'SIGNED' }, 'AGREEMENT_SIGNED'],
    [{ validTo: null }, 'NO_END'],
  ])('is nothing to remind of with %j: %s', (more, reason) => {
    expect(planForAgreement(rule!, anAgreement(more)).drop).toBe(reason);
  });
});
