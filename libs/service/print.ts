import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import pdfmake from 'pdfmake';
import type { TDocumentDefinitions } from 'pdfmake/interfaces.js';

/** Latin with all its accents, Greek and Cyrillic; the standard fonts of PDF have Latin alone. */
const fonts = join(dirname(fileURLToPath(import.meta.resolve('pdfmake'))), '..', 'fonts', 'Roboto');
const face = (name: string) => join(fonts, `Roboto-${name}.ttf`);

pdfmake.setFonts({
  Roboto: { normal: face('Regular'), bold: face('Medium'), italics: face('Italic'), bolditalics: face('MediumItalic') },
});
// Nothing a document says may make it fetch or read anything but its fonts.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path) => path.startsWith(fonts + sep));

/** Millimetres in points. */
export const mm = (millimetres: number): number => (millimetres * 72) / 25.4;

/** A document as PDF, in the one typeface there is; the same document of the same moment is the same file. */
export function printed(
  document: TDocumentDefinitions,
  { title, subject, at }: { title: string; subject: string; at: Date },
): Promise<Buffer> {
  return pdfmake
    .createPdf({
      language: 'en-GB',
      displayTitle: true,
      info: { title, subject, author: 'Clusterbridge', creator: 'Clusterbridge', producer: 'Clusterbridge', creationDate: at },
      ...document,
    })
    .getBuffer();
}
