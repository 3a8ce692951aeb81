import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  ChangePolicy,
  ComparePolicy,
  DraftPolicy,
  Policy,
  PolicyComparison,
  PolicyDraft,
  PolicyPatch,
  PolicyView,
  RemovePolicy,
} from '#libs/contracts/policy';
import { Answer } from './answer.js';
import { type Asked, Asking } from './asked.js';
import { Commands } from './commands.js';
import { Reading, Writing } from './policy.js';
import { reading } from './reading.js';
import { Reads } from './reads.js';
import { Accepts, MayRefuse, Removes, Returns, Untagged } from './returns.js';
import { Writes } from './writes.js';

/** Written one by one, by people: rules have no outside ids, and no batches. */
const policies = {
  contract: Policy.contract,
  create: DraftPolicy,
  draft: PolicyDraft,
  change: ChangePolicy,
  patch: PolicyPatch,
  remove: RemovePolicy,
};

@ApiTags('Membership')
@Controller('v1/policies')
export class PoliciesController {
  constructor(
    private readonly writes: Writes,
    private readonly reads: Reads,
    private readonly commands: Commands,
  ) {}

  @Post()
  @Writing('policies')
  @Accepts(PolicyView, 201)
  create(@Body({ schema: PolicyDraft } as never) draft: object, @Asking() asked: Asked) {
    return this.writes.create(policies, draft, asked);
  }

  @Patch(':id')
  @Writing('policies')
  @Accepts(PolicyView)
  change(@Param('id') id: string, @Body({ schema: PolicyPatch } as never) patch: object, @Asking() asked: Asked) {
    return this.writes.change(policies, id, patch, asked);
  }

  @Delete(':id')
  @Writing('policies')
  @Removes()
  remove(@Param('id') id: string, @Asking() asked: Asked) {
    return this.writes.remove(policies, id, asked);
  }

  /** Past decisions under this version instead of the one in force: who would be judged otherwise. It changes nothing. */
  @Get(':id/comparison')
  @Reading('policies')
  @Untagged()
  @MayRefuse('POLICY.COMPARE.ACTOR')
  @Returns(PolicyComparison)
  async compare(@Param('id') idOrSlug: string, @Asking() asked: Asked) {
    // It rests on records that are not read here: no answer is kept.
    const store = reading.getStore();
    if (store) store.once = true;
    const { id } = await this.reads.view('policies', idOrSlug, asked.by);
    const told = await this.commands.ask(ComparePolicy, id, {}, { ...asked, dryRun: true }, ({ view }) => new Answer(200, view));
    return new Answer(200, (told.body as { view: unknown }).view);
  }
}
