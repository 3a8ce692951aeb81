import type { ReadState } from '#libs/messaging/state-reader';
import { type Resource, resources, valueAt } from './resources.js';

/** Lists by an unchanging reference have a tag of their own; all others share that of the resource. */
export const listTag = (name: string, field: string, value: string) =>
  resources[name]!.joins.includes(field) ? `${name}?${field}=${value}` : `${name}:*`;

/** All tags that a change of a record voids. */
export function tagsOf(resource: Resource, record: Pick<ReadState, 'id' | 'view'>): string[] {
  const name = resource.contract.resource;
  const joined = resource.joins.flatMap((field) =>
    [valueAt(record.view, resource.filters[field]!)].flat().map((value) => `${name}?${field}=${value}`),
  );
  return [`${name}:${record.id}`, `${name}:*`, ...joined];
}
