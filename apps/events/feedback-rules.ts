import type { FeedbackAnswers, Question } from '#libs/contracts/event-feedback';
import type { Context } from '#libs/domain/decision';
import { rolesTowards } from '#libs/domain/standing';
import { type Fault, failed, notApplicable, passed, rule } from '#libs/domain/verdict';
import { mayActFor } from '#libs/reference/roles';
import { IN_CHARGE } from './event-rules.js';
import type { About, FeedbackRoundState } from './feedback.js';

interface Asking extends About {
  round: FeedbackRoundState;
  questions: readonly Question[];
  eventId: string;
  context: Context;
}

interface Answering extends About {
  data: { event: string; person: string; answers: FeedbackAnswers };
  questions: readonly Question[];
  isAnswered: boolean;
  context: Context;
}

const byOrganiser = rule(
  'FEEDBACK.ASK.ACTOR',
  ({ event, eventId, context: { by } }: Asking) => {
    const roles = rolesTowards(by, { EVENT: [eventId], PARTNERSHIP: event?.partnerships ?? [] });
    return roles.some((role) => IN_CHARGE.includes(role))
      ? passed('The event is yours to ask about.', { roles })
      : failed('What is asked says the organiser, or who runs one of the partnerships of the event.', { roles });
  },
  { kind: 'NOT_YOURS' },
);

/** The same questions for all who answer. */
const nobodyAnswered = rule(
  'FEEDBACK.ASK.STATE',
  ({ round, event }: Asking) => {
    const state = event?.state ?? null;
    if (round.answered.length > 0) return failed('Somebody has answered already: the questions stand.', { state });
    return state === null || ['EVALUATED', 'CANCELLED'].includes(state)
      ? failed(`The event is ${state ?? 'gone'}: nobody will answer.`, { state })
      : passed('Nobody has answered yet.', { state });
  },
  { kind: 'WRONG_STATE' },
);

const sound = rule('FEEDBACK.ASK.SOUND', ({ questions }: Asking) => {
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const [i, { code, kind, options }] of questions.entries()) {
    if (seen.has(code)) faults.push({ pointer: `/questions/${i}/code`, message: `${code} stands twice.` });
    seen.add(code);
    const codes = (options ?? []).map((option) => option.code);
    if (kind === 'CHOICE' && new Set(codes).size < 2)
      faults.push({ pointer: `/questions/${i}/options`, message: 'A choice has two options at least.' });
    if (new Set(codes).size < codes.length) faults.push({ pointer: `/questions/${i}/options`, message: 'An option stands twice.' });
  }
  return faults.length === 0 ? passed('The questions can be asked.') : failed('The questions cannot be asked so.', {}, faults);
});

export const askRules = [byOrganiser, nobodyAnswered, sound];

const byRegistrant = rule(
  'FEEDBACK.ANSWER.ACTOR',
  ({ registration, context: { by } }: Answering) => {
    const roles = registration ? rolesTowards(by, { ORGANISATION: [registration.organisation] }) : [];
    const isOwn = registration !== null && (registration.owner === by.id || registration.accounts.includes(by.id));
    return isOwn || roles.some((role) => mayActFor(role, 'REGISTRANT'))
      ? passed('The answer is yours to give.', { roles })
      : failed('A person answers, or somebody who may act for their organisation.', { roles });
  },
  { kind: 'NOT_YOURS' },
);

const isOpen = rule(
  'FEEDBACK.ANSWER.STATE',
  ({ event }: Answering) => {
    const state = event?.state ?? null;
    return state === 'RUNNING' || state === 'HELD'
      ? passed('The event runs, or was held.', { state })
      : failed(`The event is ${state ?? 'gone'}: answers are taken while it runs and until it is evaluated.`, { state });
  },
  { kind: 'WRONG_STATE' },
);

const isAdmitted = rule('FEEDBACK.ANSWER.ADMITTED', ({ registration, data: { event, person } }: Answering) => {
  const state = registration?.event === event && registration.persons.includes(person) ? registration.state : null;
  return state === 'APPROVED' || state === 'ATTENDED'
    ? passed('They had a seat.', { state })
    : failed('They had no seat at this event, or did not come.', { state }, '/person');
});

const wasThere = rule('FEEDBACK.ANSWER.ATTENDED', ({ registration, checkedInAt, data: { person } }: Answering) => {
  const state = registration?.persons.includes(person) ? registration.state : null;
  if (state === null || state === 'NO_SHOW') return notApplicable('They had no seat, or did not come.', { state });
  if (checkedInAt !== null) return passed('They were checked in.', { by: 'CHECK_IN', checkedInAt });
  return state === 'ATTENDED'
    ? passed('They were marked as having attended.', { by: 'REGISTRATION', state })
    : failed('They were neither checked in nor marked as having attended.', { state }, '/person');
});

const once = rule('FEEDBACK.ANSWER.ONCE', ({ isAnswered }: Answering) =>
  isAnswered ? failed('This person has answered already.', {}, '/person') : passed('This person has not answered yet.'),
);

const isOfKind: Record<Question['kind'], (said: unknown, question: Question) => boolean> = {
  RATING: (said) => typeof said === 'number' && said >= 1 && said <= 5,
  YES_NO: (said) => typeof said === 'boolean',
  NUMBER: (said) => typeof said === 'number',
  TEXT: (said) => typeof said === 'string',
  CHOICE: (said, { options }) => (options ?? []).some(({ code }) => code === said),
};

const fitting = rule('FEEDBACK.ANSWER.QUESTIONS', ({ questions, data: { answers } }: Answering) => {
  const known = new Map(questions.map((question) => [question.code, question]));
  const faults: Fault[] = Object.entries(answers).flatMap(([code, said]) => {
    const question = known.get(code);
    if (!question) return [{ pointer: `/answers/${code}`, message: 'this is not asked' }];
    return isOfKind[question.kind](said, question) ? [] : [{ pointer: `/answers/${code}`, message: `is no answer to a ${question.kind}` }];
  });
  const missing = questions.filter(({ required, code }) => required && answers[code] === undefined);
  faults.push(...missing.map(({ code }) => ({ pointer: `/answers/${code}`, message: 'is required' })));
  return faults.length === 0 ? passed('The answers fit the questions.') : failed('The answers do not fit the questions.', {}, faults);
});

export const answerRules = [byRegistrant, isOpen, isAdmitted, wasThere, once, fitting];
