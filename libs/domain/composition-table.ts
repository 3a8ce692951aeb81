import { type Composition, type CompositionItem, termOf } from './composition.js';
import type { Quantity } from './quantity.js';

type Cell = string | number | null;

/** An empty cell counts as 0 in many a spreadsheet; what was not declared must not. */
export const NOT_DECLARED = 'not declared';

type Of = (item: CompositionItem) => Cell;

/** As names that a machine can read; the width is for people. */
export const compositionColumns = {
  no: [6, ({ no }) => no],
  id: [38, ({ id }) => id],
  name: [40, ({ name }) => name],
  aliases: [24, ({ aliases }) => listed(aliases.map((alias) => alias.name))],
  country: [9, ({ country }) => country],
  region: [28, ({ region }) => region?.label ?? null],
  region_code: [13, ({ region }) => region?.code ?? null],
  role: [16, ({ role }) => role],
  members: [14, ({ members }) => declared(members)],
  members_qualifier: [18, ({ members }) => members?.qualifier ?? null],
  smes: [14, ({ smes }) => declared(smes)],
  smes_qualifier: [18, ({ smes }) => smes?.qualifier ?? null],
  sectoral_industries: [40, labels('sectoralIndustries')],
  sectoral_industry_codes: [24, codes('sectoralIndustries')],
  technology_fields: [40, labels('technologyFields')],
  technology_field_codes: [32, codes('technologyFields')],
  s3_priority_areas: [40, labels('s3PriorityAreas')],
  s3_priority_area_codes: [32, codes('s3PriorityAreas')],
  emerging_industries: [40, labels('emergingIndustries')],
  emerging_industry_codes: [32, codes('emergingIndustries')],
} as const satisfies Record<string, readonly [width: number, of: Of]>;

export type CompositionColumn = keyof typeof compositionColumns;
export const compositionHeaders = Object.keys(compositionColumns) as CompositionColumn[];

/** One row per partner cluster, in the columns in which it is imported too. */
export const compositionTable = ({ items, partnership }: Composition) => ({
  // A sheet is called by at most 31 characters, some of which no sheet may have.
  name:
    partnership.acronym
      .replaceAll(/[\\/?*[\]:']/g, ' ')
      .slice(0, 31)
      .trim() || 'Composition',
  columns: compositionHeaders.map((header) => ({ header, width: compositionColumns[header][0] })),
  rows: items.map((item) => compositionHeaders.map((header) => printed(header, item))),
});

export const printed = (header: CompositionColumn, item: CompositionItem): Cell => (compositionColumns[header][1] as Of)(item);

function declared(quantity: Quantity | null): Cell {
  return quantity?.value ?? NOT_DECLARED;
}

function listed(texts: readonly string[]): string {
  return texts.join('; ');
}

type Dimension = keyof CompositionItem['classifications'];

function labels(dimension: Dimension): Of {
  return ({ classifications }) => listed((classifications[dimension] ?? []).map((code) => termOf(dimension, code).label));
}

function codes(dimension: Dimension): Of {
  return ({ classifications }) => listed(classifications[dimension] ?? []);
}
