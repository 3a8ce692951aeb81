import { applyDecorators, HttpCode, SetMetadata } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiProduces, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { Verdict } from '#libs/contracts/values';

export const ProblemBody = z
  .object({
    type: z.string().describe('page that explains it'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    code: z.string().describe('stable, dotted'),
    errors: z.array(z.object({ pointer: z.string().describe('JSON pointer into the body, or ?parameter'), message: z.string() })),
    verdicts: z.array(Verdict),
    traceId: z.string(),
    retryable: z.boolean().describe('whether the very same request may succeed later'),
    scope: z.string().optional().describe('AUTH.SCOPE: the scope that is needed'),
    currentVersion: z.int().min(0).optional().describe('RESOURCE.OUTDATED: the version it has now'),
  })
  .meta({ id: 'Problem' });

export const OperationBody = z
  .object({
    id: z.string(),
    state: z.enum(['PENDING', 'SUCCEEDED', 'FAILED']),
    result: z.unknown().nullable().describe('SUCCEEDED: the new view'),
    problem: ProblemBody.nullable().describe('FAILED: why'),
  })
  .meta({ id: 'Operation' });

/** What documents tell of a route beside its schemas. */
export interface Answers {
  /** Of the answer when all goes well. */
  status: number;
  /** What a list holds. */
  item: z.ZodType | null;
  /** A command carries it to its service. */
  write: boolean;
}

export const ANSWERS = 'answers';

export const CODES = 'codes';

export const ORDERED = 'ordered';

/** A list that has one order and is no list of views: the key of the order, and the order unless one is asked for. */
export interface Order {
  key: string;
  unlessAsked: string;
}

export const Ordered = (key: string, { newestFirst = false } = {}) =>
  SetMetadata(ORDERED, { key, unlessAsked: newestFirst ? `-${key}` : key } satisfies Order);

export const UNTAGGED = 'untagged';

/** What is told anew each time: it bears no ETag. */
export const Untagged = () => SetMetadata(UNTAGGED, true);

/** Codes of problems that are this route's own; those that all routes of its kind share need not be named. */
export const MayRefuse =
  (...codes: string[]): MethodDecorator =>
  (_target, _key, descriptor: PropertyDescriptor) => {
    Reflect.defineMetadata(CODES, [...codes, ...(Reflect.getMetadata(CODES, descriptor.value) ?? [])], descriptor.value);
  };

const itemOf = new WeakMap<z.ZodType, z.ZodType>();

export function pageOf(item: z.ZodType) {
  const page = z.object({ items: z.array(item), next: z.string().nullable().describe('cursor of the next page; null: this is the last') });
  itemOf.set(page, item);
  return page;
}

/** What a write would bring: nothing is changed. */
const dryRunOf = (view: z.ZodType) => z.object({ dryRun: z.literal(true), changed: z.boolean(), verdicts: z.array(Verdict), view });

const json = (status: number, schema: z.ZodType, description: string) =>
  ApiResponse({ status, standardSchema: schema as never, description });

const answers = (status: number, about: Partial<Answers> = {}) =>
  SetMetadata(ANSWERS, { status, item: null, write: false, ...about } satisfies Answers);

const OAuthFault = z
  .object({
    error: z.enum(['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client', 'unsupported_grant_type', 'invalid_scope']),
    error_description: z.string(),
  })
  .meta({ id: 'OAuthError' });

/** A form, refused in the words of OAuth (RFC 6749 §5.2). */
export const TakesForm = (schema: z.ZodType) =>
  applyDecorators(
    ApiConsumes('application/x-www-form-urlencoded'),
    ApiBody({ standardSchema: schema } as never),
    json(400, OAuthFault, 'The request is malformed, or asks for what the client may not have.'),
    json(401, OAuthFault, 'The client is not known, is disabled, or its secret is wrong.'),
  );

/** The body is the file itself. */
export const TakesFile = () =>
  applyDecorators(
    ApiConsumes('application/octet-stream'),
    ApiBody({ required: true, schema: { type: 'string', format: 'binary' }, description: 'The file itself, under any content type.' }),
  );

/** What a route answers with when all goes well; problems are the same everywhere. */
export const Returns = (schema: z.ZodType, status = 200, description = 'As asked.') =>
  applyDecorators(HttpCode(status), answers(status, { item: itemOf.get(schema) ?? null }), json(status, schema, description));

export const FORMS = 'forms';

/** The same as files of these media types, for who accepts them before JSON. */
export const ReturnsAlso = (...types: string[]) => SetMetadata(FORMS, types);

export const TAKES = 'takes';

/** A body that may come as a file of one of these media types instead of JSON. */
export const TakesAlso = (...types: string[]) => SetMetadata(TAKES, types);

/** A file of one of these media types. */
export const ReturnsFile = (...types: string[]) =>
  applyDecorators(
    answers(200),
    ApiProduces(...types),
    ApiResponse({ status: 200, description: 'The file.', schema: { type: 'string', format: 'binary' } }),
  );

/** Facts as Server-Sent Events. OpenAPI 3.1 has no words for the shape of one event in a stream, so it is told to people. */
export const ReturnsStream = () =>
  applyDecorators(
    answers(200),
    ApiResponse({
      status: 200,
      description:
        'An event per fact: `id` is its cursor, `event` its type, `data` a CloudEvent: what `FeedItem` tells, without the cursor.',
      content: { 'text/event-stream': {} },
    }),
  );

const said: Record<number, string> = { 201: 'Created.', 202: 'Taken on; `Location` tells where to read how far it is.' };

/** A write by an outside id: 201 when it has made the record, 200 when it was there. */
export const AcceptsPut = (schema: z.ZodType) => applyDecorators(Accepts(schema), json(201, schema, said[201]!));

/** Several writes, each answered for itself. */
export const AnswersEach = (schema: z.ZodType) =>
  applyDecorators(HttpCode(207), answers(207, { write: true }), json(207, schema, 'What became of each, in the order they were sent in.'));

/** A write after which there is nothing more to show. */
export const Removes = () =>
  applyDecorators(
    HttpCode(204),
    answers(204, { write: true }),
    ApiResponse({ status: 204, description: 'It is gone.' }),
    json(200, dryRunOf(z.null()), 'With `dryRun=true`: the verdicts; nothing is changed.'),
    json(202, OperationBody, said[202]!),
  );

/** A write: its answer, 202 when its service is away, and what a dry run tells. */
export function Accepts(schema: z.ZodType, status = 200, dryRun: z.ZodType = dryRunOf(schema)) {
  const told = new Map<number, [z.ZodType, string][]>();
  const tell = (code: number, body: z.ZodType, description: string) => told.set(code, [...(told.get(code) ?? []), [body, description]]);
  tell(status, schema, said[status] ?? 'Done.');
  tell(200, dryRun, 'With `dryRun=true`: the verdicts, and the view as it would be; nothing is changed.');
  tell(202, OperationBody, 'Accepted: it is carried out when its service answers again; `Location` tells where to look.');
  const responses = [...told].map(([code, bodies]) =>
    json(code, bodies.length === 1 ? bodies[0]![0] : z.union(bodies.map(([body]) => body)), bodies.map(([, why]) => why).join(' ')),
  );
  return applyDecorators(HttpCode(status), answers(status, { write: true }), ...responses);
}
