import { Injectable } from '@nestjs/common';
import type { Actor } from '#libs/contracts/actor';
import type { MeetingSeen } from '#libs/domain/meeting-entries';
import { covers } from '#libs/domain/scopes';
import { Presenters } from './presenters.js';
import { ReadModels } from './read-models.js';
import { Reads } from './reads.js';
import { standingFor } from './seats-of.js';

/** Meetings as they stand in somebody's calendar. */
export interface MeetingsOf {
  /** In order of id, as they see them. */
  meetings: MeetingSeen[];
  /** The persons it stands for. */
  own: ReadonlySet<string>;
}

/** The meetings that are somebody's affair. */
@Injectable()
export class OwnMeetings {
  constructor(
    private readonly models: ReadModels,
    private readonly reads: Reads,
    private readonly presenters: Presenters,
  ) {}

  /** Those they take part in, and those of the organisations they act for; none where the scopes do not let them read meetings. */
  async of(by: Actor): Promise<MeetingsOf> {
    const { persons, organisations } = await standingFor(this.models, by);
    const own = new Set(persons);
    if (!covers(by.scopes, 'meetings:read')) return { meetings: [], own };
    const found = await Promise.all([
      ...persons.map((person) => this.reads.where('meetings', { person }, by)),
      ...organisations.map((organisation) => this.reads.where('meetings', { organisation }, by)),
    ]);
    const all = new Map(found.flat().map((view) => [view.id, view]));
    const views = [...all.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return { meetings: (await this.presenters.all('meetings', views)) as MeetingSeen[], own };
  }
}
