/// <reference path="./sanitize-html.d.ts" />
import sanitizeHtml from 'sanitize-html';
import { z } from 'zod';

/** What a text may be set in: paragraphs, lists, emphasis, links that lead to a page or an address of mail. */
const allowed = {
  allowedTags: ['p', 'br', 'strong', 'em', 'b', 'i', 'u', 'sub', 'sup', 'ul', 'ol', 'li', 'h3', 'h4', 'blockquote', 'a'],
  allowedAttributes: { a: ['href', 'title'] },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowProtocolRelative: false,
};

/** `<` before a letter, `/`, `!` or `?` is markup; "< 250 employees" and "R&D" are plain text and stay as they are. */
const isMarkup = /<[a-z/!?]/i;

/** The text without what could run or be loaded where it is shown; plain text stays as it is. */
export const sanitized = (text: string): string => (isMarkup.test(text) ? sanitizeHtml(text, allowed) : text);

const TEXTS = ['Text', 'TextPatch'];

/** What is said, with every text by language sanitised, wherever its schema says that there is one. */
export function withoutScripts<T>(schema: z.core.$ZodType, said: T): T {
  return cleaned(schema, said) as T;
}

function cleaned(schema: z.core.$ZodType, said: unknown): unknown {
  if (said === null || said === undefined) return said;
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNonOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return cleaned(schema.unwrap(), said);
  if (schema instanceof z.ZodType && TEXTS.includes(String(schema.meta()?.id))) return byLanguage(said as Record<string, string | null>);
  if (schema instanceof z.ZodPipe) return cleaned(schema.out, said);
  if (schema instanceof z.ZodUnion) return cleanedAs(schema.options.find((option) => fits(option, said)) ?? null, said);
  if (schema instanceof z.ZodArray && Array.isArray(said)) return said.map((each) => cleaned(schema.element, each));
  if (schema instanceof z.ZodObject && typeof said === 'object') {
    const shape = schema.shape as Record<string, z.core.$ZodType>;
    return Object.fromEntries(Object.entries(said).map(([name, value]) => [name, cleanedAs(shape[name] ?? null, value)]));
  }
  return said;
}

const cleanedAs = (schema: z.core.$ZodType | null, said: unknown) => (schema ? cleaned(schema, said) : said);

const fits = (option: z.core.$ZodType, said: unknown): boolean => option instanceof z.ZodType && option.safeParse(said).success;

const byLanguage = (text: Record<string, string | null>) =>
  Object.fromEntries(Object.entries(text).map(([language, value]) => [language, value && sanitized(value)]));
