import { describe, expect, it } from '@jest/globals';
import { PDFParse } from 'pdf-parse';
import { type Composition, compositionModel } from '#libs/domain/composition';
import { compositionSeed } from '#libs/domain/composition-seeds';
import { compositionPdf } from './composition-pdf.js';

const at = new Date('2026-11-22T10:00:00Z');

const seeded = (name: 'dia' | 'exxtra' | 'pimap'): Composition => {
  const { partnership, clusters, memberships } = compositionSeed(name);
  return compositionModel(partnership, clusters, memberships);
};

async function read(composition: Composition) {
  const parser = new PDFParse({ data: new Uint8Array(await compositionPdf(composition, at)) });
  const { pages } = await parser.getText({ pageJoiner: '' });
  const { info } = await parser.getInfo();
  await parser.destroy();
  const texts = pages.map(({ text }) => text.replace(/\s+/g, ' '));
  return { texts, text: texts.join(' '), info };
}

describe('The composition as PDF', () => {
  it('has every cluster of DIA with its figures, the sums and what they cover', async () => {
    const { text, texts, info } = await read(seeded('dia'));
    const rows = [
      'MITC - Malardalen Industrial Technology Center',
      'GAIA.-Association of Knowledge and Applied Technologies industries in the Basque Country',
      'MESAP Innovation Cluster - Smart Products and Manufacturing',
      'Associação para o Pólo das Tecnologias de Informação, Comunicação e Electronica TICE.PT',
      'BalticNet-PlasmaTec e.V.',
      'Secured Communicating Solutions cluster also Pole SCS',
    ];
    for (const row of rows) expect(text).toContain(row);
    for (const figure of ['251 203', '268 222', '305 200', 'Total 1,006 700', '1,006 6 of 6 declared', '700 6 of 6 declared'])
      expect(text).toContain(figure);
    expect(text).toContain('Östra Mellansverige');
    expect(text).toContain('Digital Industries 4');
    expect(info).toMatchObject({ Title: 'DIA: composition of the partnership', Subject: 'European Digital Industry Alliance' });
    expect(texts.map((page) => page.match(/\d \/ \d/)?.[0])).toEqual(['1 / 2', '2 / 2']);
  });

  it('repeats the disclaimer its funding asks for on each page', async () => {
    const { texts } = await read(seeded('dia'));
    for (const page of texts) expect(page).toContain("Views are the author's only and not those of the European Commission");
  });

  it('says of EXXTRA that neither members nor SMEs are declared', async () => {
    const { text } = await read(seeded('exxtra'));
    expect(text.match(/not declared/g)).toHaveLength(2 + 2 * 7 + 2);
    expect(text).toContain('ANATOLIAN RAIL TRANSPORTATION SYSTEMS CLUSTER also ARUS Türkiye');
    expect(text).not.toMatch(/Members 0|Total 0/);
  });

  it('writes the letters of all its countries', async () => {
    const composition = seeded('pimap');
    const names = ['Κοινοπραξία Ψηφιακής Βιομηχανίας', 'Клъстер за фотоника Щ', 'Ősz Łódź Čáslav Ştefan Șt ğ'];
    const { text } = await read({ ...composition, items: names.map((name, index) => ({ ...composition.items[index]!, name })) });
    for (const name of names) expect(text).toContain(name);
  });

  it('repeats the head of the table on each page of a large partnership, and keeps the qualifier', async () => {
    const composition = seeded('pimap');
    const members = { value: 12_345, qualifier: 'MORE_THAN', asOf: null };
    const items = Array.from({ length: 40 }, (_, index) => ({
      ...composition.items[index % 4]!,
      id: String(index),
      no: index + 1,
      members,
    }));
    const { texts } = await read({ ...composition, items });
    expect(texts.length).toBeGreaterThan(5);
    for (const page of texts.slice(0, -1)) expect(page).toContain('No Cluster Country, region Role Members SMEs Classifications');
    expect(texts[0]).toContain('more than 12,345');
  });

  it('has room for a disclaimer of several lines at the foot of each page', async () => {
    const disclaimer = `${'THIS IS SAID AT SOME LENGTH. '.repeat(23)}And here it ends.`;
    const { texts } = await read({ ...seeded('dia'), disclaimer });
    expect(texts.map((page) => [page.includes('And here it ends.'), /\d \/ \d/.test(page)])).toEqual(
      Array(texts.length).fill([true, true]),
    );
  });

  it('prints in full a disclaimer too long for the foot of a page', async () => {
    const disclaimer = `${'This is said at great length. '.repeat(60)}And here it ends.`;
    const { text } = await read({ ...seeded('dia'), disclaimer });
    expect(text.match(/And here it ends\./g)).toHaveLength(1);
  });

  it('is the same bytes for the same composition at the same moment', async () => {
    const [once, twice] = [await compositionPdf(seeded('dia'), at), await compositionPdf(seeded('dia'), at)];
    expect(once.equals(twice)).toBe(true);
  });
});
