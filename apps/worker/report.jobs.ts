import { Injectable } from '@nestjs/common';
import { system } from '#libs/contracts/actor';
import { NoteReportDone, type ReportFile, type ReportFormat } from '#libs/contracts/report';
import type { Composition } from '#libs/domain/composition';
import { Jobs } from '#libs/jobs/jobs';
import { Files } from '#libs/persistence/files';
import { Runtime } from '#libs/service/runtime';
import { compositionCsv } from './composition-csv.js';
import { compositionPdf } from './composition-pdf.js';
import { MembershipCopies } from './membership-copies.js';
import { type Report, readerOf } from './report.js';
import { ReportStore } from './report.store.js';

const QUEUE = 'reports';

interface ReportJob {
  report: string;
}

interface Form {
  ending: string;
  type: string;
  render(composition: Composition, at: Date): Buffer | Promise<Buffer>;
}

const forms: Record<ReportFormat, Form> = {
  PDF: { ending: 'pdf', type: 'application/pdf', render: compositionPdf },
  CSV: { ending: 'csv', type: 'text/csv; charset=utf-8', render: compositionCsv },
};

@Injectable()
export class ReportJobs {
  constructor(
    private readonly runtime: Runtime,
    private readonly jobs: Jobs,
    private readonly reports: ReportStore,
    private readonly copies: MembershipCopies,
    private readonly files: Files,
  ) {
    jobs.work<ReportJob>(QUEUE, (job) => this.make(job.report), { concurrency: 2 });
  }

  /** Not waited for: a job that Redis did not take comes again when the report is tried again. */
  add(id: string): void {
    this.jobs.add<ReportJob>(QUEUE, id, { report: id }).catch((error) => {
      this.runtime.log.warn({ report: id, error: String(error) }, 'No job was made of a report; it is tried again');
    });
  }

  private async make(id: string): Promise<void> {
    const found = await this.reports.get(id);
    if (found?.state.state !== 'PENDING') return;
    // A worker that was killed after writing the file has left it here.
    const file = await this.files.info(id);
    await this.done(id, file ? { file, problem: null } : await this.written(id, found.state));
  }

  private async written(id: string, report: Report): Promise<{ file: ReportFile | null; problem: string | null }> {
    const { parameters, requestedAt } = report;
    const composition = await this.copies.composition(parameters.partnership, readerOf(report), requestedAt.slice(0, 10));
    if (composition === null) return { file: null, problem: `There is no partnership ${parameters.partnership}.` };
    const { ending, type } = forms[report.format];
    const content = await this.rendered(id, report, composition);
    if (content === null) return { file: null, problem: `The report could not be written as ${report.format}.` };
    const name = [composition.partnership.slug, report.kind.toLowerCase(), `${requestedAt.slice(0, 10)}.${ending}`].join('-');
    return { file: await this.files.put(id, content, { name, type }), problem: null };
  }

  /** What cannot be rendered now cannot be rendered later: a fault of ours, told at once and not tried again. */
  private async rendered(id: string, { format, requestedAt }: Report, composition: Composition): Promise<Buffer | null> {
    try {
      return await forms[format].render(composition, new Date(requestedAt));
    } catch (error) {
      this.runtime.log.error({ report: id, error: (error as Error).stack }, 'A report could not be rendered');
      return null;
    }
  }

  private async done(id: string, data: { file: ReportFile | null; problem: string | null }): Promise<void> {
    await this.runtime.bus.tell(NoteReportDone, { key: id, by: system('worker', this.runtime.clock.iso()), data });
  }
}
