import type { Actor } from '#libs/contracts/actor';
import type { Difference, VersionChange } from '#libs/contracts/history';
import { type Level, redact } from '#libs/domain/visibility';
import type { View } from './resources.js';

/** Whose actions a reader sees: those who belong to the record see all of them, others their own. */
export const actionsOf = (level: Level, by: Actor): string | null => (level === 'MEMBER' || level === 'IN_CHARGE' ? null : by.id);

/** A change without the fields that the reader does not see in the view either. */
export function seenBy(resource: string, level: Level, entry: VersionChange): VersionChange {
  if (!entry.change) return entry;
  const fields = Object.fromEntries(entry.change.map((place) => [fieldOf(place), true]));
  const seen = redact(resource, fields as unknown as View, level);
  return { ...entry, change: entry.change.filter((place) => fieldOf(place) in seen) };
}

const fieldOf = ({ pointer }: Difference): string => (pointer.split('/')[1] ?? '').replaceAll('~1', '/').replaceAll('~0', '~');
