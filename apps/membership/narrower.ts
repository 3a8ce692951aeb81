import type { Policy } from '#libs/reference/policies';
import type { Partnership } from './partnership.js';

/** What may say otherwise than the scheme: the call, and the partnership itself. */
export interface Narrower {
  /** Codes of the call and of the partnership. */
  owners: readonly string[];
  policies: readonly Policy[];
}

export const narrowerOf = (partnership: Pick<Partnership, 'code' | 'call' | 'policies'> | null): Narrower => {
  if (!partnership) return { owners: [], policies: [] };
  const { code, call, policies } = partnership;
  return { owners: [code, ...(call ? [call] : [])], policies: (policies ?? []) as unknown as Policy[] };
};
