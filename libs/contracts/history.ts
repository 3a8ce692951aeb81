import { z } from 'zod';
import { Instant, Version } from './values.js';

/** One place in which two versions of a view differ. A member that is missing was, or is, not there; null is a value. */
export const Difference = z
  .object({
    pointer: z.string().describe('JSON pointer into the view'),
    before: z.unknown().optional(),
    after: z.unknown().optional(),
    abridged: z.literal(true).optional().describe('too large to be told: before and after give its length as JSON and its SHA-256'),
  })
  .meta({ id: 'Difference', example: { pointer: '/city', before: null, after: 'Bilbao' } });
export type Difference = z.infer<typeof Difference>;

/** Who made a version of an aggregate, when, by which command, and what it changed. Personal fields are left out. */
export const VersionChange = z
  .object({
    version: Version,
    at: Instant,
    by: z.object({ kind: z.enum(['PERSON', 'CLIENT', 'SYSTEM', 'PUBLIC']), id: z.string() }),
    command: z.string().describe('type of the command'),
    message: z.string().describe('id of the command; the audit log names it too'),
    trace: z.string().nullable().describe('trace id of the request'),
    change: z.array(Difference).nullable().describe('null: more than is kept'),
  })
  .meta({ id: 'VersionChange' });
export type VersionChange = z.infer<typeof VersionChange>;

/** One record of the topic `history`: the versions that one write has made. */
export const HistoryRecord = z.object({ aggregate: z.string(), id: z.string(), versions: z.array(VersionChange).min(1) });
export type HistoryRecord = z.infer<typeof HistoryRecord>;
