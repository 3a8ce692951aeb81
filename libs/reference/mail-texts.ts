import file from './data/mail-texts.json' with { type: 'json' };

export interface MailText {
  /** One line; `{name}` is filled. */
  readonly subject: string;
  /** Paragraphs. */
  readonly text: readonly string[];
  /** What a button says that leads to its link. */
  readonly button?: string;
}

/** What a text is filled with; what is not there is a gap. */
export type Values = Readonly<Record<string, string | undefined>>;

const texts: ReadonlyMap<string, { readonly en: MailText } & Readonly<Record<string, MailText | undefined>>> = new Map(
  file.items.map(({ code, texts: byLanguage }) => [code, byLanguage]),
);

type PageWords = (typeof file.pages)['en'];
type Words = (typeof file.words)['en'];

/** Codes of all mails that have a text. */
export const mailCodes: readonly string[] = file.items.map(({ code }) => code);

/** The languages that mails are written in. */
export const mailLanguages: readonly string[] = Object.keys(file.words);

/** `de-AT` is written in de; what is not written here in English. */
export function mailLanguage(tag: string): string {
  const [language = 'en'] = tag.toLowerCase().split('-');
  return mailLanguages.includes(language) ? language : 'en';
}

/** How dates are written: English as it is written in Europe. */
export function mailLocale(tag: string): string {
  const language = mailLanguage(tag);
  return language === 'en' ? 'en-GB' : language;
}

/** Undefined: there is no such mail. */
export function mailText(code: string, language: string): MailText | undefined {
  const known = texts.get(code);
  return known?.[mailLanguage(language)] ?? known?.en;
}

const byLanguage = <W>(all: { en: W }, language: string): W => (all as Record<string, W | undefined>)[mailLanguage(language)] ?? all.en;

/** Words of mails beside their texts. */
export const mailWords = (language: string): Words => byLanguage(file.words, language);

/** What the page of a link says. */
export const pageWords = (language: string): PageWords => byLanguage(file.pages, language);

/** Null where a gap stays open, or where what it depends on (`[name] …`) is not there. */
export function filled(text: string, values: Values): string | null {
  const [, condition, rest] = /^\[(\w+)\] (.*)$/s.exec(text) ?? [];
  if (condition !== undefined && !values[condition]) return null;
  let isOpen = false;
  const whole = (rest ?? text).replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (!value) isOpen = true;
    return value ?? '';
  });
  return isOpen ? null : whole;
}
