/** What was read, and the token it had then. */
interface Kept<T> {
  token: string;
  value: T;
}

/** Records of a few kilobytes: some tens of megabytes at most. */
const MOST = 4000;

/**
 * What was read of the database, good for as long as the token of what it was read from is the one that was looked up before: answers
 * that have to be put together anew are put together of these.
 */
export class ReadRecords<T> {
  private readonly kept = new Map<string, Kept<T>>();

  constructor(private readonly most = MOST) {}

  /**
   * The value of each key: those that stand from memory, the others by one `read` of their places. `tokens`: one for each key, and that
   * of the epoch; null: nobody can tell what stands, so all are read.
   */
  async all(keys: readonly string[], tokens: readonly string[] | null, read: (places: readonly number[]) => Promise<T[]>): Promise<T[]> {
    const tokenAt = (at: number) => `${tokens![at]} ${tokens!.at(-1)}`;
    const found = keys.map((key, at) => {
      const kept = tokens ? this.kept.get(key) : undefined;
      return kept && kept.token === tokenAt(at) ? kept : null;
    });
    const missing = found.flatMap((kept, at) => (kept ? [] : [at]));
    const values = missing.length > 0 ? await read(missing) : [];
    for (const [i, at] of missing.entries()) {
      found[at] = { token: tokens ? tokenAt(at) : '', value: values[i] as T };
      if (tokens) this.keep(keys[at]!, found[at]);
    }
    return found.map((kept) => kept!.value);
  }

  private keep(key: string, kept: Kept<T>): void {
    this.kept.delete(key);
    this.kept.set(key, kept);
    if (this.kept.size > this.most) this.kept.delete(this.kept.keys().next().value as string);
  }
}
