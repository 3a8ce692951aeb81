import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold, inLanguage, slug, textOf, words } from './text.js';

const text = fc.string({ unit: 'grapheme', maxLength: 30 });

describe('Folding', () => {
  it.each([
    ['Östra Mellansverige', 'ostra mellansverige'],
    ['Türkiye', 'turkiye'],
    ['İstanbul', 'istanbul'],
    ['SAVRONİK', 'savronik'],
    ['Straße  der\tEinheit ', 'strasse der einheit'],
    ['Łódź', 'lodz'],
    ['Ærø', 'aero'],
    ['ﬁrst', 'first'],
    ['Associação para o Pólo', 'associacao para o polo'],
  ])('%s is searched as %s', (written, folded) => expect(fold(written)).toBe(folded));

  it('changes nothing twice', () => {
    fc.assert(fc.property(text, (each) => expect(fold(fold(each))).toBe(fold(each))));
  });

  it('does not care how an accent is encoded', () => {
    fc.assert(fc.property(text, (each) => expect(fold(each.normalize('NFD'))).toBe(fold(each.normalize('NFC')))));
  });
});

describe('Words', () => {
  it('leave punctuation behind', () => {
    expect(words("GAIA.-Association of Knowledge (d'Azur)")).toEqual(['gaia', 'association', 'of', 'knowledge', 'd', 'azur']);
    expect(words(' – ')).toEqual([]);
  });
});

describe('A slug', () => {
  it.each([
    ['DIA', 'dia'],
    ['PIMAP Partnership – Photonics', 'pimap-partnership-photonics'],
    ['Associação para o Pólo TICE.PT', 'associacao-para-o-polo-tice-pt'],
    ['Ελλάδα', ''],
  ])('of %s is "%s"', (name, expected) => expect(slug(name)).toBe(expected));

  it('holds small letters, digits and single hyphens only', () => {
    fc.assert(fc.property(text, (each) => expect(slug(each)).toMatch(/^([a-z0-9]+(-[a-z0-9]+)*)?$/)));
    expect(slug(`${'a'.repeat(79)} b`)).toBe('a'.repeat(79));
  });
});

describe('A text by language', () => {
  const greeting = { en: 'Good day', fr: 'Bonjour', 'zh-Hant': '你好' };

  it('is English when it is a plain string', () => {
    expect(textOf('Good day')).toEqual({ en: 'Good day' });
    expect(inLanguage('Good day', ['fr'])).toBe('Good day');
  });

  it('is served in the first language it has, regions falling back to their language', () => {
    expect(inLanguage(greeting, ['de', 'fr-BE', 'en'])).toBe('Bonjour');
    expect(inLanguage(greeting, ['zh-hant-TW'])).toBe('你好');
  });

  it('falls back to English, then to what there is', () => {
    expect(inLanguage(greeting, ['el'])).toBe('Good day');
    expect(inLanguage({ fr: 'Bonjour' }, ['el'])).toBe('Bonjour');
    expect(inLanguage({}, ['el'])).toBe('');
  });
});
