import type { Recent } from './document.js';

const KEYED_KEPT = 64;

/** What the broker cannot bring again need not be kept; the last keyed ones stay, older ones are handed over to be kept for a day. */
export function trimmed(recent: readonly Recent[], committed: number): { kept: Recent[]; forgotten: Recent[] } {
  const kept: Recent[] = [];
  const forgotten: Recent[] = [];
  let keyed = recent.filter((entry) => entry.keyed).length;
  for (const entry of recent) {
    const mayGo = entry.offset < committed && entry.later === null;
    if (mayGo && !entry.keyed) continue;
    if (mayGo && keyed > KEYED_KEPT) {
      keyed -= 1;
      forgotten.push(entry);
      continue;
    }
    kept.push(entry);
  }
  return { kept, forgotten };
}
