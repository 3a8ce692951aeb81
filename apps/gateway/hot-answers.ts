import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Reading } from './reading.js';
import { Versions } from './version-cache.js';

interface Hot {
  tags: string[];
  tokens: string[];
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

const MAX_ENTRIES = 5000;
const MAX_BYTES = 64 * 1024 * 1024;
const KEPT_HEADERS = ['content-type', 'etag', 'link', 'vary', 'cache-control', 'content-language'];

/** Rendered answers to GET, kept in memory for as long as the versions they were read from stand. */
@Injectable()
export class HotAnswers {
  private readonly hot = new Map<string, Hot>();
  private bytes = 0;

  constructor(private readonly versions: Versions) {}

  /** Sends the kept answer if it still holds; false when it has to be rendered. */
  async answer(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    const entry = this.hot.get(keyOf(request));
    if (!entry) return false;
    const now = await this.versions.lookup(entry.tags);
    if (now.some((token, i) => token !== entry.tokens[i])) {
      this.drop(keyOf(request));
      return false;
    }
    const unchanged = entry.headers.etag !== undefined && matches(request.headers['if-none-match'], entry.headers.etag);
    reply.code(unchanged ? 304 : entry.status).headers(entry.headers);
    reply.send(unchanged ? undefined : entry.body);
    return true;
  }

  keep(request: FastifyRequest, reply: FastifyReply, read: Reading, body: unknown): void {
    if (request.method !== 'GET' || reply.statusCode !== 200 || read.tokens.size === 0) return;
    if (typeof body !== 'string' && !Buffer.isBuffer(body)) return;
    const headers = Object.fromEntries(
      KEPT_HEADERS.flatMap((name) => (reply.getHeader(name) === undefined ? [] : [[name, String(reply.getHeader(name))]])),
    );
    const tags = [...read.tokens.keys()];
    this.put(keyOf(request), { tags, tokens: [...read.tokens.values(), read.epoch], status: 200, headers, body });
  }

  private put(key: string, entry: Hot): void {
    this.drop(key);
    this.hot.set(key, entry);
    this.bytes += entry.body.length;
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

/** Everything an answer may differ by: who asks, what for, in which form and language. */
const keyOf = (request: FastifyRequest): string =>
  `${request.actor.id}\n${request.url}\n${request.headers.accept ?? ''}\n${request.headers['accept-language'] ?? ''}`;

/** `If-None-Match` compares weakly: the marks of a proxy do not matter. */
export function matches(header: unknown, etag: string): boolean {
  if (header === undefined) return false;
  const given = String(header);
  return given.trim() === '*' || given.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
