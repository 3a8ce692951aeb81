import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ClusterView } from '#libs/contracts/cluster';
import type { Context } from '#libs/domain/decision';
import { quantity } from '#libs/domain/quantity';
import { failedRules, type Verdict } from '#libs/domain/verdict';
import { blank, type Cluster, readable } from './cluster.js';
import { changeCluster } from './cluster-change.js';
import { closeCluster, suspendCluster, validateCluster } from './cluster-moves.js';

const id = '01434b19-8400-7309-9f13-76396dd9e6e6';
const at = '2026-01-01T00:00:00.000Z';
const as = (role: string, bound = false): Context => {
  const roles = [{ role, binding: bound ? { kind: 'CLUSTER' as const, id } : null }];
  return { id, at, message: 'm1', by: { kind: 'CLIENT', id: 'c', roles, scopes: [], at } };
};
const platform = as('PLATFORM_ADMIN');
const manager = as('CLUSTER_MANAGER', true);

const sound: Cluster = {
  ...blank,
  name: 'Railway Cluster',
  country: 'SE',
  slug: 'railway-cluster-se',
  state: 'REGISTERED',
  profile: 'DRAFT',
  website: 'https://rail.example/',
  websiteLanguages: ['sv', 'en-GB'],
  fte: 0.5,
  memberTypes: ['INDUSTRY', 'RESEARCH'],
  totals: { members: quantity(15), smes: null },
};
const silent: Cluster = { ...sound, website: null, fte: null, memberTypes: null, totals: { members: null, smes: null } };
const criteria = ['FTE', 'WEBSITE', 'MEMBERS', 'MEMBER_TYPES'].map((each) => `CLUSTER.VALIDATE.${each}`);
const outcomes = (verdicts: readonly Verdict[]) => verdicts.slice(2).map(({ outcome }) => outcome);

describe('Validating a cluster', () => {
  it('asks for each criterion, and says what it asks and by which source', () => {
    const { next, facts, verdicts } = validateCluster(sound, {}, platform);
    expect([next.state, facts[0]?.type]).toEqual(['VALIDATED', 'cluster.validated.v1']);
    expect(verdicts.slice(2).map(({ rule }) => rule)).toEqual(criteria);
    expect(verdicts[2]).toMatchObject({ source: 'cluster-criteria.json', inputs: { value: 0.5, asked: 0.5, policy: 'CLUSTER_MIN_FTE' } });
  });

  it('is refused with everything that is missing, and is the platform’s', () => {
    expect(failedRules(() => validateCluster(silent, {}, platform))).toEqual(criteria);
    expect(failedRules(() => validateCluster(sound, {}, manager))).toEqual(['CLUSTER.VALIDATE.ACTOR']);
    const upTo = { ...sound, totals: { members: quantity(40, { qualifier: 'UP_TO' }), smes: null } };
    expect(failedRules(() => validateCluster(upTo, {}, platform))).toEqual(['CLUSTER.VALIDATE.MEMBERS']);
    const twice = { ...sound, memberTypes: ['INDUSTRY', 'INDUSTRY'] };
    expect(failedRules(() => validateCluster(twice, {}, platform))).toEqual(['CLUSTER.VALIDATE.MEMBER_TYPES']);
    const swedish = { ...sound, websiteLanguages: ['sv'] };
    expect(failedRules(() => validateCluster(swedish, {}, platform))).toEqual(['CLUSTER.VALIDATE.WEBSITE']);
  });

  it('lets a recorded waiver take the place of what is not met', () => {
    const waived = { ...silent, fte: 2, waiver: { kind: 'OFFICIAL_CLUSTER_PROGRAMME', evidence: null } };
    const { verdicts } = validateCluster(waived, {}, platform);
    expect(outcomes(verdicts)).toEqual(['PASSED', 'NOT_APPLICABLE', 'NOT_APPLICABLE', 'NOT_APPLICABLE']);
  });

  it('holds from the least that is asked for, and never below', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 5, noNaN: true }), fc.nat(40), (fte, members) => {
        const cluster = { ...sound, fte, totals: { members: quantity(members), smes: null } };
        const expected = [...(fte < 0.5 ? [criteria[0]] : []), ...(members < 15 ? [criteria[2]] : [])];
        expect(failedRules(() => validateCluster(cluster, {}, platform))).toEqual(expected);
      }),
    );
  });
});

describe('A waiver', () => {
  const change = changeCluster({ cluster: () => null, slugOwner: () => null });
  const waiver = { kind: 'SOCIAL_ECONOMY_CLUSTER', evidence: null };

  it('is recorded by the platform alone, under a code that is known', () => {
    expect(change(sound, { waiver }, platform).next.waiver).toEqual(waiver);
    expect(failedRules(() => change(sound, { waiver }, manager))).toEqual(['CLUSTER.WAIVER.ACTOR']);
    expect(failedRules(() => change({ ...sound, waiver }, { waiver, fte: 3 }, manager))).toEqual([]);
    const unknown = { waiver: { kind: 'FRIEND', evidence: null }, memberTypes: ['MAGIC'], regionClass: 'POOR' };
    expect(failedRules(() => change(sound, unknown, platform))).toEqual(['CLUSTER.CRITERIA.KNOWN']);
  });
});

describe('A cluster', () => {
  it('is suspended for a reason that is no part of the fact, and validated again', () => {
    const { next, facts } = suspendCluster({ ...sound, state: 'VALIDATED' }, { reason: 'No answer.' }, platform);
    expect(next).toMatchObject({ state: 'SUSPENDED', stateReason: 'No answer.' });
    expect(JSON.stringify(facts)).not.toContain('No answer.');
    expect(validateCluster(next, {}, platform).next).toMatchObject({ state: 'VALIDATED', stateReason: null });
    expect(failedRules(() => suspendCluster(sound, { reason: 'x' }, platform))).toEqual(['CLUSTER.SUSPEND.STATE']);
  });

  it('is closed for good, and names who goes on', () => {
    const successor = '01434b19-8400-7309-9f13-76396dd9e6e7';
    expect(closeCluster('VALIDATED')(sound, { successor }, platform).next).toMatchObject({ state: 'CLOSED', successor });
    expect(closeCluster(null)(sound, {}, platform).next).toMatchObject({ state: 'CLOSED', successor: null });
    for (const [state, named] of [
      ['CLOSED', successor],
      [null, successor],
      ['VALIDATED', id],
    ] as const)
      expect(failedRules(() => closeCluster(state)(sound, { successor: named }, platform))).toEqual(['CLUSTER.CLOSE.SUCCESSOR']);
    expect(failedRules(() => closeCluster(null)({ ...sound, state: 'CLOSED' }, {}, platform))).toEqual(['CLUSTER.CLOSE.STATE']);
  });

  it('that was stored before it could say all this is read, and judged as one that has not said it', () => {
    const { fte, memberTypes, websiteLanguages, waiver, services, channels, stateReason, successor, ...old } = sound;
    const stamp = { id, version: 1, updatedAt: at };
    expect(ClusterView.parse({ ...readable(old as Cluster, id), ...stamp })).toMatchObject({
      fte: null,
      services: null,
      waiver: null,
      successor: null,
    });
    expect(failedRules(() => validateCluster(old as Cluster, {}, platform))).toEqual([criteria[0], criteria[1], criteria[3]]);
  });
});
