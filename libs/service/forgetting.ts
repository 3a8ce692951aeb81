import type { Service } from '#libs/contracts/actor';
import type { ErasurePart } from '#libs/contracts/erasure';
import type { Verdict } from '#libs/domain/verdict';

/** A person whose copies are to go. */
export interface Forgotten {
  person: string;
  /** The last one: copies that are told of it by version take no older one again. */
  version: number;
  /** ISO 8601 UTC */
  at: string;
}

/**
 * A place where a service keeps something of persons beside its own aggregates. An app adds its places to `runtime.places`; it is
 * asked at every erasure, and may be asked twice about the same person.
 */
export interface Place {
  readonly code: string;
  forget(asked: Forgotten): Promise<Pick<ErasurePart, 'outcome' | 'message'> & Partial<ErasurePart>>;
}

/** As verdicts they travel with the answer of a step, which tells of no view. */
const RULE = 'ERASURE.PART';

export async function partsOf(service: Service, places: readonly Place[], asked: Forgotten): Promise<ErasurePart[]> {
  const parts: ErasurePart[] = [];
  for (const { code, forget } of places)
    parts.push({ service, place: code, count: null, until: null, ground: null, ...(await forget(asked)) });
  return parts;
}

export const verdictOf = (part: ErasurePart): Verdict => ({
  rule: RULE,
  version: 1,
  outcome: part.outcome === 'ERASED' ? 'PASSED' : 'NOT_APPLICABLE',
  message: part.message,
  inputs: { ...part },
  source: part.ground,
});
