import { createServer, type RequestListener } from 'node:http';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '#libs/service/config';
import { httpRequestSeconds } from '#libs/service/metrics';
import type { Runtime } from '#libs/service/runtime';
import { ahead } from './ahead.js';
import { AnswersAhead } from './answers-ahead.js';
import { AuditTrail } from './audit-trail.js';
import { acceptFiles, acceptForm, acceptJson } from './body.js';
import { answerBroken } from './broken-request.js';
import { serveDocuments } from './docs.js';
import { HotAnswers } from './hot-answers.js';
import { Identity } from './identity.js';
import { Limits } from './limits.js';
import { serveMetadata } from './oauth-metadata.js';
import { admit as admitTo } from './policy.js';
import { ProblemFilter } from './problem.filter.js';
import { Reading, reading } from './reading.js';
import { Streams } from './streams.js';
import { acceptTables } from './table-body.js';
import { traceparentOf } from './trace.js';

/** Longer than a load balancer keeps its own connections, so that none is cut under a request. */
const SERVER = {
  keepAliveTimeout: 72_000,
  headersTimeout: 30_000,
  requestTimeout: 60_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16_384,
};
const LARGE = new Set(['/v1/imports']);
const readings = new WeakMap<object, Reading>();

/** Where kept answers leave before the framework; known once the app is there. */
const fronts = new WeakMap<Runtime, HotAnswers>();

export const createAdapter = (runtime: Runtime): FastifyAdapter => {
  const { BODY_LIMIT_BYTES, IMPORT_LIMIT_BYTES } = runtime.config as Config<'gateway'>;
  const filter = new ProblemFilter(runtime);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    routerOptions: { maxParamLength: 300, ignoreTrailingSlash: false },
    forceCloseConnections: true,
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => filter.send(error, request, reply),
    clientErrorHandler: answerBroken,
    serverFactory: (handler: RequestListener) =>
      createServer(SERVER, (request, response) => {
        const hot = fronts.get(runtime);
        if (!hot) return handler(request, response);
        hot.front(request, response, () => handler(request, response));
      }),
  });
  adapter.getInstance().addHook('onRoute', (route) => {
    if (LARGE.has(route.url)) route.bodyLimit = IMPORT_LIMIT_BYTES;
  });
  return adapter;
};

/** Who asks, and the kept answers: before any route, so that both hold for every route. */
export async function prepare(app: NestFastifyApplication, runtime: Runtime): Promise<void> {
  const http = app.getHttpAdapter().getInstance();
  const filter = new ProblemFilter(runtime);
  app.useGlobalFilters(filter);
  acceptJson(http);
  acceptForm(http);
  acceptTables(http);
  acceptFiles(http);
  const identity = app.get(Identity);
  const hot = app.get(HotAnswers);
  const limits = app.get(Limits);
  const trail = app.get(AuditTrail);
  fronts.set(runtime, hot);
  app.get(AnswersAhead).renderBy(async ({ url, headers }) => http.inject({ method: 'GET', url, headers }));
  http.decorateRequest('actor');
  http.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/v1/')) return undefined;
    // What is answered here goes no further: the hook ends when the answer has left, not when it was begun.
    return (await admit(request, reply, { identity, limits, hot, filter })) ? undefined : reply;
  });
  http.addHook('preHandler', (request, _reply, done) => {
    if (request.method !== 'GET') return done();
    const store = new Reading();
    readings.set(request.raw, store);
    reading.run(store, done);
  });
  http.addHook('onSend', async (request, reply, payload) => {
    reply.header('traceparent', traceparentOf(request));
    const read = readings.get(request.raw);
    if (read) hot.keep(request, reply, read, payload);
    return trail.noted(request, reply, payload);
  });
  http.addHook('preClose', () => app.get(Streams).close());
  http.addHook('onResponse', (request, reply, done) => {
    if (ahead.getStore()) return done();
    httpRequestSeconds.observe(
      { route: request.routeOptions?.url ?? '?', method: request.method, code: reply.statusCode },
      reply.elapsedTime / 1000,
    );
    done();
  });
  serveMetadata(app, (error, request, reply) => filter.send(error, request, reply));
  serveDocuments(app, (error, request, reply) => filter.send(error, request, reply));
}

interface Doorkeepers {
  identity: Identity;
  limits: Limits;
  hot: HotAnswers;
  filter: ProblemFilter;
}

/** False when the request is answered already: refused, or from memory. */
async function admit(request: FastifyRequest, reply: FastifyReply, { identity, limits, hot, filter }: Doorkeepers): Promise<boolean> {
  try {
    request.actor = await identity.of(request).catch(async (error) => {
      await limits.admit(request, reply, null);
      throw error;
    });
    // What is put together ahead is nobody's request.
    if (ahead.getStore() && request.method === 'GET' && request.actor.kind === 'PUBLIC') return true;
    await limits.admit(request, reply, request.actor);
    // Whoever may not write is told so whatever the body holds, and nothing of it is read.
    const { policy } = request.routeOptions.config;
    if (policy && request.method !== 'GET') admitTo(policy, request);
    return request.method !== 'GET' || !(await hot.answer(request, reply));
  } catch (error) {
    filter.send(error, request, reply);
    return false;
  }
}
