import { inflateRawSync } from 'node:zlib';

/** As much as a zip may hold, whatever it says of itself. */
export interface Bounds {
  entries: number;
  /** All entries together, unpacked. */
  bytes: number;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;
/** The end record, with the longest comment. */
const LONGEST_END = 22 + 65_535;

/** Why a file should not be handed to who unpacks it in good faith; null: it is a zip within its bounds. */
export function zipFault(content: Buffer, bounds: Bounds): string | null {
  try {
    const entries = entriesOf(content, bounds);
    if (typeof entries === 'string') return entries;
    let left = bounds.bytes;
    for (const entry of entries) {
      const bytes = unpackedBytes(content, entry, left);
      left -= bytes;
      if (left < 0) return `The file unpacks to more than ${bounds.bytes} bytes.`;
      if (bytes !== entry.claimed) return 'The file does not say truly how large its parts are.';
    }
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ERR_BUFFER_TOO_LARGE' ? `The file unpacks to more than ${bounds.bytes} bytes.` : 'The file is not a whole zip.';
  }
}

interface Entry {
  readonly method: number;
  readonly packed: number;
  /** What it says it unpacks to; who unpacks it may make room for that beforehand. */
  readonly claimed: number;
  readonly at: number;
}

function entriesOf(content: Buffer, bounds: Bounds): Entry[] | string {
  const end = endOf(content);
  if (end === null) return 'The file is not a zip.';
  const count = content.readUInt16LE(end + 10);
  if (count > bounds.entries) return `The file has ${count} parts; ${bounds.entries} are read.`;
  const entries: Entry[] = [];
  for (let at = content.readUInt32LE(end + 16); entries.length < count; ) {
    if (content.readUInt32LE(at) !== ENTRY) return 'The file is not a whole zip.';
    const method = content.readUInt16LE(at + 10);
    if (method !== STORED && method !== DEFLATED) return 'The file is packed in a way that is not read.';
    entries.push({
      method,
      packed: content.readUInt32LE(at + 20),
      claimed: content.readUInt32LE(at + 24),
      at: content.readUInt32LE(at + 42),
    });
    at += 46 + content.readUInt16LE(at + 28) + content.readUInt16LE(at + 30) + content.readUInt16LE(at + 32);
  }
  return entries;
}

function endOf(content: Buffer): number | null {
  for (let at = content.length - 22; at >= Math.max(0, content.length - LONGEST_END); at -= 1) {
    if (content.readUInt32LE(at) === END) return at;
  }
  return null;
}

/** Counted by unpacking: what an entry says of its size is a claim. */
function unpackedBytes(content: Buffer, { method, packed, at }: Entry, left: number): number {
  if (content.readUInt32LE(at) !== LOCAL) throw new Error('No entry stands here.');
  const from = at + 30 + content.readUInt16LE(at + 26) + content.readUInt16LE(at + 28);
  const bytes = content.subarray(from, from + packed);
  if (method === STORED) return bytes.length;
  return inflateRawSync(bytes, { maxOutputLength: Math.max(left, 1) }).length;
}
