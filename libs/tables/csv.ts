import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { bounded, type Cell, most, type Sheet, type Table, unreadable } from './table.js';

/** RFC 4180 in UTF-8, with the mark by which spreadsheets know it. */
export function csvOf({ columns, rows }: Pick<Table, 'columns' | 'rows'>): Buffer {
  const all = [columns.map(({ header }) => header), ...rows.map((row) => row.map(inert))];
  return Buffer.from(stringify(all, { bom: true, record_delimiter: 'windows' }), 'utf8');
}

/** By comma, semicolon or tabulator, whichever the headers stand apart by: spreadsheets write what their country is used to. */
export function readCsv(content: Buffer): Sheet {
  if (!isUtf8(content)) return unreadable('The file is not text in UTF-8.');
  const text = content.toString('utf8').replace(/^\uFEFF/, '');
  if (text.includes('\0')) return unreadable('The file is not text.');
  try {
    const options = { delimiter: delimiterOf(text), relax_column_count: true, to: most.rows + 1, max_record_size: 1_000_000 };
    const rows = parse(text, options) as string[][];
    return bounded(rows.map((row) => row.map(plain)));
  } catch (error) {
    return unreadable(`The file is not CSV: ${(error as Error).message}`);
  }
}

function delimiterOf(text: string): string {
  const [headers = ''] = text.split(/\r?\n/, 1);
  const count = (mark: string) => headers.split(mark).length;
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

/** What a spreadsheet would take for a formula, also behind marks that say it is none. */
const formula = /^'*[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|^'*[\t\r\n]/u;

/** A text that a spreadsheet would take for a formula is marked as text. */
const inert = (cell: Cell): Cell => (typeof cell === 'string' && formula.test(cell) ? `'${cell}` : cell);

const plain = (cell: string): string => (cell.startsWith("'") && formula.test(cell.slice(1)) ? cell.slice(1) : cell);
