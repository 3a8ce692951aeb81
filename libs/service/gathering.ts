interface Waiting<T> {
  items: readonly T[];
  done(): void;
  failed(error: Error): void;
}

/** Writes together what comes within a turn of the event loop (or `lingerMs`), or while something is being written. */
export class Gathering<T> {
  private waiting: Waiting<T>[] = [];
  private writing = false;

  constructor(
    private readonly write: (items: T[]) => Promise<void>,
    private readonly lingerMs: number | null = null,
  ) {}

  /** Resolves when all of these are written; throws what became of the whole they went with. */
  add(items: readonly T[]): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ items, done, failed });
      if (!this.writing) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.writing = true;
    while (this.waiting.length > 0) {
      await this.linger();
      const now = this.waiting;
      this.waiting = [];
      try {
        await this.write(now.flatMap(({ items }) => items));
        for (const { done } of now) done();
      } catch (error) {
        for (const { failed } of now) failed(error as Error);
      }
    }
    this.writing = false;
  }

  private linger(): Promise<void> {
    const { lingerMs } = this;
    return new Promise((resolve) => void (lingerMs === null ? setImmediate(resolve) : setTimeout(resolve, lingerMs)));
  }
}
