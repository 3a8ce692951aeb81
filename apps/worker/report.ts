import type { Actor } from '#libs/contracts/actor';
import { type ReportFile, type ReportFormat, type ReportKind, ReportReady, type ReportView, RetryReport } from '#libs/contracts/report';
import type { Stamp } from '#libs/contracts/values';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { judge, rule } from '#libs/domain/verdict';
import type { Reader } from '#libs/domain/visibility';

/** `rights`: of who asked for it, as of then; what they may not see is not in it. */
export type Report = Omit<ReportView, keyof Stamp> & { rights?: Pick<Actor, 'roles' | 'scopes'> };

export const readerOf = ({ owner, rights = { roles: [], scopes: [] } }: Report): Reader => ({ id: owner, ...rights });

export interface Request {
  kind: ReportKind;
  format: ReportFormat;
  parameters: { partnership: string };
}

/** What is asked for and not done becomes a job again after this: Redis may have lost the one before. */
export const RETRY_SECONDS = 10;
/** A report that takes its worker down with it must come to an end. */
export const GIVE_UP_MINUTES = 60;

const notByStrangers = rule(
  'REPORT.REQUEST.ACTOR',
  ({ kind }: Actor) => kind !== 'PUBLIC' || 'A report is made for who is known; this request came without identity.',
  { source: 'PROJECT', kind: 'NOT_YOURS' },
);

export function request(_: Report | null, data: Request, { by, at }: Context): Decision<Report> {
  const verdicts = judge([notByStrangers], by);
  const asked = { owner: by.id, rights: { roles: by.roles, scopes: by.scopes }, requestedAt: at };
  const next: Report = { ...data, ...asked, state: 'PENDING', progress: 0, endedAt: null, file: null, problem: null };
  return { next, facts: [], verdicts, due: { at: after(at, RETRY_SECONDS), command: RetryReport } };
}

export function retry(report: Report | null, _: object, { at }: Context): Decision<Report> {
  if (report?.state !== 'PENDING') return unchanged(report!);
  if (at >= after(report.requestedAt, GIVE_UP_MINUTES * 60))
    return failed(report, `The report could not be made within ${GIVE_UP_MINUTES} minutes.`, at);
  return { ...unchanged(report), due: { at: after(at, RETRY_SECONDS), command: RetryReport } };
}

/** Done once, however often the job was done. */
export function noteDone(
  report: Report | null,
  { file, problem }: { file: ReportFile | null; problem: string | null },
  { id, at }: Context,
): Decision<Report> {
  if (report?.state !== 'PENDING') return unchanged(report!);
  if (file === null) return failed(report, problem ?? 'The report could not be made.', at);
  const next: Report = { ...report, state: 'SUCCEEDED', progress: 100, endedAt: at, file };
  return { next, facts: [ReportReady.of({ ...next, id })], verdicts: [], due: null };
}

const failed = (report: Report, problem: string, at: string): Decision<Report> => ({
  next: { ...report, state: 'FAILED', endedAt: at, problem },
  facts: [],
  verdicts: [],
  due: null,
});

const after = (at: string, seconds: number): string => new Date(Date.parse(at) + seconds * 1000).toISOString();
