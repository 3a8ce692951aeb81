import { createHash } from 'node:crypto';
import { readPartnershipFile } from '#libs/domain/partnership-file';
import type { Prepared } from './import-rules.js';

export type FileRead = Pick<Prepared, 'file' | 'faults'>;

const unreadable = (message: string): FileRead => ({ file: null, faults: [{ pointer: '', message }] });

/** The command names a file and what it must hold; anything else is not what was sent. */
export function readContent(content: Buffer | null, sha256: string): FileRead {
  if (!content) return unreadable('The file is not there.');
  if (createHash('sha256').update(content).digest('hex') !== sha256) return unreadable('The file is not the one that was sent.');
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
