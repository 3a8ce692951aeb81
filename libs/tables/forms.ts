import { csvOf } from './csv.js';
import type { Table } from './table.js';
import { xlsxOf } from './xlsx.js';

export const CSV = 'text/csv';
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** The forms a table is handed out in, by media type. */
export const forms: Readonly<Record<string, { ending: string; of(table: Table): Buffer | Promise<Buffer> }>> = {
  [CSV]: { ending: 'csv', of: csvOf },
  [XLSX]: { ending: 'xlsx', of: xlsxOf },
};
