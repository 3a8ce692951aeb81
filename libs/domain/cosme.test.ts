import { describe, expect, it } from '@jest/globals';
import type { PolicyTable } from '#libs/contracts/policy';
import { eligibility, eligible } from './cosme.js';
import { bundled, bundledPolicies, policiesOf } from './policy.js';

const CALL = 'COS-CLUSTER-2020-3-03';

describe('A COSME country', () => {
  it('is eligible for what is done under a call of the period, whatever the date', () => {
    expect(eligible('TR', { on: '2023-06-01', call: CALL })).toBe(true);
    expect(eligible('TR', { on: '2019-06-01' })).toBe(true);
    expect(eligible('TR', { on: '2013-06-01' })).toBe(false);
    expect(eligibility('TR', { on: '2013-06-01' })).toMatchObject({ status: 'COSME_ARTICLE_6', policy: null });
    expect(eligible('TR', { on: '2019-06-01', call: 'HORIZON-CL4-2021' })).toBe(false);
  });

  it('is none outside the list', () => {
    expect(eligibility('US', { on: '2019-06-01' })).toMatchObject({ eligible: false, status: 'THIRD_COUNTRY' });
  });

  it('is decided by date and policy for the United Kingdom', () => {
    expect(eligibility('GB', { on: '2020-01-31' })).toMatchObject({ eligible: true, status: 'EU_MEMBER_STATE', policy: 'COSME_COUNTRIES' });
    expect(eligibility('GB', { on: '2020-02-01', call: 'COS-CLUSTER-2018-03-02' })).toMatchObject({
      eligible: true,
      policy: 'UK_ENTITIES_ELIGIBLE',
    });
  });

  it('is one by the list in force, which is told: that of the call first', () => {
    const first = bundled.inForce('COSME_COUNTRIES', '2019-06-01')!;
    expect(eligibility('UA', { on: '2019-06-01' })).toMatchObject({ policyVersion: { id: first.id, no: 1 }, owner: { code: 'COSME' } });
    const { rows } = first.value as PolicyTable;
    const row = { country: 'US', name: 'United States', status: 'COSME_ARTICLE_6', eligible: true, memberStateUntil: null, policy: null };
    const value = { fields: {}, rows: [...rows, row] };
    const wider = { ...first, id: `${first.id.slice(0, -1)}0`, value, owner: { level: 'CALL' as const, code: 'COS-NEW' } };
    const policies = policiesOf([...bundledPolicies, wider]);
    expect(eligibility('US', { on: '2027-01-01', call: 'COS-NEW', policies })).toMatchObject({
      eligible: true,
      policyVersion: { id: wider.id, no: 1 },
      owner: { level: 'CALL', code: 'COS-NEW' },
    });
    expect(eligible('US', { on: '2027-01-01', call: CALL, policies })).toBe(false);
    expect(eligible('US', { on: '2027-01-01', policies })).toBe(false);
  });

  it('stands in a list of every call of the period', () => {
    const lists = bundledPolicies.filter(({ code }) => code === 'COSME_COUNTRIES');
    expect(lists.map(({ owner }) => owner.level)).toEqual(['SCHEME', ...Array(6).fill('CALL')]);
    for (const { value } of lists) expect((value as PolicyTable).rows).toHaveLength(39);
  });
});
