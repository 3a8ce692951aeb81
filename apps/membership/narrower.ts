import type { Partnership } from './partnership.js';

/** Codes of those who may say otherwise than the scheme: the partnership itself, and its call. */
export type Narrower = readonly string[];

export const narrowerOf = (partnership: Pick<Partnership, 'code' | 'call'> | null): Narrower =>
  partnership ? [partnership.code, ...(partnership.call ? [partnership.call] : [])] : [];
