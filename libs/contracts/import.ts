import { z } from 'zod';
import { aggregate, StepDone } from './message.js';
import { Id, Instant, Sha256, UpdatedAt, Version } from './values.js';

export const ImportItem = z
  .object({
    sourceKey: z.string().describe('where it stands in the source, such as DIA:plannedEvents:7'),
    kind: z.enum(['partnership', 'cluster', 'membership', 'event', 'exchange-profile']),
    id: Id,
    outcome: z.enum(['PENDING', 'CREATED', 'CHANGED', 'LEFT', 'REFUSED']),
    version: Version.nullable().describe('version of the resource after the import'),
    reason: z.string().nullable(),
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
  z.object({ file: z.string(), sha256: Sha256, profile: z.enum(['PUBLISHED', 'DRAFT']) }),
  ImportView,
  'NEW',
);

/** What became of one item; sent by the product itself. */
export const NoteImportStep = Import.command('note-step.v1', StepDone, ImportView);
