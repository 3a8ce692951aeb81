import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Form, itemOf } from './feed-entry.js';
import { FeedLog } from './feed-log.js';
import { type FeedQuery, pageQuery } from './feed-query.js';
import { FeedSight } from './feed-sight.js';
import { unkept } from './reading.js';
import { Reads } from './reads.js';

const PAGE_BYTES = 4 * 1024 * 1024;
/** Records looked through for one answer: a narrow filter must not make one request read the whole feed. */
const LOOKED_THROUGH = 10_000;
const STEP = 200;

interface Page {
  forms: Form[];
  bytes: number;
  reached: number;
  looked: number;
}

export interface FeedPage {
  body: Buffer;
  next: number;
}

/** Pages of the feed: what may be seen of it behind a cursor, now or as soon as there is something. */
@Injectable()
export class Feed {
  constructor(
    private readonly log: FeedLog,
    private readonly sight: FeedSight,
    private readonly reads: Reads,
  ) {}

  async page(request: FastifyRequest): Promise<FeedPage> {
    const asked = await pageQuery(request.query as Record<string, unknown>, request.headers['last-event-id'], this.idOf);
    const until = Date.now() + asked.waitMs;
    const page: Page = { forms: [], bytes: 0, reached: await this.log.place(asked.after), looked: 0 };
    for (;;) {
      await this.fill(page, asked, request);
      const left = until - Date.now();
      const isOver = page.forms.length > 0 || page.looked >= LOOKED_THROUGH || left <= 0 || this.log.isClosed || request.raw.destroyed;
      if (isOver) return { body: bodyOf(page), next: page.reached };
      await this.log.more(page.reached, left);
    }
  }

  readonly idOf = (resource: string, idOrSlug: string) => unkept(() => this.reads.idOf(resource, idOrSlug));

  private async fill(page: Page, asked: FeedQuery, request: FastifyRequest): Promise<void> {
    const isFull = () => page.forms.length >= asked.limit || page.bytes >= PAGE_BYTES || page.looked >= LOOKED_THROUGH;
    while (page.reached < this.log.newest && !isFull()) {
      const { entries, reached } = await this.log.read(page.reached, STEP);
      const forms = await this.sight.seen(entries.filter(asked.matches), request);
      page.looked += reached - page.reached;
      page.reached = reached;
      for (const form of forms) {
        page.forms.push(form);
        page.bytes += form.frame.length;
        if (page.forms.length < asked.limit && page.bytes < PAGE_BYTES) continue;
        // What follows of the same step comes with the next page.
        page.reached = form.cursor;
        return;
      }
    }
  }
}

function bodyOf({ forms, reached }: Page): Buffer {
  const items = forms.flatMap((form, place) => (place === 0 ? [itemOf(form)] : [COMMA, itemOf(form)]));
  return Buffer.concat([Buffer.from('{"items":['), ...items, Buffer.from(`],"next":${reached}}`)]);
}

const COMMA = Buffer.from(',');
