import { type FactRecord, schemaOf } from '#libs/contracts/message';
import { idOf, namesIn } from '#libs/domain/fact-names';
import { type Level, neededFor, redact, visibility } from '#libs/domain/visibility';
import type { Incoming } from '#libs/messaging/kafka';
import { byAggregate, type View } from './resources.js';

/** What the feed can be narrowed to beside the type. */
export const REFERENCES = ['partnership', 'cluster', 'event'] as const;
export type Reference = (typeof REFERENCES)[number];

/** A fact as it is told: as an event of the stream, which holds the item of a page. */
export interface Form {
  cursor: number;
  frame: Buffer;
  itemFrom: number;
}

/** A fact of the feed, written once for all who see the same of it, however many they are. */
export interface Entry extends Form {
  type: string;
  /** `/v1/partnerships/{id}` */
  subject: string;
  id: string;
  /** Null: a kind that cannot be read here, so nobody may be told. */
  resource: string | null;
  sequence: string;
  names: Record<Reference, readonly string[]>;
  /** What the subject was last, where the fact says that it is gone: nothing else tells who could see it. */
  last: View | null;
  /** How much of the subject somebody must see to be told. */
  needs: Level;
  /** Forms for those who see less of it; null: it holds nothing that is hidden from anybody. */
  reduced: Map<Level, Form> | null;
}

/** Facts after which their record is no more. */
const GONE = /\.(removed|yielded|erased)\.v1$/;

/** Null: no fact at all. */
export function entryOf({ offset, value }: Incoming): Entry | null {
  const fact = factIn(value);
  if (!fact) return null;
  const { type, subject, sequence } = fact;
  const resource = byAggregate.get(type.slice(0, type.indexOf('.')))?.contract.resource ?? null;
  return {
    ...formOf({ ...fact, dataschema: fact.dataschema ?? schemaOf(type), cursor: offset }),
    type,
    subject,
    id: idOf(fact),
    resource,
    sequence,
    names: { partnership: namesOf('partnership', fact), cluster: namesOf('cluster', fact), event: namesOf('event', fact) },
    last: GONE.test(type) ? ({ ...(fact.data as object), id: idOf(fact) } as View) : null,
    needs: neededFor(resource ?? '', fact),
    reduced: holdsHidden(resource, fact.data) ? new Map() : null,
  };
}

type Item = FactRecord & { dataschema: string; cursor: number };

function formOf(item: Item): Form {
  const head = `id: ${item.cursor}\nevent: ${item.type}\ndata: `;
  return { cursor: item.cursor, frame: Buffer.from(`${head}${JSON.stringify(item)}\n\n`), itemFrom: head.length };
}

export const itemOf = ({ frame, itemFrom }: Form): Buffer => frame.subarray(itemFrom, frame.length - 2);

const holdsHidden = (resource: string | null, data: unknown) =>
  Object.keys(visibility[resource ?? '']?.hidden ?? {}).some((field) => data instanceof Object && field in data);

/** The fact as somebody of this level is told. */
export function seenBy(level: Level, entry: Entry): Form {
  if (!entry.reduced) return entry;
  const known = entry.reduced.get(level);
  if (known) return known;
  const item = JSON.parse(itemOf(entry).toString()) as Item;
  const form = formOf({ ...item, data: redact(entry.resource!, item.data as View, level) });
  entry.reduced.set(level, form);
  return form;
}

function factIn(value: string | null): FactRecord | null {
  try {
    const fact = JSON.parse(value ?? 'null') as FactRecord | null;
    return fact && [fact.type, fact.subject, fact.sequence].every(isWord) ? fact : null;
  } catch {
    return null;
  }
}

/** It stands in a line of its own. */
const isWord = (part: unknown) => typeof part === 'string' && /^[\x21-\x7e]+$/.test(part);

function namesOf(name: Reference, fact: FactRecord): string[] {
  const { own, referred } = namesIn(name, fact);
  return [...own, ...referred];
}

const SUBJECTS = 50_000;

/** A projector that died appends again what it had appended: what is not above the last of its subject was told before. */
export class LastTold {
  private readonly last = new Map<string, string>();

  isNews({ subject, sequence }: Pick<Entry, 'subject' | 'sequence'>): boolean {
    if ((this.last.get(subject) ?? '') >= sequence) return false;
    // The subject told of last stands last: the first is the one to forget.
    this.last.delete(subject);
    this.last.set(subject, sequence);
    if (this.last.size > SUBJECTS) this.last.delete(this.last.keys().next().value!);
    return true;
  }

  has({ subject, sequence }: Pick<Entry, 'subject' | 'sequence'>): boolean {
    return (this.last.get(subject) ?? '') >= sequence;
  }
}
