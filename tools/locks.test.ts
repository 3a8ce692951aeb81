import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { alone, isHeld, take } from './locks.mjs';

describe('A lock', () => {
  let dir: string;
  let file: string;

  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'lock-'));
    file = path.join(dir, 'deep', 'lock');
  });

  afterEach(() => rmSync(dir, { recursive: true }));

  it('is held by one at a time', () => {
    const release = take(file);
    expect(isHeld(file)).toBe(true);
    expect(take(file)).toBeNull();
    release?.();
    expect(take(file)).not.toBeNull();
  });

  it('of a process that is gone is taken over, also when another process has its number now', () => {
    take(file);
    writeFileSync(file, JSON.stringify({ pid: process.pid, started: 'long ago' }));
    expect(take(file)).not.toBeNull();
  });

  it('lets actions run one after the other', async () => {
    const seen: string[] = [];
    const action = (name: string) => async () => {
      seen.push(`${name} begins`);
      await new Promise(setImmediate);
      seen.push(`${name} ends`);
    };
    await Promise.all([alone(file, action('one')), alone(file, action('two'))]);
    expect(seen).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
  });
});
