import { Binding, type BoundRole } from '#libs/contracts/actor';
import { isRole } from '#libs/reference/roles';

const MOST = 50;

/**
 * The roles of a person as the claim of its issuer lists them: `PARTNERSHIP_COORDINATOR:PARTNERSHIP:<id>`, or `PLATFORM_ADMIN`
 * for one that is bound to nothing. What is not a role or binding of ours gives nothing.
 */
export function rolesOf(claim: unknown): BoundRole[] {
  const entries = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return entries.slice(0, MOST).flatMap((entry) => (typeof entry === 'string' ? roleOf(entry) : []));
}

function roleOf(entry: string): BoundRole[] {
  const [role = '', kind, ...rest] = entry.trim().split(':');
  if (!isRole(role) || role === 'PUBLIC') return [];
  if (kind === undefined) return [{ role, binding: null }];
  const binding = Binding.safeParse({ kind, id: rest.join(':') });
  return binding.success && binding.data.id !== '' ? [{ role, binding: binding.data }] : [];
}

const OURS = /^([a-z][a-z-]*:(read|write)|admin)$/;

/** Scopes of ours in the token narrow the roles; those of the issuer itself (`openid`) say nothing about them. */
export const ourScopes = (scope: unknown): string[] =>
  typeof scope === 'string' ? scope.split(' ').filter((each) => OURS.test(each)) : [];
