import { describe, expect, it } from '@jest/globals';
import type { BoundRole } from '#libs/contracts/actor';
import { ClusterPatch } from '#libs/contracts/cluster';
import type { Context } from '#libs/domain/decision';
import type { Existing } from '#libs/domain/import-cluster';
import { failedRules } from '#libs/domain/verdict';
import type { Cluster } from './cluster.js';
import { changeCluster, putCluster, registerCluster } from './cluster-change.js';

const id = '01434b19-8400-7309-9f13-76396dd9e6e6';
const externalId = { system: 'ECCP', id: '12' };
const nobody: Existing = { cluster: () => null, slugOwner: () => null };

const as = (...roles: BoundRole[]): Context => ({
  id,
  at: '2026-01-01T00:00:00.000Z',
  message: 'm1',
  by: { kind: 'CLIENT', id: 'c', roles, scopes: [], at: '2026-01-01T00:00:00.000Z' },
});
const platform = as({ role: 'PLATFORM_ADMIN', binding: null });
const manager = as({ role: 'CLUSTER_MANAGER', binding: { kind: 'CLUSTER', id } });
const stranger = as({ role: 'CLUSTER_MANAGER', binding: { kind: 'CLUSTER', id: 'another' } });

const register = (said: ClusterPatch = {}, by = platform, existing = nobody) =>
  registerCluster(existing)(null, { name: 'Railway Cluster', country: 'SE', ...said }, by);
const change = changeCluster(nobody);
const aCluster = (over: Partial<Cluster> = {}): Cluster => ({ ...register().next, ...over });

describe('Registering a cluster', () => {
  it('begins it as it says it is: not validated, and in nobody’s sight', () => {
    const { next, facts } = register({ website: 'https://rail.example/', classifications: { sectoralIndustries: null } });
    expect(next).toMatchObject({
      slug: 'railway-cluster-se',
      state: 'REGISTERED',
      profile: 'DRAFT',
      website: 'https://rail.example/',
      totals: { members: null, smes: null },
      externalIds: [],
      sourceKeys: [],
    });
    expect(facts).toMatchObject([{ type: 'cluster.registered.v1', data: { id, profile: 'DRAFT' } }]);
  });

  it('is for the platform', () => {
    expect(failedRules(() => register({}, manager))).toEqual(['CLUSTER.REGISTER.ACTOR']);
  });

  it('is not done twice: a name is one cluster’s in a country', () => {
    const existing = {
      ...nobody,
      cluster: (name: string, country: string) => (name === 'Railway Cluster' && country === 'SE' ? 'other' : null),
    };
    expect(failedRules(() => register({}, platform, existing))).toEqual(['CLUSTER.REGISTER.DISTINCT']);
    expect(failedRules(() => register({ country: 'FI' }, platform, existing))).toEqual([]);
  });

  it('tells every rule it breaks', () => {
    const said = { country: 'QQ', classifications: { technologyFields: ['MAGIC'] }, externalIds: [externalId, externalId] };
    expect(failedRules(() => register(said, stranger))).toEqual([
      'CLUSTER.REGISTER.ACTOR',
      'CLUSTER.COUNTRIES.KNOWN',
      'CLUSTER.CLASSIFICATIONS.KNOWN',
      'CLUSTER.EXTERNAL_IDS.DISTINCT',
    ]);
  });
});

describe('Changing a cluster', () => {
  it('says of its totals and classifications what is blank, and takes languages from its texts', () => {
    const members = { value: 12, qualifier: null, asOf: null };
    const before = aCluster({ totals: { members, smes: members }, summary: { en: 'Rails', sv: 'Räls' } });
    const { next } = change(
      before,
      { totals: { smes: null }, classifications: { sectoralIndustries: null }, summary: { sv: null } },
      manager,
    );
    expect(next).toMatchObject({ totals: { members, smes: null }, summary: { en: 'Rails' } });
    expect(Object.keys(next.classifications)).toHaveLength(4);
    expect(next.summary).not.toHaveProperty('sv');
  });

  it('does not give it the name of another', () => {
    const existing = { ...nobody, cluster: (name: string) => (name === 'Taken' ? 'other' : null) };
    expect(failedRules(() => changeCluster(existing)(aCluster(), { name: 'Taken' }, manager))).toEqual(['CLUSTER.REGISTER.DISTINCT']);
    const itself = { ...nobody, cluster: () => id };
    expect(failedRules(() => changeCluster(itself)(aCluster(), { name: 'Railway cluster' }, manager))).toEqual([]);
  });

  it('is for its manager and the platform; what is not named stays', () => {
    const { next, facts } = change(aCluster(), { foundedYear: 2001, totals: { members: null, smes: null } }, manager);
    expect(next).toMatchObject({ name: 'Railway Cluster', foundedYear: 2001 });
    expect(facts).toMatchObject([{ type: 'cluster.changed.v1' }]);
    expect(failedRules(() => change(aCluster(), { foundedYear: 2001 }, platform))).toEqual([]);
    expect(failedRules(() => change(aCluster(), { foundedYear: 2001 }, stranger))).toEqual(['CLUSTER.CHANGE.ACTOR']);
  });

  it('that says what is so already is none', () => {
    const before = aCluster();
    expect(change(before, { country: 'SE', classifications: {} }, manager)).toMatchObject({ next: before, facts: [] });
  });

  it.each(['NEEDS_REVIEW', 'ARCHIVED'])('leaves a profile that is %s as it was submitted, but for outside ids', (profile) => {
    expect(failedRules(() => change(aCluster({ profile }), { foundedYear: 1900, externalIds: [] }, manager))).toEqual([
      'CLUSTER.CHANGE.PROFILE',
    ]);
    expect(change(aCluster({ profile }), { externalIds: [externalId] }, manager).next.externalIds).toEqual([externalId]);
    const again = { name: 'Railway Cluster', country: 'SE', website: null };
    expect(change(aCluster({ profile }), again, manager).facts).toEqual([]);
  });

  it.each(['PUBLISHED', 'UNPUBLISHED'])('goes into a draft where the profile is %s; outside ids hold at once', (profile) => {
    const before = aCluster({ profile });
    const { next, facts } = change(before, { foundedYear: 1900, externalIds: [externalId] }, manager);
    expect(next).toMatchObject({ profile, foundedYear: null, externalIds: [externalId], draft: { foundedYear: 1900, profile: 'DRAFT' } });
    expect(facts.map(({ type }) => type)).toEqual(['cluster.changed.v1', 'cluster.draft-changed.v1']);
    expect(JSON.stringify(facts)).not.toContain('1900');
    const back = change(next, { foundedYear: null }, manager);
    expect(back.next).toMatchObject({ draft: null, authors: [] });
    expect(change(next, { foundedYear: 1900 }, manager)).toMatchObject({ next, facts: [] });
    expect(
      failedRules(() => change({ ...next, draft: { foundedYear: 1900, profile: 'NEEDS_REVIEW' } }, { foundedYear: 1901 }, manager)),
    ).toEqual(['CLUSTER.CHANGE.PROFILE']);
  });

  it('keeps codes where names and aliases are written, and no script', () => {
    const said = {
      classifications: { sectoralIndustries: ['Aerospace vehicles and Defence', 'Aerospace Vehicles and Defense', '04'] },
      summary: { en: 'R&D < 3 years', fr: '<p onclick="x()">Rail<script>alert(1)</script></p>' },
    };
    expect(change(aCluster(), said, manager).next).toMatchObject({
      classifications: { sectoralIndustries: ['01', '04'] },
      summary: { en: 'R&D < 3 years', fr: '<p>Rail</p>' },
    });
  });

  it('knows the version of a region’s code, and its country', () => {
    const at = (code: string, version: string | null = null) => change(aCluster(), { region: { code, version, label: null } }, manager);
    expect(at('SE12').next.region).toEqual({ code: 'SE12', version: 'NUTS 2021', label: null });
    for (const wrong of [() => at('ITC1'), () => at('Saxony'), () => at('SE12', 'NUTS 1066')])
      expect(failedRules(wrong)).toEqual(['CLUSTER.REGION.KNOWN']);
  });

  it('takes an ecosystem section by section, each of a known kind', () => {
    const shaped = (kind: string) => ClusterPatch.parse({ ecosystem: { headline: 'Rail', sections: [{ kind, items: ['Operators'] }] } });
    const { next } = change(aCluster(), shaped('Key figures (tradition, employees, companies, turnover, exports, shares)'), manager);
    expect(next.ecosystem).toMatchObject({ partner: 'Railway Cluster', headline: { en: 'Rail' }, sections: [{ kind: 'FIGURES' }] });
    expect(failedRules(() => change(aCluster(), shaped('POETRY'), manager))).toEqual(['CLUSTER.ECOSYSTEM.KNOWN']);
  });

  it('ends with the cluster', () => {
    expect(failedRules(() => change(aCluster({ state: 'CLOSED' }), { website: null }, manager))).toEqual(['CLUSTER.CHANGE.STATE']);
  });
});

describe('Putting a cluster by its outside id', () => {
  const put = (before: Cluster | null, said: ClusterPatch, by = platform) => putCluster(nobody)(before, { ...said, externalId }, by);

  it('registers what is not there, and changes what is', () => {
    const { next } = put(null, { name: 'Railway Cluster', country: 'SE' });
    expect(next).toMatchObject({ state: 'REGISTERED', externalIds: [externalId] });
    expect(put(next, { foundedYear: 2001 }).next).toMatchObject({ name: 'Railway Cluster', foundedYear: 2001, externalIds: [externalId] });
    expect(put(next, { name: 'Railway Cluster' })).toMatchObject({ next, facts: [] });
  });

  it('says the name and country of a new one', () => {
    expect(failedRules(() => put(null, { name: 'Railway Cluster' }))).toEqual(['CLUSTER.PUT.NAMED']);
  });
});
