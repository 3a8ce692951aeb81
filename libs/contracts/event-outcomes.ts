import { z } from 'zod';
import { Country, Day, Text } from './values.js';

/** What shows that something took place. */
export const Evidence = z
  .strictObject({
    label: z.string().min(1).max(300),
    url: z.url({ protocol: /^https?$/ }).max(2000),
  })
  .meta({ id: 'EventEvidence', example: { label: 'Minutes', url: 'https://partner.example/minutes.pdf' } });

/** One thing that came of an event, and who sees to it. */
const Result = z
  .strictObject({
    kind: z
      .enum(['FOLLOW_UP', 'EXPRESSION_OF_INTEREST', 'PROJECT', 'AGREEMENT'])
      .describe('as the outcome of a meeting: the next talk, an interest, a joint project, an agreement'),
    what: z.string().min(1).max(1000),
    with: z.string().min(1).max(300).describe('organisation on the other side'),
    country: Country.nullable().default(null).describe('of the other side'),
    responsible: z.string().min(1).max(300).nullable().default(null).describe('organisation of ours that sees to it'),
    due: Day.nullable().default(null),
    done: z.boolean().default(false),
  })
  .meta({ id: 'EventResult' });

/** The report of a mission or any other event: whole each time it is given, what it said before stands in the history. */
export const OutcomeReport = z
  .strictObject({
    summary: Text.describe('what came of it; told to everybody when the event is evaluated, unless that says otherwise'),
    contacts: z.int().min(0).max(100_000).nullable().default(null).describe('new contacts, as counted there; null: not counted'),
    meetingsHeld: z
      .int()
      .min(0)
      .max(100_000)
      .nullable()
      .default(null)
      .describe('talks, as counted there; those booked here are counted beside'),
    results: z.array(Result).max(200).default([]),
    lessons: Text.nullable().default(null).describe('what to do otherwise next time'),
    evidence: z.array(Evidence).max(50).default([]),
  })
  .meta({
    id: 'OutcomeReport',
    example: {
      summary: { en: 'One memorandum, nine new contacts.' },
      contacts: 9,
      meetingsHeld: 14,
      results: [
        {
          kind: 'AGREEMENT',
          what: 'Memorandum of understanding',
          with: 'Optics Valley',
          country: 'US',
          responsible: 'Mechatronic Cluster',
          due: '2027-09-30',
          done: false,
        },
      ],
      lessons: null,
      evidence: [],
    },
  });
export type OutcomeReport = z.output<typeof OutcomeReport>;
