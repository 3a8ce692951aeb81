import { type VocabularyName, vocabulary } from '#libs/reference/vocabulary';
import { pointer } from './json-pointer.js';
import type { Fault } from './verdict.js';

/** The four classifications of partnerships and clusters, and the vocabulary of each. */
export const classifications = {
  sectoralIndustries: 'sectoral-industries',
  technologyFields: 'technology-fields',
  s3PriorityAreas: 's3-priority-areas',
  emergingIndustries: 'emerging-industries',
} as const satisfies Record<string, VocabularyName>;

export type Classification = keyof typeof classifications;
export const classificationNames = Object.keys(classifications) as Classification[];

/** A value as a page prints it: alone, with a count, or in its two levels. */
export type PrintedValue =
  | string
  | { readonly name: string; readonly partners?: number | null }
  | { readonly group: string; readonly field: string }
  | { readonly area: string; readonly subArea?: string | null };

type Codes = { readonly [K in Classification]?: readonly string[] | null };
export type Classified = { readonly [K in Classification]?: readonly PrintedValue[] | null } & { readonly codes?: Codes | null };

/** The codes of one classification, read from `codes` or else from the printed values; null where it is blank, undefined where it is missing. */
export function codesOf(name: Classification, from: Classified): string[] | null | undefined {
  return readings(name, from)?.flatMap(({ code }) => code ?? []) ?? (from[name] === null || from.codes?.[name] === null ? null : undefined);
}

/** Values that no code is known for. */
export function unknownValues(from: Classified, at: string): Fault[] {
  return classificationNames.flatMap((name) => {
    const unknown = (readings(name, from) ?? []).filter(({ code }) => code === undefined);
    return unknown.map(({ path, text }) => ({ pointer: at + pointer(...path), message: `"${text}" is not in ${classifications[name]}.` }));
  });
}

function readings(name: Classification, from: Classified) {
  const codes = from.codes?.[name];
  const texts = codes ?? from[name]?.map(printedText);
  const base = codes ? ['codes', name] : [name];
  return texts?.map((text, index) => ({ text, path: [...base, index], code: vocabulary(classifications[name]).find(text)?.code }));
}

/** Both levels as "area: sub-area". */
export function printedText(value: PrintedValue): string {
  if (typeof value === 'string') return value;
  if ('name' in value) return value.name;
  if ('group' in value) return `${value.group}: ${value.field}`;
  return value.subArea ? `${value.area}: ${value.subArea}` : value.area;
}
