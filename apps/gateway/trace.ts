import { randomFillSync } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;
const traces = new WeakMap<object, string>();

/** Chance is fetched for many traces at once: one by one it costs more than the rest of a kept answer. */
const BYTES = 24;
const pool = Buffer.alloc(BYTES * 512);
let used = pool.length;

function begin(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const hex = pool.toString('hex', used, used + BYTES);
  used += BYTES;
  return `00-${hex.slice(0, 32)}-${hex.slice(32)}-01`;
}

/** W3C trace context of an answer: the caller's, or one begun here. */
export const responseTrace = (given: unknown): string => (typeof given === 'string' && TRACEPARENT.test(given) ? given : begin());

/** The same for all of one request. */
export function traceparentOf(request: FastifyRequest): string {
  const known = traces.get(request.raw);
  if (known) return known;
  const trace = responseTrace(request.headers.traceparent);
  traces.set(request.raw, trace);
  return trace;
}

export const traceIdOf = (request: FastifyRequest): string => traceparentOf(request).slice(3, 35);
