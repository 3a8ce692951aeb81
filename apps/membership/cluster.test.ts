import { describe, expect, it } from '@jest/globals';
import { type Actor, system } from '#libs/contracts/actor';
import type { ClusterRecord } from '#libs/contracts/cluster';
import { failedRules } from '#libs/domain/verdict';
import { byName, type Cluster, recordCluster } from './cluster.js';

const at = '2026-01-01T00:00:00.000Z';
const context = (by: Actor = system('membership', at)) => ({ id: '01434b19-8400-7309-9f13-76396dd9e6e6', by, at, message: 'm' });

const scs: ClusterRecord = {
  name: 'Secured Communicating Solutions cluster',
  aliases: [{ name: 'Pole SCS', origin: 'external' }],
  country: 'FR',
  slug: 'secured-communicating-solutions-cluster-fr',
  totals: { members: { value: 305, qualifier: null, asOf: '2018/2019' }, smes: null },
  profile: 'PUBLISHED',
  sourceKey: 'DIA:composition:6',
};
const recorded = (said: Partial<ClusterRecord> = {}, before: Cluster | null = null) =>
  recordCluster(before, { ...scs, ...said }, context());

describe('A cluster in an import', () => {
  it('keeps the address it was given first', () => {
    const { next } = recorded();
    expect(recorded({ slug: 'scs-fr', sourceKey: 'PIMAP:composition:1' }, next).next.slug).toBe(next.slug);
  });

  it('comes into being validated, with blanks as null', () => {
    const { next, facts } = recorded();
    expect(next).toMatchObject({
      state: 'VALIDATED',
      profile: 'PUBLISHED',
      website: null,
      totals: { smes: null },
      sourceKeys: ['DIA:composition:6'],
    });
    expect(facts.map(({ type }) => type)).toEqual(['cluster.recorded.v1']);
  });

  it('that says nothing new leaves the very same cluster, and no fact', () => {
    const { next } = recorded();
    const again = recorded({}, next);
    expect(again.next).toBe(next);
    expect(again.facts).toEqual([]);
  });

  it('as a draft takes back only what no other partnership stands by', () => {
    const { next } = recorded();
    expect(recorded({ profile: 'DRAFT' }, next).next.profile).toBe('DRAFT');
    const shared = recorded({ profile: 'DRAFT', sourceKey: 'OTHER:composition:1' }, next).next;
    expect(shared).toMatchObject({ profile: 'PUBLISHED', sourceKeys: ['DIA:composition:6', 'OTHER:composition:1'] });
    const draft = recorded({ profile: 'DRAFT' }).next;
    expect(recorded({ sourceKey: 'OTHER:composition:1' }, draft).next.profile).toBe('PUBLISHED');
  });

  it('leaves what it does not mention, and takes null as a statement', () => {
    const before = recorded({ website: 'www.pole-scs.org', foundedYear: 2005 }).next;
    expect(recorded({ foundedYear: null }, before).next).toMatchObject({ website: 'www.pole-scs.org', foundedYear: null });
  });

  it('keeps the name it is known by; another name becomes an alias', () => {
    const before = recorded().next;
    const { next } = recorded({ name: 'SCS Cluster', aliases: [], sourceKey: 'PIMAP:composition:5' }, before);
    expect(next.name).toBe(scs.name);
    expect(next.aliases.map(({ name }) => name)).toEqual(['Pole SCS', 'SCS Cluster']);
    expect(next.sourceKeys).toEqual(['DIA:composition:6', 'PIMAP:composition:5']);
  });

  it('that a source states once more stands as people have put it right since then', () => {
    const { next } = recorded({ website: 'www.old.org' });
    const corrected = { ...next, website: 'www.pole-scs.org' };
    expect(recorded({ website: 'www.old.org' }, corrected).next).toBe(corrected);
    expect(recorded({ website: 'www.new.org' }, corrected).next.website).toBe('www.new.org');
  });

  it('of which two sources say different things is not changed by turns', () => {
    const both = recorded({ website: 'www.scs.eu', sourceKey: 'PIMAP:composition:5' }, recorded({ website: 'www.scs.fr' }).next).next;
    expect(recorded({ website: 'www.scs.fr' }, both).next).toBe(both);
    expect(recorded({ website: 'www.scs.eu', sourceKey: 'PIMAP:composition:5' }, both).next).toBe(both);
  });

  it('named by its alias gets no second alias of the same name', () => {
    const before = recorded().next;
    expect(recorded({ name: 'POLE SCS', aliases: [] }, before).next).toBe(before);
  });

  it('is recorded by the product itself only', () => {
    const by: Actor = { ...context().by, kind: 'CLIENT', roles: [{ role: 'PLATFORM_ADMIN', binding: null }] };
    expect(failedRules(() => recordCluster(null, scs, context(by)))).toEqual(['CLUSTER.RECORD.ACTOR']);
  });

  it('is decided by no rule of the machine', () => {
    expect(recorded().verdicts.map(({ rule, outcome }) => [rule, outcome])).toEqual([
      ['CLUSTER.RECORD.ACTOR', 'PASSED'],
      ['CLUSTER.RECORD.RULES', 'NOT_APPLICABLE'],
    ]);
  });
});

describe('Clusters that are known', () => {
  const known = byName([
    {
      id: 'b',
      name: 'Rail.S e.V.',
      fullName: 'The Rail Industry Cluster',
      aliases: [{ name: 'BTS', origin: 'seed' }],
      country: 'DE',
      slug: 'rail-s-e-v-de',
    },
    { id: 'a', name: 'BTS', fullName: null, aliases: [], country: 'DE', slug: 'bts-de' },
    { id: 'c', name: 'Forêt Bois', fullName: null, aliases: [], country: 'FR', slug: 'foret-bois-fr' },
  ]);

  it('are found by any of their names, a name before an alias', () => {
    expect(known.cluster('the rail industry cluster', 'DE')).toBe('b');
    expect(known.cluster('BTS', 'DE')).toBe('a');
  });

  it('are found whatever case and accents, in their own country only', () => {
    expect(known.cluster('FORET BOIS', 'FR')).toBe('c');
    expect(known.cluster('Forêt Bois', 'BE')).toBeNull();
  });

  it('are found by their address', () => {
    expect([known.slugOwner('bts-de'), known.slugOwner('bts-at')]).toEqual(['a', null]);
  });
});
