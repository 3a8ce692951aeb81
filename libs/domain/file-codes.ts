import type { PartnershipFile } from '#libs/contracts/partnership-file';
import { findCountry } from '#libs/reference/countries';
import { call } from '#libs/reference/programmes';
import { isRole } from '#libs/reference/roles';
import { type VocabularyName, vocabulary } from '#libs/reference/vocabulary';
import { leaves } from './json-pointer.js';
import { machine } from './machine.js';
import type { Fault } from './verdict.js';

/** The code that was meant by what is written, undefined where there is none. */
interface CodeList {
  readonly called: string;
  readonly find: (written: string) => string | undefined;
}

const listOf = (name: VocabularyName): CodeList => ({ called: name, find: (written) => vocabulary(name).findItem(written)?.code });
const among = (called: string, has: (code: string) => boolean): CodeList => ({
  called,
  find: (written) => (has(written) ? written : undefined),
});
const statesOf = (code: string): CodeList =>
  among(`the states of ${code}`, (state) => machine(code).states.some((each) => each.code === state));

const country: CodeList = { called: 'ISO 3166-1', find: findCountry };
// The list of regions is not complete, so the form is checked: country, then one to three letters or digits.
const nuts = among('the form of NUTS codes', (code) => /^[A-Z]{2}[A-Z0-9]{1,3}$/.test(code));

/** Which list a value belongs to, by its place in the file; * is any row. Key areas are each partnership's own. */
const lists: Readonly<Record<string, CodeList>> = {
  '/programme/code': listOf('partnership-programmes'),
  '/programme/call': among('partnership-programmes', (code) => call(code) !== undefined),
  '/status/phase': statesOf('PARTNERSHIP'),
  '/targetedThirdCountries/*/code': country,
  '/targetCountriesInText/*': country,
  '/countries/*/code': country,
  '/objectives/*/targetCountries/*': country,
  '/strategyTest/studyVisitCountries/*': country,
  '/plannedEvents/*/type': listOf('event-types'),
  '/plannedEvents/*/targetGroups/*': listOf('target-groups'),
  '/plannedEvents/*/country': country,
  '/mous/*/country': country,
  '/mous/*/status': statesOf('AGREEMENT'),
  '/intermediaries/*/country': country,
  '/networks/*/country': country,
  '/linkedPartnersAndNetworks/*/country': country,
  '/composition/*/country': country,
  '/composition/*/nuts1': nuts,
  '/composition/*/nuts2': nuts,
  '/composition/*/members/*/country': country,
  '/composition/*/members/*/type': listOf('organisation-types'),
  '/policies/*/owner/level': among('SCHEME, CALL, PARTNERSHIP', (level) => ['SCHEME', 'CALL', 'PARTNERSHIP'].includes(level)),
  '/clusterXchange/purposes/*/code': listOf('exchange-purposes'),
  '/clusterXchange/eligibleParticipants/*/type': listOf('organisation-types'),
  '/clusterXchange/roles/*': among('roles', isRole),
  '/clusterXchange/geographicScope/*': country,
  '/ecosystems/*/sections/*/kind': listOf('ecosystem-sections'),
  '/ecosystems/*/sections/*/items/*/country': country,
  '/hostOrganisations/list/*/country': country,
};

/** Lists that follow from the name of a field, wherever it stands. */
const listsByField: Readonly<Record<string, CodeList>> = {
  qualifier: listOf('quantity-qualifiers'),
  kpi: listOf('kpi-definitions'),
};

/** Every value of the file that is no code of its vocabulary, nor a spelling of one, with its place; none: []. */
export function codeFaults(file: PartnershipFile): Fault[] {
  const faults: Fault[] = [];
  const { conventions: _, ...coded } = file;
  for (const [at, value] of leaves(coded)) {
    const list = listAt(at);
    if (list && typeof value === 'string' && list.find(value) === undefined) {
      faults.push({ pointer: at, message: `"${value}" is not in ${list.called}.` });
    }
  }
  return faults;
}

/** The code meant at a place of the file. What was checked is always found. */
export function codeAt(place: string, written: string): string {
  return (lists[place] ?? listsByField[place])?.find(written) ?? written;
}

/** The list that the value at a pointer belongs to. */
export function listAt(at: string): CodeList | undefined {
  return lists[at.replace(/\/\d+(?=\/|$)/g, '/*')] ?? listsByField[at.slice(at.lastIndexOf('/') + 1)];
}
