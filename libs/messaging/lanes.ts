/**
 * One lane per key: what shares a key is handled in order, what does not runs beside it.
 * So one slow or failing key never holds up its neighbours in the partition.
 */
export class Lanes<T> {
  private readonly lanes = new Map<string, T[]>();
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly handle: (item: T) => Promise<void>) {}

  add(key: string, item: T): void {
    const lane = this.lanes.get(key);
    if (lane) {
      lane.push(item);
      return;
    }
    const fresh = [item];
    this.lanes.set(key, fresh);
    const run = this.run(key, fresh).finally(() => this.running.delete(run));
    this.running.add(run);
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  /** Forgets what has not begun; what has begun runs to its end. */
  clear(): void {
    for (const lane of this.lanes.values()) lane.length = 0;
  }

  private async run(key: string, lane: T[]): Promise<void> {
    for (let item = lane.shift(); item !== undefined; item = lane.shift()) await this.handle(item);
    this.lanes.delete(key);
  }
}
