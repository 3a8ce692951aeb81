import { fold } from '#libs/reference/spelling';

/** What searches compare, by prefix range. */
export { fold };

/** A text as it is served: by BCP 47 language. */
export type Text = Readonly<Record<string, string>>;

/** The folded words of a text, without punctuation. */
export function words(text: string): string[] {
  return fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** A stable address: `PIMAP Partnership` → `pimap-partnership`. Empty when no letter or digit of ASCII is left. */
export function slug(text: string): string {
  return (fold(text).match(/[a-z0-9]+/g) ?? []).join('-').slice(0, 80).replace(/-$/, '');
}

/** A plain string is English. */
export function textOf(text: string | Text): Text {
  return typeof text === 'string' ? { en: text } : text;
}

/** The text in the first language asked for that it has (`fr-BE` is served by `fr`), else in English, else in any. */
export function inLanguage(text: string | Text, languages: readonly string[]): string {
  const byLanguage = new Map(Object.entries(textOf(text)).map(([language, value]) => [language.toLowerCase(), value]));
  for (const language of [...languages.flatMap(ranges), 'en']) {
    const found = byLanguage.get(language);
    if (found !== undefined) return found;
  }
  return byLanguage.values().next().value ?? '';
}

/** `zh-Hant-TW` → zh-hant-tw, zh-hant, zh. */
function ranges(language: string): string[] {
  const parts = language.toLowerCase().split('-');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'));
}
