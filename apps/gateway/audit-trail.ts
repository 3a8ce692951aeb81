import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { newId } from '#libs/domain/ids';
import { Runtime } from '#libs/service/runtime';
import { languagesOf } from './asked.js';
import { type Attempt, outcomeOf } from './audit.js';
import { AuditLog } from './audit.store.js';
import { languageOf } from './languages.js';
import { Problem } from './problem.js';
import { traceIdOf } from './trace.js';
import { type Trail, trailOf } from './trail.js';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
const PATIENCE_MS = 3000;
const isId = /^[\w.-]{1,100}$/;

/** Notes every write attempt before it is answered. What cannot be noted is not answered as done: it is to be asked again. */
@Injectable()
export class AuditTrail {
  constructor(
    private readonly runtime: Runtime,
    private readonly log: AuditLog,
  ) {}

  /** The answer as it is to be sent. */
  async noted(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
    if (READS.has(request.method) || !request.url.startsWith('/v1/')) return payload;
    try {
      await inTime(this.log.note(...this.attempts(request, reply.statusCode, payload)));
      return payload;
    } catch (error) {
      this.runtime.log.error(
        { error: String(error), trace: traceIdOf(request), status: reply.statusCode },
        'An attempt could not be noted',
      );
      return unavailable(request, reply);
    }
  }

  /** One, or of a batch that was carried out one for each of its writes. */
  private attempts(request: FastifyRequest, status: number, payload: unknown): Attempt[] {
    const { parts, message, subject, code } = trailOf(request);
    if (parts) return parts.map((part) => this.attempt(request, part));
    return [this.attempt(request, { status, code: status >= 400 ? (code ?? codeIn(payload)) : null, message, subject })];
  }

  private attempt(request: FastifyRequest, { status, code, message, subject }: NonNullable<Trail['parts']>[number]): Attempt {
    const { actor, method, params, query } = request;
    const route = request.routeOptions?.url ?? null;
    const { id } = (params ?? {}) as Record<string, unknown>;
    return {
      id: newId(),
      at: this.runtime.clock.iso(),
      by: actor ? { kind: actor.kind, id: actor.id } : null,
      method,
      route,
      resource: route?.split('/')[2] ?? null,
      subject: subject ?? (typeof id === 'string' && isId.test(id) ? id : null),
      status,
      outcome: outcomeOf(status),
      code,
      message: message ?? null,
      trace: traceIdOf(request),
      dryRun: (query as Record<string, unknown> | undefined)?.dryRun === 'true',
    };
  }
}

function codeIn(payload: unknown): string | null {
  if (typeof payload !== 'string') return null;
  try {
    const { code, error } = JSON.parse(payload) as Record<string, unknown>;
    return [code, error].find((each) => typeof each === 'string') as string | null;
  } catch {
    return null;
  }
}

function unavailable(request: FastifyRequest, reply: FastifyReply): string {
  const language = languageOf(languagesOf(request.headers['accept-language']));
  const problem = new Problem('unavailable', {
    code: 'SERVICE.UNAVAILABLE',
    detail: 'What was asked could not be noted in the audit log. Repeat it with the same Idempotency-Key.',
  });
  reply
    .code(problem.status)
    .removeHeader('etag')
    .removeHeader('location')
    .header('retry-after', '5')
    .header('content-language', language)
    .type('application/problem+json');
  return JSON.stringify(problem.body(traceIdOf(request), language));
}

async function inTime(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  await Promise.race([work, over]).finally(() => clearTimeout(timer));
}
