import { z } from 'zod';
import { aggregate } from './message.js';
import { Id, Instant, Sha256, UpdatedAt, Version } from './values.js';

export const ReportKind = z.enum(['COMPOSITION']).describe('further kinds are added as they are built');
export type ReportKind = z.infer<typeof ReportKind>;
export const ReportFormat = z.enum(['PDF', 'CSV']);
export type ReportFormat = z.infer<typeof ReportFormat>;

const fields = {
  kind: ReportKind,
  format: ReportFormat,
  parameters: z.strictObject({ partnership: z.string().min(1).max(80).describe('id or slug') }),
};

export const ReportRequest = z.strictObject(fields).meta({ id: 'ReportRequest' });

export const ReportFile = z
  .object({ id: z.string(), name: z.string(), type: z.string(), bytes: z.int().min(0), sha256: Sha256 })
  .meta({ id: 'ReportFile' });
export type ReportFile = z.infer<typeof ReportFile>;

export const ReportView = z
  .object({
    ...fields,
    id: Id,
    version: Version,
    updatedAt: UpdatedAt,
    state: z.enum(['PENDING', 'SUCCEEDED', 'FAILED']),
    progress: z.int().min(0).max(100).describe('percent'),
    owner: z.string(),
    requestedAt: Instant,
    endedAt: Instant.nullable(),
    file: ReportFile.nullable(),
    problem: z.string().nullable(),
  })
  .meta({ id: 'Report' });
export type ReportView = z.infer<typeof ReportView>;

export const Report = aggregate('report', {
  service: 'worker',
  resource: 'reports',
  view: ReportView,
  fields: ['owner', 'kind', 'state'],
});

/** `parameters.partnership` is an id here: the gateway has looked the slug up. */
export const RequestReport = Report.command('request.v1', z.object(fields), ReportView, 'NEW');
/** Makes a job of it again as long as it is not done: the one before may be lost. */
export const RetryReport = Report.command('retry.v1', z.object({}), ReportView);
/** The job has put the file into its place, or says why there is none. */
export const NoteReportDone = Report.command(
  'note-done.v1',
  z.object({ file: ReportFile.nullable(), problem: z.string().nullable() }),
  ReportView,
);

/** Version and time are those of the fact itself: its `sequence` and `time`. */
export const ReportReady = Report.fact('ready.v1', ReportView.omit({ version: true, updatedAt: true, owner: true, parameters: true }));

Report.refuses([RequestReport], {
  'REPORT.REQUEST.ACTOR': ['NOT_YOURS', 'Reports are made for who is known.'],
});
