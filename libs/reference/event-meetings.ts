import file from './data/event-meetings.json' with { type: 'json' };

/** Points of one part of a score: for each thing that is found, and at most together. */
export interface Points {
  readonly each: number;
  readonly most: number;
}

const [rules] = file.items;

/** How meetings of an event are arranged where the event itself does not say. */
export const usualMeetings = {
  pauseMinutes: rules!.pauseMinutes,
  scheduledBy: rules!.scheduledBy as 'PARTICIPANTS' | 'ORGANISER',
  requests: rules!.requests as 'OPT_OUT' | 'OPT_IN',
  perPerson: rules!.perPerson as number | null,
  perOrganisation: rules!.perOrganisation as number | null,
  answerHours: rules!.answerHours as number | null,
};

/** What a wish weighs in a schedule, by its priority. */
export const wishWeights: Readonly<Record<'LOW' | 'NORMAL' | 'HIGH', number>> = rules!.priorities;

/** What a meeting is by the types of the organisations of both sides; undefined where they are none of these: MIXED. */
export const meetingKind = (types: readonly string[]): 'C2C' | 'B2B' | undefined =>
  (['C2C', 'B2B'] as const).find((kind) => types.every((type) => (rules!.kinds[kind] as readonly string[]).includes(type)));

/** What each named part of a suggestion's score may come to. */
export const suggestionPoints: Readonly<
  Record<'theyOfferWhatIsSought' | 'theySeekWhatIsOffered' | 'sharedClassifications' | 'otherCountry', Points>
> = rules!.suggestions;
