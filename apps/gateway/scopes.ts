import { covers, type Scopes } from '#libs/domain/scopes';
import { resources } from './resources.js';

export { covers };

/** What routes are about that is no resource with records of its own. */
const OTHERS = ['audit', 'event-types', 'feed', 'integrity', 'links', 'signing-keys', 'snapshot', 'taxonomies'];

/** Every scope there is. */
export const scopesSupported: readonly string[] = [
  'admin',
  ...[...Object.keys(resources), ...OTHERS].flatMap((name) => [`${name}:read`, `${name}:write`]),
].sort();

/** Those of the wanted that are held. */
export const within = (held: Scopes, wanted: Scopes): string[] => wanted.filter((scope) => covers(held, scope));
