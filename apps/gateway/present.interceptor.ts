import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { Answer, etagOf, fingerprint, Page, Shown, Written } from './answer.js';
import { matches } from './hot-answers.js';
import { PAGE_HEADERS, PAGE_TYPE } from './people-page.js';

/** Gives every answer its status, headers and ETag: one view, a list, or what a command brought. */
@Injectable()
export class PresentInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const http = context.switchToHttp();
    return next.handle().pipe(map((result) => present(result, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>())));
  }
}

function present(result: unknown, request: FastifyRequest, reply: FastifyReply): unknown {
  if (reply.sent || result === undefined) return result;
  if (result instanceof Answer) return answer(result, request, reply);
  if (result instanceof Page) {
    reply.code(result.status).headers(PAGE_HEADERS).type(PAGE_TYPE);
    return result.html;
  }
  if (result instanceof Written) return tagged(result.text, result, request, reply.headers(result.headers).type(result.type));
  const shown = result instanceof Shown ? result : new Shown(null, result);
  const body = JSON.stringify(shown.body);
  const told = { version: shown.version, tagged: shown.tagged === shown.body ? body : JSON.stringify(shown.tagged) };
  link(shown.body, request, reply);
  return tagged(body, told, request, reply.type('application/json; charset=utf-8'));
}

/** The body, or that it still is what the reader has. */
function tagged<B extends string | Buffer>(
  body: B,
  { version, tagged: stands }: Pick<Written, 'version' | 'tagged'>,
  request: FastifyRequest,
  reply: FastifyReply,
): B | string {
  const etag = version === null ? `"${fingerprint(stands)}"` : etagOf(version, stands);
  reply.header('etag', etag).header('vary', 'Authorization, Accept, Accept-Language').header('cache-control', 'private, no-cache');
  if ((request.method === 'GET' || request.method === 'HEAD') && matches(request.headers['if-none-match'], etag)) {
    reply.code(304);
    return '';
  }
  return body;
}

function answer({ status, headers, body }: Answer, request: FastifyRequest, reply: FastifyReply): string {
  reply.code(status).headers(headers).header('cache-control', 'no-store');
  if (status === 204) return '';
  reply.type('application/json; charset=utf-8');
  if (request.method === 'GET') link(body, request, reply);
  return JSON.stringify(body);
}

/** The next page as a link, so that a client needs no knowledge of cursors. */
function link(result: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const next = (result as { next?: unknown } | null)?.next;
  if (typeof next !== 'string') return;
  const url = new URL(request.url, 'http://here');
  url.searchParams.set('cursor', next);
  reply.header('link', `<${url.pathname}${url.search}>; rel="next"`);
}
