import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import { isVocabulary, taxonomies, vocabulary } from '#libs/reference/vocabulary';
import { Answer } from './answer.js';
import { By } from './asked.js';
import { Operations } from './operations.store.js';
import { Open, Own } from './policy.js';
import { absent, Problem, refused } from './problem.js';
import { OperationBody, pageOf, Returns } from './returns.js';
import { isAdmin } from './visibility.js';

@ApiTags('Platform')
@Controller('v1')
export class PlatformController {
  constructor(private readonly operations: Operations) {}

  @Get('taxonomies')
  @Open('taxonomies')
  @Returns(pageOf(z.unknown()))
  taxonomies() {
    return { items: taxonomies(), next: null };
  }

  @Get('taxonomies/:name')
  @Open('taxonomies')
  @Returns(z.unknown())
  taxonomy(@Param('name') name: string) {
    if (!isVocabulary(name)) throw absent(`taxonomy ${name.slice(0, 60)}`);
    const { asOf, source, items, related } = vocabulary(name);
    return { name, asOf, source, items, related };
  }

  /** What became of a write that was answered 202. */
  @Get('operations/:id')
  @Own('operations')
  @Returns(OperationBody)
  async operation(@Param('id') id: string, @By() by: Actor) {
    const found = await this.operations.get(id);
    if (!found || (found.owner !== by.id && !isAdmin(by))) throw absent(`operation ${id.slice(0, 60)}`);
    const { state, outcome } = found;
    const problem =
      outcome?.status === 'REFUSED'
        ? refused(outcome.refusal!, outcome.version)
        : outcome?.status === 'FAILED'
          ? new Problem('failed', { code: 'COMMAND.FAILED', detail: 'The command failed on our side.' })
          : null;
    return new Answer(200, {
      id,
      state,
      result: outcome?.view ?? null,
      problem: problem?.body(found.message.trace?.slice(3, 35) ?? '') ?? null,
    });
  }
}
