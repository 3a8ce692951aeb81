/** How old what is known may be. */
const FRESH_MS = 1000;

/** Something that many decisions need and that seldom changes: read again when it is a second old, by one for all who ask meanwhile. */
export class Fresh<T> {
  private readAt = Number.NEGATIVE_INFINITY;
  private reading: Promise<T> | null = null;

  constructor(
    private known: T,
    private readonly read: () => Promise<T>,
  ) {}

  /** As it is now. */
  current(): Promise<T> {
    if (Date.now() - this.readAt < FRESH_MS) return Promise.resolve(this.known);
    this.reading ??= this.readNow().finally(() => (this.reading = null));
    return this.reading;
  }

  /** As it was known last, for whoever cannot wait. */
  get last(): T {
    return this.known;
  }

  /** It has changed here: who asks next knows it. */
  forget(): void {
    this.readAt = Number.NEGATIVE_INFINITY;
  }

  private async readNow(): Promise<T> {
    const at = Date.now();
    this.known = await this.read();
    this.readAt = at;
    return this.known;
  }
}
