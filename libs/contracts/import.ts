import { z } from 'zod';
import { aggregate, StepDone } from './message.js';
import { Code, Id, Instant, Sha256, UpdatedAt, Version } from './values.js';

/** A record that another looks like, with what of the two agrees. */
export const Suspect = z
  .object({
    id: Id,
    name: z.string(),
    score: z.number().min(0).max(100),
    parts: z.array(z.object({ code: Code, score: z.number(), weight: z.number() })).describe('what agrees, and how much that counts'),
  })
  .meta({ id: 'ImportSuspect' });

export const ImportItem = z
  .object({
    sourceKey: z.string().describe('where it stands in the source, such as DIA:plannedEvents:7'),
    kind: z.enum(['partnership', 'cluster', 'organisation', 'membership', 'event', 'exchange-profile', 'agreement']),
    id: Id,
    outcome: z.enum(['PENDING', 'CREATED', 'CHANGED', 'LEFT', 'REFUSED']),
    version: Version.nullable().describe('version of the resource after the import'),
    reason: z.string().nullable(),
    row: z.int().nullish().describe('of a table: as spreadsheets count, the headers being row 1'),
    suspects: z
      .array(Suspect)
      .optional()
      .describe('records that a new one looks like: the same, or another? Where it is the same, list it by its id, or merge the two'),
  })
  .meta({ id: 'ImportItem' });
export type ImportItem = z.infer<typeof ImportItem>;

export const ImportCounts = z
  .object({
    created: z.int().min(0).max(1e6),
    changed: z.int().min(0).max(1e6),
    left: z.int().min(0).max(1e6),
    refused: z.int().min(0).max(1e6),
  })
  .meta({ id: 'ImportCounts' });
export type ImportCounts = z.infer<typeof ImportCounts>;

export const ImportView = z
  .object({
    id: Id,
    version: Version,
    updatedAt: UpdatedAt,
    state: z.enum(['RUNNING', 'DONE', 'REFUSED']),
    dryRun: z.boolean().describe('a report of what would be: there is no such import'),
    partnership: Id,
    code: z.string(),
    slug: z.string(),
    sha256: Sha256,
    startedAt: Instant,
    endedAt: Instant.nullable(),
    counts: ImportCounts,
    items: z.array(ImportItem),
    findings: z
      .array(z.object({ pointer: z.string(), message: z.string() }))
      .describe('worth a look, refuses nothing: totals that do not add up, figures stated twice'),
  })
  .meta({ id: 'Import' });
export type ImportView = z.infer<typeof ImportView>;

export const Import = aggregate('import', {
  service: 'membership',
  resource: 'imports',
  view: ImportView,
  fields: ['partnership', 'state'],
});

export const StartImport = Import.command(
  'start.v1',
  z.object({
    file: z.string(),
    sha256: Sha256,
    profile: z.enum(['PUBLISHED', 'DRAFT']),
    form: z.enum(['JSON', 'CSV', 'XLSX']).optional().describe('JSON: a partnership, also when missing; else a composition'),
    partnership: Id.optional().describe('whose composition it is'),
  }),
  ImportView,
  'NEW',
);

/** What became of one item; sent by the product itself. */
export const NoteImportStep = Import.command('note-step.v1', StepDone, ImportView);

Import.refuses([StartImport], {
  'IMPORT.START.ACTOR': ['NOT_YOURS', 'Imports are for the platform and the coordinator of the very partnership.'],
  'IMPORT.START.FILE': ['RULE', 'The file cannot be read.'],
  'IMPORT.START.ROWS': ['RULE', 'Rows of the composition cannot be read; each is told with its number and column.'],
  'IMPORT.START.SIZE': ['RULE', 'A record of the file is too large to be told.'],
  'IMPORT.RECORD.FAILED': ['RULE', 'The partnership could not be recorded; nothing else was.'],
  'PARTNERSHIP_FILE.CODES': ['RULE', 'The file holds a code that no vocabulary has.'],
  'PARTNERSHIP_FILE.CLASSIFICATIONS': ['RULE', 'The file holds a classification that is not known.'],
  'PARTNERSHIP_FILE.CALL': ['RULE', 'Call or strand do not belong to the programme.'],
  'PARTNERSHIP_FILE.DATES': ['RULE', 'A date is not EDTF of level 0 or 1.'],
  'PARTNERSHIP_FILE.ONCE': ['RULE', 'A number or name stands twice.'],
  'PARTNERSHIP_FILE.NAMES': ['RULE', 'A cluster is named that is not in the composition.'],
  'PARTNERSHIP.SLUG.UNIQUE': ['RULE', 'Another partnership has the address.'],
});

Import.refuses([NoteImportStep], {
  'IMPORT.NOTE_STEP.ACTOR': ['NOT_YOURS', 'The steps of an import answer to it alone.'],
});

Import.refuses([], {
  'PARTNERSHIP_FILE.TOTALS': ['RULE', 'Never refuses: totals that do not add up are told as findings.'],
  'PARTNERSHIP_FILE.FIGURES': ['RULE', 'Never refuses: figures stated twice are told as findings.'],
});
