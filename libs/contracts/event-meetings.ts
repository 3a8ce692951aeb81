import { z } from 'zod';
import { LocalTime } from './local-time.js';

/** From when to when, in local time of the zone of the event. */
export const MeetingSpan = z
  .strictObject({ from: LocalTime, to: LocalTime })
  .meta({ id: 'MeetingSpan', example: { from: '2027-05-12T09:00', to: '2027-05-12T12:30' } });

/** How meetings of an event are arranged; what is not said is as the policies in force say (event-rules). */
export const MeetingRules = z
  .strictObject({
    hours: z.array(MeetingSpan).min(1).max(30).describe('opening hours: slots are laid out in them from each start on'),
    breaks: z.array(MeetingSpan).max(100).optional().describe('no slot lies in one'),
    slotMinutes: z.int().min(5).max(480).describe('length of a meeting'),
    pauseMinutes: z.int().min(0).max(120).optional().describe('between two slots'),
    tables: z.array(z.string().min(1).max(40).regex(/\S/, 'not blank')).max(500).optional().describe('by name; an online event needs none'),
    scheduledBy: z
      .enum(['PARTICIPANTS', 'ORGANISER'])
      .optional()
      .describe('PARTICIPANTS: the two may choose the slot of their meeting, beside the organiser and the schedule'),
    requests: z
      .enum(['OPT_OUT', 'OPT_IN'])
      .optional()
      .describe('OPT_OUT: everybody admitted may be asked unless they say no; OPT_IN: only who says yes'),
    perPerson: z.int().min(1).max(500).nullable().optional().describe('meetings of a person in all; null: as many as there are slots'),
    perOrganisation: z.int().min(1).max(5000).nullable().optional().describe('meetings of all persons of an organisation; null: no limit'),
    answerHours: z
      .int()
      .min(1)
      .max(2160)
      .nullable()
      .optional()
      .describe('a request that is not answered so long expires; null: it does not'),
    opens: LocalTime.optional().describe('when booking opens by itself'),
    closes: LocalTime.optional().describe('when booking closes by itself'),
  })
  .meta({
    id: 'MeetingRules',
    example: {
      hours: [{ from: '2027-05-12T09:00', to: '2027-05-12T17:00' }],
      breaks: [{ from: '2027-05-12T12:30', to: '2027-05-12T13:30' }],
      slotMinutes: 20,
      pauseMinutes: 5,
      tables: ['1', '2', '3'],
      scheduledBy: 'PARTICIPANTS',
    },
  });
export type MeetingRules = z.infer<typeof MeetingRules>;
