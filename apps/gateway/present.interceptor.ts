import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { Answer, etagOf, FileShown, fingerprint, Shown } from './answer.js';
import { matches } from './hot-answers.js';

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
  if (result instanceof FileShown) return fileOf(result, request, reply);
  const shown = result instanceof Shown ? result : null;
  const body = JSON.stringify(shown ? shown.body : result);
  const tagged = shown && shown.tagged !== shown.body ? JSON.stringify(shown.tagged) : body;
  const etag = shown?.version != null ? etagOf(shown.version, tagged) : `"${fingerprint(tagged)}"`;
  reply
    .header('etag', etag)
    .header('vary', 'Authorization, Accept, Accept-Language')
    .header('cache-control', 'private, no-cache')
    .type('application/json; charset=utf-8');
  link(shown ? shown.body : result, request, reply);
  if ((request.method === 'GET' || request.method === 'HEAD') && matches(request.headers['if-none-match'], etag)) {
    reply.code(304);
    return '';
  }
  return body;
}

function fileOf({ content, type, name }: FileShown, request: FastifyRequest, reply: FastifyReply): Buffer | string {
  const etag = `"${fingerprint(content)}"`;
  reply
    .header('etag', etag)
    .header('vary', 'Authorization, Accept, Accept-Language')
    .header('cache-control', 'private, no-cache')
    .header('content-disposition', `attachment; filename="${name}"`)
    .type(type === 'text/csv' ? 'text/csv; charset=utf-8' : type);
  if (!matches(request.headers['if-none-match'], etag)) return content;
  reply.code(304);
  return '';
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
