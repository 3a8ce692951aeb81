import type { Collection } from 'mongoose';
import { CONFLICT, DUPLICATE, parts, unordered, type WriteError } from './bulk.js';
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

/** What a write that lost a race ends with. */
const LOST = [DUPLICATE, CONFLICT];
const ON_ID = '_id_';
const RACE = 'race';
/** Before the names of the fields that a document is to have. */
const NEXT = 'next_';

interface How {
  writer: string;
  uniques: boolean;
}

/**
 * Unordered bulks of guarded writes: inserts of what is new, updates guarded by the revision that was read.
 * The server returns only sums; when they are short the batch is read again to tell who lost.
 * With `uniques` what is new is inserted empty, with what it is to be beside it, and then made so, all in one update: a compatible
 * server (secantusd-rs) takes a unique value that came with an insert for taken as long as the document lives.
 */
export async function writeGuarded<S, W>(documents: Collection<Lying<S>>, writes: Write<S, W>[], how: How): Promise<Guarded<W>> {
  const all: Guarded<W> = { saved: [], lost: [], clashes: [] };
  for (const part of parts(writes)) {
    const { saved, lost, clashes } = await writeTogether(documents, part, how);
    all.saved.push(...saved);
    all.lost.push(...lost);
    all.clashes.push(...clashes);
  }
  return all;
}

async function writeTogether<S, W>(documents: Collection<Lying<S>>, writes: Write<S, W>[], { writer, uniques }: How): Promise<Guarded<W>> {
  const { made = [], others = [] } = Object.groupBy(writes, ({ doc }) => (uniques && doc.rev === 1 ? 'made' : 'others'));
  const first = await unordered(
    documents,
    [...made.map(prepare), ...others.map((write) => (write.doc.rev === 1 ? insert(write.doc) : update(write)))],
    LOST,
  );
  const begun = await begin(documents, made, writer);
  const settled = first.matched + (uniques ? begun : first.inserted);
  if (settled === writes.length) return { saved: writes.map((w) => w.of), lost: [], clashes: [] };
  // One by one, where one of them clashed or was prepared by somebody else.
  const second = begun < made.length ? await unordered(documents, made.map(beginAlone), LOST) : { errors: [] };
  const clashes = [...clashesIn(first.errors, others, made.length), ...clashesIn(second.errors, made, 0)];
  const clashed = new Set(clashes.map((c) => c.work));
  const ours = await writtenBy(documents, writes, writer);
  const rest = writes.filter((w) => !clashed.has(w.of));
  return {
    saved: rest.filter((w) => ours.has(w.doc._id)).map((w) => w.of),
    lost: rest.filter((w) => !ours.has(w.doc._id)).map((w) => w.of),
    clashes,
  };
}

/** Those that met a unique value of another document. */
function clashesIn<S, W>(errors: readonly WriteError[], writes: readonly Write<S, W>[], offset: number): Guarded<W>['clashes'] {
  return errors.flatMap((error) => {
    const write = writes[error.index - offset];
    const index = indexIn(error);
    return write && index !== ON_ID && index !== RACE ? [{ work: write.of, index }] : [];
  });
}

/** How many have become what was prepared; none where one of them clashed, though some may have. */
async function begin<S, W>(documents: Collection<Lying<S>>, made: readonly Write<S, W>[], writer: string): Promise<number> {
  if (made.length === 0) return 0;
  const names = new Set(made.flatMap(({ doc }) => Object.keys(fieldsOf(doc))));
  const $rename = Object.fromEntries([...names].map((name) => [NEXT + name, name]));
  const filter = { _id: { $in: made.map(({ doc }) => doc._id) }, rev: 0, [`${NEXT}writer`]: writer };
  try {
    return (await documents.updateMany(filter as never, { $rename } as never)).matchedCount;
  } catch (error) {
    const { code = 0 } = error as { code?: number };
    if (!LOST.includes(code)) throw error;
    return 0;
  }
}

async function writtenBy<S, W>(documents: Collection<Lying<S>>, writes: Write<S, W>[], writer: string): Promise<Set<string>> {
  const ids = writes.map((w) => w.doc._id);
  const found = await documents.find({ _id: { $in: ids as never[] }, writer: writer as never }, { projection: { _id: 1 } }).toArray();
  return new Set(found.map((doc) => String(doc._id)));
}

const insert = <S>(doc: Stored<S>) => ({ insertOne: { document: lying(doc) } });

const fieldsOf = <S>(doc: Stored<S>): Omit<Lying<S>, '_id'> => {
  const { _id, ...fields } = lying(doc);
  return fields;
};

function prepare<S>({ doc }: Pick<Write<S, unknown>, 'doc'>) {
  const next = Object.fromEntries(Object.entries(fieldsOf(doc)).map(([name, value]) => [NEXT + name, value]));
  return { insertOne: { document: { ...lying({ ...fresh<S>(doc._id), emptySince: new Date() }), ...next } } };
}

/** Also over what somebody else has prepared and not begun. */
function beginAlone<S>({ doc }: Pick<Write<S, unknown>, 'doc'>) {
  const fields = fieldsOf(doc);
  const $unset = Object.fromEntries(Object.keys(fields).map((name) => [NEXT + name, '']));
  return { updateOne: { filter: { _id: doc._id, rev: 0 }, update: { $set: fields, $unset } } };
}

/** Lists that have only grown are not sent again, nor what stands in the state as it did: of a busy aggregate they are most of the document. */
function update<S>({ doc, stored }: Pick<Write<S, unknown>, 'doc' | 'stored'>) {
  const { _id, recent, outbox, state, ...fields } = doc;
  const lists = { recent: [stored.recent, recent], outbox: [stored.outbox, outbox] } as const;
  const $set: Record<string, unknown> = fields;
  const $unset: Record<string, ''> = {};
  const $push: Record<string, unknown> = {};
  for (const [path, value] of changedIn(stored.state as object | null, state as object | null)) {
    if (value === undefined) $unset[path] = '';
    else $set[path] = value;
  }
  for (const [name, [before, after]] of Object.entries(lists)) {
    const grown = grownBy<OutboxEntry | Recent>(before, after);
    if (grown === null) $set[name] = after.map(textOf);
    else if (grown.length > 0) $push[name] = { $each: grown.map(textOf) };
  }
  const update = Object.fromEntries(Object.entries({ $set, $unset, $push }).filter(([, operands]) => Object.keys(operands).length > 0));
  return { updateOne: { filter: { _id, rev: fields.rev - 1 }, update } };
}

/** What is not says itself how it lies in the database. */
const isPlain = (state: object | null): state is object => state !== null && Object.getPrototypeOf(state) === Object.prototype;

/** Paths and values of what another value stands in than before, undefined: none; decisions leave what they were given as it was. */
function changedIn(before: object | null, after: object | null): [path: string, value: unknown][] {
  if (before === after) return [];
  if (!isPlain(before) || !isPlain(after)) return [['state', after]];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  if (names.some((name) => name === '' || name.includes('.') || name.startsWith('$'))) return [['state', after]];
  const [was, is] = [before, after] as Record<string, unknown>[];
  return names.flatMap((name) => (was![name] === is![name] ? [] : [[`state.${name}`, is![name]] as [string, unknown]]));
}

/** What was added at the end, when nothing else has changed. */
const grownBy = <T>(before: readonly T[], after: readonly T[]): readonly T[] | null =>
  before.length > 0 && before.every((one, place) => one === after[place]) ? after.slice(before.length) : null;

/** A clash on the id itself is a lost race: somebody else created it. The index is named before the values, which may hold anything. */
const indexIn = ({ code, errmsg = '' }: WriteError) => (code === CONFLICT ? RACE : (/ index: (\S+)/.exec(errmsg)?.[1] ?? ''));
