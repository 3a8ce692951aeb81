import type { ReadState } from '#libs/messaging/state-reader';
import { type Resource, resources, valueAt } from './resources.js';
import { mint } from './version-cache.js';

/** Lists by an unchanging reference have a tag of their own; all others share that of the resource. */
export const listTag = (name: string, field: string, value: string) =>
  resources[name]!.joins.includes(field) ? `${name}?${field}=${value}` : `${name}:*`;

/** New tokens for all that a change of these records voids. */
export function marksOf(resource: Resource, records: readonly Pick<ReadState, 'id' | 'version' | 'view'>[]): Map<string, string> {
  const token = mint();
  const lists = records.flatMap((record) => tagsOf(resource, record)).map((tag) => [tag, token] as const);
  // In place of those among the lists; of several versions of a record the newest is told.
  const inOrder = [...records].sort((a, b) => a.version - b.version);
  const own = inOrder.map(({ id, version }) => [`${resource.contract.resource}:${id}`, mint(version)] as const);
  return new Map([...lists, ...own]);
}

/** All tags that a change of a record voids. */
export function tagsOf(resource: Resource, record: Pick<ReadState, 'id' | 'view'>): string[] {
  const name = resource.contract.resource;
  const joined = resource.joins.flatMap((field) =>
    [valueAt(record.view, resource.filters[field]!)].flat().map((value) => `${name}?${field}=${value}`),
  );
  return [`${name}:${record.id}`, `${name}:*`, ...joined];
}
