import type { Collection } from 'mongoose';
import type { Stored } from './document.js';

export interface Guarded<W> {
  saved: W[];
  /** Another writer was faster: to be decided again. */
  lost: W[];
  /** Another document holds a unique value: of which index. */
  clashes: { work: W; index: string }[];
}

const DUPLICATE = 11000;
/** Two writes of one document at the same moment. */
const CONFLICT = 112;
const ON_ID = '_id_';
const RACE = 'race';

interface WriteError {
  code: number;
  index: number;
  errmsg?: string;
}

/**
 * One unordered bulk of guarded writes: inserts of what is new, updates guarded by the revision that was read.
 * The server returns only sums; when they are short the batch is read again to tell who lost.
 */
export async function writeGuarded<S, W>(
  documents: Collection<Stored<S>>,
  writes: { of: W; doc: Stored<S> }[],
  writer: string,
): Promise<Guarded<W>> {
  if (writes.length === 0) return { saved: [], lost: [], clashes: [] };
  const operations = writes.map(({ doc }) => operation(doc));
  const { done, errors } = await bulk(documents, operations);
  const clashes = errors
    .map((error) => ({ work: writes[error.index]!.of, index: indexIn(error) }))
    .filter(({ index }) => index !== ON_ID && index !== RACE);
  if (done === writes.length) return { saved: writes.map((w) => w.of), lost: [], clashes };
  const clashed = new Set(clashes.map((c) => c.work));
  const ours = await writtenBy(documents, writer);
  const rest = writes.filter((w) => !clashed.has(w.of));
  return {
    saved: rest.filter((w) => ours.has(w.doc._id)).map((w) => w.of),
    lost: rest.filter((w) => !ours.has(w.doc._id)).map((w) => w.of),
    clashes,
  };

  async function writtenBy(from: Collection<Stored<S>>, name: string): Promise<Set<string>> {
    const ids = writes.map((w) => w.doc._id);
    const found = await from.find({ _id: { $in: ids as never[] }, writer: name as never }, { projection: { _id: 1 } }).toArray();
    return new Set(found.map((doc) => String(doc._id)));
  }
}

function operation<S>(doc: Stored<S>) {
  if (doc.rev === 1) return { insertOne: { document: doc } };
  const { _id, ...fields } = doc;
  return { updateOne: { filter: { _id, rev: doc.rev - 1 }, update: { $set: fields } } };
}

async function bulk(documents: { bulkWrite: unknown }, operations: unknown[]): Promise<{ done: number; errors: WriteError[] }> {
  const write = documents.bulkWrite as (ops: unknown[], options: object) => Promise<{ insertedCount: number; matchedCount: number }>;
  try {
    const result = await write.call(documents, operations, { ordered: false });
    return { done: result.insertedCount + result.matchedCount, errors: [] };
  } catch (error) {
    const { writeErrors, result } = error as {
      writeErrors?: WriteError | WriteError[];
      result?: { insertedCount: number; matchedCount: number };
    };
    const errors = [writeErrors ?? []].flat();
    if (errors.length === 0 || errors.some(({ code }) => code !== DUPLICATE && code !== CONFLICT)) throw error;
    return { done: (result?.insertedCount ?? 0) + (result?.matchedCount ?? 0), errors };
  }
}

/** A clash on the id itself is a lost race: somebody else created it. The index is named before the values, which may hold anything. */
const indexIn = ({ code, errmsg = '' }: WriteError) => (code === CONFLICT ? RACE : (/ index: (\S+)/.exec(errmsg)?.[1] ?? ''));
