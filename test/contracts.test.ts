import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { codes } from '../apps/gateway/codes.js';
import { breaking } from '../apps/gateway/docs-breaking.js';
import { ARCHITECTURE, ASYNCAPI, CONTRACTS, generated, OPENAPI, pretty, withCatalogue } from '../apps/gateway/docs-files.js';
import { readHouse } from './house.js';

const committed = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const rewrite = 'npm run contracts';
const ROOT = fileURLToPath(new URL('../', import.meta.url));
const TYPES = fileURLToPath(new URL('../node_modules/openapi-typescript/bin/cli.js', import.meta.url));

let files: Awaited<ReturnType<typeof generated>>;
beforeAll(async () => {
  files = await generated();
});

describe('What others rely on', () => {
  it('breaks for nobody', () => {
    const before = { contracts: JSON.parse(committed(CONTRACTS)), openapi: JSON.parse(committed(OPENAPI)) };
    expect(breaking(before, { contracts: files[CONTRACTS], openapi: files[OPENAPI] })).toEqual([]);
  });

  it.each([OPENAPI, ASYNCAPI, CONTRACTS] as const)('is committed as it is: %s', (path) => {
    // Compared as a whole: a difference of ten thousand lines helps nobody.
    expect([path, committed(path) === pretty(files[path]) ? 'as committed' : rewrite]).toEqual([path, 'as committed']);
  });

  it('is committed as types too, made from the committed document', async () => {
    const made = await promisify(execFile)(process.execPath, [TYPES, 'openapi.json', '--output', 'openapi.d.ts', '--check'], { cwd: ROOT })
      .then(() => 'as committed')
      .catch(({ stderr }) => `${rewrite}: ${stderr}`);
    expect(made).toBe('as committed');
  });

  it('stands in the catalogue of the architecture', () => {
    const page = committed(ARCHITECTURE);
    expect(withCatalogue(page)).toBe(page);
  });
});

const said = /(?:\b(?:rule|because|malformed|each|look)\(\s*|\bcode: |\?\? )'([A-Z][A-Z_]*(?:\.[A-Z_]+)+)'/g;

describe('A stable code', () => {
  it('is in the table, whoever answers with it', () => {
    const sources = readHouse().filter(({ path }) => /^(apps|libs)\/.*\.ts$/.test(path) && !path.endsWith('.test.ts'));
    const spoken = sources.filter(({ path }) => !path.startsWith('libs/testing/'));
    const used = spoken.flatMap(({ path, text }) => [...text.matchAll(said)].map(([, code]) => ({ path, code: code! })));
    expect(used.length).toBeGreaterThan(40);
    expect(used.filter(({ code }) => !codes.has(code))).toEqual([]);
  });
});
