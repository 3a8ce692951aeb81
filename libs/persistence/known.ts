import type { Stored } from './document.js';

const KEPT = 2000;
/** Who has lost the partition of an aggregate meanwhile believes what it knew of it no longer than this. */
const KEPT_MS = 10_000;

/**
 * Documents as this process last wrote them: a partition has one owner, so they need not be read again for the next command.
 * Should somebody else have written, the guarded write that follows is lost, and the document is read anew.
 */
export class Known<S> {
  private readonly kept = new Map<string, { doc: Stored<S>; until: number }>();

  constructor(private readonly now: () => number = Date.now) {}

  /** Those that are known, as copies to decide on. */
  of(ids: readonly string[]): Map<string, Stored<S>> {
    const now = this.now();
    return new Map(
      ids.flatMap((id) => {
        const known = this.kept.get(id);
        return known && known.until > now ? [[id, { ...known.doc, recent: [...known.doc.recent] }] as const] : [];
      }),
    );
  }

  keep(doc: Stored<S>): void {
    // What was written last is forgotten last.
    this.kept.delete(doc._id);
    this.kept.set(doc._id, { doc, until: this.now() + KEPT_MS });
    if (this.kept.size <= KEPT) return;
    const [oldest] = this.kept.keys();
    this.kept.delete(oldest!);
  }

  forget(ids: Iterable<string>): void {
    for (const id of ids) this.kept.delete(id);
  }
}
