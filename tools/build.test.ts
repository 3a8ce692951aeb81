import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isBuilt, stampOf } from './build.mjs';

describe('The stamp of a build', () => {
  let root: string;
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'stamp é '));
    write('apps/gateway/main.ts', 'one');
    write('tsconfig.json', '{}');
  });

  afterEach(() => rmSync(root, { recursive: true }));

  it('follows what goes into the build', () => {
    const before = stampOf(root);
    expect(stampOf(root)).toBe(before);
    write('apps/gateway/main.ts', 'two');
    expect(stampOf(root)).not.toBe(before);
  });

  it('follows names as well as contents', () => {
    const before = stampOf(root);
    rmSync(path.join(root, 'apps/gateway/main.ts'));
    write('apps/gateway/other.ts', 'one');
    expect(stampOf(root)).not.toBe(before);
  });

  it('leaves tests aside', () => {
    const before = stampOf(root);
    write('apps/gateway/main.test.ts', 'a test');
    expect(stampOf(root)).toBe(before);
  });

  it('tells whether the build is that of these sources', () => {
    expect(isBuilt(root)).toBe(false);
    write('dist/.stamp', stampOf(root));
    expect(isBuilt(root)).toBe(true);
  });
});
