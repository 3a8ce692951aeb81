import { z } from 'zod';
import type { FeedbackFiguresView, Question } from '#libs/contracts/event-feedback';

export const FeedbackFigure = z
  .object({
    code: z.string().describe('of the question'),
    kind: z.string(),
    answers: z.int().min(0),
    mean: z.number().nullable().describe('of ratings and numbers, to two places; null: too few'),
    counts: z.record(z.string(), z.int()).nullable().describe('answer to how often it was given; null: too few'),
    texts: z.array(z.string()).nullable().describe('what was said in words, by the alphabet; null: too few'),
  })
  .meta({ id: 'FeedbackFigure' });
export type Figure = z.infer<typeof FeedbackFigure>;

/** What was answered to each question, as far as enough have: of fewer one could guess who said what. */
export function figuresOf(
  questions: readonly Question[],
  { counts, texts }: Pick<FeedbackFiguresView, 'counts' | 'texts'>,
  smallest: number,
): Figure[] {
  return questions.map(({ code, kind }): Figure => {
    const given = Object.entries(counts[code] ?? {});
    const words = texts[code] ?? [];
    const answers = kind === 'TEXT' ? words.length : given.reduce((sum, [, times]) => sum + times, 0);
    const enough = answers >= smallest;
    const counted = kind === 'RATING' || kind === 'NUMBER';
    return {
      code,
      kind,
      answers,
      mean: enough && counted ? meanOf(given, answers) : null,
      counts: enough && kind !== 'TEXT' ? Object.fromEntries(given.sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))) : null,
      texts: enough && kind === 'TEXT' ? words : null,
    };
  });
}

const meanOf = (given: readonly [string, number][], answers: number): number =>
  Math.round((100 * given.reduce((sum, [said, times]) => sum + Number(said) * times, 0)) / answers) / 100;
