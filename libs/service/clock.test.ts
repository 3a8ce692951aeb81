import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { clockFrom, machineClock, movedClock } from './clock.js';

const HOUR = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), 'clock-'));
const moved = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const ahead = (clock: { now(): Date }) => Math.round((clock.now().getTime() - Date.now()) / HOUR);

afterAll(() => rmSync(folder, { recursive: true }));

describe('The clock', () => {
  it('is that of the machine unless a test moves it', () => {
    expect(clockFrom({})).toBe(machineClock);
    expect(machineClock.iso()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('is moved for all who read the same file, while they run', () => {
    const path = moved('a.json', `{"offsetMs":${2 * HOUR}}`);
    const clocks = [clockFrom({ TEST_CLOCK: path }), movedClock(path)];
    expect(clocks.map(ahead)).toEqual([2, 2]);
    writeFileSync(path, `{"offsetMs":${-5 * HOUR}}`);
    expect(clocks.map(ahead)).toEqual([-5, -5]);
  });

  it('stays where it is while the file cannot be read', () => {
    const path = moved('b.json', `{"offsetMs":${2 * HOUR}}`);
    const other = moved('c.json', `{"offsetMs":${2 * HOUR}}`);
    const sound = moved('d.json', `{"offsetMs":${2 * HOUR}}`);
    const clocks = [movedClock(path), movedClock(other), movedClock(sound)];
    writeFileSync(path, '{"offs');
    unlinkSync(other);
    writeFileSync(sound, `{"offsetMs":${-5 * HOUR}}`);
    expect(clocks.map(ahead)).toEqual([2, 2, -5]);
  });

  it('is that of the machine as long as there is no file', () => {
    expect(ahead(movedClock(join(folder, 'none.json')))).toBe(0);
  });
});
