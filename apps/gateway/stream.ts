import type { ServerResponse } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { feedResyncs } from '#libs/service/metrics';
import type { FeedLog } from './feed-log.js';
import type { FeedQuery } from './feed-query.js';
import type { FeedSight } from './feed-sight.js';
import { problemOf } from './problem.filter.js';
import { farewell, greeting, heartbeat, type Resync, resync, trouble } from './stream-text.js';
import { traceIdOf } from './trace.js';

/** Facts looked at together. */
const STEP = 100;
/** More than this is not written ahead of what the client takes. */
const AHEAD_BYTES = 64 * 1024;
export const HEARTBEAT_MS = 15_000;
const RIGHTS_MS = 5_000;
/** How far a client that takes nothing may fall behind. */
const BEHIND_FACTS = 1000;
const BEHIND_BYTES = 1024 * 1024;
const BEHIND_MS = 60_000;
const LINGER_MS = 30_000;

export interface Sources {
  log: FeedLog;
  sight: FeedSight;
}

interface Held {
  newest: number;
  passed: number;
  since: number;
}

/**
 * One listener. It has a place in the feed and no queue: while it takes what it is given it is led on, through the past as through
 * the present; while it does not, nothing is written, and when the feed has run too far ahead it is told so and let go.
 */
export class Stream {
  private busy = false;
  private ended = false;
  private held: Held | null = null;
  /** The last cursor it was told. */
  private told: number;
  private spokenAt: number;
  private checkedAt: number;

  constructor(
    private readonly request: FastifyRequest,
    private readonly out: ServerResponse,
    private readonly query: Pick<FeedQuery, 'matches'>,
    private place: number,
    private readonly sources: Sources,
    now = Date.now(),
  ) {
    this.told = place;
    this.spokenAt = now;
    this.checkedAt = now;
    out.on('close', () => {
      this.ended = true;
    });
    this.say(greeting(place));
  }

  /** There may be more. */
  wake(): void {
    if (!this.busy && !this.ended) void this.lead();
  }

  /** Called every second or so. */
  tick(now = Date.now()): void {
    if (this.ended) return;
    if (this.held && this.isTooSlow(this.held, now)) return this.giveUp('TOO_SLOW');
    if (now - this.checkedAt >= RIGHTS_MS) {
      this.checkedAt = now;
      this.sources.sight.caller(this.request).catch((error) => this.fail(error));
    }
    if (now - this.spokenAt < HEARTBEAT_MS || this.held) return;
    this.spokenAt = now;
    this.say(heartbeat(this.place > this.told ? this.place : null));
    this.told = this.place;
  }

  giveUp(reason: Resync): void {
    if (!this.ended) feedResyncs.inc({ reason });
    this.end(resync(reason, this.told));
  }

  /** The gateway closes. */
  close(): void {
    this.end(farewell());
  }

  private async lead(): Promise<void> {
    this.busy = true;
    try {
      while (!this.ended && this.sources.log.newest > this.place) {
        const { entries, reached } = await this.sources.log.read(this.place, STEP);
        const forms = await this.sources.sight.seen(entries.filter(this.query.matches), this.request);
        for (const { frame, cursor } of forms) {
          if (this.ended) return;
          this.out.write(frame);
          this.told = cursor;
          if (this.out.writableLength > AHEAD_BYTES) await this.taken();
        }
        this.place = reached;
        if (forms.length > 0) this.spokenAt = Date.now();
      }
    } catch (error) {
      this.fail(error);
    } finally {
      // In the same turn as the last look, so that no call is lost in between.
      this.busy = false;
    }
  }

  /** Resolves when the client has taken what was written. */
  private async taken(): Promise<void> {
    const { newest, passed } = this.sources.log;
    this.held = { newest, passed, since: Date.now() };
    await new Promise<void>((resolve) => {
      const done = () => {
        this.out.off('drain', done).off('close', done);
        resolve();
      };
      this.out.on('drain', done).on('close', done);
    });
    this.held = null;
  }

  private isTooSlow({ newest, passed, since }: Held, now: number): boolean {
    const { log } = this.sources;
    return log.newest - newest > BEHIND_FACTS || log.passed - passed > BEHIND_BYTES || now - since > BEHIND_MS;
  }

  private fail(error: unknown): void {
    const problem = problemOf(error);
    if (problem.details.code === 'FEED.RESYNC') return this.giveUp('TOO_OLD');
    this.end(trouble(problem, traceIdOf(this.request)));
  }

  private say(text: string): void {
    if (!this.ended) this.out.write(text);
  }

  private end(last: string): void {
    if (this.ended) return;
    this.ended = true;
    this.out.end(last);
    // Who takes nothing would keep the connection for ever.
    setTimeout(() => this.out.destroy(), LINGER_MS).unref();
  }
}
