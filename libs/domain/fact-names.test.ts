import { describe, expect, it } from '@jest/globals';
import { matchesType, namesIn } from './fact-names.js';

describe('An event type', () => {
  it.each([
    ['*', 'partnership.imported.v1', true],
    ['partnership.*', 'partnership.imported.v1', true],
    ['partnership.imported.v1', 'partnership.imported.v1', true],
    ['partnership.*', 'partnership-search.opened.v1', false],
    ['event.*', 'partnership.imported.v1', false],
    ['partnership.imported.v1', 'partnership.imported.v2', false],
  ])('%s hears %s: %s', (pattern, type, heard) => {
    expect(matchesType(pattern, type)).toBe(heard);
  });
});

describe('The names in a fact', () => {
  const data = { slug: 'dia', formerSlugs: ['discp'], partnership: 'p1', partnerships: ['p2'], cluster: null };
  const fact = { type: 'partnership.imported.v1', subject: '/v1/partnerships/p0', data };

  it('are its subject by id, slug and the slugs it had before, and what it refers to, one or many', () => {
    expect(namesIn('partnership', fact)).toEqual({ own: ['p0', 'dia', 'discp'], referred: ['p1', 'p2'] });
  });

  it('are none where it has nothing to do with the kind', () => {
    expect(namesIn('cluster', fact)).toEqual({ own: [], referred: [] });
    expect(namesIn('event', { ...fact, data: null })).toEqual({ own: [], referred: [] });
  });
});
