import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { mayRead } from '#libs/domain/visibility';
import { FeedLog } from './feed-log.js';
import { FeedSight } from './feed-sight.js';
import { one } from './list-query.js';
import { malformed, Problem } from './problem.js';
import { unkept } from './reading.js';
import { Reads, type Slice } from './reads.js';
import { resources } from './resources.js';

const PAGE = 200;
/** Lines handed over together: enough for the socket, and all that is held. */
const CHUNK_CHARS = 64 * 1024;

/** What facts are told of: only of these can a copy be kept up with the feed. */
const followed = Object.values(resources)
  .filter(({ contract }) => contract.facts.length > 0)
  .map(({ contract }) => contract.resource);

/** All that somebody may see, line by line, with the cursor from which the feed goes on. */
@Injectable()
export class Snapshot {
  constructor(
    private readonly log: FeedLog,
    private readonly sight: FeedSight,
    private readonly reads: Reads,
  ) {}

  /** Begun when this resolves: what is wrong is told before the first line. */
  async of(request: FastifyRequest): Promise<AsyncGenerator<string>> {
    const wanted = wantedOf(request);
    // Before anything is read: what the feed has told by now can be read, what it tells later comes by the feed.
    const cursor = await this.log.newestNow();
    return chunked(this.lines(wanted, cursor, request));
  }

  private async *lines(wanted: string[], cursor: number, request: FastifyRequest): AsyncGenerator<string> {
    yield line({ cursor });
    let count = 0;
    for (const resource of wanted) {
      for await (const { id, version, view } of this.views(resource, request)) {
        count += 1;
        yield line({ resource, id, version, view });
      }
    }
    yield line({ end: true, count });
  }

  /** Page by page, each with the rights the caller has by then; the next is not read before this one is taken. */
  private async *views(resource: string, request: FastifyRequest) {
    for (let after: string | null = ''; after !== null; ) {
      const by = await this.sight.caller(request);
      const from: string = after;
      const slice: Slice = await unkept(() => this.reads.slice(resource, from, PAGE, by));
      yield* slice.shown;
      after = slice.last;
    }
  }
}

const line = (value: object) => `${JSON.stringify(value)}\n`;

async function* chunked(lines: AsyncGenerator<string>): AsyncGenerator<string> {
  let chunk = '';
  for await (const each of lines) {
    chunk += each;
    if (chunk.length < CHUNK_CHARS) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

function wantedOf({ query, actor }: FastifyRequest): string[] {
  const { resources: named, ...rest } = query as Record<string, unknown>;
  const unknown = Object.keys(rest);
  if (unknown.length > 0)
    throw malformed(
      'QUERY.UNKNOWN_PARAMETER',
      `A snapshot knows no parameter ${unknown.join(', ').slice(0, 200)}.`,
      unknown.map((name) => ({ pointer: `?${name}`, message: 'known is resources' })),
    );
  if (named === undefined) return followed.filter((resource) => mayRead(resource, actor));
  const wanted = [...new Set(one('resources', named).split(','))];
  const strange = wanted.filter((name) => !followed.includes(name));
  if (strange.length > 0)
    throw malformed(
      'QUERY.MALFORMED',
      'A snapshot holds resources that facts are told of.',
      strange.map((name) => ({ pointer: '?resources', message: `${name.slice(0, 60)} is none of ${followed.join(', ')}` })),
    );
  for (const resource of wanted) demandScope(resource, mayRead(resource, actor));
  return wanted;
}

function demandScope(resource: string, allowed: boolean): void {
  if (allowed) return;
  const scope = `${resource}:read`;
  throw new Problem('notYours', { code: 'AUTH.SCOPE', detail: `The scope ${scope} is needed.`, extra: { scope } });
}
