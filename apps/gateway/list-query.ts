import type { Period } from '#libs/contracts/membership';
import type { ExternalId } from '#libs/contracts/values';
import { asOf } from '#libs/domain/as-of';
import { canonicalJson } from '#libs/domain/canonical';
import { fold } from '#libs/domain/text';
import { allOf } from '#libs/persistence/filters';
import type { Copy } from '#libs/persistence/views';
import type { Cursors, Place } from './cursors.js';
import { malformed } from './problem.js';
import { externalWord, type Resource, type View, valueAt } from './resources.js';
import type { Search } from './searched.js';

export interface ListQuery {
  limit: number;
  after: Place | null;
  sort: Record<string, 1 | -1>;
  /** What a cursor is bound to. */
  bound: string;
  filter(after: Place | null): Record<string, unknown>;
  /** Where `q` asks for words: the same, to be looked through in memory. */
  search: ((after: Place | null) => Search) | null;
  place(copy: Copy<View>): Place;
  /** The view as of the day that is asked for; null: it did not hold then. */
  asThen(view: View): View | null;
}

/** One key of the order. */
interface Order {
  key: string;
  /** In the stored copy. */
  field: string;
  direction: 1 | -1;
}

type ResolveIds = (resource: string, idOrSlug: string) => Promise<string[]>;

const RESERVED = ['limit', 'cursor', 'sort', 'q'];

/** Filters whose values are ids of a resource that also has slugs, or ids that lead on to another. */
const SLUGGED: Record<string, string> = { partnership: 'partnerships', cluster: 'clusters', organisation: 'organisations' };

export async function listQuery(
  resource: Resource,
  query: Record<string, unknown>,
  cursors: Cursors,
  idsOf: ResolveIds,
): Promise<ListQuery> {
  refuseUnknown(resource, query);
  const { limit: size, cursor, sort: order, ...rest } = query;
  const limit = limitOf(size);
  const orders = sortOf(resource, order);
  const others = await conditions(resource, rest, idsOf);
  const words = rest.q === undefined ? [] : wordsIn(bounded('q', one('q', rest.q)));
  const base = [...others, ...words.map(beginning)];
  const bound = canonicalJson({ resource: resource.contract.resource, rest, order: orders.map(({ key, direction }) => [key, direction]) });
  const after = cursor === undefined ? null : cursors.read(one('cursor', cursor), bound);
  // What is alike in all of it stands by id, in the direction of the last key: so an index over both serves.
  const all: Order[] = [...orders, { key: 'id', field: '_id', direction: orders.at(-1)?.direction ?? 1 }];
  return {
    limit,
    after,
    bound,
    sort: Object.fromEntries(all.map(({ field, direction }) => [field, direction])),
    filter: (place) => allOf(place ? [...base, behind(all, place)] : base),
    search: words.length === 0 ? null : (place) => ({ beginnings: words, order: all, after: place, others }),
    place: (copy) => all.map(({ field }) => String(valueAt(copy, field))),
    asThen: asAskedFor(rest),
  };
}

/** Valid on a day, as known on a day; who says the one alone means the same day, or what is known now. */
function asAskedFor({ on, asKnownOn }: Record<string, unknown>): (view: View) => View | null {
  if (on === undefined && asKnownOn === undefined) return (view) => view;
  const known = asKnownOn === undefined ? null : day('asKnownOn', asKnownOn);
  const moment = { on: on === undefined ? known! : day('on', on), asKnownOn: known };
  return (view) => asOf(view as View & { periods: Period[] }, moment);
}

function refuseUnknown(resource: Resource, query: Record<string, unknown>): void {
  const dated = resource.sorts.when === undefined ? [] : ['from', 'to'];
  const periodic = resource.periodic ? ['on', 'asKnownOn'] : [];
  const known = new Set([...RESERVED, ...dated, ...periodic, ...Object.keys(resource.filters)]);
  const unknown = Object.keys(query).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw malformed(
    'QUERY.UNKNOWN_PARAMETER',
    `This list knows no parameter ${unknown.join(', ')}.`,
    unknown.map((name) => ({ pointer: `?${name}`, message: `known are ${[...known].join(', ')}` })),
  );
}

export function limitOf(value: unknown): number {
  if (value === undefined) return 50;
  const text = one('limit', value);
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > 200)
    throw malformed('QUERY.MALFORMED', 'limit is a whole number from 1 to 200.', [{ pointer: '?limit', message: '1 to 200' }]);
  return limit;
}

/** `name,-country`: by the first, what is alike in it by the next; `-` reverses one. */
function sortOf(resource: Resource, value: unknown): Order[] {
  if (value === undefined) return [];
  const orders = one('sort', value)
    .split(',')
    .map(
      (text): Order => ({ key: text.replace(/^-/, ''), field: `sort.${text.replace(/^-/, '')}`, direction: text.startsWith('-') ? -1 : 1 }),
    );
  const keys = orders.map(({ key }) => key);
  const strange = keys.find((key) => !Object.hasOwn(resource.sorts, key));
  if (strange !== undefined) throw badSort(`This list is not sorted by ${strange.slice(0, 40)}.`, resource);
  if (new Set(keys).size < keys.length) throw badSort('Each key of the order is named once.', resource);
  return orders;
}

const badSort = (detail: string, { sorts }: Resource) =>
  malformed('QUERY.SORT', detail, [{ pointer: '?sort', message: `known are ${Object.keys(sorts).join(', ') || 'none'}` }]);

async function conditions(resource: Resource, rest: Record<string, unknown>, idsOf: ResolveIds): Promise<Record<string, unknown>[]> {
  const { q: _q, from, to, on: _on, asKnownOn: _known, ...filters } = rest;
  const found: Record<string, unknown>[] = [];
  for (const [name, value] of Object.entries(filters)) {
    const values = anyOf(name, value);
    if (name === 'externalId') {
      found.push({ words: { $in: values.map((value) => externalWord(externalIdIn(value))) } });
      continue;
    }
    const slugged = SLUGGED[name];
    const wanted = slugged ? (await Promise.all(values.map((v) => idsOf(slugged, v)))).flat() : values;
    found.push({ [`view.${resource.filters[name]}`]: { $in: wanted } });
  }
  if (from !== undefined) found.push({ 'view.when.latest': { $gte: day('from', from) } });
  if (to !== undefined) found.push({ 'view.when.earliest': { $lte: day('to', to) } });
  return found;
}

/** `system:id`; the id may hold colons itself. */
function externalIdIn(text: string): ExternalId {
  const [, system, id] = /^([^:]+):(.+)$/.exec(text) ?? [];
  if (system && id) return { system, id };
  throw malformed('QUERY.MALFORMED', 'externalId is system:id, such as ECCP:12345.', [{ pointer: '?externalId', message: 'system:id' }]);
}

/** Each is the beginning of some word of the resource, accents and case folded. */
const wordsIn = (q: string): string[] =>
  fold(q)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .slice(0, 10);

const beginning = (word: string) => ({ words: { $elemMatch: { $gte: word, $lt: `${word}\uffff` } } });

/** One the calendar has. */
const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);

function day(name: string, value: unknown): string {
  const text = one(name, value);
  if (!isDay(text)) throw malformed('QUERY.MALFORMED', `${name} is a day, YYYY-MM-DD.`, [{ pointer: `?${name}`, message: 'YYYY-MM-DD' }]);
  return text;
}

const LONGEST = 200;
/** A system, a colon and an id. */
const LONGEST_EXTERNAL = 241;

function bounded(name: string, text: string, longest = LONGEST): string {
  if ([...text].length <= longest) return text;
  const message = `at most ${longest} characters`;
  throw malformed('QUERY.MALFORMED', `${name} has ${message}.`, [{ pointer: `?${name}`, message }]);
}

/** A filter, repeated or not. */
export const anyOf = (name: string, value: unknown): string[] =>
  [value].flat().map((each) => bounded(name, String(each), name === 'externalId' ? LONGEST_EXTERNAL : LONGEST));

export function one(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw malformed('QUERY.MALFORMED', `${name} is given once.`, [{ pointer: `?${name}`, message: 'given more than once' }]);
}

/** Everything that comes after a place in the order of the list: alike in the first keys, and behind it in the next. */
function behind(orders: Order[], place: Place): Record<string, unknown> {
  const [only, ...further] = orders.map(({ field, direction }, i) => ({
    ...Object.fromEntries(orders.slice(0, i).map((before, j) => [before.field, place[j]])),
    [field]: { [direction === 1 ? '$gt' : '$lt']: place[i] },
  }));
  return further.length > 0 ? { $or: [only, ...further] } : only!;
}
