import type { Collection } from 'mongoose';
import { fresh, type Lying, lying, type OutboxEntry, type Recent, type Stored, textOf } from './document.js';

export interface Guarded<W> {
  saved: W[];
  /** Another writer was faster: to be decided again. */
  lost: W[];
  /** Another document holds a unique value: of which index. */
  clashes: { work: W; index: string }[];
}

interface Write<S, W> {
  of: W;
  /** As it is to be. */
  doc: Stored<S>;
  /** As it was read. */
  stored: Stored<S>;
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
 * With `uniques` what is new is inserted empty and then updated: a compatible server (secantusd-rs) takes a unique value that
 * came with an insert for taken as long as the document lives.
 */
export async function writeGuarded<S, W>(
  documents: Collection<Lying<S>>,
  writes: Write<S, W>[],
  { writer, uniques }: { writer: string; uniques: boolean },
): Promise<Guarded<W>> {
  if (writes.length === 0) return { saved: [], lost: [], clashes: [] };
  const empty = uniques ? writes.filter(({ doc }) => doc.rev === 1).map(({ doc }) => doc._id) : [];
  const operations = [
    ...empty.map(insertEmpty),
    ...writes.map((write) => (write.doc.rev === 1 && !uniques ? insert(write.doc) : update(write))),
  ];
  const { inserted, matched, errors } = await bulk(documents, operations);
  const clashes = errors
    .map((error) => ({ work: writes[error.index - empty.length]?.of, index: indexIn(error) }))
    .filter((clash): clash is { work: W; index: string } => clash.work !== undefined && clash.index !== ON_ID && clash.index !== RACE);
  if (matched + (uniques ? 0 : inserted) === writes.length) return { saved: writes.map((w) => w.of), lost: [], clashes };
  const clashed = new Set(clashes.map((c) => c.work));
  const ours = await writtenBy(documents, writes, writer);
  const rest = writes.filter((w) => !clashed.has(w.of));
  return {
    saved: rest.filter((w) => ours.has(w.doc._id)).map((w) => w.of),
    lost: rest.filter((w) => !ours.has(w.doc._id)).map((w) => w.of),
    clashes,
  };
}

async function writtenBy<S, W>(documents: Collection<Lying<S>>, writes: Write<S, W>[], writer: string): Promise<Set<string>> {
  const ids = writes.map((w) => w.doc._id);
  const found = await documents.find({ _id: { $in: ids as never[] }, writer: writer as never }, { projection: { _id: 1 } }).toArray();
  return new Set(found.map((doc) => String(doc._id)));
}

const insert = <S>(doc: Stored<S>) => ({ insertOne: { document: lying(doc) } });

const insertEmpty = (id: string) => insert({ ...fresh(id), emptySince: new Date() });

/** Lists that have only grown are not sent again: of a busy aggregate they are most of the document. */
function update<S>({ doc, stored }: Pick<Write<S, unknown>, 'doc' | 'stored'>) {
  const { _id, recent, outbox, ...fields } = doc;
  const lists = { recent: [stored.recent, recent], outbox: [stored.outbox, outbox] } as const;
  const $set: Record<string, unknown> = fields;
  const $push: Record<string, unknown> = {};
  for (const [name, [before, after]] of Object.entries(lists)) {
    const grown = grownBy<OutboxEntry | Recent>(before, after);
    if (grown === null) $set[name] = after.map(textOf);
    else if (grown.length > 0) $push[name] = { $each: grown.map(textOf) };
  }
  const update = Object.keys($push).length > 0 ? { $set, $push } : { $set };
  return { updateOne: { filter: { _id, rev: fields.rev - 1 }, update } };
}

/** What was added at the end, when nothing else has changed. */
const grownBy = <T>(before: readonly T[], after: readonly T[]): readonly T[] | null =>
  before.length > 0 && before.every((one, place) => one === after[place]) ? after.slice(before.length) : null;

interface Sums {
  inserted: number;
  matched: number;
  errors: WriteError[];
}

async function bulk(documents: { bulkWrite: unknown }, operations: unknown[]): Promise<Sums> {
  const write = documents.bulkWrite as (ops: unknown[], options: object) => Promise<{ insertedCount: number; matchedCount: number }>;
  try {
    const result = await write.call(documents, operations, { ordered: false });
    return { inserted: result.insertedCount, matched: result.matchedCount, errors: [] };
  } catch (error) {
    const { writeErrors, result } = error as {
      writeErrors?: WriteError | WriteError[];
      result?: { insertedCount: number; matchedCount: number };
    };
    const errors = [writeErrors ?? []].flat();
    if (errors.length === 0 || errors.some(({ code }) => code !== DUPLICATE && code !== CONFLICT)) throw error;
    return { inserted: result?.insertedCount ?? 0, matched: result?.matchedCount ?? 0, errors };
  }
}

/** A clash on the id itself is a lost race: somebody else created it. The index is named before the values, which may hold anything. */
const indexIn = ({ code, errmsg = '' }: WriteError) => (code === CONFLICT ? RACE : (/ index: (\S+)/.exec(errmsg)?.[1] ?? ''));
