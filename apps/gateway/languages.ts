import type { Verdict } from '#libs/domain/verdict';
import { details, ofMachines } from './languages-details.js';
import { problemTexts } from './languages-problems.js';
import type { ProblemName } from './problem.js';

/** The languages messages are given in; what is said to programs, codes and fields, is the same in all. */
export const LANGUAGES = ['en', 'fr', 'de', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];
export type Translation = Exclude<Language, 'en'>;

const isLanguage = (tag: string): tag is Language => (LANGUAGES as readonly string[]).includes(tag);

/** The first of the wanted languages that is spoken here, whatever its region; else English. */
export const languageOf = (wanted: readonly string[]): Language => wanted.map((tag) => tag.split('-', 1)[0]!).find(isLanguage) ?? 'en';

export interface ProblemText {
  title: string;
  /** The way out. */
  help: string;
}

/** Null: as it stands in English. */
export const problemTextIn = (name: ProblemName, language: Language): ProblemText | null =>
  language === 'en' ? null : problemTexts[language][name];

/** What a code says in general, or null where only English says it. `words` fill its gaps. */
export function detailIn(code: string, language: Language, words: Record<string, unknown>): string | null {
  if (language === 'en') return null;
  const text = details[language][code] ?? ofMachines[language][suffixOf(code)];
  return text === undefined ? null : filled(text, words);
}

/** A verdict of a machine, told in the language; any other stays as its rule has put it. */
export function verdictIn(verdict: Verdict, language: Language): Verdict {
  if (language === 'en') return verdict;
  const text = ofMachines[language][`${suffixOf(verdict.rule)}.${verdict.outcome}`];
  const message = text === undefined ? null : filled(text, verdict.inputs);
  return message === null ? verdict : { ...verdict, message };
}

const suffixOf = (code: string) => code.slice(code.lastIndexOf('.') + 1);

/** Null when a gap stays open: half a sentence is worse than one in English. */
function filled(text: string, words: Record<string, unknown>): string | null {
  let open = false;
  const whole = text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const word = words[name];
    if (word === undefined || word === null) open = true;
    return Array.isArray(word) ? word.join(', ') : String(word);
  });
  return open ? null : whole;
}
