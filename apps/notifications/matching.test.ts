import { describe, expect, it } from '@jest/globals';
import { hears, type Knowledge, maySee, passes } from './matching.js';

const dia = '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f';
const gaia = '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e60';
const time = '2020-09-01T08:00:00.000Z';
const knowledge: Knowledge = new Map([
  [dia, { slugs: ['dia', 'discp'], published: true }],
  [gaia, { slugs: [], published: false }],
]);

const aFact = (type: string, data: object, id = dia) => ({ type, subject: `/v1/things/${id}`, time, data });
const imported = aFact('partnership.imported.v1', { slug: 'dia', formerSlugs: ['discp'], profile: 'PUBLISHED' });
const planned = aFact('event.recorded.v1', { partnerships: [dia], state: 'PLANNED' }, 'e1');
const rights = (role: string, bound = false) => ({
  owner: 'me',
  roles: [{ role, binding: bound ? { kind: 'PARTNERSHIP' as const, id: dia } : null }],
});

describe('A subscription', () => {
  it('hears what is told from its beginning on', () => {
    expect(hears({ eventTypes: ['*'], createdAt: time }, imported)).toBe(true);
    expect(hears({ eventTypes: ['*'], createdAt: '2020-09-01T08:00:00.001Z' }, imported)).toBe(false);
    expect(hears({ eventTypes: ['event.*'], createdAt: time }, imported)).toBe(false);
  });
});

describe('A filter', () => {
  it('finds the subject itself by id, by slug and by the slug it had before', () => {
    for (const name of [dia, 'dia', 'discp']) expect(passes({ partnership: [name] }, imported, new Map())).toBe(true);
    expect(passes({ partnership: ['pimap'] }, imported, knowledge)).toBe(false);
  });

  it('finds what a fact refers to, one or many, by id or by slug', () => {
    for (const name of [dia, 'dia']) expect(passes({ partnership: [name] }, planned, knowledge)).toBe(true);
    const joined = aFact('membership.recorded.v1', { partnership: dia, cluster: gaia });
    expect(passes({ partnership: ['dia'], cluster: [gaia] }, joined, knowledge)).toBe(true);
    expect(passes({ partnership: ['dia'], cluster: [dia] }, joined, knowledge)).toBe(false);
  });

  it('that names nothing lets everything pass', () => {
    expect(passes(null, planned, new Map())).toBe(true);
    expect(passes({}, planned, new Map())).toBe(true);
  });

  it('lets nothing pass that has no such reference', () => {
    expect(passes({ organisation: [dia] }, planned, knowledge)).toBe(false);
  });
});

describe('Everybody', () => {
  const anybody = rights('PUBLIC');

  it('may learn of what is published', () => {
    expect(maySee(anybody, imported, knowledge)).toBe(true);
    expect(maySee(anybody, planned, knowledge)).toBe(true);
  });

  it('learns nothing of drafts, of what belongs to them, or of kinds that are not public', () => {
    expect(maySee(anybody, aFact('partnership.imported.v1', { profile: 'DRAFT' }), knowledge)).toBe(false);
    expect(maySee(anybody, aFact('event.recorded.v1', { partnerships: [gaia] }), knowledge)).toBe(false);
    expect(maySee(anybody, planned, new Map())).toBe(false);
    expect(maySee(anybody, aFact('membership.recorded.v1', { state: 'ACTIVE', partnership: dia, cluster: gaia }), knowledge)).toBe(false);
    expect(maySee(anybody, aFact('report.ready.v1', {}), knowledge)).toBe(false);
    expect(maySee(anybody, aFact('constructor.made.v1', {}), knowledge)).toBe(false);
  });
});

describe('The platform administrator', () => {
  it('sees all, unless the role is bound to a part', () => {
    const hidden = aFact('report.ready.v1', {});
    expect(maySee(rights('PLATFORM_ADMIN'), hidden, new Map())).toBe(true);
    expect(maySee(rights('PLATFORM_ADMIN', true), hidden, new Map())).toBe(false);
  });
});
