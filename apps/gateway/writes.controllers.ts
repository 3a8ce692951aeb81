import { Body, Controller, Delete, Get, Param, Patch, Post, Put, type Type } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '#libs/contracts/actor';
import { ExternalId } from '#libs/contracts/values';
import { type Asked, Asking, By } from './asked.js';
import { type BatchItem, batchAnswerOf, batchOf } from './batch.js';
import { Open, Writing } from './policy.js';
import { malformed } from './problem.js';
import { Accepts, AcceptsPut, AnswersEach, MayRefuse, Removes, Returns } from './returns.js';
import { shown } from './shown.js';
import { tagOf } from './tags.js';
import { type Writable, writables } from './writables.js';
import { Writes } from './writes.js';

function writesOf(to: Writable): Type {
  const { resource, name } = to.contract;
  const view = shown[resource] ?? to.contract.view;
  const named = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const Batch = batchOf(named, (to.draft.meta() as { example?: unknown }).example);

  @ApiTags(tagOf(resource))
  @Controller(`v1/${resource}`)
  class WritesOf {
    constructor(private readonly writes: Writes) {}

    @Post()
    @Writing(resource)
    @Accepts(view, 201)
    create(@Body({ schema: to.draft } as never) draft: object, @Asking() asked: Asked) {
      return this.writes.create(to, draft, asked);
    }

    @Patch(':id')
    @Writing(resource)
    @Accepts(view)
    change(@Param('id') id: string, @Body({ schema: to.patch } as never) patch: object, @Asking() asked: Asked) {
      return this.writes.change(to, id, patch, asked);
    }

    /** What was made by mistake, and nothing depends on. */
    @Delete(':id')
    @Writing(resource)
    @Removes()
    remove(@Param('id') id: string, @Asking() asked: Asked) {
      return this.writes.remove(to, id, asked);
    }

    @Get('by-external-id/:system/:externalId')
    @Open(resource)
    @MayRefuse('PATH.EXTERNAL_ID')
    @Returns(view)
    found(@Param('system') system: string, @Param('externalId') id: string, @By() by: Actor) {
      return this.writes.byExternalId(to, externalId(system, id), by);
    }

    @Put('by-external-id/:system/:externalId')
    @Writing(resource)
    @MayRefuse('PATH.EXTERNAL_ID')
    @AcceptsPut(view)
    put(
      @Param('system') system: string,
      @Param('externalId') id: string,
      @Body({ schema: to.said } as never) said: object,
      @Asking() asked: Asked,
    ) {
      return this.writes.put(to, externalId(system, id), said, asked);
    }

    /** Up to 1,000 writes; each is answered for itself. */
    @Post('batch')
    @Writing(resource)
    @AnswersEach(batchAnswerOf(named, view))
    batch(@Body({ schema: Batch } as never) { items }: { items: BatchItem[] }, @Asking() asked: Asked) {
      return this.writes.batch(to, items, asked);
    }
  }
  Object.defineProperty(WritesOf, 'name', { value: `${named}Writes` });
  return WritesOf;
}

/** From a path: what no record could be called is no address. */
function externalId(system: string, id: string): ExternalId {
  const { data, error } = ExternalId.safeParse({ system, id });
  if (data) return data;
  throw malformed(
    'PATH.EXTERNAL_ID',
    'This is no outside id.',
    error.issues.map(({ path, message }) => ({ pointer: `{${String(path[0] ?? '')}}`, message })),
  );
}

export const writesControllers = writables.map(writesOf);
