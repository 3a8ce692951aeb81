import type { Listed, Route } from './openapi-routes.js';
import type { JsonObject } from './openapi-schemas.js';

const header = (name: string, description: string, schema: JsonObject, more: JsonObject = {}): JsonObject => ({
  name,
  in: 'header',
  description,
  schema,
  ...more,
});
/** As `asked.ts` reads it. */
const tag = { type: 'string', pattern: '^(\\*|(W/)?"\\d{1,15}(\\.[\\w-]+)?")$', examples: ['"3.k2f9"'] };
const query = (name: string, description: string, schema: JsonObject): JsonObject => ({ name, in: 'query', description, schema });

/** The conventions every route shares, told once. */
export const parameters: JsonObject = {
  Traceparent: header('traceparent', 'W3C trace context; one is begun when none is sent.', {
    type: 'string',
    examples: ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
  }),
  IfNoneMatch: header('If-None-Match', 'ETag of an earlier answer: 304 when it still stands.', { type: 'string' }),
  IfMatch: header('If-Match', 'ETag that was read; its version alone is compared. 412 when the record has changed since.', tag),
  IfMatchRequired: header(
    'If-Match',
    'ETag that was read, or *; its version alone is compared. 428 without it, 412 when the record has changed since.',
    tag,
    { required: true },
  ),
  IdempotencyKey: header(
    'Idempotency-Key',
    'The same key and body within 24 hours get the same answer, and the write is done once. Scoped to the client, method and path.',
    { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$', examples: ['4f1c7a52-import-dia'] },
  ),
  Prefer: header('Prefer', '`wait=5`: seconds of patience before 202 (up to 60); `respond-async`: 202 at once.', {
    type: 'string',
    examples: ['wait=5', 'respond-async'],
  }),
  DryRun: query('dryRun', 'Tell what would be, change nothing.', { type: 'boolean', default: false }),
  Limit: query('limit', 'Items per page.', { type: 'integer', minimum: 1, maximum: 200, default: 50 }),
  Cursor: query('cursor', '`next` of the page before. It belongs to this list with these filters.', { type: 'string' }),
  Q: query('q', 'Words, each by its beginning; case and accents do not matter.', { type: 'string', maxLength: 200 }),
  From: query('from', 'Day from which on: what may still go on then, by the precision of its date.', { type: 'string', format: 'date' }),
  On: query('on', 'Day: what was valid then, and as it was then.', { type: 'string', format: 'date' }),
  AsKnownOn: query('asKnownOn', 'Day: by what was known at its end; what was valid on that very day unless `on` says another.', {
    type: 'string',
    format: 'date',
  }),
  To: query('to', 'Day up to which: what may have begun by then, by the precision of its date.', { type: 'string', format: 'date' }),
};

const ref = (name: string): JsonObject => ({ $ref: `#/components/parameters/${name}` });

/** In the order a reader looks for them: what is meant, which of it, how. */
export function parametersOf(route: Route, declared: JsonObject[]): JsonObject[] {
  const ofPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => pathParameter(name!, route));
  const ofQuery = declared.filter((each) => each.in === 'query' && typeof each.name === 'string' && each.name !== '');
  return [
    ...ofPath,
    ...ofQuery,
    ...(route.list ? ofList(route.list, route.path) : []),
    ...(route.answers.write ? ofWrite(route) : route.tagged ? [ref('IfNoneMatch')] : []),
    ref('Traceparent'),
  ];
}

const SLUGGED = ['partnerships', 'clusters'];

const pathParameter = (name: string, { path }: Route): JsonObject => ({
  name,
  in: 'path',
  required: true,
  description: name === 'id' && SLUGGED.includes(path.split('/')[2]!) ? 'Id or slug.' : capital(name),
  schema: { type: 'string', minLength: 1, maxLength: 300 },
});

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function sorting(keys: string[], unlessAsked?: string): JsonObject[] {
  if (keys.length === 0) return [];
  const preset: JsonObject = unlessAsked ? { default: unlessAsked } : {};
  if (keys.length === 1)
    return [query('sort', 'Key of the order; `-` reverses it.', { type: 'string', enum: [keys[0]!, `-${keys[0]}`], ...preset })];
  const key = `-?(${keys.join('|')})`;
  const told = 'Keys of the order, each once: by the first, what is alike in it by the next. `-` reverses one.';
  return [query('sort', told, { type: 'string', pattern: `^${key}(,${key})*$`, examples: [`${keys[0]},-${keys[1]}`] })];
}

function ofList({ filters, sorts, words, periodic, unlessAsked }: Listed, path: string): JsonObject[] {
  return [
    // What the path says already is no filter.
    ...Object.keys(filters)
      .filter((name) => !path.includes(`/${name}s/{`))
      .map(filter),
    ...(words ? [ref('Q')] : []),
    ...(sorts.when ? [ref('From'), ref('To')] : []),
    ...(periodic ? [ref('On'), ref('AsKnownOn')] : []),
    ...sorting(Object.keys(sorts), unlessAsked),
    ref('Limit'),
    ref('Cursor'),
  ];
}

const meantBy: Record<string, string | undefined> = {
  partnership: 'id or slug',
  cluster: 'id or slug, or one of a record that was merged into it',
  organisation: 'its id, or one that was merged into it',
  externalId: '`system:id`, what it is called elsewhere',
};

const filter = (name: string): JsonObject => ({
  ...query(name, [meantBy[name], 'repeated: any of them.'].filter(Boolean).join('; '), {
    type: 'array',
    items: { type: 'string', maxLength: name === 'externalId' ? 241 : 200 },
  }),
  style: 'form',
  explode: true,
});

const ofWrite = ({ method }: Route): JsonObject[] => [
  ref('DryRun'),
  ref(method === 'patch' || method === 'delete' ? 'IfMatchRequired' : 'IfMatch'),
  ref('IdempotencyKey'),
  ref('Prefer'),
];

const told = (description: string, schema: JsonObject = { type: 'string' }): JsonObject => ({ description, schema });
/** Wherever it is named, it is there. */
const always = (description: string, schema?: JsonObject): JsonObject => ({ ...told(description, schema), required: true });

export const headers: JsonObject = {
  Traceparent: always('W3C trace context of the request; a problem repeats its trace id.'),
  ETag: always('`"<version>.<variant>"`; the variant stands for language and redaction.'),
  Vary: always('Whoever keeps answers tells them apart by these request headers.'),
  Link: told('`rel="next"`: the next page, while there is one.'),
  Location: always('Where it is read, or where its operation is.'),
  RateLimit: told('Where limits are on: what is left (`r`) of the quota, and seconds until it begins anew (`t`).'),
  RateLimitPolicy: told('Where limits are on: requests (`q`) in so many seconds (`w`) for this class of route.'),
  RetryAfter: always('Seconds after which to try again.', { type: 'integer', minimum: 0 }),
  RetryWithKey: told('With `IDEMPOTENCY.IN_PROGRESS`: seconds after which to ask again.', { type: 'integer', minimum: 0 }),
  WWWAuthenticate: always('How to say who you are.'),
  IdempotentReplayed: told('`true` when this is the kept answer of the first request with the key.', { type: 'string', enum: ['true'] }),
};

export const headerRefs = (...names: [header: string, component: keyof typeof headers][]): JsonObject =>
  Object.fromEntries(names.map(([name, component]) => [name, { $ref: `#/components/headers/${component}` }]));
