const FORGOTTEN_ABOVE = 10_000;

/** What was tried in vain is tried again later and later, so that it neither floods a topic nor holds up the rest. */
export class Patience {
  private readonly tried = new Map<string, { wait: number; until: number }>();

  constructor(
    private readonly firstMs: number,
    private readonly longestMs: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** How many may be waiting. */
  get size(): number {
    return this.tried.size;
  }

  /** Whether it is too early to try it again. */
  waits(id: string): boolean {
    return (this.tried.get(id)?.until ?? 0) > this.now();
  }

  /** Tried just now. */
  note(id: string): void {
    const before = this.tried.get(id);
    const wait = before ? Math.min(before.wait * 2, this.longestMs) : this.firstMs;
    this.tried.delete(id);
    this.tried.set(id, { wait, until: this.now() + wait });
    for (const [oldest, { until }] of this.tried) {
      if (until + this.longestMs > this.now() && this.tried.size <= FORGOTTEN_ABOVE) return;
      this.tried.delete(oldest);
    }
  }
}
