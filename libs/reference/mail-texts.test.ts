import { describe, expect, it } from '@jest/globals';
import { filled, mailCodes, mailLanguage, mailLanguages, mailText, mailWords, pageWords } from './mail-texts.js';

const gapsIn = (texts: readonly string[]) => [...new Set(texts.flatMap((text) => text.match(/[[{]\w+[\]}]/g) ?? []))].sort();

describe('The texts of mails', () => {
  it.each(mailCodes)('%s says the same in each language', (code) => {
    const english = mailText(code, 'en')!;
    for (const language of mailLanguages) {
      const text = mailText(code, language)!;
      expect(gapsIn(text.text)).toEqual(gapsIn(english.text));
      expect(gapsIn([text.subject])).toEqual(gapsIn([english.subject]));
      expect(text.text).toHaveLength(english.text.length);
      expect(text.button !== undefined).toBe(text.text.includes('{link}'));
      if (language !== 'en') expect(text.text).not.toEqual(english.text);
    }
  });

  it('has the words of pages in each language', () => {
    const english = pageWords('en');
    for (const language of mailLanguages) {
      expect(Object.keys(pageWords(language))).toEqual(Object.keys(english));
      expect(Object.keys(mailWords(language))).toEqual(Object.keys(mailWords('en')));
    }
  });

  it('is found by language whatever the region, else in English', () => {
    expect([mailLanguage('de-AT'), mailLanguage('FR'), mailLanguage('fi'), mailLanguage('')]).toEqual(['de', 'fr', 'en', 'en']);
  });
});

describe('A text', () => {
  it('is filled, or left out where something it needs is not there', () => {
    expect(filled('{name} comes to {event}', { name: 'Ada', event: 'Fair' })).toBe('Ada comes to Fair');
    expect(filled('{name} comes to {event}', { name: 'Ada' })).toBeNull();
    expect(filled('[table] At table {table}', { table: 'A' })).toBe('At table A');
    expect(filled('[table] At a table', {})).toBeNull();
    expect(filled('{a} {b}', { a: '{b}', b: '$&' })).toBe('{b} $&');
  });
});
