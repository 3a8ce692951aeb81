import type { DocumentPatch } from '#libs/contracts/document';
import type { DocumentParts } from '#libs/contracts/document-details';
import type { Context } from '#libs/domain/decision';
import { distinctIds } from '#libs/domain/external-ids';
import { explained, policyFor } from '#libs/domain/policy';
import { type Fault, type Finding, failed, notApplicable, passed, rule } from '#libs/domain/verdict';
import { isCountry } from '#libs/reference/countries';
import { vocabulary } from '#libs/reference/vocabulary';
import type { Document, Version } from './document.js';
import type { Narrower } from './narrower.js';

type Deciding = Pick<Context, 'at' | 'policies'>;

/** What is said, and the version it would come to. */
export interface Said {
  patch: DocumentPatch;
  before: Document | null;
  version: Version;
  narrower: Narrower;
  context: Deciding;
}

const countries = ({ internationalisation = [], priorityMarkets = [], supportMechanisms = [] }: DocumentParts): [string, string][] => [
  ...internationalisation.flatMap((each, i) =>
    each.countries.map((code, j): [string, string] => [`/parts/internationalisation/${i}/countries/${j}`, code]),
  ),
  ...priorityMarkets.map(({ country }, i): [string, string] => [`/parts/priorityMarkets/${i}/country`, country]),
  ...supportMechanisms.map(({ country }, i): [string, string] => [`/parts/supportMechanisms/${i}/country`, country]),
];

const knownParts = rule('DOCUMENT.PARTS.KNOWN', ({ patch: { parts } }: Said) => {
  if (!parts) return notApplicable('No parts are stated.');
  const fields = vocabulary('technology-fields');
  const unknown: Fault[] = [
    ...(parts.technologyDomains ?? []).flatMap(({ field }, i) =>
      field === null || fields.findItem(field)?.code === field
        ? []
        : [{ pointer: `/parts/technologyDomains/${i}/field`, message: `${field} is not a code of technology-fields.` }],
    ),
    ...countries(parts).flatMap(([pointer, code]) =>
      isCountry(code) ? [] : [{ pointer, message: `${code} is not a country of ISO 3166-1.` }],
    ),
  ];
  return unknown.length === 0 ? passed('Its codes are known.') : failed('A code in its parts is not known.', {}, unknown);
});

const attachedFiles = rule('DOCUMENT.FILES.ATTACHED', ({ patch: { files }, before }: Said) => {
  if (!files?.length) return notApplicable('No files are stated.');
  const missing = files.flatMap((file, i) =>
    before?.attachments.some(({ id }) => id === file) ? [] : [{ pointer: `/files/${i}`, message: 'It is none of its attachments.' }],
  );
  return missing.length === 0 ? passed('The files are attached.', { files: files.length }) : failed('A file is not attached.', {}, missing);
});

/** How many third countries a partnership concentrates on is its own promise; without one there is no limit. */
export function marketsFound({ parts }: Version, narrower: Narrower, context: Deciding): Finding {
  const markets = (parts.priorityMarkets ?? []).map(({ country }) => country);
  const policy = policyFor('MAX_PRIORITY_MARKETS', context, narrower);
  const inputs = { markets, most: policy?.value ?? null, ...explained(policy) };
  const twice = markets.flatMap((country, i) =>
    markets.indexOf(country) < i ? [{ pointer: `/parts/priorityMarkets/${i}`, message: `${country} stands twice.` }] : [],
  );
  if (twice.length > 0) return failed('A priority market stands twice.', inputs, twice);
  if (policy?.value == null) return notApplicable('No limit is set.', inputs);
  return markets.length <= Number(policy.value)
    ? passed('There are no more priority markets than there may be.', inputs)
    : failed(`At most ${policy.value} priority markets.`, inputs, '/parts/priorityMarkets');
}

const fewMarkets = rule(
  'DOCUMENT.PRIORITY_MARKETS.LIMIT',
  ({ version, narrower, context }: Said) => marketsFound(version, narrower, context),
  {
    source: 'policies of the partnership',
  },
);

export const saidRules = [knownParts, attachedFiles, fewMarkets, distinctIds('DOCUMENT')];
