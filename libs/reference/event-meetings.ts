import file from './data/event-meetings.json' with { type: 'json' };

/** Points of one part of a score: for each thing that is found, and at most together. */
export interface Points {
  readonly each: number;
  readonly most: number;
}

const [rules] = file.items;

/** Minutes between two slots of an event that does not say. */
export const usualPause = rules!.pauseMinutes;

/** What a wish weighs in a schedule, by its priority. */
export const wishWeights: Readonly<Record<'LOW' | 'NORMAL' | 'HIGH', number>> = rules!.priorities;

/** What a meeting is by the types of the organisations of both sides; undefined where they are none of these: MIXED. */
export const meetingKind = (types: readonly string[]): 'C2C' | 'B2B' | undefined =>
  (['C2C', 'B2B'] as const).find((kind) => types.every((type) => (rules!.kinds[kind] as readonly string[]).includes(type)));

/** What each named part of a suggestion's score may come to. */
export const suggestionPoints: Readonly<
  Record<'theyOfferWhatIsSought' | 'theySeekWhatIsOffered' | 'sharedClassifications' | 'otherCountry', Points>
> = rules!.suggestions;
