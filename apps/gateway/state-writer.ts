import type { ReadState } from '#libs/messaging/state-reader';
import { parts } from '#libs/persistence/bulk';
import type { Views } from '#libs/persistence/views';
import { Gathering } from '#libs/service/gathering';
import { byAggregate, indexed, type Resource, type View } from './resources.js';
import type { Versions } from './version-cache.js';
import { tagsOf } from './view-tags.js';

const KNOWN = 50_000;

/** Writes the states that replies and topics bring into the read models, and tells every gateway what is void by that. */
export class StateWriter {
  /** What replies bring is waited for, and does not stand behind what the topics bring. */
  private readonly ofReplies = new Gathering<ReadState>((records) => this.write(records));
  private readonly ofTopics = new Gathering<ReadState>((records) => this.write(records));
  /** Versions this gateway has seen written: saves asking the database again. */
  private readonly known = new Map<string, number>();
  private readonly underWay = new Map<string, Promise<unknown>>();

  constructor(
    private readonly viewsOf: (name: string) => Views<View>,
    private readonly versions: Pick<Versions, 'raise'>,
  ) {}

  /** Resolves when these can be read on every gateway. */
  replied(records: readonly ReadState[]): Promise<void> {
    return this.ofReplies.add(records);
  }

  published(records: readonly ReadState[]): Promise<void> {
    return this.ofTopics.add(records);
  }

  /** The version of a record that is surely there; 0: not known. */
  seen(name: string, id: string): number {
    return this.known.get(`${name}:${id}`) ?? 0;
  }

  private async write(records: ReadState[]): Promise<void> {
    const ours = records.filter((r) => byAggregate.has(r.aggregate));
    // What is being written of a record is told to all readers before anything else of it is.
    for (let held = this.heldOf(ours); held.length > 0; held = this.heldOf(ours)) await Promise.allSettled(held);
    const fresh = ours.filter((r) => (this.known.get(keyOf(r)) ?? -1) < r.version);
    const groups = Map.groupBy(fresh, (r) => r.aggregate);
    const writing = Promise.all([...groups].map(([aggregate, group]) => this.writeOf(byAggregate.get(aggregate)!, group)));
    for (const r of fresh) this.underWay.set(keyOf(r), writing);
    try {
      await writing;
    } finally {
      for (const r of fresh) this.underWay.delete(keyOf(r));
    }
    for (const r of fresh) this.know(keyOf(r), r.version);
  }

  private heldOf(records: readonly ReadState[]): Promise<unknown>[] {
    return records.flatMap((r) => this.underWay.get(keyOf(r)) ?? []);
  }

  /** Part by part: what can be read is told to be new at once. */
  private async writeOf(resource: Resource, records: ReadState[]): Promise<void> {
    for (const part of parts(records)) await this.writePart(resource, part);
  }

  private async writePart(resource: Resource, records: ReadState[]): Promise<void> {
    const name = resource.contract.resource;
    const gone = records.filter(({ view }) => view === null);
    // Which lists it stood in is known only by what it was.
    const before =
      gone.length > 0 && resource.joins.length > 0 ? await this.viewsOf(name).where({ _id: { $in: gone.map(({ id }) => id) } }) : [];
    await this.viewsOf(name).apply(
      records,
      (view) => indexed(resource, view),
      (id) => this.known.has(`${name}:${id}`),
    );
    const touched = [...records, ...before.map(({ _id, view }) => ({ id: _id, view }))];
    await this.versions.raise([...new Set(touched.flatMap((each) => tagsOf(resource, each)))]);
  }

  private know(key: string, version: number): void {
    if (this.known.size > KNOWN) this.known.clear();
    this.known.set(key, Math.max(version, this.known.get(key) ?? 0));
  }
}

const keyOf = ({ aggregate, id }: ReadState) => `${byAggregate.get(aggregate)!.contract.resource}:${id}`;
