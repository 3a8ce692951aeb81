import { describe, expect, it } from '@jest/globals';
import { system } from '#libs/contracts/actor';
import type { StepDone } from '#libs/contracts/message';
import { canonicalHash } from '#libs/domain/canonical';
import type { Context } from '#libs/domain/decision';
import { failedRules } from '#libs/domain/verdict';
import { blank, type Cluster } from './cluster.js';
import { mergeCluster, noteClusterYielded, yieldCluster } from './cluster-merge.js';

const [stays, goes] = ['01434b19-8400-7309-9f13-76396dd9e6e6', '01434b19-8400-7309-9f13-76396dd9e6e7'];
const older = '01434b19-8400-7309-9f13-76396dd9e6e8';
const at = '2026-01-01T00:00:00.000Z';
const as = (role: string, ...clusters: string[]): Context => {
  const roles = clusters.map((id) => ({ role, binding: { kind: 'CLUSTER' as const, id } }));
  const by = { kind: 'PERSON' as const, id: 'anna', roles: clusters.length > 0 ? roles : [{ role, binding: null }], scopes: [], at };
  return { id: stays, at, message: 'm1', by };
};
const platform = as('PLATFORM_ADMIN');
const itself: Context = { ...platform, by: system('membership', at) };
const cluster = (over: Partial<Cluster> = {}): Cluster => ({ ...blank, name: 'Rail', country: 'SE', slug: 'rail-se', ...over });
const other = cluster({
  name: 'Rail North',
  slug: 'rail-north-se',
  aliases: [{ name: 'RAIL', origin: null }],
  externalIds: [{ system: 'ECCP', id: '1' }],
  sourceKeys: ['DIA:composition:1'],
  formerIds: [older],
  summary: { en: 'Not reviewed here' },
});
const done = (status: 'DONE' | 'REFUSED'): StepDone => ({
  step: 'yield:m1',
  outcome: { id: 'o', status, aggregate: 'cluster', key: goes, version: 2, changed: true, view: null, verdicts: [], refusal: null },
});
const nobody = { memberships: [], partnerships: [], agreements: [], documents: [] };
const merging = (before = cluster()) => mergeCluster(other)(before, { from: goes }, platform);

describe('Two records of one cluster', () => {
  it('become one: what led to the other leads here, what was reviewed stays', () => {
    const asked = merging();
    expect(asked).toMatchObject({ answer: 'LATER', sends: [{ key: goes, data: { into: stays, hash: canonicalHash(other) } }] });
    expect(yieldCluster(other, { into: stays, hash: canonicalHash(other), by: platform.by } as never, itself)).toMatchObject({
      gone: true,
      facts: [{ type: 'cluster.yielded.v1' }],
    });
    const { next, sends, settles } = noteClusterYielded({ memberships: ['m'], partnerships: ['p'], agreements: ['a'], documents: ['d'] })(
      asked.next,
      done('DONE'),
      itself,
    );
    expect(next).toMatchObject({
      name: 'Rail',
      summary: null,
      aliases: [{ name: 'Rail North', origin: null }],
      externalIds: other.externalIds,
      sourceKeys: other.sourceKeys,
      formerIds: [goes, older],
      formerSlugs: ['rail-north-se'],
      merging: null,
    });
    expect(sends?.map(({ command, key }) => [command.type, key])).toEqual([
      ['membership.follow-cluster.v1', 'm'],
      ['partnership.follow-cluster.v1', 'p'],
      ['agreement.follow.v1', 'a'],
      ['document.follow-cluster.v1', 'd'],
    ]);
    expect(settles).toEqual([{ message: 'm1', refusal: null }]);
  });

  it('both stand when the other does not go', () => {
    const { next, settles, facts } = noteClusterYielded(nobody)(merging().next, done('REFUSED'), itself);
    expect([next, facts]).toEqual([{ ...cluster(), merging: null }, []]);
    expect(settles).toMatchObject([{ message: 'm1', refusal: { code: 'CLUSTER.MERGE.SAME' } }]);
    const changed = cluster({ ...other, summary: null });
    expect(failedRules(() => yieldCluster(changed, { into: stays, hash: canonicalHash(other) } as never, itself))).toEqual([
      'CLUSTER.MERGE.SAME',
    ]);
  });

  it('are for who is in charge of both, also by a record that was merged before', () => {
    const refused = (by: Context) => failedRules(() => mergeCluster(other)(cluster(), { from: goes }, by));
    expect(refused(as('CLUSTER_MANAGER', stays))).toEqual(['CLUSTER.MERGE.ACTOR']);
    expect(refused(as('CLUSTER_MANAGER', stays, older))).toEqual([]);
    expect(refused(platform)).toEqual([]);
  });

  it('are not merged when nothing should come of it', () => {
    const refused = (before: Partial<Cluster>, into: Cluster | null, from = goes) =>
      failedRules(() => mergeCluster(into)(cluster(before), { from }, platform));
    expect(refused({ state: 'CLOSED', country: 'FI' }, other)).toEqual(['CLUSTER.MERGE.CLOSED', 'CLUSTER.MERGE.COUNTRY']);
    expect(refused({}, other, stays)).toEqual(['CLUSTER.MERGE.OTHER']);
    expect(refused({ merging: merging().next.merging! }, other)).toEqual(['CLUSTER.MERGE.STATE']);
    expect(failedRules(() => yieldCluster(other, { into: stays, hash: canonicalHash(other) } as never, platform))).toEqual([
      'CLUSTER.MERGE.PRODUCT',
    ]);
  });
});
