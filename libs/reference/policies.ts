import agreementFile from './data/agreement-rules.json' with { type: 'json' };
import attachmentFile from './data/attachment-rules.json' with { type: 'json' };
import criteriaFile from './data/cluster-criteria.json' with { type: 'json' };
import documentFile from './data/document-rules.json' with { type: 'json' };
import eventFile from './data/event-rules.json' with { type: 'json' };
import rulesFile from './data/exchange-rules.json' with { type: 'json' };
import linkFile from './data/link-rules.json' with { type: 'json' };
import tableFile from './data/lump-sums.json' with { type: 'json' };
import partnershipFile from './data/partnership-rules.json' with { type: 'json' };

export interface PolicyOwner {
  readonly level: string;
  readonly code: string;
}

/** `validFrom` and `validTo` bound the day of the decision; null = no bound known. */
export interface Policy {
  readonly code: string;
  readonly value: unknown;
  readonly unit: string;
  readonly origin: string;
  readonly confidence: string;
  readonly note?: string;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly owner: PolicyOwner;
  /** Whose versions of the rule are asked; all unless said. */
  readonly levels?: readonly string[];
  /** What the rule reads, where its value is null: the kind of the value as policies are checked by it. */
  readonly reads?: string;
  /** It cannot do without. */
  readonly needed?: boolean;
  readonly choices?: readonly string[];
  readonly least?: number;
  readonly most?: number;
}

export interface LumpSum {
  readonly country: string;
  readonly full: number;
  readonly half: number;
  readonly origin: string;
  readonly status: string;
}

export interface LumpSumTable {
  readonly code: string;
  readonly version: number;
  readonly owner: PolicyOwner;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly currency: string;
  readonly unit: string;
  readonly source: string;
  readonly confidence: string;
  readonly items: readonly LumpSum[];
}

/** The rules of the scheme and its calls. */
export const exchangeRules: readonly Policy[] = rulesFile.items;

/** By what a cluster organisation is validated. */
export const clusterCriteria: readonly Policy[] = criteriaFile.items;

/** By what partnerships go through their phases. */
export const partnershipRules: readonly Policy[] = partnershipFile.items;
/** By how many of its parties an agreement is frozen, renewed and joined. */
export const agreementRules: readonly Policy[] = agreementFile.items;

/** By how many of the active partners a document is approved. */
export const documentRules: readonly Policy[] = documentFile.items;

/** How seats and meetings of events are given where the event itself does not say. */
export const eventRules: readonly Policy[] = eventFile.items;

/** What may be attached to records. */
export const attachmentRules: readonly Policy[] = attachmentFile.items;

/** How long links in mails hold. */
export const linkRules: readonly Policy[] = linkFile.items;

export const lumpSumTable: LumpSumTable = tableFile;

/** Widest first: the narrower owner wins. */
const levels = ['SCHEME', 'CALL', 'PARTNERSHIP'];

/**
 * The policy in force on a day among those of the scheme and of the owners named (codes of calls or partnerships).
 * Without `among`, the rules of the scheme.
 */
export function policyInForce(code: string, on: string, owners: readonly string[] = [], among = exchangeRules): Policy | undefined {
  return among
    .filter((policy) => policy.code === code && (policy.owner.level === 'SCHEME' || owners.includes(policy.owner.code)))
    .filter(({ validFrom, validTo }) => (validFrom ?? on) <= on && on <= (validTo ?? on))
    .toSorted(
      (a, b) => levels.indexOf(b.owner.level) - levels.indexOf(a.owner.level) || (b.validFrom ?? '').localeCompare(a.validFrom ?? ''),
    )
    .at(0);
}
