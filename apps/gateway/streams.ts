import type { ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { within } from '#libs/messaging/away';
import type { Config } from '#libs/service/config';
import { feedStreams } from '#libs/service/metrics';
import { Runtime } from '#libs/service/runtime';
import { Feed } from './feed.js';
import { FeedLog } from './feed-log.js';
import { streamQuery } from './feed-query.js';
import { FeedSight } from './feed-sight.js';
import { Problem } from './problem.js';
import { Stream } from './stream.js';
import { traceparentOf } from './trace.js';

const TICK_MS = 1000;
const FAREWELL_MS = 2000;
const KEEPALIVE_MS = 30_000;
/** Streams of one caller, unless set; none counts them with embedded engines. */
const MOST = 100;
const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // What stands between must hand each event on at once.
  'x-accel-buffering': 'no',
};

/** All who listen to the feed at this gateway. */
@Injectable()
export class Streams {
  private readonly open = new Set<Stream>();
  /** How many each caller has. */
  private readonly ofCaller = new Map<string, number>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly runtime: Runtime,
    readonly log: FeedLog,
    readonly sight: FeedSight,
    private readonly feed: Feed,
  ) {
    runtime.before.push(async () => this.start());
  }

  async listen(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const query = await streamQuery(request.query as Record<string, unknown>, request.headers['last-event-id'], this.feed.idOf);
    const place = query.after ?? this.log.newest;
    const isKept = await this.isKept(query.after);
    const leave = this.enter(request.actor.id);
    const out = reply.hijack().raw;
    out.once('close', leave);
    out.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...HEADERS, traceparent: traceparentOf(request) });
    if (request.method === 'HEAD') return void out.end();
    request.raw.socket.setKeepAlive(true, KEEPALIVE_MS);
    const stream = this.add(new Stream(request, out, query, place, this), out);
    if (isKept) stream.wake();
    else stream.giveUp('TOO_OLD');
  }

  /** Before the server closes: each is told to come back, and has a moment to hear it. */
  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.log.close();
    for (const stream of this.open) stream.close();
    await within(FAREWELL_MS, this.emptied());
  }

  private start(): void {
    this.log.onMore(() => {
      for (const stream of this.open) stream.wake();
    });
    this.timer = setInterval(() => {
      const now = Date.now();
      for (const stream of this.open) stream.tick(now);
    }, TICK_MS);
  }

  /** A cursor that is too old is no refusal here: the listener is told by an event, which browsers can read. */
  private async isKept(after: number | null): Promise<boolean> {
    if (after === null) return true;
    try {
      await this.log.place(after);
      return true;
    } catch (error) {
      if (error instanceof Problem && error.kind === 'resync') return false;
      throw error;
    }
  }

  private add(stream: Stream, out: ServerResponse): Stream {
    this.open.add(stream);
    feedStreams.set(this.open.size);
    out.once('close', () => {
      this.open.delete(stream);
      feedStreams.set(this.open.size);
    });
    return stream;
  }

  /** Counts the caller in, or refuses; what it returns counts him out. */
  private enter(caller: string): () => void {
    const { STREAMS_PER_CALLER: given, ENGINES } = this.runtime.config as Config<'gateway'>;
    const most = given ?? (ENGINES === 'embedded' ? Number.POSITIVE_INFINITY : MOST);
    const now = this.ofCaller.get(caller) ?? 0;
    if (now >= most)
      throw new Problem('tooMany', {
        code: 'STREAM.TOO_MANY',
        detail: `You listen by ${now} streams already, which is as many as one caller may.`,
        headers: { 'retry-after': '60' },
      });
    this.ofCaller.set(caller, now + 1);
    return () => {
      const left = this.ofCaller.get(caller)! - 1;
      if (left > 0) this.ofCaller.set(caller, left);
      else this.ofCaller.delete(caller);
    };
  }

  private async emptied(): Promise<void> {
    while (this.open.size > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
