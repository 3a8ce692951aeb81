import { Injectable } from '@nestjs/common';
import type { Actor } from '#libs/contracts/actor';
import { ReadModels } from './read-models.js';
import { Reads } from './reads.js';
import type { View } from './resources.js';
import { seatsFor, standingFor } from './seats-of.js';

/** The events that are somebody's affair. */
@Injectable()
export class OwnEvents {
  constructor(
    private readonly models: ReadModels,
    private readonly reads: Reads,
  ) {}

  /** Of the partnerships they have a role in or belong to, those they organise, and those they have a seat at; in order of id, as they see them. */
  async of(by: Actor): Promise<View[]> {
    const [partnerships, seats] = await Promise.all([this.partnershipsOf(by), this.seatsOf(by)]);
    const found = await Promise.all([
      this.reads.byIds('events', unique([...bound(by, 'EVENT'), ...seats]), by),
      ...partnerships.map((partnership) => this.reads.where('events', { partnership }, by)),
    ]);
    const all = new Map(found.flat().map((view) => [view.id, view]));
    return [...all.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  private async seatsOf(by: Actor): Promise<ReadonlySet<string>> {
    return seatsFor(this.models, await standingFor(this.models, by));
  }

  private async partnershipsOf(by: Actor): Promise<string[]> {
    const ofOrganisations = await Promise.all(bound(by, 'ORGANISATION').map((organisation) => this.active({ organisation }, 'cluster')));
    const clusters = unique([...bound(by, 'CLUSTER'), ...ofOrganisations.flat()]);
    const ofClusters = await Promise.all(clusters.map((cluster) => this.active({ cluster }, 'partnership')));
    return unique([...bound(by, 'PARTNERSHIP'), ...ofClusters.flat()]);
  }

  private async active(member: Record<string, string>, of: 'cluster' | 'partnership'): Promise<string[]> {
    const found = await this.models.where('memberships', member);
    return found.filter(({ state }) => state === 'ACTIVE').flatMap((view) => (typeof view[of] === 'string' ? [view[of]] : []));
  }
}

const bound = ({ roles }: Actor, kind: string): string[] =>
  unique(roles.flatMap(({ binding }) => (binding?.kind === kind ? [binding.id] : [])));

const unique = (ids: readonly string[]) => [...new Set(ids)];
