import type { Actor, Binding } from '#libs/contracts/actor';

/** Somebody who holds a role, on the whole platform or bound to one thing. */
export const by = (role: string, binding: Binding | null = null): Actor => ({
  kind: 'PERSON',
  id: role.toLowerCase(),
  roles: [{ role, binding }],
  scopes: [],
  at: '2026-03-01T09:00:00.000Z',
});
