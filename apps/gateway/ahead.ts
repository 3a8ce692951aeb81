import { AsyncLocalStorage } from 'node:async_hooks';
import type { Marks } from './version-cache.js';

/**
 * While answers are put together before what they tell is told: what they read goes by the tokens as they are going to be, so that it
 * is read anew, and stands from the moment those are raised.
 */
export class Ahead {
  /** Of what was read, the tokens that are about to be replaced, as they were before. */
  private readonly before = new Map<string, string>();
  private open = true;

  constructor(private readonly marks: Marks) {}

  /** The tokens to go by, for those that were looked up before reading; what stands behind the last tag (the epoch's) stays. */
  seen(tags: readonly string[], tokens: readonly string[]): string[] {
    return tokens.map((token, place) => (place < tags.length ? this.next(tags[place]!, token) : token));
  }

  private next(tag: string, token: string): string {
    const next = this.marks.get(tag);
    if (next === undefined) return token;
    if (this.open && !this.before.has(tag)) this.before.set(tag, token);
    // Noted too late to be compared: whoever reads now goes by what is there.
    return this.before.has(tag) ? next : token;
  }

  /** What has to be unchanged when the new tokens are raised; what is read from now on has no part in it. */
  close(): ReadonlyMap<string, string> {
    this.open = false;
    return this.before;
  }
}

/** Set where an answer is put together ahead. */
export const ahead = new AsyncLocalStorage<Ahead>();
