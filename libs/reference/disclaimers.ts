import file from './data/disclaimers.json' with { type: 'json' };
import type { PolicyOwner } from './policies.js';

/** What must be printed by who has to disclaim and has not said in which words. */
export interface Disclaimer {
  readonly code: string;
  readonly version: number;
  /** By language. */
  readonly text: Readonly<Record<string, string>>;
  readonly origin: string;
  /** They bound the day it is printed on, YYYY-MM-DD; null = no bound. */
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly owner: PolicyOwner;
}

export const disclaimers: readonly Disclaimer[] = file.items;

/** The one in force on a day (null: whatever the day), the newest where several are; undefined when none is. */
export function disclaimer(code: string, on: string | null, among = disclaimers): Disclaimer | undefined {
  return among
    .filter((each) => each.code === code && (on === null || ((each.validFrom ?? on) <= on && on <= (each.validTo ?? on))))
    .toSorted((a, b) => b.version - a.version)
    .at(0);
}
