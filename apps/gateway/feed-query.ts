import { EventTypePattern } from '#libs/contracts/subscription';
import { matchesType } from '#libs/domain/fact-names';
import { type Entry, REFERENCES, type Reference } from './feed-entry.js';
import { limitOf, one } from './list-query.js';
import { malformed } from './problem.js';

/** What somebody wants of the feed. */
export interface FeedQuery {
  /** Null: from the first there is; of a stream: from now on. */
  after: number | null;
  limit: number;
  waitMs: number;
  matches(entry: Entry): boolean;
}

/** The id behind a slug; what is not known is given back. */
type ResolveId = (resource: string, idOrSlug: string) => Promise<string>;

const MAX_WAIT_SECONDS = 25;
const MAX_VALUES = 100;
const RESOURCE: Record<Reference, string> = { partnership: 'partnerships', cluster: 'clusters', event: 'events' };
const FILTERS = ['types', ...REFERENCES];
const OF_STREAMS = ['after', ...FILTERS];
const OF_PAGES = ['after', 'limit', 'wait', ...FILTERS];

type Query = Record<string, unknown>;

export const pageQuery = (query: Query, lastEventId: unknown, idOf: ResolveId) => read(query, OF_PAGES, lastEventId, idOf);
export const streamQuery = (query: Query, lastEventId: unknown, idOf: ResolveId) => read(query, OF_STREAMS, lastEventId, idOf);

async function read(query: Query, known: string[], lastEventId: unknown, idOf: ResolveId): Promise<FeedQuery> {
  refuseUnknown(query, known);
  const types = typesOf(query.types);
  const wanted = await referencesOf(query, idOf);
  return {
    // A client that comes back names its last event, and asks for the same address as before.
    after: lastEventId === undefined || lastEventId === '' ? cursorOf('?after', query.after) : cursorOf('Last-Event-ID', lastEventId),
    limit: limitOf(query.limit),
    waitMs: waitOf(query.wait) * 1000,
    matches: ({ type, names }) =>
      (types === null || types.some((pattern) => matchesType(pattern, type))) &&
      wanted.every(([name, values]) => names[name].some((each) => values.has(each))),
  };
}

function refuseUnknown(query: Query, known: string[]): void {
  const unknown = Object.keys(query).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw malformed(
    'QUERY.UNKNOWN_PARAMETER',
    `The feed knows no parameter ${unknown.join(', ').slice(0, 200)}.`,
    unknown.map((name) => ({ pointer: `?${name}`, message: `known are ${known.join(', ')}` })),
  );
}

/** −1 is the cursor of a feed that has told nothing yet. */
function cursorOf(pointer: string, value: unknown): number | null {
  if (value === undefined) return null;
  if (typeof value === 'string' && /^(-1|\d{1,15})$/.test(value)) return Number(value);
  throw malformed('QUERY.CURSOR', 'This is no cursor of the feed.', [{ pointer, message: 'take it from an item, a page or a snapshot' }]);
}

function waitOf(value: unknown): number {
  if (value === undefined) return 0;
  const text = one('wait', value);
  if (/^\d{1,2}$/.test(text) && Number(text) <= MAX_WAIT_SECONDS) return Number(text);
  const message = `0 to ${MAX_WAIT_SECONDS}`;
  throw malformed('QUERY.MALFORMED', `wait is a whole number of seconds, ${message}.`, [{ pointer: '?wait', message }]);
}

/** Repeated, or separated by commas. */
function valuesOf(name: string, value: unknown): string[] {
  const values = [value].flat().flatMap((each) => String(each).split(','));
  const message = `1 to ${MAX_VALUES}, none of them empty`;
  if (values.length > MAX_VALUES || values.some((each) => each === '' || each.length > 200))
    throw malformed('QUERY.MALFORMED', `${name} takes ${message}.`, [{ pointer: `?${name}`, message }]);
  return values;
}

function typesOf(value: unknown): string[] | null {
  if (value === undefined) return null;
  const types = valuesOf('types', value);
  const wrong = types.filter((type) => !EventTypePattern.safeParse(type).success);
  if (wrong.length === 0) return types;
  throw malformed(
    'QUERY.MALFORMED',
    'types takes patterns such as *, event.* or event.scheduled.v1.',
    wrong.map((type) => ({ pointer: '?types', message: `${type.slice(0, 100)} is none` })),
  );
}

async function referencesOf(query: Query, idOf: ResolveId): Promise<[Reference, Set<string>][]> {
  const named = REFERENCES.filter((name) => query[name] !== undefined);
  return Promise.all(
    named.map(async (name): Promise<[Reference, Set<string>]> => {
      const values = valuesOf(name, query[name]);
      const ids = await Promise.all(values.map((value) => idOf(RESOURCE[name], value)));
      return [name, new Set([...values, ...ids])];
    }),
  );
}
