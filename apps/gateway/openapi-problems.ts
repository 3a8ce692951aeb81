import { codes, codesOf } from './codes.js';
import { headerRefs } from './openapi-parameters.js';
import { isToken, type Route } from './openapi-routes.js';
import type { JsonObject } from './openapi-schemas.js';
import { type ProblemName, problemTypes } from './problem.js';

const everywhere = [
  'REQUEST.MALFORMED',
  'QUERY.UNKNOWN_PARAMETER',
  'AUTH.UNKNOWN',
  'AUTH.ISSUER_AWAY',
  'RATE.EXCEEDED',
  'SERVICE.UNAVAILABLE',
  'INTERNAL.FAILED',
];
const ofLists = ['QUERY.MALFORMED', 'QUERY.UNKNOWN_PARAMETER', 'QUERY.CURSOR', 'QUERY.SORT'];
const ofWrites = [
  // A body is read before it is known whether the route takes one.
  'BODY.MALFORMED',
  'BODY.MEDIA_TYPE',
  'BODY.TOO_DEEP',
  'BODY.TOO_LARGE',
  'BODY.UNKNOWN_FIELD',
  'QUERY.MALFORMED',
  'HEADER.IDEMPOTENCY_KEY',
  'HEADER.IF_MATCH',
  'IDEMPOTENCY.IN_PROGRESS',
  'IDEMPOTENCY.OTHER_BODY',
  'RESOURCE.OUTDATED',
  'COMMAND.FAILED',
];

/** Every code a route may answer with. */
export function codesOfRoute({ policy, path, method, body, list, answers, command, codes: own }: Route): string[] {
  if (isToken({ path })) return ['INTERNAL.FAILED', 'RATE.EXCEEDED', 'SERVICE.UNAVAILABLE'];
  const all = [
    ...everywhere,
    ...(policy.own ? [] : ['AUTH.SCOPE']),
    ...(policy.public ? [] : ['AUTH.REQUIRED']),
    ...(policy.access === 'ADMIN' || policy.admin ? ['AUTH.ROLE'] : []),
    ...(path.includes('{') ? ['RESOURCE.ABSENT'] : []),
    // What a body names is looked up for who asks.
    ...(body ? ['BODY.SHAPE', 'RESOURCE.ABSENT'] : []),
    ...(list ? ofLists : []),
    ...(answers.write ? ofWrites : []),
    ...(answers.write && method === 'post' && !path.includes('{') ? ['RESOURCE.THERE', 'RESOURCE.NOT_UNIQUE'] : []),
    ...(method === 'patch' || method === 'delete' ? ['HEADER.IF_MATCH_REQUIRED'] : []),
    ...(command ? codesOf(command) : []),
    ...own,
  ];
  return [...new Set(all)].sort();
}

export function problemResponses(route: Route): JsonObject {
  const byStatus = Map.groupBy(codesOfRoute(route), (code) => problemTypes[codes.get(code)!.problem].status);
  return Object.fromEntries([...byStatus].sort(([a], [b]) => a - b).map(([status, found]) => [String(status), response(status, found)]));
}

function response(status: number, found: string[]): JsonObject {
  const kinds = [...new Set(found.map((code) => codes.get(code)!.problem))];
  return {
    description: kinds.map(explained).join(' '),
    headers: headerRefs(['traceparent', 'Traceparent'], ...headersAt(status, found)),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { status: { const: status }, code: { enum: found } } }],
        },
        example: exampleOf(found.find((code) => pointers[code]) ?? found[0]!),
      },
    },
  };
}

function headersAt(status: number, found: string[]): [string, string][] {
  if (status === 401) return [['WWW-Authenticate', 'WWWAuthenticate']];
  if (status === 429)
    return [
      ['Retry-After', 'RetryAfter'],
      ['RateLimit', 'RateLimit'],
      ['RateLimit-Policy', 'RateLimitPolicy'],
    ];
  if (status === 503) return [['Retry-After', 'RetryAfter']];
  return found.includes('IDEMPOTENCY.IN_PROGRESS') ? [['Retry-After', 'RetryWithKey']] : [];
}

const explained = (name: ProblemName) => `[${problemTypes[name].title}](${pageOf(name)}). ${problemTypes[name].help}`;

export const pageOf = (name: ProblemName) => `/docs/problems/${problemTypes[name].slug}`;

const pointers: Record<string, JsonObject> = {
  'BODY.SHAPE': { pointer: '/nmae', message: 'this field is not known' },
  'QUERY.MALFORMED': { pointer: '?limit', message: '1 to 200' },
};

/** A problem as it is answered, with the sentence its code stands for. */
export function exampleOf(code: string): JsonObject {
  const { problem, means } = codes.get(code)!;
  const { title, status, retryable } = problemTypes[problem];
  const pointer = pointers[code];
  return {
    type: pageOf(problem),
    title,
    status,
    detail: means,
    code,
    errors: pointer ? [pointer] : [],
    verdicts: problem === 'refused' || problem === 'wrongState' || problem === 'notYours' ? verdicts(code, means) : [],
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    retryable,
    ...(code === 'RESOURCE.OUTDATED' ? { currentVersion: 4 } : {}),
    ...(code === 'AUTH.SCOPE' ? { scope: 'subscriptions:write' } : {}),
  };
}

const judged = /^(AUTH|ROUTE|IDEMPOTENCY)\./;

const verdicts = (rule: string, message: string): JsonObject[] =>
  judged.test(rule) ? [] : [{ rule, version: 1, outcome: 'FAILED', message, inputs: {}, source: null }];

/** What many operations answer alike is told once; the operations are made to refer to it. */
export function sharedResponses(paths: Record<string, Record<string, JsonObject>>): JsonObject {
  const all = Object.values(paths).flatMap((operations) =>
    Object.values(operations).map(({ responses }) => responses as Record<string, JsonObject>),
  );
  const places = all.flatMap((responses) => Object.keys(responses).map((status) => ({ responses, status })));
  const alike = Map.groupBy(places, ({ responses, status }) => `${status}${JSON.stringify(responses[status])}`);
  const shared: JsonObject = {};
  for (const group of alike.values()) {
    const { responses, status } = group[0]!;
    if (group.length === 1 || Number(status) < 400) continue;
    const name = nameFor(status, shared);
    shared[name] = responses[status]!;
    for (const place of group) place.responses[place.status] = { $ref: `#/components/responses/${name}` };
  }
  return shared;
}

/** `Problem403`, and `Problem403_2` for those that hold other codes. */
function nameFor(status: string, shared: JsonObject): string {
  const alike = Object.keys(shared).filter((name) => name.startsWith(`Problem${status}`)).length;
  return `Problem${status}${alike === 0 ? '' : `_${alike + 1}`}`;
}
