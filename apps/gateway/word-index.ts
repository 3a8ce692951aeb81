/** What of a record is searched and ordered by. */
export interface Entry {
  readonly id: string;
  readonly version: number;
  /** Folded. */
  readonly words: readonly string[];
  /** Folded values by sort key. */
  readonly sort: Readonly<Record<string, string>>;
}

/** One key of an order, the last of which is the id. */
export interface By {
  /** A sort key, or `id`. */
  readonly key: string;
  readonly direction: 1 | -1;
}

export type Place = readonly string[];

const keyed = (entry: Entry, key: string): string => (key === 'id' ? entry.id : (entry.sort[key] ?? ''));

/** The words of many records, in memory: finds those that have a word beginning with each of some texts, in any order. */
export class WordIndex {
  private readonly entries = new Map<string, Entry>();
  private readonly ids = new Map<string, Set<string>>();
  /** All words in their order; null: one has come since. */
  private sorted: string[] | null = null;

  get size(): number {
    return this.entries.size;
  }

  /** Older than what is there is passed over. */
  put(entry: Entry): void {
    const before = this.entries.get(entry.id);
    if (before && before.version >= entry.version) return;
    this.take(before);
    this.entries.set(entry.id, entry);
    for (const word of new Set(entry.words)) {
      const ids = this.ids.get(word);
      if (ids) ids.add(entry.id);
      else {
        this.ids.set(word, new Set([entry.id]));
        this.sorted = null;
      }
    }
  }

  /** What was found is no more, unless something newer has come in its place. */
  drop(entry: Entry): void {
    if (this.entries.get(entry.id) !== entry) return;
    this.take(entry);
    this.entries.delete(entry.id);
  }

  /** The first `max` behind a place, or from the beginning, that have a word beginning with each of these, of which there is at least one. */
  find(beginnings: readonly string[], order: readonly By[], after: Place | null, max: number): Entry[] {
    const compare = comparing(order);
    const best: Entry[] = [];
    for (const entry of this.having(beginnings)) {
      if (after && comparePlaces(order, placeOf(order, entry), after) <= 0) continue;
      if (best.length === max && compare(best[max - 1]!, entry) <= 0) continue;
      best.splice(placeIn(best, entry, compare), 0, entry);
      if (best.length > max) best.pop();
    }
    return best;
  }

  private *having(beginnings: readonly string[]): Iterable<Entry> {
    const [rarest, ...others] = beginnings
      .map((text) => ({ text, words: this.wordsWith(text) }))
      .map(({ text, words }) => ({ text, words, count: words.reduce((sum, word) => sum + this.ids.get(word)!.size, 0) }))
      .sort((a, b) => a.count - b.count);
    if (!rarest) return;
    const told = new Set<string>();
    for (const word of rarest.words)
      for (const id of this.ids.get(word)!) {
        if (told.has(id)) continue;
        told.add(id);
        const entry = this.entries.get(id)!;
        if (others.every(({ text }) => entry.words.some((each) => each.startsWith(text)))) yield entry;
      }
  }

  private wordsWith(beginning: string): string[] {
    this.sorted ??= [...this.ids.keys()].sort();
    const from = lowerBound(this.sorted, beginning);
    let end = from;
    while (end < this.sorted.length && this.sorted[end]!.startsWith(beginning)) end += 1;
    return this.sorted.slice(from, end);
  }

  private take(entry: Entry | undefined): void {
    for (const word of entry ? new Set(entry.words) : []) {
      const ids = this.ids.get(word)!;
      ids.delete(entry!.id);
      if (ids.size > 0) continue;
      this.ids.delete(word);
      this.sorted = null;
    }
  }
}

const placeOf = (order: readonly By[], entry: Entry): Place => order.map(({ key }) => keyed(entry, key));

function comparePlaces(order: readonly By[], a: Place, b: Place): number {
  for (const [i, { direction }] of order.entries()) if (a[i] !== b[i]) return a[i]! < b[i]! ? -direction : direction;
  return 0;
}

const comparing = (order: readonly By[]) => (a: Entry, b: Entry) => {
  for (const { key, direction } of order) {
    const [one, other] = [keyed(a, key), keyed(b, key)];
    if (one !== other) return one < other ? -direction : direction;
  }
  return 0;
};

function placeIn(list: readonly Entry[], entry: Entry, compare: (a: Entry, b: Entry) => number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(list[middle]!, entry) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lowerBound(list: readonly string[], text: string): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]! < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
