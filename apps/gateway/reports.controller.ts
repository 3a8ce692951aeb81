import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import { ReportRequest, ReportView, RequestReport } from '#libs/contracts/report';
import { Files } from '#libs/persistence/files';
import { Answer } from './answer.js';
import { type Asked, Asking, By } from './asked.js';
import { Commands } from './commands.js';
import { matches } from './hot-answers.js';
import { Reading, Writing } from './policy.js';
import { absent } from './problem.js';
import { Reads } from './reads.js';
import { Accepts, pageOf, Returns, ReturnsFile } from './returns.js';

@ApiTags('Worker')
@Controller('v1/reports')
export class ReportsController {
  constructor(
    private readonly commands: Commands,
    private readonly reads: Reads,
    private readonly files: Files,
  ) {}

  /** Asks for a report; it is made by a job, its progress is read at its address. */
  @Post()
  @Writing('reports')
  @Accepts(ReportView, 202)
  async request(@Body({ schema: ReportRequest } as never) body: z.output<typeof ReportRequest>, @Asking() asked: Asked) {
    const partnership = await this.reads.view('partnerships', body.parameters.partnership, asked.by);
    const data = { ...body, parameters: { partnership: partnership.id } };
    return this.commands.create(
      RequestReport,
      () => data,
      asked,
      ({ view }) => {
        const report = ReportView.parse(view);
        return new Answer(202, report, { location: `/v1/reports/${report.id}` });
      },
    );
  }

  @Get()
  @Reading('reports')
  @Returns(pageOf(ReportView))
  list(@Query() query: Record<string, unknown>, @By() by: Actor) {
    return this.reads.list('reports', query, by);
  }

  @Get(':id')
  @Reading('reports')
  @Returns(ReportView)
  one(@Param('id') id: string, @By() by: Actor) {
    return this.reads.one('reports', id, by);
  }

  /** The file itself, once it is ready. */
  @Get(':id/content')
  @Reading('reports')
  @ReturnsFile('application/pdf', 'text/csv')
  async content(@Param('id') id: string, @By() by: Actor, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const { file } = (await this.reads.view('reports', id, by)) as unknown as ReportView;
    if (!file) throw absent('content of this report yet');
    const etag = `"${file.sha256.slice(0, 16)}"`;
    reply.header('etag', etag).header('vary', 'Authorization').header('cache-control', 'private, no-cache');
    if (matches(request.headers['if-none-match'], etag)) return void reply.code(304).send();
    const content = await this.files.get(file.id);
    void reply.header('content-type', file.type).header('content-disposition', `attachment; filename="${file.name}"`).send(content);
  }
}
