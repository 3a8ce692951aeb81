import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '#libs/domain/verdict';
import { languagesOf } from './asked.js';
import { codes } from './codes.js';
import { LANGUAGES, languageOf, verdictIn } from './languages.js';
import { details } from './languages-details.js';
import { problemTexts } from './languages-problems.js';
import { Problem, problemTypes, refused } from './problem.js';

const translations = LANGUAGES.filter((language) => language !== 'en');
const chosen = (header?: string) => languageOf(languagesOf(header));

describe('The language of a message', () => {
  it.each([
    [undefined, 'en'],
    ['fr', 'fr'],
    ['fr-BE', 'fr'],
    ['DE-at', 'de'],
    ['nl, de;q=0.8, fr;q=0.9', 'fr'],
    ['nl;q=1, es; q=0.5', 'es'],
    ['fr;q=0, de;q=0.1', 'de'],
    ['nl', 'en'],
    ['*', 'en'],
    ['en, fr', 'en'],
    [';;;,,', 'en'],
  ])('asked for by %s is %s', (header, expected) => {
    expect(chosen(header)).toBe(expected);
  });
});

describe('The catalogue of messages', () => {
  it.each(translations)('has title and way out of every problem in %s', (language) => {
    for (const name of Object.keys(problemTypes) as (keyof typeof problemTypes)[]) {
      const { title, help } = problemTexts[language][name];
      expect([name, title !== '' && title !== problemTypes[name].title, help !== '']).toEqual([name, true, true]);
    }
  });

  it('says in every language what it says in one, by codes that there are', () => {
    const [first, ...others] = translations.map((language) => Object.keys(details[language]));
    for (const other of others) expect(other).toEqual(first);
    expect(first!.filter((code) => !codes.has(code))).toEqual([]);
  });
});

describe('A problem', () => {
  const scope = new Problem('notYours', {
    code: 'AUTH.SCOPE',
    detail: 'The scope events:write is needed.',
    extra: { scope: 'events:write' },
  });

  it('is told in the language, its gaps filled', () => {
    expect(scope.body('t', 'fr')).toMatchObject({
      title: 'Cela ne vous appartient pas',
      detail: 'La portée events:write est nécessaire.',
      code: 'AUTH.SCOPE',
    });
    expect(scope.body('t', 'de').detail).toBe('Die Berechtigung events:write ist nötig.');
    expect(scope.body('t', 'es').detail).toBe('Hace falta el permiso events:write.');
  });

  it('is told in English when no other is asked for', () => {
    expect(scope.body('t')).toMatchObject({ title: 'Not yours to do', detail: 'The scope events:write is needed.' });
  });

  it('keeps its own words where the catalogue has none', () => {
    const own = new Problem('refused', { code: 'EVENT.TYPE.KNOWN', detail: 'PARTY is not a code of event-types.' });
    expect(own.body('t', 'fr')).toMatchObject({ title: 'Une règle s’y oppose', detail: 'PARTY is not a code of event-types.' });
  });

  it('of a machine says what is possible, and from where', () => {
    const inputs = { command: 'pause', state: 'ENDED', from: ['ACTIVE', 'PAUSED'] };
    const message = 'pause is possible from ACTIVE, PAUSED, not from ENDED.';
    const verdict = { rule: 'SUBSCRIPTION.PAUSE.STATE', version: 1, outcome: 'FAILED', message, inputs, source: null } satisfies Verdict;
    const refusal = { kind: 'WRONG_STATE' as const, code: verdict.rule, message, verdicts: [verdict], errors: [] };
    const body = refused(refusal, 1).body('t', 'de');
    expect(body.detail).toBe('„pause“ ist möglich aus ACTIVE, PAUSED, nicht aus ENDED.');
    expect(body.verdicts[0]!.message).toBe(body.detail);
    expect(body.verdicts[0]!.inputs).toEqual(inputs);
  });

  it('leaves no gap open: English where a word is missing', () => {
    const verdict = {
      rule: 'EVENT.CHANGE.STATE',
      version: 1,
      outcome: 'FAILED',
      message: 'Over.',
      inputs: { state: 'HELD' },
      source: null,
    } satisfies Verdict;
    expect(verdictIn(verdict, 'fr')).toBe(verdict);
  });
});
