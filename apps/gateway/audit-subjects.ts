import { Injectable } from '@nestjs/common';
import { visibility } from '#libs/domain/visibility';
import type { Attempt, Chainable } from './audit.js';
import { ReadModels } from './read-models.js';
import { resources, type View, valueAt } from './resources.js';

/** Finds out whose the subjects of attempts are: partnerships read their own audit. */
@Injectable()
export class AuditSubjects {
  constructor(private readonly models: ReadModels) {}

  async withPartnerships(attempts: Attempt[]): Promise<Chainable[]> {
    const groups = Map.groupBy(attempts, ({ resource }) => resource ?? '');
    const found = await Promise.all([...groups].map(async ([resource, group]) => [resource, await this.viewsOf(resource, group)] as const));
    const views = new Map(found);
    return attempts.map((attempt) => {
      const view = views.get(attempt.resource ?? '')?.get(attempt.subject ?? '');
      return { ...attempt, partnerships: view ? partnershipsOf(attempt.resource!, view) : [] };
    });
  }

  private async viewsOf(resource: string, attempts: Attempt[]): Promise<Map<string, View>> {
    const ids = [...new Set(attempts.flatMap(({ subject }) => subject ?? []))];
    if (!resources[resource] || ids.length === 0) return new Map();
    const views = await this.models.byIds(resource, ids);
    return new Map(views.map((view) => [view.id, view]));
  }
}

/** Those whose coordinators see all of it. */
function partnershipsOf(resource: string, view: View): string[] {
  const paths = (visibility[resource]?.roles ?? []).filter(({ bound }) => bound === 'PARTNERSHIP').map(({ by }) => by);
  const ids = [...new Set(paths)].flatMap((path) => valueAt(view, path)).filter((id): id is string => typeof id === 'string');
  return [...new Set(ids)];
}
