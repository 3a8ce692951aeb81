import type { Actor, BoundRole } from '#libs/contracts/actor';
import { failed, passed, type Rule, rule } from '#libs/domain/verdict';
import { isAdmin } from '#libs/domain/visibility';
import { isRole } from '#libs/reference/roles';
import { covers, scopesSupported } from './scopes.js';

/** What a key or client is given. */
export interface Grants {
  roles?: readonly BoundRole[];
  scopes?: readonly string[];
}

/** Scopes of what the platform administrator alone may do, whatever else a role gives. */
const ADMINISTRATIVE = ['admin', 'api-keys:write', 'signing-keys:read', 'signing-keys:write'];

/** Whether a scope is more than the roles give. */
export const exceeds = (roles: readonly BoundRole[], scope: string): boolean =>
  ADMINISTRATIVE.includes(scope) && !roles.some(({ role }) => role === 'PLATFORM_ADMIN');

/** The platform administrator gives and takes. */
export const byAdmin = (code: string, message: string): Rule<[Grants, Actor]> =>
  rule(code, (_: Grants, by: Actor) => isAdmin(by) || message, { kind: 'NOT_YOURS' });

/** `pointerOf`: where the request names the role at this place; a key names one for all its bindings. */
export const rolesAreKnown = (code: string, pointerOf = (place: number) => `/roles/${place}/role`): Rule<[Grants, Actor]> =>
  rule(code, ({ roles = [] }: Grants) => {
    const faults = new Map(roles.flatMap(({ role }, place) => (isRole(role) ? [] : [[pointerOf(place), role] as const])));
    const unknown = [...faults].map(([pointer, role]) => ({ pointer, message: `${role} is not a role of roles.json.` }));
    return unknown.length === 0 ? passed('Every role is known.') : failed('A role is not known.', {}, unknown);
  });

/** Scopes narrow roles and never exceed them, and nobody hands on more than the own token may. */
export const scopesStayWithin = (code: string): Rule<[Grants, Actor]> =>
  rule(code, ({ roles = [], scopes }: Grants, by: Actor) => {
    if (scopes === undefined) return passed('The scopes stay as they are.');
    const faults = scopes.flatMap((scope, i) => {
      const pointer = `/scopes/${i}`;
      if (!scopesSupported.includes(scope)) return [{ pointer, message: `${scope} is no scope: nothing is called so.` }];
      if (exceeds(roles, scope)) return [{ pointer, message: `${scope} exceeds the roles: PLATFORM_ADMIN alone has it.` }];
      return covers(by.scopes, scope) ? [] : [{ pointer, message: `${scope} is more than your own token may.` }];
    });
    if (scopes.length === 0 && by.scopes.length > 0 && !by.scopes.includes('admin'))
      faults.push({ pointer: '/scopes', message: 'Without scopes it could do more than your own token may.' });
    return faults.length === 0
      ? passed('The scopes stay within roles and token.', { scopes })
      : failed('The scopes exceed what may be given.', { scopes }, faults);
  });
