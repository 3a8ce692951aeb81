import { Injectable } from '@nestjs/common';
import type { Actor } from '#libs/contracts/actor';
import type { Outcome } from '#libs/contracts/message';
import { type Level, levelOf, memberField, membershipsFor, seenAt, visibility } from '#libs/domain/visibility';
import { Runtime } from '#libs/service/runtime';
import { Answer, etagOf, Shown } from './answer.js';
import { Cursors } from './cursors.js';
import { type ListQuery, listQuery } from './list-query.js';
import { Presenters } from './presenters.js';
import { absent } from './problem.js';
import { ReadModels } from './read-models.js';
import { resources, type View } from './resources.js';
import { seatsOf } from './seats-of.js';

export interface Page {
  items: unknown[];
  next: string | null;
}

/** A view as it is, and those that decide with it who may see it. */
export interface Judged {
  view: View;
  parents: View[];
}

/** A stretch of all views of a kind in order of id, as one reader sees them; `last` is null at the end. */
export interface Slice {
  shown: { id: string; version: number; view: unknown }[];
  last: string | null;
}

/** Reading for everybody: found, filtered by what the reader may see, redacted, and put into the form of the contract. */
@Injectable()
export class Reads {
  private readonly cursors: Cursors;

  constructor(
    runtime: Runtime,
    private readonly models: ReadModels,
    private readonly presenters: Presenters,
  ) {
    this.cursors = new Cursors(runtime.config.BY_KEY);
  }

  /** One view; what is not there and what is not to be seen are told alike. */
  async one(resource: string, idOrSlug: string, by: Actor): Promise<Shown> {
    const view = await this.view(resource, idOrSlug, by);
    return new Shown(view.version, await this.presenters.of(resource, view));
  }

  /** The new view after a write, as this reader sees it, with its ETag; what may not be seen is not shown for having been written. */
  async written(resource: string, { view, version, changed }: Outcome, by: Actor): Promise<Answer> {
    const [seen] = await this.seen(resource, [{ ...(view as View), version }], by);
    const shown = seen && (changed ? this.presenters.changed(resource, seen) : this.presenters.of(resource, seen));
    const body = (await shown) ?? { id: (view as View).id, version };
    return new Answer(200, body, { etag: etagOf(version, JSON.stringify(body)) });
  }

  /** The redacted view itself, for routes that build on it. */
  async view(resource: string, idOrSlug: string, by: Actor): Promise<View> {
    return (await this.standing(resource, idOrSlug, by)).view;
  }

  /** The redacted view, and how much of it that is. */
  async standing(resource: string, idOrSlug: string, by: Actor): Promise<{ view: View; level: Level }> {
    const view = await this.models.get(resource, idOrSlug);
    const level = view ? await this.levelAt(resource, view, by) : 'NOTHING';
    if (!view || level === 'NOTHING') throw absent(`${resources[resource]!.contract.name} ${idOrSlug.slice(0, 80)}`);
    return { view: seenAt(resource, view, level), level };
  }

  async list(resource: string, query: Record<string, unknown>, by: Actor, fixed: Record<string, string> = {}): Promise<Page> {
    const asked = await listQuery(resources[resource]!, { ...query, ...fixed }, this.cursors, (name, slug) => this.idsOf(name, slug));
    const { views, next } = await this.fill(resource, asked, by);
    return { items: await this.presenters.all(resource, views), next };
  }

  /** All views whose fields hold these values, as far as the reader sees them, in order of id. */
  async where(resource: string, fields: Record<string, string>, by: Actor): Promise<View[]> {
    return this.seen(resource, await this.models.where(resource, fields), by);
  }

  /** Those of these ids that the reader sees. */
  async byIds(resource: string, ids: string[], by: Actor): Promise<View[]> {
    return ids.length > 0 ? this.seen(resource, await this.models.byIds(resource, ids), by) : [];
  }

  /** Views as they stand now, for those who judge on behalf of many readers. */
  async judged(resource: string, ids: string[]): Promise<Judged[]> {
    return this.judging(resource, await this.models.byIds(resource, ids));
  }

  /** The same for views that are known. */
  async judging(resource: string, views: View[]): Promise<Judged[]> {
    const parents = await this.parents(resource, views);
    return views.map((view) => ({ view, parents: parents(view) }));
  }

  /** The next of all views behind an id. */
  async slice(resource: string, after: string, limit: number, by: Actor): Promise<Slice> {
    const found = await this.models.page(resource, { _id: { $gt: after } }, { _id: 1 }, limit);
    const views = found.map((copy) => ({ ...copy.view, version: copy.version }));
    const seen = await this.seen(resource, views, by);
    const bodies = await this.presenters.all(resource, seen);
    const shown = seen.map(({ id, version }, place) => ({ id, version, view: bodies[place] }));
    return { shown, last: found.length < limit ? null : found.at(-1)!._id };
  }

  /** Views that others may not see are passed over, so a page is read on until it is full. */
  private async fill(resource: string, asked: ListQuery, by: Actor): Promise<{ views: View[]; next: string | null }> {
    const views: View[] = [];
    let after = asked.after;
    for (;;) {
      const found = await this.models.listed(resource, asked, after);
      const seen = new Map(
        (
          await this.seen(
            resource,
            found.map((copy) => ({ ...copy.view, version: copy.version })),
            by,
          )
        ).map((view) => [view.id, view]),
      );
      for (const copy of found) {
        if (views.length === asked.limit) return { views, next: this.cursors.write(after!, asked.bound) };
        const view = seen.get(copy._id);
        const then = view && asked.asThen(view);
        if (then) views.push(then);
        after = asked.place(copy);
      }
      if (found.length <= asked.limit) return { views, next: null };
    }
  }

  private async seen(resource: string, views: View[], by: Actor): Promise<View[]> {
    // Who is in charge sees all of it whatever it belongs to: then nothing else need be read.
    const inQuestion = views.filter((view) => levelOf(resource, view, by, []) !== 'IN_CHARGE');
    const parents = await this.parents(resource, inQuestion, by);
    const seats = inQuestion.length > 0 ? await this.seats(resource, by) : null;
    return views.flatMap((view) => {
      const level = seated(seats, view, levelOf(resource, view, by, parents(view)));
      return level === 'NOTHING' ? [] : [seenAt(resource, view, level)];
    });
  }

  private async levelAt(resource: string, view: View, by: Actor): Promise<Level> {
    const level = levelOf(resource, view, by, (await this.parents(resource, [view], by))(view));
    return level === 'PUBLIC' ? seated(await this.seats(resource, by), view, level) : level;
  }

  /** Who has a seat at an event sees more of it than the public. */
  private async seats(resource: string, by: Actor): Promise<ReadonlySet<string> | null> {
    return resource === 'events' && by.kind !== 'PUBLIC' ? seatsOf(this.models, by) : null;
  }

  private async parents(resource: string, views: View[], by: Actor | null = null): Promise<(view: View) => View[]> {
    const found = new Map<string, View>();
    const memberships = await this.memberships(resource, views, by);
    const rules = visibility[resource]?.parents ?? [];
    for (const { resource: parent, by } of views.length > 0 ? rules : []) {
      const ids = [...new Set(views.flatMap((view) => idsIn(view, by)))];
      for (const view of ids.length > 0 ? await this.models.byIds(parent, ids) : []) found.set(view.id, view);
    }
    return (view) => [
      ...rules.flatMap(({ by: field }) => idsIn(view, field).flatMap((id) => found.get(id) ?? [])),
      ...memberships.filter((each) => each[memberField(resource)!] === view.id),
    ];
  }

  /** Those that may let somebody see more: of the one who asks, or of whoever asks, where there is more to be seen. */
  private async memberships(resource: string, views: View[], by: Actor | null): Promise<View[]> {
    const field = memberField(resource);
    if (!field || views.length === 0) return [];
    const asked = by ? membershipsFor(resource, by) : { field, ids: views.flatMap((view) => (isAtWork(view) ? view.id : [])) };
    const found = await Promise.all(asked.ids.map((id) => this.models.where('memberships', { [asked.field]: id })));
    return found.flat();
  }

  /** The partnerships that a cluster belongs to now; nothing for records of another kind. */
  async partnershipsOf(resource: string, id: string): Promise<{ partnerships?: unknown[] }> {
    if (memberField(resource) !== 'cluster') return {};
    const found = await this.models.where('memberships', { cluster: id });
    return { partnerships: found.flatMap(({ state, partnership }) => (state === 'ACTIVE' ? [partnership] : [])) };
  }

  /** All ids that a record is called by: some that name it may still know it by the one it had. */
  async idsOf(name: string, idOrSlug: string): Promise<string[]> {
    const view = resources[name] ? await this.models.get(name, idOrSlug) : null;
    return view ? [view.id, ...((view.formerIds ?? []) as string[])] : [idOrSlug];
  }

  /** Filters that name a partnership take its slug as well. */
  async idOf(name: string, idOrSlug: string): Promise<string> {
    const view = resources[name] ? await this.models.get(name, idOrSlug) : null;
    return view?.id ?? idOrSlug;
  }
}

const seated = (seats: ReadonlySet<string> | null, { id }: View, level: Level): Level =>
  level === 'PUBLIC' && seats?.has(id) ? 'MEMBER' : level;

/** Others see less of it than whoever belongs to it. */
const isAtWork = ({ draft, profile }: View): boolean => profile !== 'PUBLISHED' || (draft ?? null) !== null;

const idsIn = (view: View, by: string): string[] => [view[by]].flat().filter((id): id is string => typeof id === 'string');
