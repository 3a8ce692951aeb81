import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import { MergeOrganisation, Merging, SuspectedDuplicate } from '#libs/contracts/organisation';
import { type Comparable, signsOf, suspectedAmong } from '#libs/domain/duplicates';
import { type Asked, Asking, By } from './asked.js';
import { Reading, Writing } from './policy.js';
import { absent } from './problem.js';
import { ReadModels } from './read-models.js';
import { Reads } from './reads.js';
import { signWord } from './resources.js';
import { Accepts, pageOf, Returns } from './returns.js';
import { OrganisationShown } from './shown.js';
import { Writes } from './writes.js';

/** More look alike by a sign than anybody would go through. */
const MOST = 200;

@ApiTags('Membership')
@Controller('v1/organisations')
export class OrganisationsController {
  constructor(
    private readonly reads: Reads,
    private readonly models: ReadModels,
    private readonly writes: Writes,
  ) {}

  /** Records that may be of the same organisation, the most suspected first; for who is in charge of it. */
  @Get(':id/duplicates')
  @Reading('organisations')
  @Returns(pageOf(SuspectedDuplicate))
  async duplicates(@Param('id') id: string, @By() by: Actor) {
    const { view, level } = await this.reads.standing('organisations', id, by);
    if (level !== 'IN_CHARGE') throw absent(`list of duplicates of ${view.id}`);
    const asked = view as unknown as Comparable;
    const likely = await this.models.page('organisations', { words: { $in: signsOf(asked).map(signWord) } }, { _id: 1 }, MOST);
    const others = likely.map(({ view }) => view as unknown as Comparable);
    return { items: suspectedAmong(asked, others), next: null };
  }

  /** One of two records of the same organisation: its address leads to the other from now on, and what it was called elsewhere moves over. */
  @Post(':id/merge')
  @Writing('organisations')
  @Accepts(OrganisationShown)
  merge(@Param('id') id: string, @Body({ schema: Merging } as never) { into }: z.output<typeof Merging>, @Asking() asked: Asked) {
    return this.writes.merge(MergeOrganisation, id, into, asked);
  }
}
