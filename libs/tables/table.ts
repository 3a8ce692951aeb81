/** What a spreadsheet holds, apart from any form of file. */
export type Cell = string | number | null;

export interface Column {
  readonly header: string;
  /** In characters, where a form of file has widths. */
  readonly width?: number;
}

export interface Table {
  /** What the sheet is called. */
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Rows as somebody sent them, the first one with the headers; or why they cannot be read. */
export type Sheet = { readonly rows: readonly (readonly Cell[])[]; readonly fault: null } | { readonly rows: null; readonly fault: string };

/** What is read of a file: more than any list of partners needs, and less than would hold up a service. */
export const most = { rows: 10_001, columns: 100, cell: 32_767 } as const;

export const unreadable = (fault: string): Sheet => ({ rows: null, fault });

/** The rows within the bounds, each text trimmed; an empty cell is null, and rows without any cell at the end are left out. */
export function bounded(rows: readonly (readonly unknown[])[]): Sheet {
  if (rows.length > most.rows) return unreadable(`The file has ${rows.length} rows; ${most.rows} are read.`);
  if (rows.some((row) => row.length > most.columns)) return unreadable(`The file has more than ${most.columns} columns.`);
  const read = rows.map((row) => row.map(cellOf));
  if (read.some((row) => row.some((cell) => typeof cell === 'string' && cell.length > most.cell)))
    return unreadable(`A cell holds more than ${most.cell} characters.`);
  const last = read.findLastIndex((row) => row.some((cell) => cell !== null));
  return { rows: read.slice(0, last + 1), fault: null };
}

function cellOf(value: unknown): Cell {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value === null || value === undefined) return null;
  const text = (value instanceof Date ? value.toISOString().slice(0, 10) : String(value)).trim();
  return text === '' ? null : text;
}
