import { describe, expect, it } from '@jest/globals';
import { PDFParse } from 'pdf-parse';
import { type Badge, badgesPdf } from './badges.js';

const at = new Date('2027-05-01T10:00:00Z');
const badge = (i: number, more: Partial<Badge> = {}): Badge => ({
  name: `Participant ${i}`,
  organisation: 'Company of Bilbao',
  country: 'Spain',
  code: `cbp_${String(i).padStart(20, '0')}`,
  ...more,
});

async function pagesOf(badges: Badge[]): Promise<string[]> {
  const parser = new PDFParse({ data: new Uint8Array(await badgesPdf('Workshop on digital twins', badges, at)) });
  const { pages } = await parser.getText({ pageJoiner: '' });
  await parser.destroy();
  return pages.map(({ text }) => text.replaceAll(/\s+/g, ' '));
}

describe('Badges', () => {
  it('are ten on a sheet, each with event, name, organisation and country', async () => {
    const pages = await pagesOf(Array.from({ length: 11 }, (_, i) => badge(i)));
    expect(pages).toHaveLength(2);
    expect(pages[0]!.match(/Participant \d+/g)).toHaveLength(10);
    expect(pages[1]).toContain('Workshop on digital twins');
    expect(pages[1]).toContain('Participant 10');
    expect(pages[1]).toContain('Company of Bilbao');
  });

  it('stay of their size however long a name is', async () => {
    const long = Array.from({ length: 10 }, (_, i) =>
      badge(i, { name: 'Wolfeschlegelsteinhausenbergerdorff '.repeat(4), organisation: 'Gesellschaft für alles Mögliche '.repeat(6) }),
    );
    expect(await pagesOf(long)).toHaveLength(1);
  });

  it('of nobody are an empty sheet', async () => {
    expect(await pagesOf([])).toHaveLength(1);
  });

  it('are the same file for the same moment', async () => {
    const one = await badgesPdf('x', [badge(1)], at);
    expect(Buffer.compare(one, await badgesPdf('x', [badge(1)], at))).toBe(0);
  });
});
