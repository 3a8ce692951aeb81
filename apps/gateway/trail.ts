import type { FastifyRequest } from 'fastify';

/** What becomes of a request on its way, for the audit log: the command it sent, and to which record. */
export interface Trail {
  message?: string;
  subject?: string;
  /** Of the problem it was refused with, where that is not told as JSON. */
  code?: string;
  /** Of a batch: what became of each of its writes. */
  parts?: (Pick<Trail, 'message' | 'subject'> & { status: number; code: string | null })[];
}

const trails = new WeakMap<object, Trail>();

/** The same for all of one request. */
export function trailOf({ raw }: Pick<FastifyRequest, 'raw'>): Trail {
  const known = trails.get(raw) ?? {};
  trails.set(raw, known);
  return known;
}
