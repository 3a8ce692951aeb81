import type { Provenance } from '#libs/contracts/partnership';
import type { PartnershipFile } from '#libs/contracts/partnership-file';
import { countryName } from '#libs/reference/countries';
import { vocabulary } from '#libs/reference/vocabulary';
import { type Classification, type Classified, classificationNames, classifications, codesOf, printedText } from './classify.js';
import { pointer } from './json-pointer.js';

/** Where the statements come from, and how they were printed where we say it in other words. */
export function provenanceOf(file: PartnershipFile): Provenance | null {
  const { source = null, asOf = null, asOfEdtf = null, origin = null, conventions = null, identity, programme, classification } = file;
  const provenance = {
    source,
    asOf,
    asOfEdtf,
    origin,
    conventions,
    breadcrumb: identity.breadcrumb,
    programme: { name: programme.name, parentProgramme: programme.parentProgramme, funding: programme.funding },
    classificationsFrom: classification?.dataFrom ?? null,
    origins: { ...file.provenance?.origins, ...originsOf(file) },
    asPrinted: { ...file.provenance?.asPrinted, ...Object.fromEntries([...countriesAsPrinted(file), ...classificationsAsPrinted(file)]) },
  };
  return Object.values(provenance).some(isSaid) ? provenance : null;
}

const isSaid = (value: unknown): boolean =>
  typeof value === 'object' && value !== null ? Object.values(value).some(isSaid) : value !== null;

function originsOf({ codeOrigin, programme, coordinator, computedTotals }: PartnershipFile): Record<string, string> {
  const origins: Record<string, string | null | undefined> = {
    '/code': codeOrigin,
    '/programme/code': programme.codeOrigin,
    '/programme/call': programme.callOrigin,
    '/coordinator': coordinator?.origin,
    '/computedTotals': computedTotals?.origin,
  };
  return Object.fromEntries(Object.entries(origins).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

type Printed = readonly (readonly [at: string, text: string])[];

function countriesAsPrinted(file: PartnershipFile): Printed {
  return (['targetedThirdCountries', 'countries'] as const).flatMap((section) =>
    (file[section] ?? []).flatMap(({ code, name }, index) =>
      name === null || name === countryName(code) ? [] : [[pointer(section, index, 'name'), name] as const],
    ),
  );
}

function classificationsAsPrinted({ classification, composition }: PartnershipFile): Printed {
  return [
    ...printed(classification ?? {}, '/classification'),
    ...(composition ?? []).flatMap((cluster, index) => printed(cluster, pointer('composition', index))),
  ];
}

function printed(from: Classified, at: string): Printed {
  return classificationNames.flatMap((name) => {
    const codes = codesOf(name, from) ?? [];
    return (from[name] ?? []).flatMap((value, index) => {
      const text = printedText(value);
      return labels(name, codes[index]).includes(text) ? [] : [[at + pointer(name, index), text] as const];
    });
  });
}

/** The label of a code, alone and with that of its parent. */
function labels(name: Classification, code: string | undefined): string[] {
  const terms = vocabulary(classifications[name]);
  const label = code && terms.label(code);
  const parent = code && terms.parent(code);
  if (!label) return [];
  return parent ? [label, `${terms.label(parent)}: ${label}`] : [label];
}
