import type { Actor } from '#libs/contracts/actor';
import type { Difference, VersionChange } from '#libs/contracts/history';
import { type Level, redact } from '#libs/domain/visibility';
import type { View } from './resources.js';

/** Whose actions a reader sees: those who belong to the record see all of them, others their own. */
export const actionsOf = (level: Level, by: Actor): string | null => (level === 'MEMBER' || level === 'IN_CHARGE' ? null : by.id);

/** A change without the fields that the reader does not see in the view either. */
export function seenBy(resource: string, level: Level, entry: VersionChange): VersionChange {
  if (!entry.change) return entry;
  const fields = Object.fromEntries(entry.change.flatMap((place) => fieldsOf(place).map((field) => [field, true])));
  const seen = redact(resource, fields as unknown as View, level);
  return { ...entry, change: entry.change.filter((place) => fieldsOf(place).every((field) => field in seen)) };
}

/** What is written of a field in a draft is seen by who sees drafts and the field. */
function fieldsOf({ pointer }: Difference): string[] {
  const [field = '', within] = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return field === 'draft' && within !== undefined ? [field, within] : [field];
}
