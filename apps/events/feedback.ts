import type { z } from 'zod';
import {
  AddFeedback,
  type AnswerFeedback,
  type AskFeedback,
  type FeedbackAnswers,
  type FeedbackFiguresView,
  type FeedbackRoundView,
  type Question,
} from '#libs/contracts/event-feedback';
import type { RegistrationView } from '#libs/contracts/registration';
import type { Stamp } from '#libs/contracts/values';
import { canonicalHash } from '#libs/domain/canonical';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { sourceId } from '#libs/domain/ids';
import { stated } from '#libs/domain/record';
import { failed, judge, passed, rule } from '#libs/domain/verdict';
import { usualQuestions } from '#libs/reference/event-feedback';
import * as rules from './feedback-rules.js';
import type { WholeEvent } from './planned-event.js';

export type FeedbackRoundState = Omit<FeedbackRoundView, keyof Stamp>;
export type FeedbackFiguresState = Omit<FeedbackFiguresView, keyof Stamp>;

type Ask = z.output<typeof AskFeedback.data>;
type Answering = z.output<typeof AnswerFeedback.data>;
type Adding = z.output<typeof AddFeedback.data>;

/** What has to be known beside the round itself. */
export interface About {
  event: Pick<WholeEvent, 'state' | 'partnerships'> | null;
  registration: Pick<RegistrationView, 'event' | 'organisation' | 'persons' | 'state' | 'owner' | 'accounts'> | null;
  /** Of who answers: when they came; null: nobody has noted it. */
  checkedInAt: string | null;
}

export const feedbackFiguresId = (event: string): string => sourceId(`feedback-figures:${event}`);

/** Who has answered is known again, but not read. */
const markOf = (event: string, person: string): string => canonicalHash({ event, person });

export const questionsOf = (round: Pick<FeedbackRoundState, 'questions'> | null): readonly Question[] =>
  round?.questions ?? (usualQuestions as unknown as readonly Omit<Question, 'options'>[]).map((each) => ({ options: null, ...each }));

const begun = ({ event: id }: { event: string }, { event }: About): FeedbackRoundState => ({
  event: id,
  partnerships: [...(event?.partnerships ?? [])],
  questions: null,
  answered: [],
});

/** What is asked stands as soon as somebody has answered. */
export const ask =
  (about: About) =>
  (before: FeedbackRoundState | null, data: Ask, context: Context): Decision<FeedbackRoundState> => {
    const round = before ?? begun(data, about);
    const verdicts = judge(rules.askRules, { ...about, round, questions: data.questions, eventId: data.event, context });
    const next = stated(round, { questions: data.questions });
    return next === before ? unchanged(before, verdicts) : { next, facts: [], verdicts };
  };

/** That somebody has answered stays here; what, goes to the figures without them. */
export const answer =
  (about: About) =>
  (before: FeedbackRoundState | null, data: Answering, context: Context): Decision<FeedbackRoundState> => {
    const round = before ?? begun(data, about);
    const mark = markOf(data.event, data.person);
    const questions = questionsOf(round);
    const verdicts = judge(rules.answerRules, { ...about, data, questions, isAnswered: round.answered.includes(mark), context });
    const next = { ...round, answered: [...round.answered, mark].sort() };
    const { event, partnerships } = round;
    const send = {
      command: AddFeedback,
      key: feedbackFiguresId(event),
      data: { event, partnerships, ...sorted(questions, data.answers) },
      step: mark,
    };
    return { next, facts: [], verdicts, sends: [send] };
  };

/** What is counted, and what was said in words. */
function sorted(questions: readonly Question[], answers: FeedbackAnswers): Pick<Adding, 'counts' | 'texts'> {
  const all = questions.flatMap(({ code, kind }) => (answers[code] === undefined ? [] : [{ code, kind, said: String(answers[code]) }]));
  const entriesOf = (isText: boolean) =>
    Object.fromEntries(all.filter(({ kind, said }) => (kind === 'TEXT') === isText && said !== '').map(({ code, said }) => [code, said]));
  return { counts: entriesOf(false), texts: entriesOf(true) };
}

const byProduct = rule(
  'FEEDBACK.ADD.ACTOR',
  ({ by }: Context) => (by.kind === 'SYSTEM' ? passed('The product adds up.') : failed('The product alone adds up what is answered.')),
  { kind: 'NOT_YOURS' },
);

export function add(before: FeedbackFiguresState | null, data: Adding, context: Context): Decision<FeedbackFiguresState> {
  const verdicts = judge([byProduct], context);
  const { event, partnerships } = data;
  const now: FeedbackFiguresState = before ?? { event, partnerships, answers: 0, counts: {}, texts: {} };
  const counts = structuredClone(now.counts);
  for (const [code, said] of Object.entries(data.counts)) counts[code] = { ...counts[code], [said]: (counts[code]?.[said] ?? 0) + 1 };
  const texts = structuredClone(now.texts);
  for (const [code, said] of Object.entries(data.texts)) texts[code] = [...(texts[code] ?? []), said].sort();
  return { next: { ...now, answers: now.answers + 1, counts, texts }, facts: [], verdicts };
}
