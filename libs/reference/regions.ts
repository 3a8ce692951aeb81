import file from './data/nuts-regions.json' with { type: 'json' };
import { fold } from './spelling.js';
import { vocabulary } from './vocabulary.js';

/** A NUTS region; `version` is the one its code belongs to. */
export interface Region {
  readonly code: string;
  readonly version: string;
  readonly label: string;
  readonly level: number;
  readonly country: string;
}

interface Row {
  readonly code: string;
  readonly name: string;
  readonly level: number;
  readonly country: string;
  readonly nuts2013?: string;
  readonly nuts2024?: string;
}

const rows: readonly Row[] = file.items;

/** By a code of NUTS 2021, or by the one it had in 2013 or has since 2024. */
export function region(code: string): Region | undefined {
  const row = rows.find((each) => each.code === code || each.nuts2013 === code || each.nuts2024 === code);
  if (!row) return undefined;
  const version = code === row.code ? 'NUTS 2021' : code === row.nuts2013 ? 'NUTS 2013' : 'NUTS 2024';
  return { code, version, label: row.name, level: row.level, country: row.country };
}

/** By name, as the seeds write it too ("Saxony", "Basque Country"). Undefined where no single region bears the name. */
export function findRegion(name: string, country?: string): Region | undefined {
  const term = vocabulary('nuts-regions').find(name);
  const found = term && region(term.code);
  return !country || found?.country === country ? found : undefined;
}

/** Names known to be no NUTS region, with the reason: "Anatolia", "Central Germany". */
export function withoutCode(name: string): string | undefined {
  return file.withoutCode.find(({ seedName }) => fold(seedName) === fold(name))?.note;
}

/** Versions of NUTS there are. */
export const nutsVersions = ['NUTS 2010', 'NUTS 2013', 'NUTS 2016', 'NUTS 2021', 'NUTS 2024'];

/** The versions in which a code stands for a region; null: our list does not have it. */
export function versionsOf(code: string): readonly string[] | null {
  const row = rows.find((each) => each.code === code || each.nuts2013 === code || each.nuts2024 === code);
  if (!row) return null;
  if (code === row.nuts2024 && code !== row.code) return ['NUTS 2024'];
  if (code === row.nuts2013 && code !== row.code) return nutsVersions.filter((version) => version <= 'NUTS 2013');
  return nutsVersions.filter((version) => (row.nuts2013 ? version > 'NUTS 2013' : true) && (row.nuts2024 ? version < 'NUTS 2024' : true));
}

/** What codes of a country begin with: of Greece EL, of the United Kingdom UK. */
export const nutsPrefix = (country: string): string => ({ GR: 'EL', GB: 'UK' })[country] ?? country;
