import { randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;
const traces = new WeakMap<object, string>();

/** W3C trace context of a request: the caller's, or one begun here. */
export function traceparentOf(request: FastifyRequest): string {
  const known = traces.get(request.raw);
  if (known) return known;
  const given = String(request.headers.traceparent ?? '');
  const trace = TRACEPARENT.test(given) ? given : `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
  traces.set(request.raw, trace);
  return trace;
}

export const traceIdOf = (request: FastifyRequest): string => traceparentOf(request).slice(3, 35);
