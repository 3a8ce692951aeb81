import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ClusterRecord } from '#libs/contracts/cluster';
import { ExchangeProfileRecord } from '#libs/contracts/exchange-profile';
import { MembershipRecord } from '#libs/contracts/membership';
import { PartnershipRecord } from '#libs/contracts/partnership';
import { PlannedEventRecord } from '#libs/contracts/planned-event';
import { Slug } from '#libs/contracts/values';
import { countryCodes, countryName } from '#libs/reference/countries';
import { partnershipFiles } from '#libs/reference/partnerships';
import { taxonomies, vocabulary } from '#libs/reference/vocabulary';
import { sourceId } from './ids.js';
import type { Existing } from './import-cluster.js';
import { type ImportPlan, planImport } from './import-plan.js';
import { leaves } from './json-pointer.js';
import { readPartnershipFile } from './partnership-file.js';

const nobody: Existing = { cluster: () => null, slugOwner: () => null };
const seeds = Object.entries(partnershipFiles);

function plan(json: unknown, existing = nobody): ImportPlan {
  const { file, errors } = readPartnershipFile(json);
  if (!file) throw new Error(JSON.stringify(errors));
  return planImport(file, { profile: 'PUBLISHED', existing });
}

const items = ({ partnership, clusters, memberships, events, exchangeProfile }: ImportPlan) => [
  partnership,
  ...clusters,
  ...memberships,
  ...events,
  ...(exchangeProfile ? [exchangeProfile] : []),
];

const { dia, pimap, exxtra } = {
  dia: plan(partnershipFiles.dia),
  pimap: plan(partnershipFiles.pimap),
  exxtra: plan(partnershipFiles.exxtra),
};

describe('The plan of an import', () => {
  it.each(seeds)('of %s keeps every value of the file', (_, json) => {
    const kept = counted(leavesOf(plan(json)));
    const terms = taxonomies().flatMap(({ name }) => [...vocabulary(name).items, ...Object.values(vocabulary(name).related).flat()]);
    const labels = new Set([...terms.map(({ label }) => label), ...[...countryCodes].map(countryName)]);
    const lost = [...counted(leavesOf(json))].filter(([value, times]) => (kept.get(value) ?? 0) < times && !labels.has(String(value)));
    expect(lost.filter(([value]) => !kept.has(value))).toEqual([]);
    // What stands there less often says the same thing of the same record twice in the file.
    expect(lost.filter(([value]) => typeof value === 'string' && value.length > 30)).toEqual([]);
  });

  it.each(seeds)('of %s says only what the contracts take', (_, json) => {
    const { partnership, clusters, memberships, events, exchangeProfile } = plan(json);
    expect(PartnershipRecord.parse(partnership.data)).toMatchObject({ slug: partnership.data.slug });
    for (const { data } of clusters) expect(ClusterRecord.parse(data)).toEqual(data);
    for (const { data } of memberships) expect(MembershipRecord.parse(data)).toEqual(data);
    for (const { data } of events) expect(PlannedEventRecord.parse(data)).toEqual(data);
    if (exchangeProfile) expect(ExchangeProfileRecord.parse(exchangeProfile.data)).toEqual(exchangeProfile.data);
  });

  it.each(seeds)('of %s is the same again, item by item', (_, json) => {
    expect(plan(structuredClone(json))).toEqual(plan(json));
    const ids = items(plan(json)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('gives every item the id of its source key', () => {
    for (const item of [dia, pimap, exxtra].flatMap(items)) expect(item.id).toBe(sourceId(item.sourceKey));
    expect(dia.events[6]?.sourceKey).toBe('DIA:plannedEvents:7');
    expect(dia.partnership.sourceKey).toBe('DIA');
  });

  it('does not depend on the order of the rows', () => {
    const source = partnershipFiles.dia as { composition: unknown[]; plannedEvents: unknown[] };
    fc.assert(
      fc.property(
        fc.shuffledSubarray(source.composition, { minLength: 6 }),
        fc.shuffledSubarray(source.plannedEvents, { minLength: 8 }),
        (composition, plannedEvents) => {
          const byId = (each: ImportPlan) => new Map(items(each).map((item) => [item.id, item.data]));
          const shuffled = plan({ ...source, composition, plannedEvents, classification: undefined });
          for (const [id, data] of byId(shuffled)) if (id !== dia.partnership.id) expect(data).toEqual(byId(dia).get(id));
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('Clusters and memberships in the plan', () => {
  it('have totals, region and classifications as declared', () => {
    expect(dia.clusters[0]).toMatchObject({
      sourceKey: 'cluster:SE:mitc - malardalen industrial technology center',
      data: {
        name: 'MITC - Malardalen Industrial Technology Center',
        country: 'SE',
        region: { code: 'SE12', version: 'NUTS 2021', label: 'Östra Mellansverige' },
        totals: { members: { value: 20, qualifier: null, asOf: '2018/2019' }, smes: { value: 12 } },
        classifications: { sectoralIndustries: ['04', '40'] },
        profile: 'PUBLISHED',
        sourceKey: 'DIA:composition:1',
      },
    });
    expect(exxtra.clusters.find(({ data }) => data.name === 'Rail.S e.V.')?.data).toMatchObject({
      region: { code: 'DED', version: 'NUTS 2021', label: 'Saxony' },
      aliases: [
        { name: 'BTS Rail Saxony', origin: 'seed' },
        { name: 'BTS', origin: 'seed' },
      ],
      ecosystem: { partner: 'Rail.S e.V.' },
    });
    expect(exxtra.clusters[6]?.data.region).toEqual({ code: null, version: null, label: 'Anatolia' });
    expect(exxtra.clusters[1]?.data.region).toBeNull();
    expect(exxtra.clusters[0]?.data).not.toHaveProperty('totals');
  });

  it('mean one cluster when two partnerships name it', () => {
    const cluster = { name: 'MITC – Mälardalen  Industrial', country: 'Sweden' };
    const base = { identity: { acronym: 'X', name: 'X' }, programme: { code: 'ESCP-4I' } };
    const a = plan({ ...base, code: 'A', composition: [cluster] });
    const b = plan({ ...base, code: 'B', composition: [{ name: 'mitc – Malardalen industrial', country: 'SE' }] });
    expect(a.clusters[0]?.id).toBe(b.clusters[0]?.id);
    expect(a.memberships[0]?.id).not.toBe(b.memberships[0]?.id);
  });

  it('take the id of a cluster that is there already', () => {
    const known = '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f';
    const found = plan(partnershipFiles.exxtra, {
      ...nobody,
      cluster: (name, country) => (name === 'DITECFER' && country === 'IT' ? known : null),
    });
    expect(found.clusters[0]?.id).toBe(known);
    expect(found.memberships[0]?.data.cluster).toBe(known);
    expect(found.partnership.data).toMatchObject({ coordinator: { cluster: known } });
    expect(found.partnership.data.ecosystems?.[0]?.cluster).toBe(known);
    expect(found.memberships[0]?.id).toBe(exxtra.memberships[0]?.id);
  });

  it('name the coordinator', () => {
    expect(exxtra.memberships.map(({ data }) => data.role)).toEqual([
      'COORDINATOR',
      'PARTNER',
      'PARTNER',
      'PARTNER',
      'PARTNER',
      'PARTNER',
      'PARTNER',
    ]);
    expect(dia.memberships.every(({ data }) => data.role === 'PARTNER' && data.partnership === dia.partnership.id)).toBe(true);
  });
});

describe('The address of a cluster', () => {
  const one = (name: string, country = 'AT') => ({
    ...(partnershipFiles.dia as object),
    composition: [{ no: 1, name, country }],
    coordinator: null,
  });
  const slugOf = (name: string, existing = nobody) => plan(one(name), existing).clusters[0]!.data.slug;

  it('is its name and country, whatever the name is written in', () => {
    expect(['Mechatronic Cluster', 'Forêt & Bois', 'Æther – 3D', '集群'].map((name) => slugOf(name))).toEqual([
      'mechatronic-cluster-at',
      'foret-bois-at',
      expect.stringMatching(/-3d-at$/),
      'cluster-at',
    ]);
    expect(Slug.safeParse(slugOf('x'.repeat(300))).success).toBe(true);
  });

  it('stays its own when it is imported again, and is no other cluster’s', () => {
    const { id } = plan(one('A & B')).clusters[0]!;
    expect(slugOf('A & B', { ...nobody, slugOwner: () => id })).toBe('a-b-at');
    expect(slugOf('A & B', { ...nobody, slugOwner: () => 'another' })).toBe(`a-b-at-${id.slice(-6)}`);
  });
});

describe('Events and exchanges in the plan', () => {
  it('are the eight events, two of them alike', () => {
    expect(dia.events).toHaveLength(8);
    const [, , , , , sixth, seventh] = dia.events;
    expect({ ...sixth?.data, no: 0, sourceKey: '' }).toEqual({ ...seventh?.data, no: 0, sourceKey: '' });
    expect(sixth?.id).not.toBe(seventh?.id);
    expect(dia.events[2]?.data).toEqual({
      partnerships: [dia.partnership.id],
      type: null,
      typeLabel: null,
      targetGroups: ['CLUSTER_ORGANISATIONS'],
      openToSmes: true,
      when: '2018-11',
      whenLabel: 'November 2018',
      country: null,
      city: 'Bilbao',
      cityAsPrinted: 'Bilbao Basque Region)',
      no: 3,
      sourceKey: 'DIA:plannedEvents:3',
    });
  });

  it('keep the exchange profile, where there is one', () => {
    expect(dia.exchangeProfile).toBeNull();
    expect(exxtra.exchangeProfile).toMatchObject({
      sourceKey: 'EXXTRA:exchangeProfile',
      data: {
        partnership: exxtra.partnership.id,
        welcomePackage: { fieldCount: 21 },
        hostOrganisations: { listStatus: 'COMING_SOON', list: [] },
      },
    });
  });

  it('carry codes also where the file writes labels', () => {
    const { events, exchangeProfile, clusters, partnership } = plan({
      code: 'X',
      identity: { acronym: 'X', name: 'X' },
      programme: { code: 'escp-4i' },
      plannedEvents: [{ no: 1, type: 'Study visits', targetGroups: ['SMEs'], country: 'Turkey' }],
      clusterXchange: {
        purposes: [{ code: 'Learn from actors in another cluster' }],
        eligibleParticipants: [{ type: 'Cluster organisation' }],
        geographicScope: ['Italy'],
      },
      composition: [
        {
          name: 'A',
          country: 'Sweden',
          sectoralIndustries: ['Aerospace Vehicles and Defence'],
          s3PriorityAreas: [{ area: 'KETS', subArea: 'Nanotechnology' }],
        },
      ],
    });
    expect(events[0]?.data).toMatchObject({ type: 'STUDY_VISIT', targetGroups: ['SMES'], country: 'TR', when: null });
    expect(exchangeProfile?.data.clusterXchange).toMatchObject({
      purposes: [{ code: 'LEARN_FROM_ACTORS' }],
      eligibleParticipants: [{ type: 'CLUSTER_ORGANISATION' }],
      geographicScope: ['IT'],
    });
    expect(clusters[0]?.data).toMatchObject({
      country: 'SE',
      classifications: {
        sectoralIndustries: ['01'],
        technologyFields: null,
        s3PriorityAreas: ['KETS.NANOTECHNOLOGY'],
        emergingIndustries: null,
      },
    });
    expect(partnership.data.programme).toBe('ESCP-4I');
  });

  it('put the totals of the file beside those of its composition', () => {
    expect(dia.totals.computed).toMatchObject({ clusters: 6, members: { value: 1006, coverage: '6 of 6' }, smes: { value: 700 } });
    expect(dia.totals.stated).toMatchObject({ clusters: 6, members: 1006, smes: 700 });
    expect(exxtra.totals.computed).toMatchObject({ clusters: 7, ecosystems: 7, members: null, smes: null });
  });
});

const leavesOf = (value: unknown): unknown[] => [...leaves(value)].map(([, leaf]) => leaf).filter((leaf) => leaf !== null);

function counted(values: readonly unknown[]): Map<unknown, number> {
  const counts = new Map<unknown, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
