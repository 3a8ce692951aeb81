import type { ClusterRecord } from '#libs/contracts/cluster';
import { findCountry } from '#libs/reference/countries';
import { findRegion, region as regionOf } from '#libs/reference/regions';
import { vocabulary } from '#libs/reference/vocabulary';
import { type Classification, classifications } from './classify.js';
import { type CompositionItem } from './composition.js';
import { type CompositionColumn, compositionHeaders, NOT_DECLARED, printed } from './composition-table.js';
import { pointer } from './json-pointer.js';
import { quantity } from './quantity.js';
import { defined } from './said.js';
import { fold } from './text.js';
import type { Fault } from './verdict.js';

type Cell = string | number | null;
export type Cells = Partial<Record<CompositionColumn, Cell>>;

/** A row as it was sent; `row` is its number as spreadsheets count, the headers being row 1. */
export interface SentRow {
  readonly row: number;
  readonly cells: Cells;
}

export type Said = Partial<Omit<ClusterRecord, 'profile' | 'sourceKey' | 'slug'>>;

/** Where a cell stands: the number of its row, the header of its column. */
export const cellAt = (row: number, column: string): string => pointer(row, column);

/** The rows below the headers, empty ones left out; or what is wrong with the headers. */
export function sentRows([headers, ...rows]: readonly (readonly Cell[])[]): { rows: SentRow[]; faults: Fault[] } {
  const named = (headers ?? []).map((header) => fold(String(header ?? '')).replaceAll(/[\s-]+/g, '_'));
  const faults = headerFaults(named);
  if (faults.length > 0) return { rows: [], faults };
  const sent = rows.map((cells, index) => ({
    row: index + 2,
    cells: Object.fromEntries(named.flatMap((name, place) => (name === '' ? [] : [[name, cells[place] ?? null]]))) as Cells,
  }));
  return { rows: sent.filter(({ cells }) => Object.values(cells).some((cell) => cell !== null)), faults: [] };
}

function headerFaults(named: readonly string[]): Fault[] {
  const known: readonly string[] = compositionHeaders;
  const missing = ['name', 'country'].filter((header) => !named.includes(header));
  return [
    ...missing.map((header) => ({ pointer: cellAt(1, header), message: `Row 1: there is no column ${header}.` })),
    ...named.flatMap((header, place) => {
      if (header === '') return [];
      if (!known.includes(header))
        return [{ pointer: cellAt(1, header), message: `Row 1: the column ${header} is not known; known are ${known.join(', ')}.` }];
      return named.indexOf(header) < place ? [{ pointer: cellAt(1, header), message: `Row 1: the column ${header} stands twice.` }] : [];
    }),
  ];
}

/** What a row says of a cluster beyond what its composition prints of it now: a cell that prints the same says nothing. */
export function saidOf({ row, cells }: SentRow, now: CompositionItem | null): { said: Said; faults: Fault[] } {
  const faults: Fault[] = [];
  const isNew = (column: CompositionColumn) => cells[column] !== undefined && (now === null || !same(cells[column], printed(column, now)));
  const fault = (column: CompositionColumn, message: string) =>
    void faults.push({ pointer: cellAt(row, column), message: `Row ${row}: ${message}` });
  const read: Reading = { cells, now, isNew, fault };
  const said = defined({ name: nameIn(read), country: countryIn(read), aliases: aliasesIn(read), region: regionIn(read) });
  const totals = totalsIn(read);
  const classified = classifiedIn(read);
  return { said: { ...said, ...(totals ? { totals } : {}), ...(classified ? { classifications: classified } : {}) }, faults };
}

interface Reading {
  readonly cells: Cells;
  readonly now: CompositionItem | null;
  isNew(column: CompositionColumn): boolean;
  fault(column: CompositionColumn, message: string): void;
}

const textIn = (cell: Cell | undefined): string => String(cell ?? '').trim();
const same = (cell: Cell | undefined, printed: Cell): boolean => textIn(cell) === textIn(printed);

function nameIn({ cells, fault }: Reading): string {
  const name = textIn(cells.name);
  if (name === '' || name.length > 300) fault('name', name === '' ? 'it has no name.' : 'the name has more than 300 characters.');
  return name;
}

function countryIn({ cells, fault }: Reading): string {
  const written = textIn(cells.country);
  const country = findCountry(written);
  if (!country) fault('country', written === '' ? 'it has no country.' : `"${written}" is not in ISO 3166-1.`);
  return country ?? written;
}

function aliasesIn({ cells, isNew, now, fault }: Reading): Said['aliases'] {
  if (!isNew('aliases')) return undefined;
  const names = partsOf(cells.aliases);
  if (names.length > 50 || names.some((name) => name.length > 300)) fault('aliases', 'up to 50 aliases of 300 characters are kept.');
  return names.map((name) => ({ name, origin: now?.aliases.find((alias) => alias.name === name)?.origin ?? null }));
}

function regionIn({ cells, isNew, fault }: Reading): Said['region'] {
  if (!isNew('region') && !isNew('region_code')) return undefined;
  const label = textIn(cells.region) || null;
  const written = textIn(cells.region_code) || null;
  if (written !== null && !/^[A-Z]{2}[A-Z0-9]{1,3}$/.test(written)) fault('region_code', `"${written}" has not the form of a NUTS code.`);
  if (label !== null && label.length > 300) fault('region', 'the region has more than 300 characters.');
  if (label === null && written === null) return null;
  const code = written ?? findRegion(label ?? '', findCountry(textIn(cells.country)))?.code ?? null;
  const known = code === null ? undefined : regionOf(code);
  return { code, version: code === null ? null : (known?.version ?? 'NUTS 2021'), label: label ?? known?.label ?? null };
}

function totalsIn(read: Reading): Said['totals'] {
  const { isNew, now } = read;
  const members = isNew('members') || isNew('members_qualifier');
  const smes = isNew('smes') || isNew('smes_qualifier');
  if (!members && !smes) return undefined;
  return {
    members: members ? numberIn(read, 'members') : (now?.members ?? null),
    smes: smes ? numberIn(read, 'smes') : (now?.smes ?? null),
  };
}

function numberIn({ cells, now, fault }: Reading, column: 'members' | 'smes') {
  const written = textIn(cells[column] ?? (cells[column] === undefined ? now?.[column]?.value : null));
  const said = textIn(cells[`${column}_qualifier`]);
  const qualifier = said === '' ? null : vocabulary('quantity-qualifiers').findItem(said)?.code;
  if (qualifier === undefined) fault(`${column}_qualifier`, `"${said}" is not in quantity-qualifiers.`);
  if (written === '' || fold(written) === NOT_DECLARED) return null;
  const value = Number(written);
  if (!/^\d{1,15}(\.\d+)?$/.test(written)) fault(column, `"${written.slice(0, 50)}" is no number.`);
  return quantity(value, { qualifier: qualifier ?? null });
}

const columnsOf = {
  sectoralIndustries: ['sectoral_industry_codes', 'sectoral_industries'],
  technologyFields: ['technology_field_codes', 'technology_fields'],
  s3PriorityAreas: ['s3_priority_area_codes', 's3_priority_areas'],
  emergingIndustries: ['emerging_industry_codes', 'emerging_industries'],
} as const satisfies Record<Classification, readonly CompositionColumn[]>;

/** Codes win over labels; one classification that is spoken of leaves the others as they are. */
function classifiedIn(read: Reading): Said['classifications'] {
  const names = Object.keys(columnsOf) as Classification[];
  const said = names.map((name) => [name, codesIn(read, name)] as const);
  if (said.every(([, codes]) => codes === undefined)) return undefined;
  return Object.fromEntries(
    said.map(([name, codes]) => [name, codes === undefined ? (read.now?.classifications[name] ?? null) : codes]),
  ) as Said['classifications'];
}

function codesIn({ cells, isNew, fault }: Reading, name: Classification): string[] | null | undefined {
  const column = columnsOf[name].find((each) => isNew(each));
  if (!column) return undefined;
  // Where only labels were sent of a new cluster, empty codes say nothing.
  const [codes, labels] = columnsOf[name];
  const meant = column === codes && textIn(cells[codes]) === '' && textIn(cells[labels]) !== '' && isNew(labels) ? labels : column;
  const values = partsOf(cells[meant]);
  if (values.length === 0) return null;
  return values.flatMap((value) => {
    const found = vocabulary(classifications[name]).find(value)?.code;
    if (!found) fault(meant, `"${value}" is not in ${classifications[name]}.`);
    return found ?? [];
  });
}

const partsOf = (cell: Cell | undefined): string[] =>
  textIn(cell)
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
