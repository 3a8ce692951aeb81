import { describe, expect, it } from '@jest/globals';
import { type Applying, type Belonging, eligibilityRules } from './eligibility.js';
import { evaluate } from './verdict.js';

const DIA = 'dia';

const inCluster = (from: string, to: string | null = null, cluster = 'mitc'): Belonging => ({
  id: `organisation in ${cluster}`,
  kind: 'ORGANISATION_IN_CLUSTER',
  partnership: null,
  cluster,
  organisation: 'firm',
  periods: [{ from, to }],
});
const inPartnership = (from: string, to: string | null = null, cluster = 'mitc', partnership = DIA): Belonging => ({
  ...inCluster(from, to, cluster),
  id: `${cluster} in ${partnership}`,
  kind: 'CLUSTER_IN_PARTNERSHIP',
  partnership,
  organisation: null,
});

const applying = (memberships: Belonging[], day: string | null = '2027-05-12'): Applying => ({
  event: {
    state: 'REGISTRATION_OPEN',
    partnerships: [DIA],
    targetGroups: null,
    openToSmes: null,
    day,
    deadlineAt: null,
    admission: { membersOnly: true },
  },
  organisation: { type: 'SME', country: 'ES', isSme: true },
  memberships,
  at: '2027-01-01T00:00:00.000Z',
});

const judged = (memberships: Belonging[], day?: string | null) =>
  evaluate(eligibilityRules, applying(memberships, day)).find(({ rule }) => rule === 'REGISTRATION.ELIGIBLE.MEMBER')!;
const outcome = (memberships: Belonging[], day?: string | null) => judged(memberships, day).outcome;

describe('An event for members alone', () => {
  it('is for organisations of the clusters of its partnerships, and says by which membership', () => {
    expect(judged([inPartnership('2018'), inCluster('2020-06')])).toMatchObject({
      outcome: 'PASSED',
      inputs: {
        on: '2027-05-12',
        by: 'MEMBERSHIP',
        membership: 'organisation in mitc',
        since: '2020-06',
        cluster: 'mitc',
        partnership: DIA,
        inPartnership: 'mitc in dia',
      },
    });
  });

  it('looks at both memberships on the day of the event; undated, on the day that is asked', () => {
    expect(outcome([inPartnership('2018'), inCluster('2027-05-12')])).toBe('PASSED');
    expect(outcome([inPartnership('2018'), inCluster('2027-05-13')])).toBe('FAILED');
    expect(outcome([inPartnership('2018'), inCluster('2020', '2027-05-12')])).toBe('FAILED');
    expect(outcome([inPartnership('2018', '2027-05-12'), inCluster('2020')])).toBe('FAILED');
    expect(outcome([inPartnership('2018', '2027-03-01'), inCluster('2020')], null)).toBe('PASSED');
  });

  it('counts no cluster of another partnership, and tells nothing of such memberships', () => {
    const verdict = judged([inPartnership('2018', null, 'mitc', 'pimap'), inCluster('2020'), inPartnership('2018', null, 'gaia')]);
    expect(verdict).toMatchObject({ outcome: 'FAILED', inputs: { memberships: [] } });
  });

  it('tells of the memberships that do not hold on the day', () => {
    const verdict = judged([inPartnership('2018'), inCluster('2020', '2026-06-30')]);
    expect(verdict.inputs).toMatchObject({ memberships: [{ cluster: 'mitc', periods: [{ from: '2020', to: '2026-06-30' }] }] });
  });
});
