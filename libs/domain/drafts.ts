import { canonicalJson } from './canonical.js';

/** A record with a profile that is reviewed before others see it. */
export interface Profiled {
  /** Of what others see, or saw last; of the record itself while it was never published. */
  profile: string;
  /** What is being changed of a reviewed profile, and how far the review of that has come. */
  draft?: ({ profile: string } & object) | null;
  /** Who has written what is not published yet: they do not validate it. */
  authors?: string[];
  profileReason?: string | null;
}

/** What was reviewed is not written over: what is said of it goes into a draft. */
export const isReviewed = (profile: string): boolean => profile === 'PUBLISHED' || profile === 'UNPUBLISHED';

/** The record as those see it who are at work on it. */
export const inWork = <S extends Profiled>(state: S): S => (state.draft ? { ...state, ...state.draft, draft: null } : state);

/**
 * The record after `said`, which is what it would be if all that is said held at once. `atOnce`: fields that are no part of the profile.
 * The very same object when nothing has changed.
 */
export function changedBy<S extends Profiled>(before: S, said: S, atOnce: readonly string[], author: string): S {
  const written = inWork(before);
  const touched = changedFields(written, said);
  if (touched.length === 0) return before;
  const authors = touched.every((field) => atOnce.includes(field)) ? before.authors : [...new Set([...(before.authors ?? []), author])];
  if (!isReviewed(before.profile)) return { ...said, authors };
  const now = Object.fromEntries(touched.filter((field) => atOnce.includes(field)).map((field) => [field, said[field as keyof S]]));
  const next = { ...before, ...now } as S;
  const draft = changedFields(next, said).filter((field) => !atOnce.includes(field));
  if (draft.length === 0) return { ...next, draft: null, authors: [] };
  const content = Object.fromEntries(draft.map((field) => [field, said[field as keyof S]]));
  return { ...next, draft: { ...content, profile: before.draft?.profile ?? 'DRAFT' }, authors };
}

const OWN = ['profile', 'draft', 'authors'];

/** Saying once more what is so already changes nothing. */
export const changedFields = (before: object, after: object): string[] =>
  Object.entries(after).flatMap(([field, value]) =>
    OWN.includes(field) || canonicalJson(value ?? null) === canonicalJson((before as Record<string, unknown>)[field] ?? null)
      ? []
      : [field],
  );

/** Fields that hold at once, whatever a draft says of them. */
export function settled<S extends Profiled>(state: S, fields: readonly (keyof S & string)[]): S {
  if (!state.draft) return state;
  const left = Object.fromEntries(Object.entries(state.draft).filter(([field]) => !fields.includes(field as keyof S & string)));
  return { ...state, draft: Object.keys(left).length > 1 ? (left as { profile: string }) : null };
}
