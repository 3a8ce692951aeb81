import { Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import { ErasureView, StartErasure } from '#libs/contracts/erasure';
import { VersionChange } from '#libs/contracts/history';
import { PersonView } from '#libs/contracts/person';
import { Instant } from '#libs/contracts/values';
import { Runtime } from '#libs/service/runtime';
import { Answer } from './answer.js';
import { type Asked, Asking, By } from './asked.js';
import { Commands } from './commands.js';
import { Histories } from './history.controllers.js';
import { Reading, Writing } from './policy.js';
import { absent } from './problem.js';
import { ReadModels } from './read-models.js';
import { Reads } from './reads.js';
import { resources } from './resources.js';
import { Accepts, MayRefuse, Returns, Untagged } from './returns.js';
import { Writes } from './writes.js';

const PersonExport = z
  .object({
    exportedAt: Instant,
    person: PersonView,
    history: z.array(VersionChange).describe('who made which version of it, when'),
    records: z
      .record(z.string(), z.array(z.unknown()))
      .describe('resource to its records that name the person, or were begun by its account'),
  })
  .meta({ id: 'PersonExport' });

/** What names a person, and what somebody has begun for himself. */
const REFERENCES = ['person', 'owner'];
const PAGE = 200;

@ApiTags('Membership')
@Controller('v1/persons')
export class PersonsController {
  constructor(
    private readonly reads: Reads,
    private readonly writes: Writes,
    private readonly histories: Histories,
    private readonly models: ReadModels,
    private readonly commands: Commands,
    private readonly runtime: Runtime,
  ) {}

  /** Everything that is held of the person, in every service; for the person itself and who is in charge of its record. */
  @Get(':id/export')
  @Reading('persons')
  @Returns(PersonExport)
  @Untagged()
  async export(@Param('id') id: string, @By() by: Actor) {
    const { view, level } = await this.reads.standing('persons', id, by);
    if (level !== 'IN_CHARGE') throw absent(`export of ${view.id}`);
    const person = view as unknown as PersonView;
    const body = {
      exportedAt: this.runtime.clock.iso(),
      person,
      history: await this.pages((query) => this.histories.list('persons', view.id, query, by)),
      records: await this.recordsOf(person, by),
    };
    return new Answer(200, body);
  }

  /** Forgets the person everywhere; answered with the certificate when every service has. */
  @Post(':id/erase')
  @Writing('persons')
  @Accepts(ErasureView)
  @MayRefuse('ERASURE.START.ACTOR', 'ERASURE.START.PERSON')
  erase(@Param('id') id: string, @Asking() asked: Asked) {
    return this.writes.onSeen('persons', id, asked, (person) =>
      this.commands.create(
        StartErasure,
        () => ({ person }),
        asked,
        async (outcome) => {
          const { body, headers } = await this.reads.written('erasures', outcome, asked.by);
          return new Answer(200, body, { ...headers, location: `/v1/erasures/${outcome.key}` });
        },
      ),
    );
  }

  private async recordsOf({ id, account }: PersonView, by: Actor): Promise<Record<string, unknown[]>> {
    const asked: Record<string, string | null> = { person: id, owner: account };
    const found: Record<string, unknown[]> = {};
    for (const [resource, { filters }] of Object.entries(resources)) {
      for (const name of REFERENCES) {
        const value = asked[name];
        if (!filters[name] || !value) continue;
        const items = await this.pages((query) => this.reads.list(resource, { ...query, [name]: value }, by));
        if (items.length > 0) found[resource] = [...(found[resource] ?? []), ...items];
      }
    }
    // Whoever runs the door reads the list; when they themselves came is theirs to know.
    const checkIns = await this.models.where('check-ins', { person: id });
    return checkIns.length > 0 ? { ...found, 'check-ins': checkIns } : found;
  }

  private async pages<T>(page: (query: Record<string, unknown>) => Promise<{ items: T[]; next: string | null }>): Promise<T[]> {
    const all: T[] = [];
    for (let cursor: string | null = null; ; ) {
      const { items, next }: { items: T[]; next: string | null } = await page({ limit: String(PAGE), ...(cursor ? { cursor } : {}) });
      all.push(...items);
      if (next === null) return all;
      cursor = next;
    }
  }
}
