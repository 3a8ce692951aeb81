import type { VersionChange } from '#libs/contracts/history';
import type { FactRecord, RefusalShape, ReplyTo } from '#libs/contracts/message';
import type { Stamp } from '#libs/contracts/values';
import type { Verdict } from '#libs/domain/verdict';

/** One aggregate as stored: state and everything that must not be lost with it, in one document, by one guarded write. */
export interface Stored<S> {
  _id: string;
  /** Guards every write; counts also those that leave the version alone. */
  rev: number;
  /** What clients see as ETag: raised by one with each change. */
  version: number;
  /** When this version was made; null before the first. */
  changedAt: Date | null;
  /** null: nothing was ever admitted under this id, only refused; or, where there have been versions, it is gone. */
  state: S | null;
  outbox: OutboxEntry[];
  /** Set while the outbox is not empty. */
  outboxAt?: Date | null;
  nextSeq: number;
  /** Offset of the last command decided, in its partition: what is not above it is a redelivery. */
  lastOffset: number;
  recent: Recent[];
  /** When the timer is due, and which SYSTEM command that is. */
  dueAt?: Date | null;
  dueType?: string | null;
  /** Set while there has been no version: such a document is only a memory of refusals and goes after a day. */
  emptySince?: Date | null;
  /** Which write made it so; tells the winner of a race. */
  writer: string;
}

/**
 * As it lies in the database. What is only ever read whole lies there as JSON texts: to client and server alike documents within
 * documents cost many times as much, and of a busy aggregate these lists are most of it.
 */
export type Lying<S> = Omit<Stored<S>, 'outbox' | 'recent'> & { outbox: string[]; recent: string[] };

const texts = new WeakMap<object, string>();

/** Written once, however often the list it stands in is written. */
export function textOf(entry: OutboxEntry | Recent): string {
  const known = texts.get(entry) ?? JSON.stringify(entry);
  texts.set(entry, known);
  return known;
}

/** As it is written to the database. */
export const lying = <S>(doc: Stored<S>): Lying<S> => ({ ...doc, outbox: doc.outbox.map(textOf), recent: doc.recent.map(textOf) });

/** As it is read from the database; the inverse of `lying`. What was prepared and never begun is as if it were not there. */
export const taken = <S>(doc: Lying<S>): Stored<S> => {
  if (doc.rev === 0) return fresh(doc._id);
  return {
    ...doc,
    outbox: doc.outbox.map((text) => JSON.parse(text) as OutboxEntry),
    recent: doc.recent.map((text) => JSON.parse(text) as Recent),
  };
};

export type OutboxEntry =
  | { seq: number; kind: 'state' }
  | { seq: number; kind: 'fact'; fact: FactRecord }
  | { seq: number; kind: 'history'; versions: VersionChange[] }
  /** A record that is kept by this aggregate, as it has become. */
  | { seq: number; kind: 'record'; aggregate: string; id: string; version: number; view: Record<string, unknown>; change: VersionChange }
  | {
      seq: number;
      kind: 'send';
      service: string;
      type: string;
      id: string;
      key: string;
      data: unknown;
      at: string;
      dryRun: boolean;
      replyTo: ReplyTo | null;
    };

/** What became of one command, kept as long as it may be asked again. */
export interface Recent {
  id: string;
  offset: number;
  keyed: boolean;
  version: number;
  changed: boolean;
  verdicts: Verdict[];
  refusal: RefusalShape | null;
  /** The record that was asked for, where this aggregate keeps it; `version` is that of the record then. */
  record?: string;
  /** Who waits while the answer is to follow; null once it is given. */
  later: ReplyTo[] | null;
  /** The bug it met: a redelivery meets it again, while the same command sent anew is decided. */
  failure?: string;
  /** Earlier messages this one answered. */
  settles: { id: string; to: ReplyTo[] }[];
}

/** What the view says of itself beside the state. */
export const stampOf = ({ _id: id, version, changedAt }: Pick<Stored<unknown>, '_id' | 'version' | 'changedAt'>): Stamp => ({
  id,
  version,
  updatedAt: (changedAt ?? new Date(0)).toISOString(),
});

/** Before the first command. */
export const fresh = <S>(id: string): Stored<S> => ({
  _id: id,
  rev: 0,
  version: 0,
  changedAt: null,
  state: null,
  outbox: [],
  nextSeq: 0,
  lastOffset: -1,
  recent: [],
  writer: '',
});
