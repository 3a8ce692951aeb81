import { describe, expect, it } from '@jest/globals';
import type { BoundRole } from '#libs/contracts/actor';
import { followed, tagsOf } from './bindings.js';

const role = (kind: 'CLUSTER' | 'ORGANISATION' | 'PARTNERSHIP', id: string): BoundRole => ({
  role: 'CLUSTER_MANAGER',
  binding: { kind, id },
});
/** Records as they are now: each with the ids that lead to it. */
const models = (resources: Record<string, Record<string, string[]>>) => {
  const all = (name: string) => Object.entries(resources[name] ?? {}).map(([id, formerIds]) => ({ id, formerIds, version: 1 }));
  return {
    byIds: async (name: string, ids: string[]) => all(name).filter(({ id }) => ids.includes(id)),
    brief: async (name: string, { formerIds: asked }: Record<string, unknown>) =>
      all(name).filter(({ formerIds }) => formerIds.some((each) => (asked as { $in: string[] }).$in.includes(each))),
  };
};

describe('Roles bound to records', () => {
  it('hold where they are, and ask of nothing that does not merge', async () => {
    const roles = [role('CLUSTER', 'a'), role('PARTNERSHIP', 'p'), { role: 'PLATFORM_ADMIN', binding: null }];
    expect(await followed(roles, models({ clusters: { a: [] } }))).toEqual({ roles, settled: true });
    expect(tagsOf(roles)).toEqual(['clusters:a']);
    expect(await followed([role('PARTNERSHIP', 'p')], models({}))).toMatchObject({ settled: true });
  });

  it('give what those give that are bound to the record theirs has become part of', async () => {
    const roles = [role('CLUSTER', 'a'), role('ORGANISATION', 'a')];
    const { roles: now, settled } = await followed(roles, models({ clusters: { b: ['z', 'a'] }, organisations: { a: [] } }));
    expect(now).toEqual([...roles, role('CLUSTER', 'b')]);
    expect(settled).toBe(false);
  });

  it('are looked up again while their record is on its way', async () => {
    expect(await followed([role('CLUSTER', 'a')], models({ clusters: {} }))).toEqual({ roles: [role('CLUSTER', 'a')], settled: false });
  });
});
