import { stringify } from 'csv-stringify/sync';
import { type Composition, type CompositionItem, termOf } from '#libs/domain/composition';
import type { Quantity } from '#libs/domain/quantity';

/** An empty cell counts as 0 in many a spreadsheet; what was not declared must not. */
const NOT_DECLARED = 'not declared';

type Column = readonly [header: string, cell: (item: CompositionItem) => string | number | null];

const columns: readonly Column[] = [
  ['no', ({ no }) => no],
  ['id', ({ id }) => id],
  ['name', ({ name }) => name],
  ['aliases', ({ aliases }) => listed(aliases.map((alias) => alias.name))],
  ['country', ({ country }) => country],
  ['region', ({ region }) => region?.label ?? null],
  ['region_code', ({ region }) => region?.code ?? null],
  ['role', ({ role }) => role],
  ['members', ({ members }) => declared(members)],
  ['members_qualifier', ({ members }) => members?.qualifier ?? null],
  ['smes', ({ smes }) => declared(smes)],
  ['smes_qualifier', ({ smes }) => smes?.qualifier ?? null],
  ['sectoral_industries', labels('sectoralIndustries')],
  ['sectoral_industry_codes', codes('sectoralIndustries')],
  ['technology_fields', labels('technologyFields')],
  ['technology_field_codes', codes('technologyFields')],
  ['s3_priority_areas', labels('s3PriorityAreas')],
  ['s3_priority_area_codes', codes('s3PriorityAreas')],
  ['emerging_industries', labels('emergingIndustries')],
  ['emerging_industry_codes', codes('emergingIndustries')],
];

/** One row per partner cluster: RFC 4180 in UTF-8, with the mark by which spreadsheets know it. */
export function compositionCsv({ items }: Composition): Buffer {
  const rows = [columns.map(([header]) => header), ...items.map((item) => columns.map(([, cell]) => cell(item)))];
  const text = stringify(
    rows.map((row) => row.map(inert)),
    { bom: true, record_delimiter: 'windows' },
  );
  return Buffer.from(text, 'utf8');
}

const declared = (quantity: Quantity | null): string | number => quantity?.value ?? NOT_DECLARED;

const listed = (texts: readonly string[]): string => texts.join('; ');

type Dimension = keyof CompositionItem['classifications'];

function labels(dimension: Dimension): Column[1] {
  return ({ classifications }) => listed((classifications[dimension] ?? []).map((code) => termOf(dimension, code).label));
}

function codes(dimension: Dimension): Column[1] {
  return ({ classifications }) => listed(classifications[dimension] ?? []);
}

/** A text that a spreadsheet would take for a formula is marked as text. */
const inert = (cell: string | number | null): string | number | null =>
  typeof cell === 'string' && /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(cell) ? `'${cell}` : cell;
