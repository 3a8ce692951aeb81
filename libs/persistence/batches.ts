import { decidedOn } from '#libs/messaging/handle';
import type { Item, Work } from './decide.js';
import type { Stored } from './document.js';

const BUSY = 32;

export const byOffset = <S>(a: Item<S>, b: Item<S>) => a.message.offset - b.message.offset;

/** Of a busy aggregate a few may always go: each time all the rest would be written anew. */
export const worthwhile = ({ recent }: Stored<object>) => (recent.length > BUSY ? recent.length / 4 : 1);

export function settle<S>(work: Work<S>, waiting: readonly Item<S>[]): void {
  for (const { item, handled } of work.answers) if (!waiting.includes(item)) item.resolve(handled);
  for (const { item, error } of work.failures) item.reject(error);
}

/** Of an aggregate in `alone` only the first command is decided now; the rest wait for the next round. */
export function onePerLoner<S>(items: Item<S>[], alone: Set<string>): { now: Item<S>[]; next: Item<S>[] } {
  const seen = new Set<string>();
  const now: Item<S>[] = [];
  const next: Item<S>[] = [];
  for (const item of items) {
    const key = decidedOn(item.message);
    (alone.has(key) && seen.has(key) ? next : now).push(item);
    seen.add(key);
  }
  return { now, next };
}
