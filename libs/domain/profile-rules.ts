import { isCountry } from '#libs/reference/countries';
import { vocabulary } from '#libs/reference/vocabulary';
import { type Classification, classificationNames, classifications } from './classify.js';
import { changedFields } from './drafts.js';
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

/** Labels and aliases stand for their codes, such as "Defence" or "Defense"; what no vocabulary has is left for its rule to tell. */
export function inCodes<P extends SaidOfProfile['patch']>(patch: P): P {
  if (!patch.classifications) return patch;
  const coded = classificationNames.flatMap((name) => {
    const said = patch.classifications?.[name];
    const codes = said?.map((text) => vocabulary(classifications[name]).findItem(text)?.code ?? text);
    return said === undefined ? [] : [[name, codes ? [...new Set(codes)] : null]];
  });
  return { ...patch, classifications: { ...patch.classifications, ...Object.fromEntries(coded) } };
}

const CLOSED = ['ARCHIVED', 'NEEDS_REVIEW'];

/** The machine PROFILE: what is under review is what was submitted. `atOnce`: fields that are no part of the profile. */
export const openToChange = (machine: string, atOnce: readonly string[]) =>
  rule(
    `${machine}.CHANGE.PROFILE`,
    ({ written, after }: { written: { profile: string }; after: object }) => {
      const { profile } = written;
      const touched = changedFields(written, after).filter((field) => !atOnce.includes(field));
      if (touched.length === 0) return notApplicable('The profile is not touched.', { profile });
      return CLOSED.includes(profile)
        ? failed(`The profile is ${profile}: what is under review, or archived, is not changed.`, { profile })
        : passed('The profile may be changed.', { profile });
    },
    { kind: 'WRONG_STATE' },
  );
