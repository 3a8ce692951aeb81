import type { ReadState } from '#libs/messaging/state-reader';
import { parts } from '#libs/persistence/bulk';
import type { Copy, Views } from '#libs/persistence/views';
import { Gathering } from '#libs/service/gathering';
import type { AnswersAhead } from './answers-ahead.js';
import { byAggregate, indexed, type Resource, resources, type View } from './resources.js';
import type { Marks, Versions } from './version-cache.js';
import { marksOf } from './view-tags.js';

const KNOWN = 50_000;

/** Tells of what has been written by its new tokens. */
type Tell = (marks: Marks) => Promise<void>;

/** What is held back waits no longer than this for what is to be told with it. */
const HOLD_MS = 100;

/** What has been written and is to be told together. */
class Held {
  private marks = new Map<string, string>();
  private timer: NodeJS.Timeout | null = null;
  private telling: Promise<void> | null = null;

  constructor(private readonly tell: Tell) {}

  add(marks: Marks): void {
    for (const [tag, token] of marks) this.marks.set(tag, token);
    this.timer ??= setTimeout(() => void this.all(), HOLD_MS);
  }

  /** Resolves when everything is told. */
  all(): Promise<void> {
    const { marks } = this;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.marks = new Map();
    this.telling = Promise.resolve(this.telling).then(() => this.tell(marks));
    return this.telling;
  }

  isEmpty(): boolean {
    return this.timer === null && this.telling === null;
  }
}

/**
 * Writes the states that replies and topics bring into the read models, and tells every gateway what is void by that. What topics bring
 * of answers that many ask for is told once those have been put together anew, with all that came with it.
 */
export class StateWriter {
  /** What replies bring is waited for, and does not stand behind what the topics bring. */
  private readonly ofReplies = new Gathering<ReadState>((records) => this.write(records, false));
  private readonly ofTopics = new Gathering<ReadState>((records) => this.write(records, true));
  /** Versions this gateway has seen written: saves asking the database again. */
  private readonly known = new Map<string, number>();
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly telling = new Set<string>();

  constructor(
    private readonly viewsOf: (name: string) => Views<View>,
    private readonly versions: Pick<Versions, 'raise'>,
    private readonly answers: Pick<AnswersAhead, 'concern' | 'tell'>,
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

  /** Whether it is written here, and not told yet. */
  isTelling(name: string, id: string): boolean {
    return this.telling.has(`${name}:${id}`);
  }

  private async write(records: ReadState[], isAhead: boolean): Promise<void> {
    const ours = records.filter((r) => byAggregate.has(r.aggregate));
    // Nothing is written of a record while something else of it is.
    for (let others = this.othersOf(ours); others.length > 0; others = this.othersOf(ours)) await Promise.all(others);
    const fresh = ours.filter((r) => (this.known.get(keyOf(r)) ?? -1) < r.version);
    const { promise, resolve } = Promise.withResolvers<void>();
    const letOthersGo = () => {
      for (const r of fresh) if (this.underWay.get(keyOf(r)) === promise) this.underWay.delete(keyOf(r));
      resolve();
    };
    for (const r of fresh) {
      this.underWay.set(keyOf(r), promise);
      this.telling.add(keyOf(r));
    }
    const held = new Held((marks) => this.answers.tell(marks));
    try {
      await this.writeAll(fresh, (marks) => (isAhead ? this.hold(held, marks) : this.versions.raise(marks))).finally(() => {
        if (held.isEmpty()) return;
        // What replies bring meanwhile is told at once.
        letOthersGo();
        return held.all();
      });
      for (const r of fresh) this.know(keyOf(r), r.version);
    } finally {
      for (const r of fresh) this.telling.delete(keyOf(r));
      letOthersGo();
    }
  }

  /** What concerns answers that are put together ahead is told with what comes within a moment; the rest at once. */
  private async hold(held: Held, marks: Marks): Promise<void> {
    if (this.answers.concern(marks)) held.add(marks);
    else await this.versions.raise(marks);
  }

  /** Copies that were found in the database though nobody told of them yet. */
  async tellFound(name: string, copies: readonly Copy<View | null>[]): Promise<void> {
    const found = copies.map(({ _id, version, view }) => ({ id: _id, version, view }));
    await this.versions.raise(marksOf(resources[name]!, found));
  }

  private othersOf(records: readonly ReadState[]): Promise<void>[] {
    return records.flatMap((r) => this.underWay.get(keyOf(r)) ?? []);
  }

  /** Each kind goes on by itself, also where another could not be written. */
  private async writeAll(records: readonly ReadState[], tell: Tell): Promise<void> {
    const groups = [...Map.groupBy(records, (r) => r.aggregate)];
    const outcomes = await Promise.allSettled(groups.map(([aggregate, group]) => this.writeOf(byAggregate.get(aggregate)!, group, tell)));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** Part by part: what can be read is told to be new at once. */
  private async writeOf(resource: Resource, records: ReadState[], tell: Tell): Promise<void> {
    for (const part of parts(records)) await this.writePart(resource, part, tell);
  }

  private async writePart(resource: Resource, records: ReadState[], tell: Tell): Promise<void> {
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
    const lists = before.map(({ _id, version, view }) => ({ id: _id, version, view }));
    const marks = marksOf(resource, [...lists, ...records]);
    // Which lists it stood in nobody can tell any more by what is there now.
    await (gone.length > 0 ? this.versions.raise(marks) : tell(marks));
  }

  private know(key: string, version: number): void {
    if (this.known.size > KNOWN) this.known.clear();
    this.known.set(key, Math.max(version, this.known.get(key) ?? 0));
  }
}

const keyOf = ({ aggregate, id }: ReadState) => `${byAggregate.get(aggregate)!.contract.resource}:${id}`;
