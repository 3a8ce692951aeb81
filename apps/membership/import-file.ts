import { createHash } from 'node:crypto';
import { type SentRow, sentRows } from '#libs/domain/composition-rows';
import { readPartnershipFile } from '#libs/domain/partnership-file';
import type { Fault } from '#libs/domain/verdict';
import { readCsv } from '#libs/tables/csv';
import { readXlsx } from '#libs/tables/xlsx';
import type { Prepared } from './import-rules.js';

export type FileRead = Pick<Prepared, 'file' | 'faults'>;

const whole = (message: string): Fault[] => [{ pointer: '', message }];
const unreadable = (message: string): FileRead => ({ file: null, faults: whole(message) });

/** The command names a file and what it must hold; anything else is not what was sent. */
function notSent(content: Buffer | null, sha256: string): string | null {
  if (!content) return 'The file is not there.';
  return createHash('sha256').update(content).digest('hex') === sha256 ? null : 'The file is not the one that was sent.';
}

export function readContent(content: Buffer | null, sha256: string): FileRead {
  const fault = notSent(content, sha256);
  if (fault !== null || !content) return unreadable(fault ?? '');
  const json = parsed(content.toString('utf8'));
  if (json === undefined) return unreadable('The file is not JSON.');
  const { file, errors } = readPartnershipFile(json);
  return { file, faults: errors };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `unread`: why nothing of it can be read; `faults`: what is wrong with its headers. */
export interface RowsRead {
  readonly rows: SentRow[];
  readonly unread: readonly Fault[];
  readonly faults: readonly Fault[];
}

/** A composition as a table. */
export async function readRows(content: Buffer | null, sha256: string, form: 'CSV' | 'XLSX'): Promise<RowsRead> {
  const fault = notSent(content, sha256);
  if (fault !== null || !content) return { rows: [], unread: whole(fault ?? ''), faults: [] };
  const sheet = form === 'CSV' ? readCsv(content) : await readXlsx(content);
  if (sheet.rows === null) return { rows: [], unread: whole(sheet.fault), faults: [] };
  return { ...sentRows(sheet.rows), unread: [] };
}
