import type { Content, TableCell } from 'pdfmake/interfaces.js';
import { mm, printed } from '#libs/service/print';

/** What stands on a badge. */
export interface Badge {
  name: string;
  organisation: string;
  country: string;
  code: string;
}

/** Sheets of A4 with badges of 90 × 55 mm, two by five, as they are sold to be torn apart. */
const [WIDTH, HEIGHT, COLUMNS, ROWS] = [mm(90), mm(55), 2, 5];
const SIDE = (595.28 - COLUMNS * WIDTH) / 2;
const TOP = (841.89 - ROWS * HEIGHT) / 2;
const PADDING = mm(6);
const QR = mm(30);
const GAP = mm(3);
const TEXT_WIDTH = WIDTH - 2 * PADDING - QR - GAP;
/** A wide letter, in parts of the font size. */
const LETTER = 0.6;

/** Badges to be printed and cut; the code in the QR is what is read at the door. */
export function badgesPdf(event: string, badges: readonly Badge[], at: Date): Promise<Buffer> {
  const cells = badges.map((badge) => cellOf(event, badge));
  const rows = Array.from({ length: Math.ceil(cells.length / COLUMNS) }, (_, i) =>
    Array.from({ length: COLUMNS }, (__, j): TableCell => cells[i * COLUMNS + j] ?? { text: '' }),
  );
  const sheet: Content =
    rows.length === 0
      ? { text: '' }
      : {
          table: { widths: Array(COLUMNS).fill(WIDTH), heights: HEIGHT, body: rows, dontBreakRows: true },
          layout: {
            hLineWidth: () => 0.25,
            vLineWidth: () => 0.25,
            hLineColor: () => '#c3ccd5',
            vLineColor: () => '#c3ccd5',
            paddingLeft: () => 0,
            paddingRight: () => 0,
            paddingTop: () => 0,
            paddingBottom: () => 0,
          },
        };
  return printed(
    { pageSize: 'A4', pageMargins: [SIDE, TOP - 1, SIDE, TOP - 2], defaultStyle: { font: 'Roboto', color: '#1d2733' }, content: [sheet] },
    { title: event, subject: 'Badges', at },
  );
}

/** What is long is written smaller, so that no word leaves its column, and cut where even that does not fit. */
function sized(text: string, sizes: readonly [longest: number, fontSize: number][]): { text: string; fontSize: number } {
  const [longest, fontSize] = sizes.find(([length]) => text.length <= length) ?? sizes.at(-1)!;
  const cut = text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
  const word = Math.max(...cut.split(/\s+/).map(({ length }) => length), 1);
  return { text: cut, fontSize: Math.min(fontSize, TEXT_WIDTH / (LETTER * word)) };
}

const cellOf = (event: string, { name, organisation, country, code }: Badge): TableCell => ({
  margin: [PADDING, mm(7), PADDING, 0],
  stack: [
    { text: event.length <= 70 ? event : `${event.slice(0, 69)}…`, fontSize: 8, color: '#1f4e79', margin: [0, 0, 0, mm(5)] },
    {
      columns: [
        {
          width: '*',
          stack: [
            {
              ...sized(name, [
                [14, 20],
                [28, 16],
                [44, 12],
                [66, 10],
              ]),
              bold: true,
              lineHeight: 1.05,
            },
            {
              ...sized(organisation, [
                [30, 10],
                [60, 9],
                [90, 8],
              ]),
              margin: [0, mm(2.5), 0, 0],
            },
            { text: country, fontSize: 8, color: '#5c6b7a', margin: [0, mm(1), 0, 0] },
          ],
        },
        { width: QR, qr: code, fit: QR, eccLevel: 'M' },
      ],
      columnGap: GAP,
    },
  ],
});
