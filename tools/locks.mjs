import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { identify, isAlive } from './identity.mjs';

/**
 * One at a time, across processes: a file that names its holder. The lock of a holder that died is taken over.
 * @param {string} file
 * @returns {(() => void) | null} gives it back; null: somebody else holds it
 */
export function take(file) {
  mkdirSync(path.dirname(file), { recursive: true });
  const own = JSON.stringify({ ...identify(), since: new Date().toISOString() });
  for (let tries = 0; tries < 10; tries++) {
    try {
      writeFileSync(file, own, { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      if (isHeld(file)) return null;
      clear(file);
    }
  }
  return null;
}

/** @param {string} file */
export function isHeld(file) {
  try {
    return isAlive(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return false;
  }
}

/** Moved away before it is judged: another process may have cleared and taken it since we looked. @param {string} file */
function clear(file) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (isHeld(aside)) linkSync(aside, file);
  } catch {
    return;
  } finally {
    rmSync(aside, { force: true });
  }
}

/**
 * @template Result
 * @param {string} file
 * @param {() => Promise<Result>} action
 * @returns {Promise<Result>}
 */
export async function alone(file, action) {
  let release = take(file);
  while (!release) {
    await pause(100);
    release = take(file);
  }
  try {
    return await action();
  } finally {
    release();
  }
}
