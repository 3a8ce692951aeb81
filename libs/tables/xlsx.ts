import { readSheet } from 'read-excel-file/universal';
import writeExcelFile from 'write-excel-file/node';
import { bounded, type Cell, type Sheet, type Table, unreadable } from './table.js';
import { zipFault } from './zip.js';

const HEADER = { fontWeight: 'bold', backgroundColor: '#DCE6F1', bottomBorderStyle: 'thin', alignVertical: 'center', height: 24 } as const;
/** A list of partners is some hundred kilobytes; a service must not be held up by more than it can read in a second. */
const BOUNDS = { entries: 200, bytes: 24 * 1024 * 1024 };

/** One sheet with its headers held in place. A text is written as a text: none of it is ever a formula. */
export function xlsxOf({ name, columns, rows }: Table): Promise<Buffer> {
  const data = [columns.map(({ header }) => ({ ...HEADER, value: header, type: String })), ...rows.map((row) => row.map(typed))];
  const widths = columns.map(({ width }) => (width === undefined ? {} : { width }));
  return writeExcelFile(data, { sheet: name, columns: widths, stickyRowsCount: 1 }).toBuffer();
}

const typed = (cell: Cell) => {
  if (cell === null) return null;
  return typeof cell === 'number' ? { value: cell, type: Number } : { value: cell, type: String, alignVertical: 'top' as const };
};

/** The first sheet. Of a formula its last result is read. */
export async function readXlsx(content: Buffer): Promise<Sheet> {
  const fault = zipFault(content, BOUNDS);
  if (fault !== null) return unreadable(fault);
  try {
    const { buffer, byteOffset, byteLength } = content;
    return bounded(await readSheet(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer));
  } catch (error) {
    return unreadable(`The file is not XLSX: ${(error as Error).message}`);
  }
}
