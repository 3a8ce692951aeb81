import { Controller, Get, Injectable, Param, Query, type Type } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '#libs/contracts/actor';
import { VersionChange } from '#libs/contracts/history';
import { Runtime } from '#libs/service/runtime';
import { By } from './asked.js';
import { Cursors } from './cursors.js';
import { actionsOf, seenBy } from './history.js';
import { History } from './history.store.js';
import { PagedBy } from './page-parameters.js';
import { pageOf as found, pageQuery } from './page-query.js';
import { Reading } from './policy.js';
import { reading } from './reading.js';
import { Reads } from './reads.js';
import { resources } from './resources.js';
import { pageOf, Returns } from './returns.js';
import { tagOf } from './tags.js';

/** What is on its way when a view is read can be read in its history within this time. */
const PATIENCE_MS = 2000;

/** Reads the history of a record for whoever may see the record. */
@Injectable()
export class Histories {
  private readonly cursors: Cursors;

  constructor(
    runtime: Runtime,
    private readonly reads: Reads,
    private readonly history: History,
  ) {
    this.cursors = new Cursors(runtime.config.BY_KEY);
  }

  async list(resource: string, idOrSlug: string, query: Record<string, unknown>, by: Actor) {
    const { view, level } = await this.reads.standing(resource, idOrSlug, by);
    const asked = pageQuery({ list: `${resource}/${view.id}/history`, filters: [], sort: 'version' }, query, this.cursors);
    const aggregates = resources[resource]!.contracts.map(({ name }) => name);
    await this.upTo(aggregates, view.id, view.version);
    const after = asked.after === null ? null : Number(asked.after);
    const { newestFirst, limit } = asked;
    const all = await this.history.page({ aggregates, id: view.id, after, newestFirst, limit, by: actionsOf(level, by) });
    return found(
      all.map((entry) => seenBy(resource, level, entry)),
      asked,
      ({ version }) => String(version),
    );
  }

  /** Whoever has read a version reads who made it. An answer that comes before it is good for this once. */
  private async upTo(aggregates: string[], id: string, version: number): Promise<void> {
    const complete = await this.history.reaches(aggregates, id, version, PATIENCE_MS);
    const store = reading.getStore();
    if (store && !complete) store.once = true;
  }
}

function historyOf(resource: string): Type {
  const { name } = resources[resource]!.contract;

  @ApiTags(tagOf(resource))
  @Controller(`v1/${resource}`)
  class HistoryOf {
    constructor(private readonly histories: Histories) {}

    /** Who did what when, version by version. */
    @Get(':id/history')
    @Reading(resource)
    @PagedBy('version')
    @Returns(pageOf(VersionChange))
    list(@Param('id') id: string, @Query() query: Record<string, unknown>, @By() by: Actor) {
      return this.histories.list(resource, id, query, by);
    }
  }
  Object.defineProperty(HistoryOf, 'name', { value: `${name}History` });
  return HistoryOf;
}

export const historyControllers = Object.keys(resources).map(historyOf);
