import { createHash } from 'node:crypto';
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import { ImportView, StartImport } from '#libs/contracts/import';
import type { Outcome } from '#libs/contracts/message';
import { PartnershipFile } from '#libs/contracts/partnership-file';
import { canonicalJson } from '#libs/domain/canonical';
import { readPartnershipFile } from '#libs/domain/partnership-file';
import { Files } from '#libs/persistence/files';
import { Answer } from './answer.js';
import { type Asked, Asking, By } from './asked.js';
import { Commands } from './commands.js';
import { Reading, Writing } from './policy.js';
import { malformed } from './problem.js';
import { ReadModels } from './read-models.js';
import { Reads } from './reads.js';
import { Accepts, pageOf, Returns } from './returns.js';

const RESOURCE_OF: Record<z.infer<typeof ImportView>['items'][number]['kind'], string> = {
  partnership: 'partnerships',
  cluster: 'clusters',
  membership: 'memberships',
  event: 'events',
  'exchange-profile': 'exchange-profiles',
};

@ApiTags('Membership')
@Controller('v1/imports')
export class ImportsController {
  constructor(
    private readonly commands: Commands,
    private readonly files: Files,
    private readonly models: ReadModels,
    private readonly reads: Reads,
  ) {}

  /** Records a partnership file: what it states is so; nothing is decided, and a second time changes nothing. */
  @Post()
  @Writing('imports')
  @ApiBody({ standardSchema: PartnershipFile } as never)
  @ApiQuery({
    name: 'profile',
    enum: ['PUBLISHED', 'DRAFT'],
    required: false,
    description: 'publication of what is recorded; PUBLISHED unless said',
  })
  @Accepts(ImportView, 201)
  async start(@Body() body: unknown, @Query('profile') profile: unknown, @Asking() asked: Asked) {
    const { file, errors } = readPartnershipFile(body);
    if (!file) throw malformed('BODY.SHAPE', 'The body is not a partnership file.', [...errors]);
    const text = canonicalJson(body);
    const sha256 = createHash('sha256').update(text).digest('hex');
    const about = { name: `${file.code}.json`, type: 'application/json', passing: true };
    const data = { sha256, profile: profileOf(profile) };
    let stored: string | null = null;
    // Under the id of the import, and not before the key is known to be new: a repetition finds the file, or puts the same.
    const dataOf = async (id: string) => {
      stored = id;
      await this.files.put(id, Buffer.from(text), about);
      return { ...data, file: id };
    };
    try {
      return await this.commands.create(StartImport, dataOf, asked, (outcome) => this.done(outcome));
    } finally {
      // In earnest it is the service that lets go of it, once it has decided.
      if (asked.dryRun && stored) await this.files.drop(stored);
    }
  }

  @Get()
  @Reading('imports')
  @Returns(pageOf(ImportView))
  list(@Query() query: Record<string, unknown>, @By() by: Actor) {
    return this.reads.list('imports', query, by);
  }

  @Get(':id')
  @Reading('imports')
  @Returns(ImportView)
  one(@Param('id') id: string, @By() by: Actor) {
    return this.reads.one('imports', id, by);
  }

  /** Answered when every item can be read at its new version. */
  private async done(outcome: Outcome): Promise<Answer> {
    const view = outcome.view as ImportView;
    if (!view.dryRun)
      await this.models.reach(
        view.items.flatMap(({ kind, id, version }) => (version === null ? [] : [{ resource: RESOURCE_OF[kind], id, version }])),
      );
    return new Answer(view.dryRun ? 200 : 201, view, { location: `/v1/imports/${view.id}` });
  }
}

function profileOf(value: unknown): 'PUBLISHED' | 'DRAFT' {
  if (value === undefined) return 'PUBLISHED';
  if (value === 'PUBLISHED' || value === 'DRAFT') return value;
  throw malformed('QUERY.MALFORMED', 'profile is PUBLISHED or DRAFT.', [{ pointer: '?profile', message: 'PUBLISHED or DRAFT' }]);
}
