import { type ArgumentsHost, Catch, HttpException, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { isAway } from '#libs/messaging/away';
import { Runtime } from '#libs/service/runtime';
import { AsThrown } from '#libs/service/serve';
import { languagesOf } from './asked.js';
import { languageOf } from './languages.js';
import { isTokenRequest, OAuthError, oauthErrorOf, sendOAuthError } from './oauth-error.js';
import { PAGE_HEADERS, PAGE_TYPE, problemPageFor, wantsPage } from './people-page.js';
import { malformed, Problem } from './problem.js';
import { traceIdOf, traceparentOf } from './trace.js';
import { trailOf } from './trail.js';

/** Whatever goes wrong leaves here as problem+json: one map for all routes. */
@Catch()
@Injectable()
export class ProblemFilter extends AsThrown {
  constructor(private readonly runtime: Runtime) {
    super();
  }

  override catch(error: unknown, host: ArgumentsHost): Observable<never> {
    if (host.getType() === 'rpc') return super.catch(error, host);
    const http = host.switchToHttp();
    this.send(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
    return undefined as never;
  }

  send(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    if (error instanceof OAuthError) return sendOAuthError(error, reply);
    const problem = problemOf(error);
    const inOwnWords = isTokenRequest(request) ? oauthErrorOf(problem) : null;
    if (inOwnWords) return sendOAuthError(inOwnWords, reply);
    if (problem.kind === 'failed')
      this.runtime.log.error({ error: (error as Error).stack ?? String(error), route: request.routeOptions?.url }, 'A request failed');
    // Who still sends would be cut off, and never read why: the rest is read and forgotten. Said outright, since a client that
    // wants the connection closed after the answer would else have it closed under its body.
    if (problem.kind === 'tooLarge') reply.header('connection', 'keep-alive');
    const { headers = {} } = problem.details;
    const language = languageOf(languagesOf(request.headers['accept-language']));
    if (request.routeOptions?.config.policy?.people && wantsPage(request)) {
      trailOf(request).code = problem.details.code;
      void reply
        .code(problem.status)
        .headers({ ...headers, ...PAGE_HEADERS, traceparent: traceparentOf(request) })
        .type(PAGE_TYPE)
        .send(problemPageFor(problem, language));
      return;
    }
    void reply
      .code(problem.status)
      .headers(problem.kind === 'unauthenticated' ? { 'www-authenticate': 'Bearer', ...headers } : headers)
      // What breaks off before a route is found passes no hook that would say it.
      .header('traceparent', traceparentOf(request))
      .header('cache-control', 'no-store')
      .header('content-language', language)
      .header('vary', 'Accept-Language')
      .type('application/problem+json')
      .send(JSON.stringify(problem.body(traceIdOf(request), language)));
  }
}

const otherMedia = () => malformed('BODY.MEDIA_TYPE', 'The content type is not taken here; send application/json.');

function tooLarge(): Problem {
  const detail = 'The body is larger than this route takes.';
  return new Problem('tooLarge', { code: 'BODY.TOO_LARGE', detail, errors: [{ pointer: '', message: detail }] });
}

interface FastifyFault {
  code?: unknown;
  statusCode?: number;
  message: string;
}

export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HttpException) return fromStatus(error.getStatus(), error.message);
  if (isAway(error)) return engineAway();
  const { code: told, statusCode, message } = error as FastifyFault;
  // Those of MongoDB are numbers.
  const code = typeof told === 'string' ? told : '';
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return tooLarge();
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return otherMedia();
  if (code.startsWith('FST_ERR_CTP')) return malformed('BODY.MALFORMED', message);
  if (statusCode) return fromStatus(statusCode, message);
  return new Problem('failed', { code: 'INTERNAL.FAILED', detail: 'Something went wrong that should not have.' });
}

/** What was asked may have been carried out before the engine went: the key tells. */
const engineAway = () =>
  new Problem('unavailable', {
    code: 'SERVICE.UNAVAILABLE',
    detail: 'What keeps the records does not answer now. A write may have been accepted: repeat it with the same Idempotency-Key.',
    headers: { 'retry-after': '5' },
  });

function fromStatus(status: number, message: string): Problem {
  if (status === 404) return new Problem('absent', { code: 'ROUTE.ABSENT', detail: 'There is no such path or method.' });
  if (status === 415) return otherMedia();
  if (status === 413) return tooLarge();
  if (status >= 400 && status < 500) return malformed('REQUEST.MALFORMED', message);
  return new Problem('failed', { code: 'INTERNAL.FAILED', detail: 'Something went wrong that should not have.' });
}
