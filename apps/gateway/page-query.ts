import { canonicalJson } from '#libs/domain/canonical';
import type { Cursors } from './cursors.js';
import { anyOf, limitOf, one } from './list-query.js';
import { malformed } from './problem.js';

export interface Paged<F extends string> {
  limit: number;
  /** Where the page before ended. */
  after: string | null;
  newestFirst: boolean;
  filters: Partial<Record<F, string[]>>;
  /** The cursor of a page that ended there. */
  cursor(place: string): string;
}

/** The query of a list that has one order and is no list of views. */
export function pageQuery<F extends string>(
  about: { list: string; filters: readonly F[]; sort: string; newestFirst?: boolean },
  query: Record<string, unknown>,
  cursors: Cursors,
): Paged<F> {
  const { limit: size, cursor, sort, ...filters } = query;
  refuseUnknown(about.filters, filters);
  const newestFirst = sort === undefined ? (about.newestFirst ?? false) : descending(about.sort, one('sort', sort));
  const bound = canonicalJson({ list: about.list, filters, newestFirst });
  const [after = null] = cursor === undefined ? [] : cursors.read(one('cursor', cursor), bound);
  const values = Object.entries(filters).map(([name, value]) => [name, anyOf(name, value)]);
  return {
    limit: limitOf(size),
    after,
    newestFirst,
    filters: Object.fromEntries(values) as Paged<F>['filters'],
    cursor: (place) => cursors.write([place], bound),
  };
}

function refuseUnknown(known: readonly string[], filters: Record<string, unknown>): void {
  const unknown = Object.keys(filters).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const all = ['limit', 'cursor', 'sort', ...known].join(', ');
  throw malformed(
    'QUERY.UNKNOWN_PARAMETER',
    `This list knows no parameter ${unknown.join(', ')}.`,
    unknown.map((name) => ({ pointer: `?${name}`, message: `known are ${all}` })),
  );
}

function descending(key: string, sort: string): boolean {
  if (sort === key) return false;
  if (sort === `-${key}`) return true;
  throw malformed('QUERY.SORT', `This list is sorted by ${key}.`, [{ pointer: '?sort', message: `known are ${key}, -${key}` }]);
}

/** A page of what was read, one more than asked for to know whether there is a next one. */
export function pageOf<T>(found: T[], { limit, cursor }: Paged<string>, placeOf: (item: T) => string) {
  const items = found.slice(0, limit);
  return { items, next: found.length > limit ? cursor(placeOf(items.at(-1)!)) : null };
}
