/** Scopes narrow what roles give. None at all: everything that the roles give. */
export type Scopes = readonly string[];

/** `admin` holds every scope, and who may write a resource may read it. */
export const covers = (held: Scopes, scope: string): boolean =>
  held.length === 0 || held.includes(scope) || held.includes('admin') || held.includes(scope.replace(/:read$/, ':write'));
