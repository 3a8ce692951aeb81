import { covers, type Scopes } from '#libs/domain/scopes';

export { covers };

/** Those of the wanted that are held. */
export const within = (held: Scopes, wanted: Scopes): string[] => wanted.filter((scope) => covers(held, scope));
