import type { Binding, BoundRole } from '#libs/contracts/actor';
import type { ReadModels } from './read-models.js';

type Models = Pick<ReadModels, 'brief' | 'byIds'>;

/** Kinds of binding whose records may become one with another. */
const MERGING: Partial<Record<Binding['kind'], string>> = { CLUSTER: 'clusters', ORGANISATION: 'organisations' };

const boundTo = (roles: readonly BoundRole[]) => {
  const bindings = roles.flatMap(({ binding }) => binding ?? []);
  return Object.entries(MERGING).flatMap(([kind, resource]) => {
    const ids = [...new Set(bindings.flatMap((binding) => (binding.kind === kind ? binding.id : [])))];
    return ids.length > 0 ? [{ kind, resource, ids }] : [];
  });
};

/** What may change whither the roles lead: whoever keeps them looks again then. */
export const tagsOf = (roles: readonly BoundRole[]): string[] =>
  boundTo(roles).flatMap(({ resource, ids }) => ids.map((id) => `${resource}:${id}`));

/** Where ids lead: to themselves, or to the record that theirs was merged into; nowhere when there is neither. */
async function leading(models: Models, resource: string, ids: string[]): Promise<Map<string, string>> {
  const [there, merged] = await Promise.all([
    models.byIds(resource, ids),
    models.brief(resource, { formerIds: { $in: ids } }, ['formerIds']),
  ]);
  const former = merged.flatMap(({ id, formerIds }) => (formerIds as string[]).map((each) => [each, String(id)] as const));
  return new Map([...former, ...there.map(({ id }) => [id, id] as const)].filter(([id]) => ids.includes(id)));
}

/**
 * Roles bound to a record that was merged give what those give that are bound to the one it became part of.
 * `settled`: every record is where its binding says; else it is on its way, or has gone its way.
 */
export async function followed(roles: readonly BoundRole[], models: Models): Promise<{ roles: BoundRole[]; settled: boolean }> {
  const bound = boundTo(roles);
  const found = await Promise.all(bound.map(async ({ kind, resource, ids }) => [kind, await leading(models, resource, ids)] as const));
  const leads = new Map<string, ReadonlyMap<string, string>>(found);
  const further = roles.flatMap(({ role, binding }): BoundRole[] => {
    const id = binding && leads.get(binding.kind)?.get(binding.id);
    return id && id !== binding.id ? [{ role, binding: { kind: binding.kind, id } }] : [];
  });
  return {
    roles: [...roles, ...further],
    settled: bound.every(({ kind, ids }) => ids.every((id) => leads.get(kind)?.get(id) === id)),
  };
}
