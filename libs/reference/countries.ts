import file from './data/cosme-countries.json' with { type: 'json' };
import { fold } from './spelling.js';

export interface CosmeCountry {
  readonly code: string;
  readonly name: string;
  readonly status: string;
  /** null: a dated policy decides */
  readonly eligible: boolean | null;
  readonly alsoWritten?: readonly string[];
  readonly memberStateUntil?: string;
  readonly policy?: string;
}

export const cosmeCountries: readonly CosmeCountry[] = file.items;

/** For what the list holds: everything done under these calls, whatever the date; else what is done in its time. */
export const cosmeList = { source: file.source, calls: file.owner.codes, validFrom: file.validFrom, validTo: file.validTo } as const;

const byCode = new Map(cosmeCountries.map((country) => [country.code, country]));

const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
/** Regions that Unicode names but ISO 3166-1 does not assign to a country. XK stays: the EU uses it for Kosovo. */
const noCountries = ['AC', 'CP', 'CQ', 'DG', 'EA', 'EU', 'EZ', 'IC', 'QO', 'TA', 'UN', 'XA', 'XB', 'ZZ'];

const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const pairs = alphabet.flatMap((first) => alphabet.map((second) => first + second));
const isAssigned = (code: string): boolean =>
  // Withdrawn codes and UK are known to Unicode only as aliases of another.
  names.of(code) !== undefined && new Intl.Locale(`und-${code}`).region === code && !noCountries.includes(code);

/** The codes assigned by ISO 3166-1 alpha-2, and XK. */
export const countryCodes: ReadonlySet<string> = new Set(pairs.filter(isAssigned));

export function isCountry(code: string): boolean {
  return countryCodes.has(code);
}

export function countryName(code: string): string | undefined {
  if (!isCountry(code)) return undefined;
  return byCode.get(code)?.name ?? names.of(code);
}

const spellings = new Map([...countryCodes].flatMap((code) => spellingsOf(code).map((spelling) => [fold(spelling), code])));

function spellingsOf(code: string): string[] {
  const { name, alsoWritten = [] } = byCode.get(code) ?? { name: code };
  return [code, names.of(code) ?? name, name, ...alsoWritten];
}

/** The country by its code, its English name or a spelling of the seeds, whatever case and accents. */
export function findCountry(text: string): string | undefined {
  return isCountry(text) ? text : spellings.get(fold(text));
}
