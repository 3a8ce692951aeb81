import type { ReadState } from '#libs/messaging/state-reader';
import { type Resource, resources, valueAt } from './resources.js';
import { mint } from './version-cache.js';

/** Lists by an unchanging reference have a tag of their own; all others share that of the resource. */
export const listTag = (name: string, field: string, value: string) =>
  resources[name]!.joins.includes(field) ? `${name}?${field}=${value}` : `${name}:*`;

/** New tokens for all that a change of these records voids: each by itself, and the lists it may stand in. */
export function marksOf(resource: Resource, records: readonly Pick<ReadState, 'id' | 'version' | 'view'>[]): Map<string, string> {
  const token = mint();
  const marks = new Map(records.flatMap((record) => listTagsOf(resource, record)).map((tag) => [tag, token]));
  // Of several versions of a record the newest is told.
  for (const { id, version } of [...records].sort((a, b) => a.version - b.version))
    marks.set(`${resource.contract.resource}:${id}`, mint(version));
  return marks;
}

function listTagsOf(resource: Resource, { view }: Pick<ReadState, 'view'>): string[] {
  const name = resource.contract.resource;
  const joined = resource.joins.flatMap((field) =>
    [valueAt(view, resource.filters[field]!)].flat().map((value) => `${name}?${field}=${value}`),
  );
  return [`${name}:*`, ...joined];
}
