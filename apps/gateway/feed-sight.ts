import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '#libs/contracts/actor';
import { isTold, levelOf } from '#libs/domain/visibility';
import { type Entry, type Form, seenBy } from './feed-entry.js';
import { Identity } from './identity.js';
import { unkept } from './reading.js';
import { type Judged, Reads } from './reads.js';
import type { View } from './resources.js';

type Subjects = Map<string, Judged>;

interface Turn {
  /** Resource to ids. */
  wanted: Map<string, Set<string>>;
  /** Resource to what was last known of subjects that are gone. */
  gone: Map<string, Map<string, View>>;
  loaded: Promise<Subjects>;
}

/**
 * What somebody may be told now: by the rights they have and the subjects as they stand. A fact reaches a thousand listeners in
 * one turn of the event loop; who and what they ask about is looked up once for all of them.
 */
@Injectable()
export class FeedSight {
  private turn: Turn | null = null;
  private readonly callers = new Map<string, Promise<Actor>>();

  constructor(
    private readonly reads: Reads,
    private readonly identity: Identity,
  ) {}

  /** Who asks, as of now; throws when the key or token has ended meanwhile. */
  caller(request: FastifyRequest): Promise<Actor> {
    const key = request.headers.authorization ?? '';
    const known = this.callers.get(key);
    if (known) return known;
    const caller = unkept(() => this.identity.of(request));
    if (this.callers.size === 0) setImmediate(() => this.callers.clear());
    this.callers.set(key, caller);
    return caller;
  }

  /** What they may be told of these, in the form they may be told it. */
  async seen(entries: Entry[], request: FastifyRequest): Promise<Form[]> {
    if (entries.length === 0) return [];
    const by = await this.caller(request);
    const subjects = await this.subjects(entries);
    return entries.flatMap((entry) => {
      const judged = subjects.get(entry.subject);
      const level = judged ? levelOf(entry.resource!, judged.view, by, judged.parents) : 'NOTHING';
      return isTold(level, entry.needs) ? [seenBy(level, entry)] : [];
    });
  }

  private subjects(entries: Entry[]): Promise<Subjects> {
    this.turn ??= this.begin();
    const { wanted, gone, loaded } = this.turn;
    for (const { resource, id, last } of entries) {
      if (!resource) continue;
      const ids = wanted.get(resource) ?? new Set();
      wanted.set(resource, ids.add(id));
      if (last) gone.set(resource, (gone.get(resource) ?? new Map()).set(id, last));
    }
    return loaded;
  }

  private begin(): Turn {
    const [wanted, gone]: [Turn['wanted'], Turn['gone']] = [new Map(), new Map()];
    const loaded = new Promise<Subjects>((resolve, reject) => {
      setImmediate(() => {
        this.turn = null;
        unkept(() => this.load(wanted, gone)).then(resolve, reject);
      });
    });
    return { wanted, gone, loaded };
  }

  private async load(wanted: Turn['wanted'], gone: Turn['gone']): Promise<Subjects> {
    const found: Subjects = new Map();
    await Promise.all(
      [...wanted].map(async ([resource, ids]) => {
        const judged = await this.reads.judged(resource, [...ids]);
        const there = new Set(judged.map(({ view }) => view.id));
        const last = [...(gone.get(resource)?.values() ?? [])].filter(({ id }) => !there.has(id));
        const all = last.length > 0 ? [...judged, ...(await this.reads.judging(resource, last))] : judged;
        for (const each of all) found.set(`/v1/${resource}/${each.view.id}`, each);
      }),
    );
    return found;
  }
}
