import { AsyncLocalStorage } from 'node:async_hooks';

/** What the answer under way was read from: tag to token, noted before the data were read. */
export class Reading {
  readonly tokens = new Map<string, string>();
  epoch = '';

  /** Read while versions could not be known: good for this answer only. */
  once = false;

  /** Found by what is kept in memory, which follows what is told: it cannot be put together before. */
  ofMemory = false;

  /** What was asked for by a slug that it had before, and the one it has. */
  moved: { from: string; to: string } | null = null;

  note(tags: string[], tokens: string[] | null): void {
    if (!tokens) {
      this.once = true;
      return;
    }
    tags.forEach((tag, i) => {
      // The first token seen counts: what changed while reading must make the answer void.
      if (!this.tokens.has(tag)) this.tokens.set(tag, tokens[i]!);
    });
    this.epoch ||= tokens.at(-1)!;
  }
}

export const reading = new AsyncLocalStorage<Reading>();

/** What is read here is no part of the answer under way: it is told as it is now, and kept by nobody. */
export const unkept = <T>(read: () => T): T => reading.exit(read);
