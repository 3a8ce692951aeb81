import { Controller, Delete, Get, Param, Post, Query, Req, Res, type Type } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '#libs/contracts/actor';
import { AttachToAgreement, DetachFromAgreement } from '#libs/contracts/agreement';
import type { Attachment } from '#libs/contracts/attachment';
import { AttachToDocument, DetachFromDocument } from '#libs/contracts/document';
import type { CommandContract } from '#libs/contracts/message';
import { attachmentTypes } from '#libs/domain/attachments';
import { Files } from '#libs/persistence/files';
import { Answer } from './answer.js';
import { type Asked, Asking, By, withPrecondition } from './asked.js';
import { Commands } from './commands.js';
import { matches } from './hot-answers.js';
import { Reading, Uploading, Writing } from './policy.js';
import { absent } from './problem.js';
import { Reads } from './reads.js';
import { Accepts, MayRefuse, Removes, ReturnsFile, TakesFile } from './returns.js';
import { tagOf } from './tags.js';
import { Uploads } from './uploads.js';
import { Writes } from './writes.js';

/** Files that belong to the records of a resource: attached by their content, read by whoever sees that they are there. */
function attachmentsOf(command: CommandContract, detach: CommandContract): Type {
  const { resource, view, name: kind } = command.aggregate;

  @ApiTags(tagOf(resource))
  @Controller(`v1/${resource}`)
  class Attachments {
    constructor(
      private readonly reads: Reads,
      private readonly writes: Writes,
      private readonly commands: Commands,
      private readonly uploads: Uploads,
      private readonly files: Files,
    ) {}

    /** The file itself is the body; its kind is found from its content. */
    @Post(':id/attach')
    @Uploading(resource)
    @TakesFile()
    @MayRefuse('BODY.SHAPE')
    @ApiQuery({ name: 'name', required: true, description: 'what the file is called, without a path; 1 to 200 characters' })
    @Accepts(view)
    async attach(@Param('id') id: string, @Query('name') name: unknown, @Asking() asked: Asked, @Req() request: FastifyRequest) {
      // Nothing is taken in for a record that is not there for who asks.
      await this.reads.view(resource, id, asked.by);
      return this.uploads.through(request, name, asked, (data, said) => this.writes.move(command, id, data, said));
    }

    /** A file that was attached by mistake: of what is in work, and neither signed, agreed to nor reviewed. */
    @Delete(':id/attachments/:attachment')
    @Writing(resource)
    @Removes()
    detach(@Param('id') id: string, @Param('attachment') attachment: string, @Asking() asked: Asked) {
      const present = () => new Answer(asked.dryRun ? 200 : 204, null);
      return this.writes.onSeen(resource, id, asked, async (seen) =>
        this.commands.ask(detach, seen, { attachment: attachment.slice(0, 100) }, withPrecondition(asked), present),
      );
    }

    /** The content of an attachment. */
    @Get(':id/attachments/:attachment')
    @Reading(resource)
    @ReturnsFile(...attachmentTypes(new Date().toISOString()))
    async content(
      @Param('id') id: string,
      @Param('attachment') attachment: string,
      @By() by: Actor,
      @Req() request: FastifyRequest,
      @Res() reply: FastifyReply,
    ) {
      const record = await this.reads.view(resource, id, by);
      const file = ((record.attachments ?? []) as Attachment[]).find((each) => each.id === attachment);
      if (!file) throw absent(`attachment of this ${kind}`);
      const etag = `"${file.sha256.slice(0, 16)}"`;
      reply.header('etag', etag).header('vary', 'Authorization').header('cache-control', 'private, no-cache');
      if (matches(request.headers['if-none-match'], etag)) return void reply.code(304).send();
      // Read piece by piece; nothing of it is carried out by a browser.
      void reply
        .header('content-type', file.type)
        .header('content-length', file.bytes)
        .header('x-content-type-options', 'nosniff')
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`)
        .send(this.files.read(file.id));
    }
  }
  Object.defineProperty(Attachments, 'name', { value: `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Attachments` });
  return Attachments;
}

export const attachmentsControllers = [
  attachmentsOf(AttachToAgreement, DetachFromAgreement),
  attachmentsOf(AttachToDocument, DetachFromDocument),
];
