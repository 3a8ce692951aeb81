import type { Completeness } from '#libs/contracts/profile';
import { profileFieldsOf } from '#libs/reference/profile-fields';
import { pointer } from './json-pointer.js';

type Kind = 'PARTNERSHIP' | 'CLUSTER';

const isBlank = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (typeof value === 'object' && Object.values(value).every(isBlank));

/** Of a figure what is declared counts: a target or what is computed fills nothing in. */
function filledIn(profile: object, path: string): unknown {
  const value = path.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown> | null)?.[part], profile);
  return path.startsWith('figures.') ? (value as { declared?: unknown } | undefined)?.declared : value;
}

const blankOf = (kind: Kind, profile: object) => profileFieldsOf(kind).filter(({ code }) => isBlank(filledIn(profile, code)));

/** How much of a profile is filled in, and what is not. */
export function completenessOf(kind: Kind, profile: object): Completeness {
  const [all, missing] = [profileFieldsOf(kind), blankOf(kind, profile)];
  return { percent: Math.round((100 * (all.length - missing.length)) / all.length), missing: missing.map(({ code }) => code) };
}

/** Mandatory fields that are blank: dotted paths. */
export const mandatoryBlank = (kind: Kind, profile: object): string[] =>
  blankOf(kind, profile).flatMap(({ code, mandatoryFor }) => (mandatoryFor.includes(kind) ? [code] : []));

/** The same as JSON pointers. */
export const mandatoryMissing = (kind: Kind, profile: object): string[] =>
  mandatoryBlank(kind, profile).map((path) => pointer(...path.split('.')));
