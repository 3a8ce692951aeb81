import { isCountry } from '#libs/reference/countries';
import { vocabulary } from '#libs/reference/vocabulary';
import { canonicalJson } from './canonical.js';
import { type Classification, classificationNames, classifications } from './classify.js';
import { failed, notApplicable, passed, rule } from './verdict.js';

/** What is said of a partnership or cluster by those who run it. */
export interface SaidOfProfile {
  patch: {
    country?: string;
    countries?: readonly string[] | null;
    targetCountries?: readonly string[] | null;
    classifications?: { readonly [K in Classification]?: readonly string[] | null };
  };
}

export const knownCountries = (machine: string) =>
  rule(`${machine}.COUNTRIES.KNOWN`, ({ patch: { country, countries, targetCountries } }: SaidOfProfile) => {
    const said = [
      ...(country ? [['/country', country] as const] : []),
      ...(countries ?? []).map((code, i) => [`/countries/${i}`, code] as const),
      ...(targetCountries ?? []).map((code, i) => [`/targetCountries/${i}`, code] as const),
    ];
    if (said.length === 0) return notApplicable('No country is stated.');
    const unknown = said
      .filter(([, code]) => !isCountry(code))
      .map(([pointer, code]) => ({ pointer, message: `${code} is not a country of ISO 3166-1.` }));
    const inputs = { countries: said.map(([, code]) => code) };
    return unknown.length === 0 ? passed('The countries are known.', inputs) : failed('A country is not known.', inputs, unknown);
  });

export const knownClassifications = (machine: string) =>
  rule(`${machine}.CLASSIFICATIONS.KNOWN`, ({ patch }: SaidOfProfile) => {
    if (!patch.classifications) return notApplicable('No classifications are stated.');
    const unknown = classificationNames.flatMap((name) =>
      (patch.classifications?.[name] ?? []).flatMap((code, i) =>
        vocabulary(classifications[name]).findItem(code)?.code === code
          ? []
          : [{ pointer: `/classifications/${name}/${i}`, message: `${code} is not a code of ${classifications[name]}.` }],
      ),
    );
    const inputs = { unknown: unknown.map(({ pointer }) => pointer) };
    return unknown.length === 0 ? passed('The classifications are known.') : failed('A classification is not known.', inputs, unknown);
  });

/** Saying once more what is so already changes nothing. */
const changedFields = (before: object, after: object): string[] =>
  Object.entries(after).flatMap(([field, value]) =>
    canonicalJson(value ?? null) === canonicalJson((before as Record<string, unknown>)[field] ?? null) ? [] : [field],
  );

const REVIEWED = ['PUBLISHED', 'ARCHIVED', 'NEEDS_REVIEW'];

/** The machine PROFILE: what the public reads was reviewed. Outside ids are no part of that. */
export const leavesReviewed = (machine: string) =>
  rule(
    `${machine}.CHANGE.PROFILE`,
    ({ profile, before, after }: { profile: string; before: object; after: object }) => {
      const touched = changedFields(before, after).filter((field) => field !== 'externalIds');
      if (touched.length === 0) return notApplicable('The profile is not touched.', { profile });
      return REVIEWED.includes(profile)
        ? failed(`The profile is ${profile}: what was reviewed, or is under review, is not changed.`, { profile })
        : passed('The profile is not in public.', { profile });
    },
    { kind: 'WRONG_STATE' },
  );
