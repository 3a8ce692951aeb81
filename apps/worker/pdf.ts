import type { Content, CustomTableLayout, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import { printed } from '#libs/service/print';

export const ink = {
  text: '#1d2733',
  soft: '#5c6b7a',
  faint: '#8b98a5',
  line: '#d5dce3',
  band: '#f4f6f8',
  accent: '#1f4e79',
  track: '#e8edf2',
};

export interface Page {
  title: string;
  subject: string;
  /** Stands at the foot of each page. */
  foot: string;
  /** Stands there too, or at the end where it is too long for that. */
  notice: string | null;
  /** The moment it speaks of; the same content at the same moment gives the same bytes. */
  at: Date;
  content: Content[];
}

export const MARGIN = 40;
/** A4 on its side, between the margins. */
export const WIDTH = 841.89 - 2 * MARGIN;

const NOTICE = { perLine: 180, lines: 4, height: 9 };

/** The one look of our documents. */
export function pdf({ title, subject, foot, notice, at, content }: Page): Promise<Buffer> {
  const lines = Math.ceil((notice ?? '').length / NOTICE.perLine);
  const repeated = notice !== null && lines <= NOTICE.lines;
  const document: TDocumentDefinitions = {
    pageSize: 'A4',
    pageOrientation: 'landscape',
    pageMargins: [MARGIN, 36, MARGIN, repeated ? 48 + lines * NOTICE.height : 44],
    defaultStyle: { font: 'Roboto', fontSize: 9, lineHeight: 1.15, color: ink.text },
    content: notice === null || repeated ? content : [...content, noticed(notice)],
    footer: (page, pages) => ({
      margin: [MARGIN, 10, MARGIN, 0],
      color: ink.soft,
      stack: [
        ...(repeated ? [noticed(notice)] : []),
        { fontSize: 8, columns: [{ text: foot }, { text: `${page} / ${pages}`, alignment: 'right', width: 60 }] },
      ],
    }),
    // A headline never stands at the foot of a page, away from what it heads.
    pageBreakBefore: ({ headlineLevel, startPosition }) => headlineLevel === 1 && startPosition.verticalRatio > 0.6,
  };
  return printed(document, { title, subject, at });
}

const noticed = (text: string): Content => ({ text, fontSize: 7, italics: true, color: ink.soft, margin: [0, 0, 0, 4] });

/** Lines between rows only; the head stands on a band. */
export const rows: CustomTableLayout = {
  hLineWidth: (row, { table }) => (row === 0 ? 0 : row === (table.headerRows ?? 0) || row === table.body.length ? 0.8 : 0.4),
  vLineWidth: () => 0,
  hLineColor: (row, { table }) => (row === (table.headerRows ?? 0) || row === table.body.length ? ink.accent : ink.line),
  paddingLeft: () => 5,
  paddingRight: () => 5,
  paddingTop: () => 5,
  paddingBottom: () => 4,
};

const written = new Intl.NumberFormat('en-GB');
export const number = (value: number): string => written.format(value);

const dated = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
export const date = (at: Date): string => dated.format(at);
