import type { Content, ContentTable, TableCell } from 'pdfmake/interfaces.js';
import { type Composition, type CompositionItem, dimensions, termOf, type ValueCount } from '#libs/domain/composition';
import type { Computed, Quantity } from '#libs/domain/quantity';
import { countryName } from '#libs/reference/countries';
import { vocabulary } from '#libs/reference/vocabulary';
import { date, ink, number, pdf, rows, WIDTH } from './pdf.js';

const called = {
  sectoralIndustries: 'Sectoral industries',
  technologyFields: 'Technology fields',
  s3PriorityAreas: 'S3 priority areas',
  emergingIndustries: 'Emerging industries',
} satisfies Record<(typeof dimensions)[number], string>;
const inShort = {
  sectoralIndustries: 'Industries',
  technologyFields: 'Technologies',
  s3PriorityAreas: 'S3 priorities',
  emergingIndustries: 'Emerging',
} satisfies typeof called;
/** A point never begins a line. */
const POINT = '\u00a0· ';

/** The composition of a partnership as a document of one or two pages. */
export function compositionPdf(composition: Composition, at: Date): Promise<Buffer> {
  const { partnership } = composition;
  return pdf({
    title: `${partnership.acronym}: composition of the partnership`,
    subject: partnership.name,
    notice: composition.disclaimer,
    foot: `${partnership.acronym} · Composition of the partnership · ${date(at)}`,
    at,
    content: [head(composition, at), totals(composition), clusters(composition), values(composition)].flat(),
  });
}

function head({ partnership: { acronym, name } }: Composition, at: Date): Content {
  return {
    columns: [
      {
        width: '*',
        stack: [
          { text: acronym, fontSize: 20, bold: true, color: ink.accent, lineHeight: 1.05 },
          ...(name === acronym ? [] : [{ text: name, fontSize: 12, color: ink.soft }]),
        ],
      },
      {
        width: 220,
        alignment: 'right',
        stack: [
          { text: 'Composition of the partnership', fontSize: 12, bold: true, margin: [0, 6, 0, 0] },
          { text: `As of ${date(at)}`, color: ink.soft },
        ],
      },
    ],
    columnGap: 20,
    margin: [0, 0, 0, 12],
  };
}

/** The figures of the whole, with how many parts they are made of. */
function totals({ totals, items }: Composition): Content {
  const countries = new Set(items.map(({ country }) => country)).size;
  const figures = [
    figure('Clusters', number(totals.clusters)),
    figure('Countries', number(countries)),
    summed('Members', totals.members),
    summed('SMEs', totals.smes),
  ];
  return {
    table: { widths: figures.map(() => '*'), body: [figures] },
    layout: {
      defaultBorder: false,
      fillColor: () => ink.band,
      hLineWidth: () => 0,
      vLineWidth: (column) => (column === 0 || column === figures.length ? 0 : 6),
      vLineColor: () => '#ffffff',
      paddingLeft: () => 10,
      paddingTop: () => 7,
      paddingBottom: () => 5,
    },
    margin: [0, 0, 0, 14],
  };
}

function figure(title: string, value: string, note = ''): TableCell {
  return {
    border: [true, false, true, false],
    stack: [
      { text: title, fontSize: 8, color: ink.soft },
      {
        text: [
          { text: value, fontSize: 16, bold: true },
          { text: note && `  ${note}`, fontSize: 8, color: ink.soft },
        ],
      },
    ],
  };
}

function summed(title: string, sum: Computed | null): TableCell {
  if (sum === null) return figure(title, 'not declared');
  return figure(title, number(sum.value), `${sum.coverage} declared`);
}

const CLASSIFICATIONS = 6;

/** One row per partner cluster, the sum below; the head comes again on each page. */
function clusters({ items, totals }: Composition): ContentTable {
  const heading = (text: string, alignment: 'left' | 'right' = 'left'): TableCell => ({
    text,
    alignment,
    bold: true,
    fontSize: 8.5,
    color: ink.accent,
  });
  const header = [
    heading('No', 'right'),
    heading('Cluster'),
    heading('Country, region'),
    heading('Role'),
    heading('Members', 'right'),
    heading('SMEs', 'right'),
    heading('Classifications'),
  ];
  const sum = (value: Computed | null): TableCell => ({ ...amount(value && { ...value, qualifier: null }), bold: true });
  const last = ['', { text: 'Total', bold: true, colSpan: 3 }, '', '', sum(totals.members), sum(totals.smes), ''];
  return {
    table: {
      headerRows: 1,
      dontBreakRows: true,
      keepWithHeaderRows: 1,
      widths: [16, 158, 96, 56, 54, 54, '*'],
      body: [header, ...items.map(row), last],
    },
    layout: { ...rows, paddingLeft: (column) => (column === CLASSIFICATIONS ? 16 : 5) },
    margin: [0, 0, 0, 16],
  };
}

function row({ no, name, aliases, country, region, role, members, smes, classifications }: CompositionItem): TableCell[] {
  const others = aliases.map((alias) => alias.name).join(', ');
  const lines = dimensions.flatMap((dimension) => {
    const labels = (classifications[dimension] ?? []).map((code) => termOf(dimension, code).label);
    return labels.length === 0 ? [] : [{ text: [{ text: `${inShort[dimension]}  `, color: ink.faint }, labels.join(POINT)] }];
  });
  return [
    { text: no === null ? '' : String(no), alignment: 'right', color: ink.soft },
    { stack: [{ text: name, bold: true }, ...(others ? [{ text: `also ${others}`, fontSize: 8, color: ink.soft }] : [])] },
    { stack: [countryName(country) ?? country, ...(region?.label ? [{ text: region.label, fontSize: 8, color: ink.soft }] : [])] },
    role.charAt(0) + role.slice(1).toLowerCase(),
    amount(members),
    amount(smes),
    lines.length > 0 ? { stack: lines, fontSize: 7.5 } : unknown(),
  ];
}

const unknown = (text = '–') => ({ text, color: ink.faint });

/** What was not declared is said in words: it is not 0. */
function amount(quantity: Pick<Quantity, 'value' | 'qualifier'> | null): { text: string; alignment: 'right' } & Record<string, unknown> {
  if (quantity === null) return { ...unknown('not declared'), alignment: 'right', italics: true, fontSize: 8 };
  const word =
    quantity.qualifier && quantity.qualifier !== 'EXACT'
      ? `${vocabulary('quantity-qualifiers').label(quantity.qualifier) ?? quantity.qualifier} `
      : '';
  return { text: word + number(quantity.value), alignment: 'right' };
}

/** How many clusters bear each value, the most frequent first. */
function values({ counts, totals }: Composition): Content {
  const charts = dimensions
    .filter((dimension) => counts[dimension].length > 0)
    .map((dimension) => chart(called[dimension], counts[dimension], totals.clusters));
  if (charts.length === 0) return [];
  const sides = [charts.filter((_, index) => index % 2 === 0), charts.filter((_, index) => index % 2 === 1)];
  return [
    { text: 'What the clusters stand for', fontSize: 12, bold: true, color: ink.accent, headlineLevel: 1 },
    { text: 'Number of partner clusters per value of the shared vocabularies', fontSize: 8, color: ink.soft, margin: [0, 0, 0, 8] },
    { columns: sides.map((stack) => ({ width: '*', stack })), columnGap: GAP },
  ];
}

const GAP = 28;
const BAR = { width: 120, height: 7 };
const COUNT = 18;

function chart(title: string, counts: readonly ValueCount[], clusters: number): Content {
  const bars = counts.map(({ label, count }) => [
    { text: label, fontSize: 8 },
    bar(count / clusters),
    { text: number(count), alignment: 'right' as const, fontSize: 8, bold: true },
  ]);
  return {
    table: {
      headerRows: 1,
      keepWithHeaderRows: 1,
      dontBreakRows: true,
      widths: [(WIDTH - GAP) / 2 - BAR.width - COUNT - 16, BAR.width, COUNT],
      body: [[{ text: title, bold: true, colSpan: 3 }, '', ''], ...bars],
    },
    layout: {
      hLineWidth: () => 0,
      vLineWidth: () => 0,
      paddingLeft: (column) => (column === 0 ? 0 : 8),
      paddingRight: () => 0,
      paddingTop: () => 1.5,
      paddingBottom: () => 1,
    },
    margin: [0, 0, 0, 12],
  };
}

const bar = (share: number): Content => ({
  canvas: [
    { type: 'rect', x: 0, y: 2, w: BAR.width, h: BAR.height, color: ink.track },
    { type: 'rect', x: 0, y: 2, w: BAR.width * share, h: BAR.height, color: ink.accent },
  ],
});
