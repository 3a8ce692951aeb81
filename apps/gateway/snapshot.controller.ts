import { Readable } from 'node:stream';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Reading } from './policy.js';
import { MayRefuse, ReturnsFile, Untagged } from './returns.js';
import { Snapshot } from './snapshot.js';

@ApiTags('Notifications')
@Controller('v1/snapshot')
export class SnapshotController {
  constructor(private readonly snapshot: Snapshot) {}

  /** All that the caller may see, to begin a copy with. */
  @Get()
  @Reading('snapshot')
  @ReturnsFile('application/x-ndjson')
  @Untagged()
  @MayRefuse('QUERY.MALFORMED', 'QUERY.UNKNOWN_PARAMETER')
  @ApiQuery({
    name: 'resources',
    required: false,
    description: 'Names with commas, such as `partnerships,clusters`; without it: all that facts are told of.',
    schema: { type: 'string', maxLength: 1000 },
  })
  async all(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const lines = Readable.from(await this.snapshot.of(request), { objectMode: true, highWaterMark: 1 });
    void reply.header('cache-control', 'no-store').type('application/x-ndjson').send(lines);
  }
}
