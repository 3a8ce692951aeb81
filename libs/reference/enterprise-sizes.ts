import file from './data/enterprise-sizes.json' with { type: 'json' };

/** Ceilings of a class of enterprises; money in euro cents, null = none. */
export interface EnterpriseSize {
  readonly code: string;
  readonly isSme: boolean;
  readonly headcountBelow: number | null;
  readonly turnoverUpTo: number | null;
  readonly balanceSheetUpTo: number | null;
}

/** Smallest first. */
export const enterpriseSizes: readonly EnterpriseSize[] = file.items;

/** What else the definition says: shares in per cent, and how many years in a row change a class. */
export const smeDefinition = {
  source: file.source,
  currency: file.currency,
  shares: file.shares,
  consecutiveYears: file.consecutiveYears,
} as const;
