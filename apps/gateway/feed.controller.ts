import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Instant } from '#libs/contracts/values';
import { Feed } from './feed.js';
import { eventTypes } from './feed-types.js';
import { Open, Reading } from './policy.js';
import { absent } from './problem.js';
import { MayRefuse, pageOf, Returns, ReturnsStream, Untagged } from './returns.js';
import { Streams } from './streams.js';

const Cursor = z.int().min(-1).describe('place in the feed; −1: before the first fact');

export const FeedItem = z
  .object({
    specversion: z.literal('1.0'),
    id: z.string().describe('of the fact; the same however often it is told'),
    type: z.string().describe('one of /v1/event-types'),
    source: z.string().describe('the service that states it'),
    subject: z.string().describe('path of what it is about'),
    time: Instant.describe('when it was decided'),
    sequence: z.string().describe('version and index of the subject, sortable as text'),
    datacontenttype: z.literal('application/json'),
    dataschema: z.string().describe('path of its event type, which has the schema of `data`'),
    data: z.unknown().describe('the public view'),
    cursor: Cursor,
  })
  .meta({ id: 'FeedItem' });

export const FeedPage = z
  .object({ items: z.array(FeedItem), next: Cursor.describe('read on after this; no further than before: nothing more has happened yet') })
  .meta({ id: 'FeedPage' });

export const EventType = z
  .object({
    type: z.string().describe('name and version, as a fact bears it'),
    name: z.string(),
    version: z.int().min(1),
    aggregate: z.string(),
    schema: z.record(z.string(), z.unknown()).describe('JSON Schema of `data`'),
    example: z.record(z.string(), z.unknown()).describe('a fact of this type'),
  })
  .meta({ id: 'EventType' });

const each = { required: false, schema: { type: 'array', items: { type: 'string', maxLength: 200 } } } as const;
const filters = [
  ApiQuery({ name: 'types', description: 'Patterns such as `event.*` or `event.changed.v1`, repeated or with commas.', ...each }),
  ApiQuery({ name: 'partnership', description: 'Facts about it, or that refer to it. Id or slug; repeated: any of them.', ...each }),
  ApiQuery({ name: 'cluster', description: 'Facts about it, or that refer to it. Repeated: any of them.', ...each }),
  ApiQuery({ name: 'event', description: 'Facts about it, or that refer to it. Repeated: any of them.', ...each }),
];
const cursor = (description: string) =>
  ApiQuery({ name: 'after', required: false, description, schema: { type: 'integer', format: 'int64', minimum: -1 } });
const number = (name: string, description: string, minimum: number, maximum: number, preset: number) =>
  ApiQuery({ name, required: false, description, schema: { type: 'integer', minimum, maximum, default: preset } });

/** What the feed asks for beside who asks. */
const Narrowed = (...more: MethodDecorator[]): MethodDecorator => {
  const all = [...more, ...filters, MayRefuse('QUERY.MALFORMED', 'QUERY.UNKNOWN_PARAMETER', 'QUERY.CURSOR')];
  return (target, key, descriptor) => {
    for (const decorate of [...all].reverse()) decorate(target, key, descriptor);
  };
};

@ApiTags('Notifications')
@Controller('v1')
export class FeedController {
  constructor(
    private readonly feed: Feed,
    private readonly streams: Streams,
  ) {}

  /** The facts the caller may see, in order. */
  @Get('feed')
  @Reading('feed')
  @Returns(FeedPage)
  @Untagged()
  @Narrowed(
    cursor('Cursor of the last item you have; without it: from the first fact there is.'),
    number('limit', 'Items per page.', 1, 200, 50),
    number('wait', 'Seconds to wait for something to tell when there is nothing yet.', 0, 25, 0),
    MayRefuse('FEED.RESYNC'),
  )
  async page(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const { body, next } = await this.feed.page(request);
    const url = new URL(request.url, 'http://here');
    url.searchParams.set('after', String(next));
    void reply
      .header('cache-control', 'no-store')
      .header('link', `<${url.pathname}${url.search}>; rel="next"`)
      .type('application/json; charset=utf-8')
      .send(body);
  }

  /** The same as it happens, as Server-Sent Events. */
  @Get('feed/stream')
  @Reading('feed')
  @ReturnsStream()
  @Untagged()
  @Narrowed(cursor('Begin behind this cursor; without it, and without `Last-Event-ID`: from now on.'), MayRefuse('STREAM.TOO_MANY'))
  stream(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.streams.listen(request, reply);
  }

  /** The facts one can subscribe to, with the shape of their data. */
  @Get('event-types')
  @Open('event-types')
  @Returns(pageOf(EventType))
  types() {
    return { items: [...eventTypes().values()], next: null };
  }

  @Get('event-types/:type')
  @Open('event-types')
  @Returns(EventType)
  type(@Param('type') type: string) {
    const found = eventTypes().get(type);
    if (!found) throw absent(`event type ${type.slice(0, 100)}`);
    return found;
  }
}
