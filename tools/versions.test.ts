import { describe, expect, it } from '@jest/globals';
import { atLeast, versionIn } from './versions.mjs';

describe('The version of a program', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', [17, 0, 15]],
    ['Picked up JAVA_TOOL_OPTIONS: -Dsome=1.2\nopenjdk version "21" 2023-09-19', [21]],
    ['java version "1.8.0_402"', [8, 0]],
    ['Python 3.11.7', [3, 11, 7]],
    ['v24.21.0', [24, 21, 0]],
    ['db version v8.0.4', [8, 0, 4]],
    ['Redis server v=6.2.14 sha=40305114:0 malloc=libc bits=64', [6, 2, 14]],
    ['rustc 1.95.0 (59807616e 2026-04-14)', [1, 95, 0]],
  ])('is read from: %s', (text, version) => {
    expect(versionIn(text)).toEqual(version);
  });

  it('is unknown where none is named', () => {
    expect(versionIn('command not found')).toBeNull();
  });

  it('is compared number by number', () => {
    expect(atLeast([3, 10], [3, 9])).toBe(true);
    expect(atLeast([17], [17, 0, 1])).toBe(false);
    expect(atLeast([6, 2, 14], [6, 2])).toBe(true);
    expect(atLeast(null, [1])).toBe(false);
  });
});
