import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import type { Outcome } from '#libs/contracts/message';
import { Instant } from '#libs/contracts/values';
import { isAdmin } from '#libs/domain/visibility';
import { Runtime } from '#libs/service/runtime';
import { Answer } from './answer.js';
import { type Asked, Asking, By } from './asked.js';
import { Cursors } from './cursors.js';
import { type Language, languageOf } from './languages.js';
import { type Operation, Operations } from './operations.store.js';
import { anyOf, Filtered } from './page-parameters.js';
import { pageOf as found, type Paged, pageQuery } from './page-query.js';
import { Own } from './policy.js';
import { absent, malformed, Problem, refused } from './problem.js';
import { byAggregate } from './resources.js';
import { OperationBody, Ordered, pageOf, Returns, Untagged } from './returns.js';

const OperationShown = OperationBody.extend({
  command: z.string().describe('type of the command'),
  acceptedAt: Instant,
  endedAt: Instant.nullable(),
}).meta({ id: 'OperationShown' });

const states = OperationBody.shape.state.options;

@ApiTags('Operations')
@Controller('v1/operations')
export class OperationsController {
  private readonly cursors: Cursors;

  constructor(
    private readonly operations: Operations,
    runtime: Runtime,
  ) {
    this.cursors = new Cursors(runtime.config.BY_KEY);
  }

  /** Writes that were answered 202: one's own, for the platform all; the newest first. */
  @Get()
  @Own('operations')
  @Filtered({ state: { description: 'Repeated: any of them.', schema: anyOf(states) } })
  @Returns(pageOf(OperationShown))
  @Ordered('acceptedAt', { newestFirst: true })
  @Untagged()
  async list(@Query() query: Record<string, unknown>, @By() by: Actor, @Asking() { languages }: Asked) {
    const asked = pageQuery({ list: 'operations', filters: ['state'], sort: 'acceptedAt', newestFirst: true }, query, this.cursors);
    const { newestFirst, limit } = asked;
    const owner = isAdmin(by) ? null : by.id;
    const all = await this.operations.page({ owner, states: statesOf(asked), after: placeIn(asked), newestFirst, limit: limit + 1 });
    const page = found(all, asked, ({ at, _id }) => `${at.toISOString()} ${_id}`);
    // How far they are changes without a write: it is read anew each time.
    return new Answer(200, { ...page, items: page.items.map((operation) => shown(operation, languageOf(languages))) });
  }

  /** What became of a write that was answered 202. */
  @Get(':id')
  @Own('operations')
  @Returns(OperationShown)
  @Untagged()
  async one(@Param('id') id: string, @By() by: Actor, @Asking() { languages }: Asked) {
    const operation = await this.operations.get(id);
    if (!operation || (operation.owner !== by.id && !isAdmin(by))) throw absent(`operation ${id.slice(0, 60)}`);
    return new Answer(200, shown(operation, languageOf(languages)));
  }
}

function shown({ _id: id, state, outcome, type, at, endedAt, message }: Operation, language: Language) {
  return {
    id,
    state,
    result: outcome ? opened(outcome) : null,
    problem: problemOf(outcome)?.body(message.trace?.slice(3, 35) ?? '', language) ?? null,
    command: type,
    acceptedAt: at.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
}

function problemOf(outcome: Operation['outcome']): Problem | null {
  if (outcome?.status === 'REFUSED') return refused(outcome.refusal!, outcome.version);
  if (outcome?.status === 'FAILED') return new Problem('failed', { code: 'COMMAND.FAILED', detail: 'The command failed on our side.' });
  return null;
}

function statesOf({ filters: { state } }: Paged<'state'>): string[] | null {
  if (state?.some((each) => !(states as readonly string[]).includes(each)))
    throw malformed('QUERY.MALFORMED', `state is one of ${states.join(', ')}.`, [{ pointer: '?state', message: states.join(', ') }]);
  return state ?? null;
}

function placeIn({ after }: Paged<'state'>): { at: Date; id: string } | null {
  if (after === null) return null;
  const [at = '', id = ''] = after.split(' ');
  return { at: new Date(at), id };
}

/** The new view without what is in no answer, such as the hash of a secret. */
function opened({ aggregate, view }: Outcome): unknown {
  if (view === null || typeof view !== 'object') return null;
  const withheld = byAggregate.get(aggregate)?.contract.withheld ?? [];
  return Object.fromEntries(Object.entries(view).filter(([field]) => !withheld.includes(field)));
}
