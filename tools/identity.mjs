import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * A process as itself: its number alone may have gone to another one since.
 * @typedef {{ pid: number, started: string }} Identity
 */

/**
 * @param {number} pid
 * @returns {string} when the process began; empty when there is none
 */
export function startOf(pid) {
  try {
    if (process.platform === 'linux') return linuxStart(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    if (process.platform === 'win32') return windowsStart(pid);
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}

/** The name, in brackets, may hold anything: count the fields after it. @param {string} stat */
function linuxStart(stat) {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? '' : (fields[19] ?? '');
}

/** @param {number} pid */
function windowsStart(pid) {
  const script = `(Get-Process -Id ${pid} -ErrorAction Stop).StartTime.Ticks`;
  return execFileSync('powershell', ['-NoProfile', '-Command', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

/**
 * @param {number} [pid]
 * @returns {Identity}
 */
export function identify(pid = process.pid) {
  return { pid, started: startOf(pid) };
}

/** @param {Identity} identity */
export function isAlive({ pid, started }) {
  return started !== '' && startOf(pid) === started;
}

/**
 * Ends a process that is not our child: asks first, then insists.
 * @param {Identity} identity
 * @param {number} patience milliseconds
 */
export async function endProcess(identity, patience) {
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGKILL'])) {
    if (!isAlive(identity)) return;
    try {
      process.kill(identity.pid, signal);
    } catch {
      return;
    }
    if (await gone(identity, patience)) return;
  }
}

/** @param {Identity} identity @param {number} patience */
async function gone(identity, patience) {
  for (const end = Date.now() + patience; Date.now() < end; ) {
    if (!isAlive(identity)) return true;
    await pause(50);
  }
  return false;
}
