import { allOf } from '#libs/persistence/filters';
import type { Copy, Views } from '#libs/persistence/views';
import { Together } from '#libs/service/together';
import type { View } from './resources.js';
import type { Versions } from './version-cache.js';
import { type By, type Entry, type Place, WordIndex } from './word-index.js';

/** What a copy holds beside the view, as far as it is searched by. */
type Indexed = Copy<View> & { words?: string[]; sort?: Record<string, string>; at?: Date };

export interface Search {
  beginnings: readonly string[];
  order: readonly By[];
  after: Place | null;
  /** Further conditions over the stored copy. */
  others: readonly Record<string, unknown>[];
}

/** Writes that the database stamped before one that has been seen may be seen after it. */
const OVERLAP_MS = 2000;
/** What a clock of the database that was set back has hidden is found by then. */
const ANEW_MS = 60_000;
const SEARCHED = /^[\p{L}\p{N}]/u;
const PROJECTION = { version: 1, words: 1, sort: 1, at: 1 };
const EVERYTHING = 'everything';

/**
 * Finds records of one kind by the beginnings of their words, in memory: many thousands match what people begin to type, and of those
 * a page is shown. The memory follows the database, and is looked through only once it has what was written before the question; what
 * it finds is read from the database.
 */
export class Searched {
  private readonly index = new WordIndex();
  private readonly refreshed: Together<true>;
  /** Of the versions, when it was last brought up to date; null: not known. */
  private token: string | null = null;
  /** Newest stamp seen. */
  private mark = 0;
  private wholeAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly name: string,
    private readonly views: Views<View>,
    private readonly versions: Pick<Versions, 'lookup'>,
  ) {
    this.refreshed = new Together(async () => {
      await this.refresh();
      return new Map([[EVERYTHING, true as const]]);
    });
  }

  /** The first `max` behind the place. */
  async find({ beginnings, order, after, others }: Search, max: number): Promise<Copy<View>[]> {
    await this.refreshed.get(EVERYTHING);
    const found: Copy<View>[] = [];
    for (let place = after; ; ) {
      const entries = this.index.find(beginnings, order, place, max);
      const copies = await this.read(entries, others);
      found.push(...entries.flatMap(({ id }) => copies.get(id) ?? []));
      const last = entries.at(-1);
      if (found.length >= max || entries.length < max || !last) return found.slice(0, max);
      place = order.map(({ key }) => (key === 'id' ? last.id : (last.sort[key] ?? '')));
    }
  }

  private async read(entries: readonly Entry[], others: Search['others']): Promise<Map<string, Copy<View>>> {
    const filter = allOf([{ _id: { $in: entries.map(({ id }) => id) } }, { view: { $ne: null } }, ...others]);
    const copies = (await this.collection.find(filter as never).toArray()) as unknown as Copy<View>[];
    const there = new Map(copies.map((copy) => [copy._id, copy]));
    // Where nothing else is asked for, what is not there is gone.
    for (const entry of others.length === 0 ? entries : []) if (!there.has(entry.id)) this.index.drop(entry);
    return there;
  }

  /** Reads what was written since, unless the versions say that nothing was. */
  private async refresh(): Promise<void> {
    // Looked up before reading: what is written meanwhile has another token, and is read the next time.
    const token = (await this.versions.lookup([`${this.name}:*`]))?.join(' ') ?? null;
    if (token !== null && token === this.token) return;
    const isWhole = performance.now() - this.wholeAt > ANEW_MS;
    const since = { at: { $gte: new Date(this.mark - OVERLAP_MS) } };
    const begun = performance.now();
    const found = this.collection.find((isWhole ? {} : since) as never, { projection: PROJECTION });
    for await (const copy of found) this.take(copy as unknown as Indexed);
    if (isWhole) this.wholeAt = begun;
    this.token = token;
  }

  private take({ _id: id, version, words, sort = {}, at }: Indexed): void {
    // Without words it is gone, and found out when it is read.
    if (words) this.index.put({ id, version, words: words.filter((word) => SEARCHED.test(word)), sort });
    this.mark = Math.max(this.mark, at?.getTime() ?? 0);
  }

  private get collection() {
    return this.views.collection;
  }
}
