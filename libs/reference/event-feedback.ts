import file from './data/event-feedback.json' with { type: 'json' };

const [usual] = file.items;

/** What participants are asked where the organiser asks nothing else. */
export const usualQuestions = usual!.questions;

/** Figures of fewer answers are not shown: one could guess who said what. */
export const smallestCell = usual!.smallestCell;
