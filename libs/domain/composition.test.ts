import { describe, expect, it } from '@jest/globals';
import { disclaimer } from '#libs/reference/disclaimers';
import { type Composition, compositionModel, dimensions } from './composition.js';
import { compositionSeed } from './composition-seeds.js';
import { quantity } from './quantity.js';

const seeded = (name: Parameters<typeof compositionSeed>[0]): Composition => {
  const { partnership, clusters, memberships } = compositionSeed(name);
  return compositionModel(partnership, clusters, memberships);
};

describe('The composition of a partnership', () => {
  it('is six clusters with 1,006 members and 700 SMEs for DIA', () => {
    const { items, totals, partnership } = seeded('dia');
    expect(items.map(({ no, country }) => [no, country])).toEqual([
      [1, 'SE'],
      [2, 'ES'],
      [3, 'IT'],
      [4, 'PT'],
      [5, 'DE'],
      [6, 'FR'],
    ]);
    expect(totals).toEqual({ clusters: 6, members: { value: 1006, coverage: '6 of 6' }, smes: { value: 700, coverage: '6 of 6' } });
    expect(partnership).toEqual({ id: expect.any(String), slug: 'dia', acronym: 'DIA', name: 'European Digital Industry Alliance' });
  });

  it('shows each cluster as it declares itself', () => {
    expect(seeded('dia').items[5]).toEqual({
      id: expect.any(String),
      name: 'Secured Communicating Solutions cluster',
      aliases: [{ name: 'Pole SCS', origin: 'external' }],
      country: 'FR',
      region: { code: 'FRL0', version: 'NUTS 2021', label: "Provence-Alpes-Côte d'Azur" },
      role: 'PARTNER',
      no: 6,
      members: quantity(305),
      smes: quantity(200),
      classifications: {
        sectoralIndustries: ['23'],
        technologyFields: ['EL.AI', 'EL.IOT'],
        s3PriorityAreas: ['DIGITAL_AGENDA.ICT_TRUST', 'ICT.TELECOMMUNICATIONS'],
        emergingIndustries: ['DIGITAL', 'MOBILITY_TECHNOLOGIES'],
      },
    });
  });

  it('is seven clusters for EXXTRA that declare neither members nor SMEs', () => {
    const { items, totals } = seeded('exxtra');
    expect(items.map(({ members, smes }) => [members, smes])).toEqual(Array(7).fill([null, null]));
    expect(totals).toEqual({ clusters: 7, members: null, smes: null });
    expect(items.filter(({ role }) => role === 'COORDINATOR').map(({ name }) => name)).toEqual(['DITECFER']);
  });

  it('says how much of a sum is declared', () => {
    const { partnership, clusters, memberships } = compositionSeed('dia');
    const silent = clusters.map((cluster, index) => (index === 0 ? { ...cluster, totals: { members: null, smes: quantity(0) } } : cluster));
    const { totals } = compositionModel(partnership, silent, memberships);
    expect(totals.members).toEqual({ value: 986, coverage: '5 of 6' });
    expect(totals.smes).toEqual({ value: 688, coverage: '6 of 6' });
  });

  it('counts the clusters of each value of the shared vocabularies, the most frequent first', () => {
    const { counts } = seeded('dia');
    expect(counts.emergingIndustries).toEqual([
      { code: 'DIGITAL', label: 'Digital Industries', group: null, count: 4 },
      { code: 'ENVIRONMENTAL', label: 'Environmental Industries', group: null, count: 2 },
      { code: 'MOBILITY_TECHNOLOGIES', label: 'Mobility Technologies', group: null, count: 2 },
      { code: 'ADVANCED_PACKAGING', label: 'Advanced Packaging', group: null, count: 1 },
      { code: 'BLUE_GROWTH', label: 'Blue Growth Industries', group: null, count: 1 },
      { code: 'CREATIVE', label: 'Creative Industries', group: null, count: 1 },
    ]);
    expect(counts.s3PriorityAreas[1]).toEqual({
      code: 'DIGITAL_AGENDA.ICT_TRUST',
      label: 'ICT trust, cyber security & network security',
      group: 'Digital Agenda',
      count: 2,
    });
    expect(dimensions.map((dimension) => counts[dimension].length)).toEqual([8, 10, 10, 6]);
  });

  it('counts a cluster once, however often it says the same, and shows an unknown code as it is', () => {
    const { partnership, clusters, memberships } = compositionSeed('exxtra');
    const [first] = clusters;
    const classifications = { ...first!.classifications, emergingIndustries: ['DIGITAL', 'DIGITAL', 'NEW_ONE'] };
    const { counts } = compositionModel(partnership, [{ ...first!, classifications }], memberships);
    expect(counts.emergingIndustries.map(({ label, count }) => [label, count])).toEqual([
      ['Digital Industries', 1],
      ['NEW_ONE', 1],
    ]);
  });

  it('holds active clusters of this partnership only', () => {
    const { partnership, clusters, memberships } = compositionSeed('dia');
    const [first, second, third, ...others] = memberships;
    const mixed = [
      { ...first!, state: 'ENDED' },
      { ...second!, state: 'INVITED' },
      { ...third!, partnership: clusters[0]!.id },
      { ...first!, kind: 'ORGANISATION_IN_CLUSTER' as const },
      ...others,
    ];
    expect(compositionModel(partnership, clusters, mixed).items.map(({ no }) => no)).toEqual([4, 5, 6]);
  });

  it('leaves out whom the reader may not see, and counts without', () => {
    const { partnership, clusters, memberships } = compositionSeed('dia');
    const { totals } = compositionModel(partnership, clusters.slice(1), memberships);
    expect(totals).toEqual({ clusters: 5, members: { value: 986, coverage: '5 of 5' }, smes: { value: 688, coverage: '5 of 5' } });
  });

  it('lists clusters without a number after the others, by name', () => {
    const { partnership, clusters, memberships } = compositionSeed('dia');
    const unnumbered = memberships.map((membership) => ({ ...membership, no: membership.no === 6 ? 6 : null }));
    const names = compositionModel(partnership, clusters, unnumbered).items.map(({ name }) => name.slice(0, 5));
    expect(names).toEqual(['Secur', 'Assoc', 'Balti', 'GAIA.', 'MESAP', 'MITC ']);
  });

  it('carries the disclaimer its funding asks for, in its own words or in ours', () => {
    const { partnership, clusters, memberships } = compositionSeed('dia');
    const funding = partnership.funding!;
    const disclaimed = (funding: typeof partnership.funding) =>
      compositionModel({ ...partnership, funding }, clusters, memberships).disclaimer;
    expect(seeded('dia').disclaimer).toMatch(/^Views are the author's only/);
    expect(seeded('pimap').disclaimer).toBe(disclaimer('EU_FUNDING', '2020-01-01')!.text.en);
    expect(disclaimed({ ...funding, disclaimerRequired: true, disclaimer: { fr: 'Avis', en: 'Notice' } })).toBe('Notice');
    expect(disclaimed({ ...funding, disclaimerRequired: false, disclaimer: { en: 'Notice' } })).toBeNull();
    expect(disclaimed(null)).toBeNull();
  });
});
