import type { Collection } from 'mongoose';
import { Refusal } from '#libs/domain/verdict';
import type { Lying } from './document.js';

/** A text no two aggregates of the store may share; null and nothing are shared by many. Its path in the state, and the refusal when they would. */
export interface Unique {
  path: string;
  /** It is a list of objects, no one of which two aggregates may share. */
  list?: true;
  code: string;
  pointer: string;
  message(value: unknown): string;
}

const indexOf = ({ path }: Unique) => `state.${path}_unique`;

const valueAt = (state: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, part) => (value as Record<string, unknown> | null)?.[part], state);

/** What the aggregates of a store may not share: the database holds it at each write, and is asked where nothing is written. */
export class Uniques<S> {
  constructor(
    private readonly all: readonly Unique[],
    private readonly documents: () => Collection<Lying<S>>,
  ) {}

  get any(): boolean {
    return this.all.length > 0;
  }

  async ensureIndexes(): Promise<void> {
    for (const unique of this.all) {
      const path = `state.${unique.path}`;
      await this.documents().createIndex(
        { [path]: 1 },
        { name: indexOf(unique), unique: true, partialFilterExpression: { [path]: { $type: unique.list ? 'object' : 'string' } } },
      );
    }
  }

  /** Why a write was refused that met this index. */
  refusalBy(index: string, state: S | null): Refusal {
    const unique = this.all.find((each) => index === indexOf(each));
    if (!unique) return Refusal.because('RESOURCE.NOT_UNIQUE', 'A value that must be unique is taken.', { pointer: '' });
    return refusalOf(unique, valueAt(state, unique.path));
  }

  /** Why such a state could not be written under this id; null: it could. */
  async refusalFor(id: string, state: S): Promise<Refusal | null> {
    for (const unique of this.all) {
      const value = valueAt(state, unique.path);
      const values = unique.list ? ((value ?? []) as unknown[]) : typeof value === 'string' ? [value] : [];
      if (values.length === 0) continue;
      const other = { [`state.${unique.path}`]: { $in: values }, _id: { $ne: id } };
      if (await this.documents().findOne(other as never, { projection: { _id: 1 } })) return refusalOf(unique, value);
    }
    return null;
  }
}

const refusalOf = ({ code, pointer, message }: Unique, value: unknown) => Refusal.because(code, message(value), { pointer });
