import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { asyncApi } from './asyncapi.js';
import { apiPage, BEGIN_SCRIPT, STYLE } from './docs-pages.js';
import { webhookPage } from './docs-webhooks.js';
import { openApi } from './openapi.js';
import { absent } from './problem.js';
import { problemPage, problemsPage } from './problem-pages.js';

/** How a refusal leaves: as on every other route. */
type Refuse = (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;

const HEADERS = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'public, max-age=300' };
const FOR_A_DAY = 'public, max-age=86400';
/** Nothing from elsewhere is loaded, run, or told. */
const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const ui = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const ASSETS: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** Documents and their pages: public, made at the first request, the same for everybody. */
export function serveDocuments(app: NestFastifyApplication, refuse: Refuse): void {
  const http = app.getHttpAdapter().getInstance();
  const tell = (url: string, type: string, make: () => string) => {
    const text = once(make);
    http.get(url, (request, reply) => send(request, reply, type, text()));
  };
  const json = (document: () => unknown) => () => JSON.stringify(document());
  tell(
    '/openapi.json',
    'application/json; charset=utf-8',
    json(() => openApi(app)),
  );
  tell('/asyncapi.json', 'application/json; charset=utf-8', json(asyncApi));
  for (const url of ['/docs', '/docs/']) tell(url, HTML, apiPage);
  tell('/docs/webhooks', HTML, webhookPage);
  tell('/docs/problems', HTML, problemsPage);
  tell('/docs/begin.js', 'text/javascript; charset=utf-8', () => BEGIN_SCRIPT);
  tell('/docs/style.css', 'text/css; charset=utf-8', () => STYLE);
  http.get<{ Params: { slug: string } }>('/docs/problems/:slug', (request, reply) => {
    const page = problemPage(request.params.slug);
    if (page === null) return refuse(absent('such kind of problem'), request, reply);
    send(request, reply, HTML, page);
  });
  http.get<{ Params: { file: string } }>('/docs/assets/:file', async (request, reply) => {
    const type = ASSETS[request.params.file];
    if (!type) return refuse(absent('such asset'), request, reply);
    const bytes = await readFile(path.join(ui, request.params.file));
    return reply
      .headers({ ...HEADERS, 'cache-control': FOR_A_DAY })
      .type(type)
      .send(bytes);
  });
}

const HTML = 'text/html; charset=utf-8';

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function send(request: FastifyRequest, reply: FastifyReply, type: string, text: string): void {
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 16)}"`;
  void reply.headers({
    ...HEADERS,
    etag,
    ...(type === HTML ? { 'content-security-policy': CSP } : { 'access-control-allow-origin': '*' }),
  });
  if (request.headers['if-none-match'] === etag) void reply.code(304).send();
  else void reply.type(type).send(text);
}
