import { z } from 'zod';
import { aggregate } from './message.js';
import { Id, Ref, Text, UpdatedAt, Version } from './values.js';

const QuestionCode = z.string().regex(/^[A-Z][A-Z0-9_]{0,39}$/, 'capital letters, digits and underscores');

/** What participants are asked after an event. */
export const Question = z
  .strictObject({
    code: QuestionCode,
    kind: z.enum(['RATING', 'YES_NO', 'CHOICE', 'NUMBER', 'TEXT']).describe('RATING: 1 to 5; CHOICE: one of its options'),
    text: Text,
    options: z
      .array(z.strictObject({ code: QuestionCode, text: Text }))
      .max(30)
      .nullable()
      .default(null)
      .describe('of a CHOICE'),
    required: z.boolean().default(false),
  })
  .meta({
    id: 'FeedbackQuestion',
    example: { code: 'OVERALL', kind: 'RATING', text: { en: 'How was it?' }, options: null, required: true },
  });
export type Question = z.output<typeof Question>;

const Answer = z.union([z.int().min(0).max(100_000), z.boolean(), z.string().max(2000)]);

/** Code of the question to what is answered. */
export const FeedbackAnswers = z
  .record(z.string().max(40), Answer)
  .meta({ id: 'FeedbackAnswers', example: { OVERALL: 4, FOLLOW_UP: true } });
export type FeedbackAnswers = z.infer<typeof FeedbackAnswers>;

const stamp = { id: Id.describe('follows from the event'), version: Version, updatedAt: UpdatedAt };
const ofEvent = { event: Id, partnerships: z.array(Id).describe('of the event') };

/** What is asked after an event and who has answered: never what. */
export const FeedbackRoundView = z
  .object({
    ...stamp,
    ...ofEvent,
    questions: z.array(Question).nullable().describe('null: the usual ones'),
    answered: z.array(z.string()).describe('who has answered, as hashes, in no order that tells when'),
  })
  .meta({ id: 'FeedbackRound' });
export type FeedbackRoundView = z.infer<typeof FeedbackRoundView>;

export const FeedbackRound = aggregate('feedback-round', {
  service: 'events',
  resource: 'feedback-rounds',
  view: FeedbackRoundView,
  fields: ['event'],
  withheld: ['answered'],
});

/** What was answered, in sum: never by whom. Kept apart from who has answered, and written by the product itself. */
export const FeedbackFiguresView = z
  .object({
    ...stamp,
    ...ofEvent,
    answers: z.int().min(0).describe('how many have answered'),
    counts: z.record(z.string(), z.record(z.string(), z.int().min(1))).describe('question to answer to how often it was given'),
    texts: z.record(z.string(), z.array(z.string())).describe('question to what was said in words, by the alphabet'),
  })
  .meta({ id: 'FeedbackFigures' });
export type FeedbackFiguresView = z.infer<typeof FeedbackFiguresView>;

export const FeedbackFigures = aggregate('feedback-figures', {
  service: 'events',
  resource: 'feedback-figures',
  view: FeedbackFiguresView,
  fields: ['event'],
  withheld: ['counts', 'texts'],
});

export const FeedbackQuestions = z.strictObject({ questions: z.array(Question).min(1).max(40) }).meta({
  id: 'FeedbackQuestions',
  example: { questions: [{ code: 'OVERALL', kind: 'RATING', text: { en: 'How was it?' }, required: true }] },
});
export type FeedbackQuestions = z.output<typeof FeedbackQuestions>;

export const FeedbackDraft = z
  .strictObject({ person: Ref('persons').describe('who answers: one who was there'), answers: FeedbackAnswers })
  .meta({ id: 'FeedbackDraft', example: { person: '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e60', answers: { OVERALL: 4, FOLLOW_UP: true } } });
export type FeedbackDraft = z.output<typeof FeedbackDraft>;

export const AskFeedback = FeedbackRound.command('ask.v1', FeedbackQuestions.extend({ event: Id }), FeedbackRoundView, 'UPSERT');
export const AnswerFeedback = FeedbackRound.command(
  'answer.v1',
  z.object({ event: Id, registration: Id, person: Id, answers: FeedbackAnswers }),
  FeedbackRoundView,
  'UPSERT',
);
/** The product itself: what was answered, without who. */
export const AddFeedback = FeedbackFigures.command(
  'add.v1',
  z.object({ ...ofEvent, counts: z.record(z.string(), z.string()), texts: z.record(z.string(), z.string()) }),
  FeedbackFiguresView,
  'UPSERT',
);

FeedbackRound.refuses([AskFeedback], {
  'FEEDBACK.ASK.ACTOR': ['NOT_YOURS', 'What is asked says the organiser, or who runs one of the partnerships of the event.'],
  'FEEDBACK.ASK.STATE': ['WRONG_STATE', 'Somebody has answered already, or the event is evaluated or will not be.'],
  'FEEDBACK.ASK.SOUND': ['RULE', 'Two questions or options have the same code, or a choice has fewer than two options.'],
});

FeedbackRound.refuses([AnswerFeedback], {
  'FEEDBACK.ANSWER.ACTOR': ['NOT_YOURS', 'A person answers, or somebody who may act for their organisation.'],
  'FEEDBACK.ANSWER.STATE': ['WRONG_STATE', 'The event neither runs nor was held, or is evaluated.'],
  'FEEDBACK.ANSWER.ADMITTED': ['RULE', 'The person has no seat at this event.'],
  'FEEDBACK.ANSWER.ATTENDED': ['RULE', 'The person was not there: neither checked in nor marked as having attended.'],
  'FEEDBACK.ANSWER.ONCE': ['RULE', 'The person has answered already.'],
  'FEEDBACK.ANSWER.QUESTIONS': ['RULE', 'An answer is to none of the questions, is not of its kind, or a required one is missing.'],
});

FeedbackFigures.refuses([AddFeedback], {
  'FEEDBACK.ADD.ACTOR': ['NOT_YOURS', 'The product alone adds up what is answered.'],
});
