import { describe, expect, it } from '@jest/globals';
import { mergePatch, patched } from './merge-patch.js';

describe('A merge patch', () => {
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('of %j by %j gives %j, as RFC 7396 has it', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });
});

describe('A patched record', () => {
  it('makes a field blank where the patch says null, and leaves alone what it does not name', () => {
    expect(patched({ city: 'Bilbao', country: 'ES' }, { city: null })).toEqual({ city: null, country: 'ES' });
  });

  it('adds a language to a text without touching the others', () => {
    expect(patched({ title: { en: 'Visit', fr: 'Visite' } }, { title: { fr: null, de: 'Besuch' } }, ['title'])).toEqual({
      title: { en: 'Visit', de: 'Besuch' },
    });
  });

  it('has no text left when its last language is gone, or none is said', () => {
    for (const title of [{ en: 'Visit' }, {}, null])
      expect(patched({ title }, { title: { en: null } }, ['title'])).toEqual({ title: null });
  });

  it('makes members of a field blank, and keeps them all', () => {
    const totals = { members: { value: 12, asOf: null }, smes: { value: 7, asOf: '2018' } };
    expect(patched({ totals }, { totals: { smes: null, members: { value: 13, asOf: null } } })).toEqual({
      totals: { members: { value: 13, asOf: null }, smes: null },
    });
    expect(patched<{ region: unknown }>({ region: null }, { region: { code: null, label: 'North' } })).toEqual({
      region: { code: null, label: 'North' },
    });
  });
});
