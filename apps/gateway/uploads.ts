import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Attaching, Attachment } from '#libs/contracts/attachment';
import { largestAttachment } from '#libs/domain/attachments';
import { newId } from '#libs/domain/ids';
import { Files } from '#libs/persistence/files';
import { Runtime } from '#libs/service/runtime';
import type { Answer } from './answer.js';
import type { Asked } from './asked.js';
import { inspecting } from './file-content.js';
import { malformed, Problem } from './problem.js';

type Write = (data: Attaching, asked: Asked) => Promise<Answer>;

/** Takes files in piece by piece, so that no size of theirs fills the memory; stored before the command that names them. */
@Injectable()
export class Uploads {
  constructor(
    private readonly files: Files,
    private readonly runtime: Runtime,
  ) {}

  /** Stores the body, writes, and lets go of what no record has taken. With an Idempotency-Key the same content is the same body. */
  async through({ raw, headers }: FastifyRequest, name: unknown, asked: Asked, write: Write): Promise<Answer> {
    const called = nameOf(name);
    const most = largestAttachment(this.runtime.clock.iso());
    if (Number(headers['content-length'] ?? 0) > most) throw tooLarge(most);
    const file = newId();
    const content = inspecting(raw.iterator({ destroyOnReturn: false }), most, () => tooLarge(most));
    if (asked.dryRun) for await (const _ of content.pieces());
    else await this.files.receive(file, called, content.pieces());
    try {
      const { bytes, sha256, type } = await content.found();
      if (bytes === 0) throw malformed('BODY.SHAPE', 'The file is empty.', [{ pointer: '', message: 'send the file as the body' }]);
      if (!asked.dryRun && type !== null) await this.files.describe(file, { type, sha256 });
      const answer = await write({ file, name: called, type, bytes, sha256 }, { ...asked, body: { name: called, sha256 } });
      if (!isTaken(answer, file)) await this.files.drop(file);
      return answer;
    } catch (error) {
      // What may still be carried out finds its file; the sweep has the rest.
      if (error instanceof Problem && error.kind !== 'unavailable') await this.files.drop(file);
      throw error;
    }
  }
}

/** 202: it is not known yet. */
function isTaken({ status, body }: Answer, file: string): boolean {
  const attachments = (body as { attachments?: Attachment[] } | null)?.attachments ?? [];
  return status === 202 || attachments.some(({ id }) => id === file);
}

function nameOf(name: unknown): string {
  const { success, data } = Attachment.shape.name.safeParse(name);
  if (success) return data;
  const message = '1 to 200 characters, without a path';
  throw malformed('QUERY.MALFORMED', `name says what the file is called: ${message}.`, [{ pointer: '?name', message }]);
}

const tooLarge = (most: number) => {
  const detail = `A file has at most ${most} bytes.`;
  return new Problem('tooLarge', {
    code: 'BODY.TOO_LARGE',
    detail,
    errors: [{ pointer: '', message: detail }],
  });
};
