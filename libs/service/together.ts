/**
 * Look-ups that go together, one after the other: whoever asks while one is under way is asked for with all others who do, as soon as
 * it has ended. So few ask at once, and the more there are, the more each look-up brings.
 */
export class Together<T> {
  private next: { ids: Set<string>; found: Promise<ReadonlyMap<string, T>> } | null = null;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly find: (ids: readonly string[]) => Promise<ReadonlyMap<string, T>>) {}

  /** As it is at a moment after it was asked for; null: there is none. */
  async get(id: string): Promise<T | null> {
    return (await this.ask([id])).get(id) ?? null;
  }

  /** Those of many that are there. */
  async all(ids: readonly string[]): Promise<Map<string, T>> {
    const found = ids.length > 0 ? await this.ask(ids) : new Map<string, T>();
    return new Map(ids.flatMap((id) => (found.has(id) ? [[id, found.get(id) as T] as const] : [])));
  }

  private ask(ids: readonly string[]): Promise<ReadonlyMap<string, T>> {
    this.next ??= this.begin();
    for (const id of ids) this.next.ids.add(id);
    return this.next.found;
  }

  private begin() {
    const ids = new Set<string>();
    // What else this turn of the event loop asks for goes along.
    const turn = new Promise((resolve) => setImmediate(resolve));
    const found = Promise.all([this.last, turn]).then(() => {
      this.next = null;
      const finding = this.find([...ids]);
      // That it failed is told to those who asked.
      this.last = finding.catch(() => undefined);
      return finding;
    });
    return { ids, found };
  }
}
