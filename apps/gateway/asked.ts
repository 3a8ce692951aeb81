import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '#libs/contracts/actor';
import { malformed, Problem } from './problem.js';
import { traceparentOf } from './trace.js';
import { type Trail, trailOf } from './trail.js';

/** What a request says beside its body: who asks, and how it wants to be answered. Read once, for every route. */
export interface Asked {
  by: Actor;
  method: string;
  /** Path as it was called, without the query: idempotency is scoped to it. */
  path: string;
  body: unknown;
  idempotencyKey: string | null;
  /** Version of If-Match; null = not given, '*' = whatever is there. */
  ifMatch: number | '*' | null;
  /** If-None-Match: * on a write: only if there is nothing yet. */
  ifNone: boolean;
  dryRun: boolean;
  /** Milliseconds of patience; null = the gateway's own; 0 = answer at once. */
  waitMs: number | null;
  languages: string[];
  trace: string;
  trail: Trail;
  /** Of the message and of what it creates, where this is one of several writes asked for as one. */
  ids?: { message: string; aggregate: string };
  /** The record that keeps and decides the one that is written. */
  within?: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor;
  }
}

export const By = createParamDecorator(
  (_: unknown, context: ExecutionContext): Actor => context.switchToHttp().getRequest<FastifyRequest>().actor,
);
export const Asking = createParamDecorator(
  (_: unknown, context: ExecutionContext): Asked => askedOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

export function askedOf(request: FastifyRequest): Asked {
  const { headers, method } = request;
  return {
    by: request.actor,
    method,
    path: request.url.split('?', 1)[0]!,
    body: request.body,
    idempotencyKey: idempotencyKey(headers['idempotency-key']),
    ifMatch: ifMatch(headers['if-match']),
    ifNone: headers['if-none-match']?.trim() === '*',
    dryRun: flag('dryRun', (request.query as Record<string, unknown>).dryRun),
    waitMs: patience(headers.prefer),
    languages: languagesOf(headers['accept-language']),
    trace: traceparentOf(request),
    trail: trailOf(request),
  };
}

function idempotencyKey(header: unknown): string | null {
  if (header === undefined) return null;
  const key = String(header).replace(/^"(.*)"$/, '$1');
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) throw malformed('HEADER.IDEMPOTENCY_KEY', 'Idempotency-Key takes 1 to 255 printable characters.');
  return key;
}

/** The ETag as given, or its version alone. */
export function ifMatch(header: unknown): number | '*' | null {
  if (header === undefined) return null;
  const text = String(header).trim();
  if (text === '*') return '*';
  const [, version] = /^(?:W\/)?"(\d{1,15})(?:\.[\w-]+)?"$/.exec(text) ?? [];
  if (version === undefined) throw malformed('HEADER.IF_MATCH', 'If-Match takes one ETag of this resource, such as "3.k2f9".');
  return Number(version);
}

export function flag(name: string, value: unknown): boolean {
  if (value === undefined || value === 'false') return false;
  if (value === 'true') return true;
  throw malformed('QUERY.MALFORMED', `${name} is true or false.`, [{ pointer: `?${name}`, message: 'true or false' }]);
}

function patience(header: unknown): number | null {
  const preferences = String(header ?? '').toLowerCase();
  if (/(^|[,;\s])respond-async([,;\s]|$)/.test(preferences)) return 0;
  const [, seconds] = /(?:^|[,;\s])wait=(\d{1,3})(?:[,;\s]|$)/.exec(preferences) ?? [];
  return seconds === undefined ? null : Math.min(Number(seconds), 60) * 1000;
}

/** Languages by preference, `en` last. */
export function languagesOf(header: unknown): string[] {
  const wanted = String(header ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => part.trim().split(/\s*;\s*q=/i))
    .filter(([tag, weight]) => /^[a-z]{2,3}(-[a-z0-9]+)*$/i.test(tag ?? '') && Number(weight ?? 1) > 0)
    .sort((a, b) => Number(b[1] ?? 1) - Number(a[1] ?? 1))
    .map(([tag]) => tag!.toLowerCase());
  return [...new Set([...wanted, 'en'])];
}

/** PATCH and DELETE name the version they were made for; `*` says: whatever is there. */
export function withPrecondition(asked: Asked): Asked {
  if (asked.ifMatch === null)
    throw new Problem('preconditionRequired', { code: 'HEADER.IF_MATCH_REQUIRED', detail: 'Send the ETag you read as If-Match.' });
  return asked;
}
