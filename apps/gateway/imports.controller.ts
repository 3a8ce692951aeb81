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
import { CSV, forms } from '#libs/tables/forms';
import { Answer } from './answer.js';
import { type Asked, Asking, By } from './asked.js';
import { Commands } from './commands.js';
import { Reading, Writing } from './policy.js';
import { malformed } from './problem.js';
import { ReadModels } from './read-models.js';
import { Reads } from './reads.js';
import { Accepts, pageOf, Returns, TakesAlso } from './returns.js';
import { TableBody } from './table-body.js';

const RESOURCE_OF: Record<z.infer<typeof ImportView>['items'][number]['kind'], string> = {
  partnership: 'partnerships',
  cluster: 'clusters',
  membership: 'memberships',
  event: 'events',
  organisation: 'organisations',
  'exchange-profile': 'exchange-profiles',
  agreement: 'agreements',
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

  /** Records a partnership file, or the composition of a partnership as CSV or XLSX: what it states is so; nothing is decided, and a second time changes nothing. */
  @Post()
  @Writing('imports')
  @ApiBody({ standardSchema: PartnershipFile } as never)
  @TakesAlso(...Object.keys(forms))
  @ApiQuery({
    name: 'partnership',
    required: false,
    schema: { type: 'string', minLength: 1, maxLength: 300 },
    description: 'of a table: id or slug of the partnership whose composition it is',
  })
  @ApiQuery({
    name: 'profile',
    enum: ['PUBLISHED', 'DRAFT'],
    required: false,
    description: 'publication of what is recorded; PUBLISHED unless said',
  })
  @Accepts(ImportView, 201)
  async start(
    @Body() body: unknown,
    @Query('profile') profile: unknown,
    @Query('partnership') partnership: unknown,
    @Asking() asked: Asked,
  ) {
    const { content, name, type, ...meant } =
      body instanceof TableBody ? await this.table(body, partnership, asked) : fileIn(body, partnership);
    const sha256 = createHash('sha256').update(content).digest('hex');
    // A key stands for the content; the content itself is no part of what is compared.
    if (body instanceof TableBody) asked.body = { sha256, ...meant };
    const data = { sha256, profile: profileOf(profile), ...meant };
    let stored: string | null = null;
    // Under the id of the import, and not before the key is known to be new: a repetition finds the file, or puts the same.
    const dataOf = async (id: string) => {
      stored = id;
      await this.files.put(id, content, { name, type, passing: true });
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

  /** Of a list of partners somebody must say whose they are; a table does not. */
  private async table({ content, type }: TableBody, partnership: unknown, { by }: Asked): Promise<Upload> {
    if (typeof partnership !== 'string' || partnership === '')
      throw malformed('QUERY.MALFORMED', 'A table needs partnership: whose composition it is.', [
        { pointer: '?partnership', message: 'id or slug of the partnership' },
      ]);
    const { id } = await this.reads.view('partnerships', partnership, by);
    const form = type === CSV ? 'CSV' : 'XLSX';
    return { content, name: `composition.${form.toLowerCase()}`, type, form, partnership: id };
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

interface Upload {
  content: Buffer;
  name: string;
  type: string;
  form: 'JSON' | 'CSV' | 'XLSX';
  partnership?: string;
}

/** A partnership says itself which one it is. */
function fileIn(body: unknown, partnership: unknown): Upload {
  const { file, errors } = readPartnershipFile(body);
  if (!file) throw malformed('BODY.SHAPE', 'The body is not a partnership file.', [...errors]);
  if (partnership !== undefined)
    throw malformed('QUERY.MALFORMED', 'partnership belongs to a table.', [
      { pointer: '?partnership', message: 'the file says whose it is' },
    ]);
  return { content: Buffer.from(canonicalJson(body)), name: `${file.code}.json`, type: 'application/json', form: 'JSON' };
}

function profileOf(value: unknown): 'PUBLISHED' | 'DRAFT' {
  if (value === undefined) return 'PUBLISHED';
  if (value === 'PUBLISHED' || value === 'DRAFT') return value;
  throw malformed('QUERY.MALFORMED', 'profile is PUBLISHED or DRAFT.', [{ pointer: '?profile', message: 'PUBLISHED or DRAFT' }]);
}
