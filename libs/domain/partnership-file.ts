import type { z } from 'zod';
import { PartnershipFile } from '#libs/contracts/partnership-file';
import { call, programmeOf, strandCodes } from '#libs/reference/programmes';
import { unknownValues } from './classify.js';
import { isEdtf } from './edtf-date.js';
import { codeFaults, listAt } from './file-codes.js';
import { doubles, strangers } from './file-names.js';
import { figureNotes, totalNotes } from './file-totals.js';
import { leaves, pointer } from './json-pointer.js';
import { type Examination, examine, type Fault, failed, notApplicable, passed, type Rule, rule } from './verdict.js';

export type { PartnershipFile };

/** More faults than anybody reads at once are counted, not listed. */
export const mostFaults = 200;

export type Reading =
  | { readonly file: PartnershipFile; readonly errors: readonly [] }
  | { readonly file: null; readonly errors: readonly Fault[] };

/** The file in its shape, or where it departs from it. */
export function readPartnershipFile(json: unknown): Reading {
  const result = PartnershipFile.safeParse(json);
  if (result.success) return { file: result.data, errors: [] };
  return { file: null, errors: result.error.issues.flatMap((issue) => faultsOf(issue)).slice(0, mostFaults) };
}

function faultsOf(issue: z.core.$ZodIssue, above: readonly PropertyKey[] = []): Fault[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ pointer: pointer(...path, key), message: 'This field is not known.' }));
  // Of the shapes a value may have, the one that was meant is the one whose first look did not fail.
  const meant = issue.code === 'invalid_union' ? issue.errors.find((issues) => issues.every((each) => each.path.length > 0)) : undefined;
  return meant ? meant.flatMap((each) => faultsOf(each, path)) : [{ pointer: pointer(...path), message: issue.message }];
}

const dates: readonly RegExp[] = [
  /^\/asOfEdtf$/,
  /^\/startOfPartnership$/,
  /^\/plannedEvents\/\d+\/estimatedDate$/,
  /^\/policies\/\d+\/valid(From|To)$/,
  /^\/ecosystems\/\d+\/history\/\d+\/date$/,
  /\/asOf$/,
];

function dateFaults(file: PartnershipFile): Fault[] {
  const { asOf: _, ...dated } = file;
  return [...leaves(dated)]
    .filter(([at, value]) => typeof value === 'string' && dates.some((pattern) => pattern.test(at)) && !isEdtf(value))
    .map(([at, value]) => ({ pointer: at, message: `"${value}" is not a date of EDTF level 0 or 1.` }));
}

function classificationFaults({ classification, composition, hostOrganisations }: PartnershipFile): Fault[] {
  return [
    ...unknownValues(classification ?? {}, '/classification'),
    ...(composition ?? []).flatMap((cluster, index) => unknownValues(cluster, pointer('composition', index))),
    ...(hostOrganisations?.keyAreas ?? []).flatMap((area, index) => unknownValues(area, pointer('hostOrganisations', 'keyAreas', index))),
  ];
}

function callFaults({ programme, status }: PartnershipFile): Fault[] {
  const known = call(programme.call ?? '');
  if (!known) return [];
  const strand = status?.strand;
  const named = listAt('/programme/code')?.find(programme.code);
  const isOther = named !== undefined && programmeOf(known.code)?.code !== named;
  return [
    ...(isOther ? [{ pointer: '/programme/call', message: `${known.code} is not a call of ${programme.code}.` }] : []),
    ...(strand && known.strands && !strandCodes(known).includes(strand)
      ? [{ pointer: '/status/strand', message: `${known.code} has no strand ${strand}.` }]
      : []),
  ];
}

/** A rule over the whole file that fails wherever `find` finds something. */
const each = (code: string, holds: string, find: (file: PartnershipFile) => Fault[]): Rule<[PartnershipFile]> =>
  rule(code, (file) => {
    const faults = find(file);
    if (faults.length === 0) return passed(holds);
    return failed(faults[0]?.message ?? holds, { faults: faults.length }, faults.slice(0, mostFaults));
  });

/** The same for what is only worth a look: an import records, it does not decide. */
const look = (code: string, holds: string, find: (file: PartnershipFile) => Fault[]): Rule<[PartnershipFile]> =>
  rule(code, (file) => {
    const faults = find(file);
    return faults.length === 0
      ? passed(holds)
      : notApplicable(faults[0]?.message ?? holds, { notes: faults.length }, faults.slice(0, mostFaults));
  });

export const partnershipFileRules = [
  each('PARTNERSHIP_FILE.CODES', 'Every code is known.', codeFaults),
  each('PARTNERSHIP_FILE.CLASSIFICATIONS', 'Every classification is known.', classificationFaults),
  each('PARTNERSHIP_FILE.CALL', 'Call and strand belong to the programme.', callFaults),
  each('PARTNERSHIP_FILE.DATES', 'Every date is EDTF of level 0 or 1.', dateFaults),
  each('PARTNERSHIP_FILE.ONCE', 'Numbers and names stand once.', doubles),
  each('PARTNERSHIP_FILE.NAMES', 'Clusters that are named are in the composition.', strangers),
  look('PARTNERSHIP_FILE.TOTALS', 'Totals agree with the composition.', totalNotes),
  look('PARTNERSHIP_FILE.FIGURES', 'Figures are stated once.', figureNotes),
];

/** What the vocabularies and the file itself say about it. Errors refuse the file; notes are told beside what was recorded. */
export function checkPartnershipFile(file: PartnershipFile): Examination {
  return examine(partnershipFileRules, file);
}
