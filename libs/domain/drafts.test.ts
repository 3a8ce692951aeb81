import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changedBy, inWork, settled } from './drafts.js';

interface Record_ {
  profile: string;
  name: string;
  aim: string | null;
  ids: string[];
  draft: { profile: string; name?: string; aim?: string | null } | null;
  authors: string[];
}
const record = (over: Partial<Record_> = {}): Record_ => ({
  profile: 'PUBLISHED',
  name: 'A',
  aim: null,
  ids: [],
  draft: null,
  authors: [],
  ...over,
});
const change = (before: Record_, said: Partial<Record_>, by = 'anna') => changedBy(before, { ...inWork(before), ...said }, ['ids'], by);

describe('What is said of a reviewed profile', () => {
  it('stands in its draft; what is no part of the profile holds at once', () => {
    const next = change(record(), { name: 'B', ids: ['x'] });
    expect(next).toEqual(record({ ids: ['x'], draft: { name: 'B', profile: 'DRAFT' }, authors: ['anna'] }));
    expect(inWork(next)).toMatchObject({ name: 'B', profile: 'DRAFT', draft: null });
  });

  it('leaves how far the review has come, and ends with the last difference', () => {
    const returned = record({ draft: { name: 'B', profile: 'CHANGES_REQUESTED' }, authors: ['anna'] });
    const next = change(returned, { aim: 'More' }, 'bert');
    expect(next).toMatchObject({ draft: { name: 'B', aim: 'More', profile: 'CHANGES_REQUESTED' }, authors: ['anna', 'bert'] });
    expect(change(next, { name: 'A', aim: null })).toEqual(record());
  });

  it('of one that was never published is written into it', () => {
    expect(change(record({ profile: 'DRAFT' }), { name: 'B' })).toEqual(record({ profile: 'DRAFT', name: 'B', authors: ['anna'] }));
  });

  it('as it stands already changes nothing', () => {
    const before = record({ draft: { name: 'B', profile: 'DRAFT' } });
    expect(change(before, { name: 'B' })).toBe(before);
  });

  it('is what is read at work, whatever was said before; and what is public is what was', () => {
    const said = fc.record({ name: fc.constantFrom('A', 'B', 'C'), aim: fc.constantFrom(null, 'x', 'y') }, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.array(said), (all) => {
        const after = all.reduce((state, each) => change(state, each), record());
        expect(inWork(after)).toMatchObject(Object.assign({ name: 'A', aim: null }, ...all));
        expect(after).toMatchObject({ name: 'A', aim: null, profile: 'PUBLISHED' });
        expect(after.draft === null).toBe(inWork(after).name === 'A' && inWork(after).aim === null);
      }),
    );
  });

  it('gives way to what holds at once', () => {
    const drafted = record({ draft: { name: 'B', aim: 'x', profile: 'DRAFT' } });
    expect(settled(drafted, ['name']).draft).toEqual({ aim: 'x', profile: 'DRAFT' });
    expect(settled(drafted, ['name', 'aim']).draft).toBeNull();
  });
});
