import type { MarketEntry } from '#libs/contracts/meeting-profile';
import type { Classifications } from '#libs/contracts/profile';
import { type Points, suggestionPoints } from '#libs/reference/event-meetings';

/** As much of a participant as counterparts are found by. */
export interface Seeking {
  offers: readonly MarketEntry[];
  requests: readonly MarketEntry[];
  classifications: Classifications | null;
  /** Of the organisation; null: not known. */
  country: string | null;
}

export interface ScorePart {
  part: keyof typeof suggestionPoints;
  points: number;
  /** What was found: codes that both name, `<theirs>: <codes>` of an entry. */
  found: string[];
}

/** The score is the sum of its parts; a part that found nothing is there with no points. */
export interface Suggestion {
  score: number;
  parts: ScorePart[];
}

const DIMENSIONS = ['technologyFields', 'sectoralIndustries', 's3PriorityAreas', 'emergingIndustries'] as const;
type Coded = { [D in (typeof DIMENSIONS)[number]]?: readonly string[] | null | undefined };

const codesIn = (said: Coded): string[] => DIMENSIONS.flatMap((dimension) => (said[dimension] ?? []).map((code) => `${dimension}:${code}`));

/** Codes that both name, each with its vocabulary: the same letters may mean something else in another. */
function common(one: Coded, other: Coded): string[] {
  const theirs = new Set(codesIn(other));
  return [...new Set(codesIn(one))].filter((code) => theirs.has(code));
}

/** For each that is sought, the first offer that shares a code with it. */
const answered = (sought: readonly MarketEntry[], offered: readonly MarketEntry[]): string[] =>
  sought.flatMap((request) => {
    const offer = offered.map((each) => ({ each, codes: common(request, each) })).find(({ codes }) => codes.length > 0);
    return offer ? [`${offer.each.title}: ${offer.codes.join(', ')}`] : [];
  });

const worth = ({ each, most }: Points, count: number) => Math.min(most, each * count);

/** How well a participant suits another as a counterpart, and why. */
export function suggestionOf(one: Seeking, other: Seeking): Suggestion {
  const found: Record<ScorePart['part'], string[]> = {
    theyOfferWhatIsSought: answered(one.requests, other.offers),
    theySeekWhatIsOffered: answered(other.requests, one.offers),
    sharedClassifications: common(one.classifications ?? {}, other.classifications ?? {}),
    otherCountry: one.country !== null && other.country !== null && one.country !== other.country ? [other.country] : [],
  };
  const parts = (Object.keys(found) as ScorePart['part'][]).map((part) => ({
    part,
    points: worth(suggestionPoints[part], found[part].length),
    found: found[part],
  }));
  return { score: parts.reduce((sum, { points }) => sum + points, 0), parts };
}
