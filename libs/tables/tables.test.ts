import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvOf, readCsv } from './csv.js';
import { type Cell, most, type Sheet } from './table.js';
import { readXlsx, xlsxOf } from './xlsx.js';
import { zipFault } from './zip.js';

const table = (rows: Cell[][], columns = ['one', 'two']) => ({ name: 'Sheet', columns: columns.map((header) => ({ header })), rows });
const text = (content: string) => readCsv(Buffer.from(content));
const rowsOf = ({ rows, fault }: Sheet) => {
  if (rows === null) throw new Error(fault);
  return rows;
};

/** What a cell is after any spreadsheet: trimmed, and nothing instead of an empty text. */
const kept = (cell: Cell) => (typeof cell === 'string' ? cell.trim() || null : cell);
const filled = (rows: Cell[][]) => rows.slice(0, rows.findLastIndex((row) => row.some((cell) => kept(cell) !== null)) + 1);

const words = fc.string({ unit: fc.constantFrom(...'=+-@\'"\t;, aé\u200bΩ<&>\u{1F600}'), maxLength: 8 });
const rows = fc.array(fc.tuple(words, words), { maxLength: 6 });

describe('A table as CSV', () => {
  it('is read as it was written, whatever stands in it', () => {
    fc.assert(
      fc.property(rows, (cells) => {
        const sent = filled(cells);
        expect(rowsOf(readCsv(csvOf(table(cells)))).slice(1)).toEqual(sent.map((row) => row.map(kept)));
      }),
    );
  });

  it('holds no cell that a spreadsheet takes for a formula', () => {
    fc.assert(
      fc.property(words, (word) => {
        const [, line = ''] = csvOf(table([[word, 'end']]))
          .toString()
          .split('\r\n');
        expect(line.replace(/^"/, '')).not.toMatch(/^[\s\p{Cc}\p{Cf}]*[=+\-@]/u);
      }),
    );
  });

  it.each([';', '\t', ','])('is read apart by %j', (mark) => {
    expect(rowsOf(text(`name${mark}country\nOne${mark}SE\n`))).toEqual([
      ['name', 'country'],
      ['One', 'SE'],
    ]);
  });

  it.each([
    ['bytes that are no text', Buffer.from([0x6e, 0xff, 0x0a]), 'UTF-8'],
    ['what ends within quotes', Buffer.from('a,b\n"one,two'), 'not CSV'],
    ['a NUL', Buffer.from('a,b\n\0,c'), 'not text'],
    ['more rows than are read', Buffer.from('a\n'.repeat(most.rows + 5)), 'rows'],
    ['more columns than are read', Buffer.from(','.repeat(most.columns + 1)), 'columns'],
    ['a cell that is too long', Buffer.from(`a\n${'x'.repeat(most.cell + 1)}`), 'characters'],
  ])('is not read with %s', (_, content, why) => {
    expect(readCsv(content)).toMatchObject({ rows: null, fault: expect.stringContaining(why) });
  });
});

describe('A table as XLSX', () => {
  it('is read as it was written: numbers as numbers, and no text as a formula', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (cells) => {
        const read = rowsOf(await readXlsx(await xlsxOf(table(cells))));
        const width = Math.max(0, ...read.map((row) => row.length));
        expect(read.slice(1)).toEqual(filled(cells).map((row) => row.map(kept).slice(0, width)));
      }),
      { numRuns: 5 },
    );
    const numbers = table([
      [1, '=1+1'],
      [2.5, '@SUM(A1)'],
      [0, '-1'],
    ]);
    expect(rowsOf(await readXlsx(await xlsxOf(numbers))).slice(1)).toEqual(numbers.rows);
  });

  it('is not read when it is none', async () => {
    for (const content of ['', 'no zip', 'PK\u0003\u0004 no more than a beginning'])
      expect(await readXlsx(Buffer.from(content))).toMatchObject({ rows: null, fault: expect.stringContaining('zip') });
    expect(await readXlsx(zipOf([['a.txt', Buffer.from('text')]]))).toMatchObject({ rows: null, fault: expect.stringContaining('XLSX') });
  });

  it('is not unpacked beyond its bounds, whatever it says of its size', async () => {
    const bomb = zipOf([['xl/worksheets/sheet1.xml', Buffer.alloc(60 * 1024 * 1024, 0x20)]], 10);
    expect(bomb.length).toBeLessThan(100_000);
    expect(await readXlsx(bomb)).toMatchObject({ rows: null, fault: expect.stringContaining('unpacks to more') });
  });
});

describe('A zip', () => {
  const bounds = { entries: 3, bytes: 1000 };

  it('is told by its parts and by all they unpack to', () => {
    const parts = (count: number, size: number) => zipOf(Array.from({ length: count }, (_, i) => [`${i}`, Buffer.alloc(size, i)] as const));
    expect(zipFault(parts(3, 333), bounds)).toBeNull();
    expect(zipFault(parts(3, 334), bounds)).toContain('unpacks to more than 1000');
    expect(zipFault(parts(4, 1), bounds)).toContain('4 parts');
    expect(zipFault(zipOf([['a', Buffer.from('text')]], 2 ** 32 - 1), bounds)).toContain('truly');
  });

  it('that is cut off anywhere is refused, not read beyond its end', () => {
    const whole = zipOf([['a', Buffer.from('some text')]]);
    for (let length = 0; length < whole.length; length += 1) expect(zipFault(whole.subarray(0, length), bounds)).not.toBeNull();
  });
});

/** `claimed`: what it says of the size of its parts. */
function zipOf(parts: readonly (readonly [name: string, content: Buffer])[], claimed?: number): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of parts) {
    const packed = deflateRawSync(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(claimed ?? content.length, 22);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(claimed ?? content.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    locals.push(local, Buffer.from(name), packed);
    directory.push(entry, Buffer.from(name));
    at += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, ...directory, end]);
}
