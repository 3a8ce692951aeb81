import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import { isTokenRequest } from './oauth-error.js';
import { malformed } from './problem.js';
import { ANSWERS, type Answers } from './returns.js';

/** Where `@ApiQuery` of @nestjs/swagger, which exports no name for it, notes what it declares. */
const DOCUMENTED = 'swagger/apiParameters';

interface Argument {
  /** undefined: the whole query. */
  data?: string;
}

/**
 * A parameter that no route reads is a mistake: `?dryrun=true` must not write in earnest; so is a body where none is taken. Lists,
 * which read all parameters, say so themselves.
 */
@Injectable()
export class KnownParameters implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    // RFC 6749 §3.2: what is not known there is passed over.
    if (isTokenRequest(request)) return true;
    refuseBody(context, request.body);
    const known = parametersOf(context);
    const unknown = known ? Object.keys(request.query as object).filter((name) => !known.includes(name)) : [];
    if (unknown.length === 0) return true;
    const told = known?.join(', ') || 'none';
    throw malformed(
      'QUERY.UNKNOWN_PARAMETER',
      `This route knows no parameter ${unknown.join(', ').slice(0, 200)}.`,
      unknown.slice(0, 50).map((name) => ({ pointer: `?${name.slice(0, 100)}`, message: `known are ${told}` })),
    );
  }
}

function refuseBody(context: ExecutionContext, body: unknown): void {
  const isEmpty = body === undefined || body === null || (typeof body === 'object' && Object.keys(body).length === 0);
  if (isEmpty || Object.keys(argumentsOf(context)).some((key) => key.startsWith(`${RouteParamtypes.BODY}:`))) return;
  const fields = typeof body === 'object' && !Array.isArray(body) ? Object.keys(body) : [];
  const pointers = fields.length > 0 ? fields.slice(0, 50).map((field) => `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`) : [''];
  throw malformed(
    'BODY.UNKNOWN_FIELD',
    'This route takes no body.',
    pointers.map((pointer) => ({ pointer, message: 'this field is not known' })),
  );
}

const argumentsOf = (context: ExecutionContext): Record<string, Argument> =>
  Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) ?? {};

interface Declared {
  in: string;
  name: string;
}

/** As its handler declares them, to the framework or to the document; null: it looks at all of them itself. */
function parametersOf(context: ExecutionContext): string[] | null {
  const all = argumentsOf(context);
  const ofKind = (kind: RouteParamtypes) => Object.entries(all).flatMap(([key, { data }]) => (key.startsWith(`${kind}:`) ? [data] : []));
  const queries = ofKind(RouteParamtypes.QUERY);
  if (queries.includes(undefined)) return null;
  const declared = (Reflect.getMetadata(DOCUMENTED, context.getHandler()) ?? []) as Declared[];
  const answers = Reflect.getMetadata(ANSWERS, context.getHandler()) as Answers | undefined;
  const documented = declared.flatMap((each) => (each.in === 'query' ? [each.name] : []));
  return [...new Set([...queries.map(String), ...documented, ...(answers?.write ? ['dryRun'] : [])])];
}
