import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '#libs/contracts/actor';
import { httpRequestSeconds } from '#libs/service/metrics';
import { Limits } from './limits.js';
import type { Reading } from './reading.js';
import { responseTrace } from './trace.js';
import { type Checked, Versions } from './version-cache.js';

/** An answer as it was rendered, with what it was read from. */
interface Kept extends Checked {
  headers: Record<string, string>;
  body: Buffer;
  observe: (seconds: number) => void;
}

const MAX_ENTRIES = 5000;
const MAX_BYTES = 64 * 1024 * 1024;
const KEPT_HEADERS = ['content-type', 'etag', 'link', 'vary', 'cache-control', 'content-language', 'content-disposition'];
const PUBLIC = 'public';

/**
 * Rendered answers to GET, kept in memory for as long as the versions they were read from stand.
 * Those to the public are sent before the framework sees the request: they are most of the traffic.
 */
@Injectable()
export class HotAnswers {
  private readonly hot = new Map<string, Kept>();
  private bytes = 0;

  constructor(
    private readonly versions: Versions,
    private readonly limits: Limits,
  ) {}

  /** Answers a public read from memory, or hands the request on. */
  front(request: IncomingMessage, response: ServerResponse, next: () => void): void {
    const { method, headers, url = '' } = request;
    if (method !== 'GET' || headers.authorization !== undefined) return next();
    const key = keyOf(PUBLIC, url, headers);
    const kept = this.hot.get(key);
    if (!kept) return next();
    const limited = this.limits.front(request);
    if (!limited) return next();
    const since = performance.now();
    this.versions.holds(kept, (holds) => {
      if (!holds) {
        this.drop(key);
        return next();
      }
      write(kept, request, response, limited);
      kept.observe((performance.now() - since) / 1000);
    });
  }

  /** The same for a caller who is known by now; false when the answer has to be rendered. */
  async answer(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    const key = keyOf(standingOf(request.actor), request.url, request.headers);
    const kept = this.hot.get(key);
    if (!kept) return false;
    if (!(await new Promise<boolean>((resolve) => this.versions.holds(kept, resolve)))) {
      this.drop(key);
      return false;
    }
    const unchanged = matches(request.headers['if-none-match'], kept.headers.etag);
    reply.code(unchanged ? 304 : 200).headers(kept.headers);
    reply.send(unchanged ? undefined : kept.body);
    return true;
  }

  keep(request: FastifyRequest, reply: FastifyReply, read: Reading, body: unknown): void {
    if (request.method !== 'GET' || reply.statusCode !== 200 || read.once || read.tokens.size === 0) return;
    if (typeof body !== 'string' && !Buffer.isBuffer(body)) return;
    const headers = Object.fromEntries(
      KEPT_HEADERS.flatMap((name) => (reply.getHeader(name) === undefined ? [] : [[name, String(reply.getHeader(name))]])),
    );
    const route = httpRequestSeconds.labels(request.routeOptions?.url ?? '?', 'GET', '200');
    this.put(keyOf(standingOf(request.actor), request.url, request.headers), {
      tags: [...read.tokens.keys()],
      tokens: [...read.tokens.values(), read.epoch],
      headers,
      body: Buffer.from(body),
      observe: (seconds) => route.observe(seconds),
    });
  }

  private put(key: string, kept: Kept): void {
    this.drop(key);
    this.hot.set(key, kept);
    this.bytes += kept.body.length;
    for (const oldest of this.hot.keys()) {
      if (this.hot.size <= MAX_ENTRIES && this.bytes <= MAX_BYTES) return;
      this.drop(oldest);
    }
  }

  private drop(key: string): void {
    this.bytes -= this.hot.get(key)?.body.length ?? 0;
    this.hot.delete(key);
  }
}

function write({ headers, body }: Kept, request: IncomingMessage, response: ServerResponse, limited: Record<string, string>): void {
  const trace = responseTrace(request.headers.traceparent);
  if (matches(request.headers['if-none-match'], headers.etag)) {
    response.writeHead(304, { ...headers, ...limited, traceparent: trace });
    response.end();
    return;
  }
  response.writeHead(200, { ...headers, ...limited, 'content-length': body.length, traceparent: trace });
  response.end(body);
}

/** One client may come with tokens of different scopes, and its roles may change. */
const standingOf = ({ kind, id, roles, scopes }: Actor): string =>
  kind === 'PUBLIC' ? PUBLIC : `${id} ${JSON.stringify([roles, scopes])}`;

/** Everything an answer may differ by: who asks, what for, in which form and language. */
const keyOf = (who: string, url: string, headers: IncomingMessage['headers']): string =>
  `${who}\n${url}\n${headers.accept ?? ''}\n${headers['accept-language'] ?? ''}`;

/** `If-None-Match` compares weakly: the marks of a proxy do not matter. */
export function matches(header: unknown, etag: string | undefined): boolean {
  if (header === undefined || etag === undefined) return false;
  const given = String(header);
  return given.trim() === '*' || given.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
