/** The least time between two fetches of a reader: once per fetch, however many partitions it brought. */
export class Pace {
  private last = 0;
  private isDue = false;

  constructor(
    private readonly paceMs: number,
    private readonly now: () => number = Date.now,
  ) {}

  fetches(): void {
    this.isDue = true;
  }

  /** Resolves when the next fetch may begin; at once when the one before was long ago. */
  async keep(): Promise<void> {
    if (!this.isDue || this.paceMs === 0) return;
    this.isDue = false;
    const left = this.last + this.paceMs - this.now();
    if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
    this.last = this.now();
  }
}

const PATIENCE_MS = 30_000;
const AGAIN_MS = 100;

/** A topic made a moment ago has no leader yet on every broker: the client gives up on that too early. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > until || !mayPass(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

/** The client bails out of what it would retry, and says why in the cause. */
function mayPass(error: unknown): boolean {
  const { retriable, cause } = error as { retriable?: boolean; cause?: unknown };
  return retriable === true || (cause instanceof Error && mayPass(cause));
}
