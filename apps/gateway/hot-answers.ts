import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '#libs/contracts/actor';
import { httpRequestSeconds } from '#libs/service/metrics';
import { ahead } from './ahead.js';
import { Limits } from './limits.js';
import type { Reading } from './reading.js';
import { responseTrace } from './trace.js';
import { type Checked, type Marks, Versions } from './version-cache.js';

/** What of a request of the public its answer may differ by. */
export interface Asked {
  url: string;
  headers: Record<string, string>;
}

/** An answer as it was rendered, with what it was read from. */
interface Kept extends Checked {
  headers: Record<string, string>;
  body: Buffer;
  observe: (seconds: number) => void;
  /** As it is going to be when what is being written is told; void until then, and if it is told otherwise. */
  next: Kept | null;
  /** How it can be put together ahead; null: for one reader only, or of what is kept in memory. */
  asked: Asked | null;
  /** Grows when it is asked for, and shrinks when it is put together ahead. */
  credit: number;
}

/** Put together ahead is what is asked for more often than it is void. */
const COST = 2;
const MAX_CREDIT = 10 * COST;
const MOST_AHEAD = 8;
const MOST_BUSY = 50;

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
  /** Keys of those with enough credit. */
  private readonly busy = new Set<string>();
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
    this.standing(key, kept, (stands) => {
      if (!stands) return next();
      if (stands.asked) this.earn(key, stands);
      write(stands, request, response, limited);
      stands.observe((performance.now() - since) / 1000);
    });
  }

  /** The same for a caller who is known by now; false when the answer has to be rendered. */
  async answer(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    const key = keyOf(standingOf(request.actor), request.url, request.headers);
    const kept = this.hot.get(key);
    const stands = kept && (await new Promise<Kept | null>((resolve) => this.standing(key, kept, resolve)));
    if (!stands) return false;
    const unchanged = matches(request.headers['if-none-match'], stands.headers.etag);
    reply.code(unchanged ? 304 : 200).headers(stands.headers);
    reply.send(unchanged ? undefined : stands.body);
    return true;
  }

  /** Whether some of the public are asked for often enough to be put together before these tags void them. */
  isBusy(marks: Marks): boolean {
    return !this.concerned(marks).next().done;
  }

  /** The most asked for of them, each of which pays for it: who is asked for no more is soon among them no longer. */
  spend(marks: Marks): Asked[] {
    const most = [...this.concerned(marks)].sort((a, b) => b.kept.credit - a.kept.credit).slice(0, MOST_AHEAD);
    for (const { key, kept } of most) {
      kept.credit -= COST;
      if (kept.credit < COST) this.busy.delete(key);
    }
    return most.flatMap(({ kept }) => kept.asked ?? []);
  }

  private *concerned(marks: Marks): Generator<{ key: string; kept: Kept }> {
    for (const key of this.busy) {
      const kept = this.hot.get(key);
      if (kept?.tags.some((tag) => marks.has(tag))) yield { key, kept };
    }
  }

  /** What stands of it, or of what was put together to come after it. */
  private standing(key: string, kept: Kept, told: (stands: Kept | null) => void): void {
    this.versions.holds(kept, (holds) => {
      if (holds) return told(kept);
      if (kept.next && this.hot.get(key) === kept) this.put(key, kept.next);
      const now = this.hot.get(key);
      if (now && now !== kept) return this.standing(key, now, told);
      this.drop(key);
      told(null);
    });
  }

  private earn(key: string, kept: Kept): void {
    kept.credit = Math.min(kept.credit + 1, MAX_CREDIT);
    if (kept.credit >= COST && this.hot.get(key) === kept) this.work(key);
  }

  /** Who was among them longest makes room, and is back when it is asked for. */
  private work(key: string): void {
    this.busy.add(key);
    if (this.busy.size > MOST_BUSY) this.busy.delete(this.busy.keys().next().value as string);
  }

  keep(request: FastifyRequest, reply: FastifyReply, read: Reading, body: unknown): void {
    if (request.method !== 'GET' || reply.statusCode !== 200 || read.once || read.tokens.size === 0) return;
    if (typeof body !== 'string' && !Buffer.isBuffer(body)) return;
    const headers = Object.fromEntries(
      KEPT_HEADERS.flatMap((name) => (reply.getHeader(name) === undefined ? [] : [[name, String(reply.getHeader(name))]])),
    );
    const route = httpRequestSeconds.labels(request.routeOptions?.url ?? '?', 'GET', '200');
    const key = keyOf(standingOf(request.actor), request.url, request.headers);
    const fresh: Kept = {
      tags: [...read.tokens.keys()],
      tokens: [...read.tokens.values(), read.epoch],
      headers,
      body: Buffer.from(body),
      observe: (seconds) => route.observe(seconds),
      next: null,
      asked: standingOf(request.actor) === PUBLIC && !read.ofMemory ? { url: request.url, headers: varying(request.headers) } : null,
      credit: 0,
    };
    if (!ahead.getStore()) this.put(key, fresh);
    else if (fresh.asked) this.follow(key, fresh);
  }

  /** To be shown once what is being written is told. */
  private follow(key: string, next: Kept): void {
    const kept = this.hot.get(key);
    if (!kept) return this.put(key, next);
    next.credit = kept.credit;
    kept.next = next;
  }

  private put(key: string, kept: Kept): void {
    this.drop(key);
    this.hot.set(key, kept);
    if (kept.credit >= COST) this.work(key);
    this.bytes += kept.body.length;
    for (const oldest of this.hot.keys()) {
      if (this.hot.size <= MAX_ENTRIES && this.bytes <= MAX_BYTES) return;
      this.drop(oldest);
    }
  }

  private drop(key: string): void {
    this.bytes -= this.hot.get(key)?.body.length ?? 0;
    this.hot.delete(key);
    this.busy.delete(key);
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

const varying = ({ accept, 'accept-language': language }: IncomingMessage['headers']): Record<string, string> => ({
  ...(accept === undefined ? {} : { accept }),
  ...(language === undefined ? {} : { 'accept-language': language }),
});

/** `If-None-Match` compares weakly: the marks of a proxy do not matter. */
export function matches(header: unknown, etag: string | undefined): boolean {
  if (header === undefined || etag === undefined) return false;
  const given = String(header);
  return given.trim() === '*' || given.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
