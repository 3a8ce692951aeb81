import { Controller, Get, Injectable, Param, Query, type Type } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '#libs/contracts/actor';
import { VersionChange } from '#libs/contracts/history';
import { Runtime } from '#libs/service/runtime';
import { By } from './asked.js';
import { Cursors } from './cursors.js';
import { actionsOf, seenBy } from './history.js';
import { History } from './history.store.js';
import { pageOf as found, pageQuery } from './page-query.js';
import { Reading } from './policy.js';
import { reading } from './reading.js';
import { Reads } from './reads.js';
import { resources } from './resources.js';
import { Ordered, pageOf, Returns } from './returns.js';
import { tagOf } from './tags.js';

/** What is on its way when a view is read can be read in its history within this time. */
const PATIENCE_MS = 2000;
const SLICE = 200;

const withBefore = <V extends object>(view: V, fields: string[], change: NonNullable<VersionChange['change']>): V => ({
  ...view,
  ...Object.fromEntries(change.flatMap(({ pointer, before }) => (fields.includes(pointer.slice(1)) ? [[pointer.slice(1), before]] : []))),
});

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

  /** A record with these fields as they were at the end of a day; of a day before it was made here, as they are now. */
  async asOf<V extends { id: string; version: number }>(resource: string, now: V, fields: (keyof V & string)[], day: string): Promise<V> {
    const aggregates = resources[resource]!.contracts.map(({ name }) => name);
    let then = now;
    for (let after: number | null = null; ; ) {
      const all: VersionChange[] = await this.history.page({ aggregates, id: now.id, after, newestFirst: true, limit: SLICE, by: null });
      for (const { at, change, version } of all.slice(0, SLICE)) {
        if (at.slice(0, 10) <= day) return then;
        if (version === 1 || change === null) return now;
        then = withBefore(then, fields, change);
      }
      if (all.length <= SLICE) return now;
      after = all[SLICE - 1]!.version;
    }
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
    @Returns(pageOf(VersionChange))
    @Ordered('version')
    list(@Param('id') id: string, @Query() query: Record<string, unknown>, @By() by: Actor) {
      return this.histories.list(resource, id, query, by);
    }
  }
  Object.defineProperty(HistoryOf, 'name', { value: `${name}History` });
  return HistoryOf;
}

export const historyControllers = Object.entries(resources).flatMap(([name, { inner }]) => (inner ? [] : [historyOf(name)]));
