import { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import { Runtime } from '#libs/service/runtime';
import { Answer } from './answer.js';
import { By } from './asked.js';
import { AUDIT_OUTCOMES, AuditEntry } from './audit.js';
import { AuditLog } from './audit.store.js';
import { AUDIT_FILTERS, auditAsked, numberFrom } from './audit-query.js';
import { Cursors } from './cursors.js';
import type { JsonObject } from './openapi-schemas.js';
import { anyOf, Filtered } from './page-parameters.js';
import { pageOf as found, pageQuery } from './page-query.js';
import { Overseeing, Reading } from './policy.js';
import { MayRefuse, Ordered, pageOf, Returns, ReturnsFile, Untagged } from './returns.js';

const VerifiedShown = z
  .object({
    holds: z.boolean(),
    entries: z.int().min(0).describe('how many were looked at'),
    end: z
      .object({ seq: z.int().min(0), hash: z.string() })
      .describe('keep it: whoever has it can tell later whether the chain was rewritten'),
    broken: z
      .object({ seq: z.int().min(0), reason: z.string() })
      .nullable()
      .describe('the first link that does not hold'),
  })
  .meta({ id: 'AuditVerified' });

const day: JsonObject = { type: 'string', anyOf: [{ format: 'date-time' }, { format: 'date' }] };
const filters = {
  from: { description: 'Instant, or day in UTC, from which on.', schema: day },
  to: { description: 'Instant, or day in UTC, up to which.', schema: day },
  actor: { description: 'Id of who asked; repeated: any of them.', schema: anyOf() },
  resource: { description: 'Such as events; repeated: any of them.', schema: anyOf() },
  subject: { description: 'Id of the record; repeated: any of them.', schema: anyOf() },
  outcome: { description: 'Repeated: any of them.', schema: anyOf(AUDIT_OUTCOMES) },
} satisfies Record<(typeof AUDIT_FILTERS)[number], unknown>;

@ApiTags('Operations')
@Controller('v1/audit')
export class AuditController {
  private readonly cursors: Cursors;

  constructor(
    private readonly log: AuditLog,
    runtime: Runtime,
  ) {
    this.cursors = new Cursors(runtime.config.BY_KEY);
  }

  /** Every write attempt as it was answered: one's own, those of the partnerships one runs, all for the platform. */
  @Get()
  @Reading('audit')
  @Filtered(filters)
  @Ordered('seq', { newestFirst: true })
  @Returns(pageOf(AuditEntry))
  async list(@Query() query: Record<string, unknown>, @By() by: Actor) {
    const asked = pageQuery({ list: 'audit', filters: AUDIT_FILTERS, sort: 'seq', newestFirst: true }, query, this.cursors);
    const after = asked.after === null ? null : Number(asked.after);
    const entries = await this.log.page(auditAsked(asked.filters, by), {
      direction: asked.newestFirst ? -1 : 1,
      after,
      limit: asked.limit + 1,
    });
    return found(entries, asked, ({ seq }) => String(seq));
  }

  /** The same as lines of JSON, oldest first, as far as there are: each line is what its hash was made of, and the hash. */
  @Get('export')
  @Reading('audit')
  @Filtered(filters)
  @ReturnsFile('application/x-ndjson')
  @MayRefuse('QUERY.MALFORMED', 'QUERY.UNKNOWN_PARAMETER', 'QUERY.CURSOR', 'QUERY.SORT')
  @Untagged()
  export(@Query() query: Record<string, unknown>, @By() by: Actor, @Res() reply: FastifyReply) {
    const asked = pageQuery({ list: 'audit', filters: AUDIT_FILTERS, sort: 'seq' }, query, this.cursors);
    const lines = linesOf(this.log.entries(auditAsked(asked.filters, by)));
    void reply
      .header('content-type', 'application/x-ndjson')
      .header('content-disposition', 'attachment; filename="audit.ndjson"')
      .header('cache-control', 'no-store')
      .send(Readable.from(lines));
  }

  /** Walks the chain and names the first link that does not hold. */
  @Get('verify')
  @Overseeing('audit')
  @ApiQuery({ name: 'from', required: false, description: 'Number of the entry to begin with.', schema: { type: 'integer', minimum: 1 } })
  @Returns(VerifiedShown)
  @MayRefuse('QUERY.MALFORMED')
  @Untagged()
  async verify(@Query('from') from: unknown) {
    return new Answer(200, await this.log.verify(numberFrom(from)));
  }
}

async function* linesOf(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(entry)}\n`;
}
