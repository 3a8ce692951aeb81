/**
 * Look-ups of one turn of the event loop as one: whoever asks for something while nothing is asked yet is asked for together with
 * all who do so in the same turn.
 */
export class Together<T> {
  private asked: { ids: Set<string>; found: Promise<ReadonlyMap<string, T>> } | null = null;

  constructor(private readonly find: (ids: readonly string[]) => Promise<ReadonlyMap<string, T>>) {}

  /** As it is at a moment after it was asked for; null: there is none. */
  async get(id: string): Promise<T | null> {
    this.asked ??= this.begin();
    const { ids, found } = this.asked;
    ids.add(id);
    return (await found).get(id) ?? null;
  }

  private begin() {
    const ids = new Set<string>();
    const found = new Promise((resolve) => setImmediate(resolve)).then(() => {
      this.asked = null;
      return this.find([...ids]);
    });
    return { ids, found };
  }
}
