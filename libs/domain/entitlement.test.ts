import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type EntitlementInputs, entitlement } from './entitlement.js';

const DAY = '2022-03-01';
const base: EntitlementInputs = {
  purpose: 'visit',
  on: DAY,
  call: null,
  organisation: { type: 'SME', country: 'FI', isSme: true },
  memberships: [{ id: 'm', cluster: 'c', periods: [{ from: '2020-01-01', to: null }] }],
  clusters: [{ id: 'c', state: 'VALIDATED', profile: 'PUBLISHED' }],
};
const asked = (over: Partial<EntitlementInputs> = {}) => entitlement({ ...base, ...over });
const broken = (over: Partial<EntitlementInputs> = {}) =>
  asked(over).verdicts.flatMap(({ rule, outcome }) => (outcome === 'FAILED' ? [rule.replace('ENTITLEMENT.', '')] : []));
const of = (type: string, more: Partial<EntitlementInputs['organisation']> = {}) => ({
  organisation: { ...base.organisation, type, ...more },
});
const cluster = (state: string, profile = 'PUBLISHED') => ({ clusters: [{ id: 'c', state, profile }] });

describe('The right to visit or to host', () => {
  it('is that of an SME of a profiled cluster, each rule with its inputs and source', () => {
    const { entitled, verdicts } = asked();
    expect(entitled).toBe(true);
    expect(verdicts.map(({ rule }) => rule)).toEqual([
      'ENTITLEMENT.TYPE',
      'ENTITLEMENT.COUNTRY',
      'ENTITLEMENT.SIZE',
      'ENTITLEMENT.MEMBERSHIP',
      'ENTITLEMENT.CLUSTER_PROFILED',
      'ENTITLEMENT.HOST_EXCEPTION',
    ]);
    for (const { source, message } of verdicts)
      expect([source, message]).toEqual([expect.stringMatching(/\.json$/), expect.stringMatching(/\.$/)]);
    expect(verdicts[4]!.inputs).toMatchObject({ clusters: [{ cluster: 'c', state: 'VALIDATED', profile: 'PUBLISHED' }] });
  });

  it.each<[string, Partial<EntitlementInputs>, string[]]>([
    ['a suspended cluster', cluster('SUSPENDED'), ['CLUSTER_PROFILED']],
    ['a cluster that is not published', cluster('VALIDATED', 'DRAFT'), ['CLUSTER_PROFILED']],
    [
      'a membership that has ended',
      { memberships: [{ id: 'm', cluster: 'c', periods: [{ from: '2020', to: DAY }] }] },
      ['MEMBERSHIP', 'CLUSTER_PROFILED'],
    ],
    ['a day before it joined', { on: '2019-12-31' }, ['MEMBERSHIP']],
    ['another country', of('SME', { country: 'US' }), ['COUNTRY']],
    ['too large a company', of('SME', { isSme: false }), ['SIZE']],
    ['a size that is not declared', of('SME', { isSme: null }), []],
    ['a start-up, which is evaluated as an SME', of('START_UP', { isSme: false }), ['SIZE']],
    ['a tech centre, a sub-type', of('TECH_CENTRE', { isSme: null }), []],
    ['a cluster organisation without any cluster', { ...of('CLUSTER_ORGANISATION'), memberships: [] }, []],
    ['a university', of('UNIVERSITY'), ['TYPE']],
    ['what is on no list', of('CHOIR'), ['TYPE']],
    ['a large company that would visit', of('LARGE_COMPANY'), ['TYPE']],
    ['a large company that would host', { ...of('LARGE_COMPANY'), purpose: 'host' }, ['TYPE']],
    ['the same under the call of 2020', { ...of('LARGE_COMPANY'), purpose: 'host', call: 'COS-CLUSTER-2020-3-03' }, []],
    [
      'the same before the second wave',
      { ...of('LARGE_COMPANY'), purpose: 'host', call: 'COS-CLUSTER-2020-3-03', on: '2021-05-01' },
      ['TYPE'],
    ],
  ])('of %s', (_, over, rules) => {
    expect(broken(over)).toEqual(rules);
    expect(asked(over).entitled).toBe(rules.length === 0);
  });

  it('may be asked of the agency by an SME that would host, where nothing else stands against it', () => {
    expect(asked({ purpose: 'host', memberships: [] })).toMatchObject({ entitled: false, exceptionPossible: true });
    expect(asked({ purpose: 'visit', memberships: [] }).exceptionPossible).toBe(false);
    expect(asked({ purpose: 'host', memberships: [], ...of('SME', { country: 'US' }) }).exceptionPossible).toBe(false);
    expect(asked({ purpose: 'host' }).exceptionPossible).toBe(false);
  });

  it('never comes by a cluster that is not validated and published, however many there are', () => {
    const state = fc.constantFrom('REGISTERED', 'VALIDATED', 'SUSPENDED', 'CLOSED');
    const profile = fc.constantFrom('DRAFT', 'PUBLISHED', 'UNPUBLISHED');
    fc.assert(
      fc.property(fc.array(fc.tuple(state, profile), { maxLength: 5 }), (all) => {
        const clusters = all.map(([state, profile], i) => ({ id: `c${i}`, state, profile }));
        const memberships = clusters.map(({ id }) => ({ id: `m-${id}`, cluster: id, periods: [{ from: null, to: null }] }));
        const good = clusters.some((each) => each.state === 'VALIDATED' && each.profile === 'PUBLISHED');
        expect(asked({ clusters, memberships }).entitled).toBe(good);
      }),
    );
  });
});
